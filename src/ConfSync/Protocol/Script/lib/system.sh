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

# place FIELD: what a field of /proc/self/mountinfo means, in $place: space, tab, newline and backslash are \ooo there,
# see proc(5).
place() {
  place=$1
  case $1 in *\\*)
    place=$(printf '%b.' "$(printf '%s' "$1" | sed 's/\\/\\0/g')")
    place=${place%.}
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
  [ "$# $1 $1 $1" != "4 $2 $3 $4" ] || process_user=$1
}

# Whom this script runs as.
process_user self
own_user=$process_user

# see_process PID: its parent into $process_parent, and its start time since boot into $process_start, so that a number that was
# used again is not taken for the old process. Fails if there is none, or it has ended and is only not yet waited for. See
# proc(5), /proc/PID/stat.
see_process() {
  local stat
  process_parent='' process_start=''
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  # The second field is the program's name, in parentheses, and may hold anything.
  # shellcheck disable=SC2086 # split into its fields on purpose; they are numbers
  set -- ${stat##*) }
  process_parent=$2 process_start=${20}
  [ "$1" != Z ]
}

# is_there PATH: there is something, be it a link that leads nowhere.
is_there() {
  [ -e "$1" ] || [ -L "$1" ]
}
