# For a comparison, where no push has recorded what nginx serves. Only looks.

# look_answer: looked NEWEST NOW STARTED OLDEST: the latest change time under the paths and the time now, in seconds
# since 1970; when a process was started that is started now, and the oldest current worker ("-": no worker), in 1/100 s
# since boot. A process and not /proc/uptime, since lxcfs shows a container its own uptime, and its host's start times.
# Directories do not count: the end of a push, and any editor's temporary file, changes theirs.
# shellcheck disable=SC2120 # it sets its arguments itself
look_answer() {
  local oldest='' newest='' path worker workers='' started
  eval "set -- $paths"
  for path; do
    shift
    ! is_there "$path" || set -- "$@" "$path"
  done
  [ $# -eq 0 ] || newest=$(look_times "$@" 2>/dev/null | sort -n | tail -n 1)
  workers
  for worker in $workers; do
    worker=${worker#*:}
    [ "${oldest:-$worker}" -lt "$worker" ] || oldest=$worker
  done
  started=$(see_process self && echo "$process_start")
  say looked "${newest:-0}" "$(date +%s.%N)" "$started" "${oldest:--}"
  say ok look
}

# look_times PATH...: what EXCLUDE names is not looked at.
look_times() {
  eval "set -- \"\$@\" -xdev '(' -name '.nginx-sync.*' $prunes ')' -prune -o ! -type d"
  if [ "$find_style" = gnu ]; then
    find "$@" -printf '%C@\n'
  else
    find "$@" -exec stat -c %Z {} +
  fi
}
