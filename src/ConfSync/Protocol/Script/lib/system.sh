# What every part asks of the system, without starting a process where that is possible.

newline='
'

# resolve DIRECTORY: where it really is, in $resolved, without starting a process.
resolve() {
  cd -P -- "$1" 2>/dev/null || return 1
  resolved=$PWD
  cd / || exit
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

# own_user: the number of the user that this script runs as, in $own_user.
own_user() {
  local key
  while read -r key _ own_user _; do [ "$key" != Uid: ] || break; done </proc/self/status
}

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
