# Time limits: a watch beside the runner kills it, whatever holds it up, once its deadline is over; its parent recovers.
# Only where something may be left to undo: a comparison ends with its session.

# start_watch: the deadline is in a file, since setting it must cost no process; looked at each second. The watch holds
# no descriptor: one open standard error would keep ssh from returning. It may be stopped at any moment of its life and
# takes its sleep along: by SIGKILL, since a shell between fork and exec still catches SIGTERM.
start_watch() {
  deadline_file=$run_directory/deadline
  deadline=
  arm "$confirm_timeout"
  process_state "$$"
  own_start=$process_start
  (
    exec </dev/null >/dev/null 2>&1 9>&-
    sleeper='' stopped='' until=$deadline
    # shellcheck disable=SC2086 # there may be none yet
    trap 'stopped=yes; kill -KILL $sleeper' TERM
    while [ -z "$stopped" ]; do
      sleep 1 &
      sleeper=$!
      [ -z "$stopped" ] || kill -KILL "$sleeper"
      wait "$sleeper"
      process_state "$$" && [ "$process_start" = "$own_start" ] || exit
      # Empty while it is being written: then the last one holds.
      read -r until_read <"$deadline_file" && until=$until_read
      now
      [ "$now" -lt "$until" ] || kill -KILL "$$"
    done
  ) &
  watch=$!
}

# arm SECONDS: from now until the runner is killed, unless it is armed anew. Less than a second later it stays as it is:
# a plan may have many lines.
arm() {
  [ -n "$deadline_file" ] || return 0
  now
  later=$((now + $1 * 100 - ${deadline:-0}))
  [ "$later" -lt 0 ] || [ "$later" -ge 100 ] || return 0
  deadline=$((now + $1 * 100))
  { printf '%s\n' "$deadline" >"$deadline_file"; } 2>/dev/null || :
}

stop_watch() {
  [ -n "$watch" ] || return 0
  kill "$watch" 2>/dev/null
  wait "$watch" 2>/dev/null
}
