# What every part asks of the system, without starting a process where that is possible.

newline='
'

# What tells this boot from all others.
{ read -r boot </proc/sys/kernel/random/boot_id; } 2>/dev/null || boot=

# has PROGRAM: it is there.
has() {
  command -v "$1" >/dev/null 2>&1
}

# resolve DIRECTORY: where it really is, in $resolved, without starting a process.
resolve() {
  cd -P -- "$1" 2>/dev/null || return 1
  resolved=$PWD
  cd / || exit
}

# mount_point FIELD: what a field of /proc/self/mountinfo means, in $mount_point: space, tab, newline and backslash are \ooo there,
# see proc(5).
mount_point() {
  mount_point=$1
  case $1 in *\\*)
    mount_point=$(printf '%b.' "$(printf '%s' "$1" | sed 's/\\/\\0/g')")
    mount_point=${mount_point%.}
    ;;
  esac
}

# now: time since boot in 1/100 s into $now, without starting a process.
now() {
  local seconds
  read -r seconds _ </proc/uptime
  now=${seconds%.*}${seconds#*.}
}

# pause SECONDS: the interval of what polls. A sleep without fractions (POSIX knows none) gets a whole second.
pause() {
  sleep "$1" 2>/dev/null || sleep 1
}

# process_user PID: the number of the user it runs as, in $process_user; "-" unless real, effective, saved and file system
# user are one: who starts a program of another's rights is not that other. See proc(5), /proc/PID/status.
process_user() {
  local key value
  process_user=-
  { while read -r key value; do [ "$key" != Uid: ] || break; done <"/proc/$1/status"; } 2>/dev/null ||
    return 1
  # shellcheck disable=SC2086 # four numbers
  set -- $value
  if [ "$#" -eq 4 ] && [ "$1 $1 $1" = "$2 $3 $4" ]; then process_user=$1; fi
}

# Whom this script runs as.
process_user self
own_user=$process_user

# process_state PID: its state letter into $process_state, its parent into $process_parent, its start time since boot into
# $process_start, so that a number that was used again is not taken for the old process, and the bytes that its arguments and
# environment had at its start into $process_room. See proc(5), /proc/PID/stat: arg_start is the 48th field, env_end the 51st.
process_state() {
  local line
  process_state='' process_parent='' process_start='' process_room=0
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
  # The second field is the program's name, in parentheses, and may hold anything.
  line=${line##*) }
  # shellcheck disable=SC2086 # split into its fields on purpose; they are numbers
  set -- $line
  process_state=$1
  process_parent=$2
  process_start=${20}
  process_room=$((${49:-0} - ${46:-0}))
}
