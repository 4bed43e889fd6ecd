# Time limits: a watch beside the runner kills it, whatever holds it up, once the limit of its phase is over; its parent
# recovers, and names the limit. Only where something may be left to undo: a comparison ends with its session.

watch=''

# start_watch: the deadline is in a file, since setting it must cost no process; looked at each second. The watch holds
# no descriptor: one open standard error would keep ssh from returning. It may be stopped at any moment of its life and
# takes its sleep along: by SIGKILL, since a shell between fork and exec still catches SIGTERM.
start_watch() {
  deadline='' armed_for='' watch=soon
  arm_for_word
  see_process "$$"
  # By exec: a shell keeps a copy of what it redirects for a function, and so the lock, for a second after the runner's end.
  (
    exec </dev/null >/dev/null 2>&1 9>&-
    watch_over "$process_start"
  ) &
  watch=$!
}

# watch_over START: the watch itself, of the process that has this shell's number and was started at START.
watch_over() {
  local sleeper stopped until limit mover until_read limit_read mover_read moved moved_until
  sleeper='' stopped='' until=$deadline limit='' mover=- moved='' moved_until=0
  # shellcheck disable=SC2086 # there may be none yet
  trap 'stopped=yes; kill -KILL $sleeper' TERM
  while [ -z "$stopped" ]; do
    sleep 1 &
    sleeper=$!
    [ -z "$stopped" ] || kill -KILL "$sleeper"
    wait "$sleeper"
    see_process "$$" && [ "$process_start" = "$1" ] || exit
    # Empty while it is being written: then the last one holds.
    if read -r until_read limit_read mover_read _ <"$run_directory/deadline"; then
      case $until_read$limit_read in
        '' | *[!0-9]*) ;;
        *) until=$until_read limit=$limit_read mover=$mover_read ;;
      esac
    fi
    now
    look_at_mover
    if [ "$now" -ge "$until" ] && [ "$now" -ge "$moved_until" ]; then
      echo over >>"$run_directory/deadline"
      kill -KILL "$$"
    fi
  done
}

# look_at_mover: a process that takes what the primary sends is given its limit anew whenever it has read a byte more.
look_at_mover() {
  local moved_read
  if [ "$mover" = - ]; then
    moved_until=0
  elif { read -r _ moved_read <"/proc/$mover/io"; } 2>/dev/null && [ "$moved_read" != "$moved" ]; then
    moved=$moved_read
    moved_until=$((now + limit * 100))
  fi
}

# arm SECONDS SETTING PHASE [PID]: from now until the runner is killed, unless it is armed anew: PHASE has so long, and
# SETTING, one word, is what raises it. With PID, silence counts, and not duration: see look_at_mover. Less than a second later it
# stays as it is: a plan may have many lines. Without a watch it is nothing: the parent, which recovers, has none.
arm() {
  local later
  [ -n "$watch" ] || return 0
  now
  if [ "$armed_for" = "$*" ]; then
    later=$((now + $1 * 100 - deadline))
    [ "$later" -lt 0 ] || [ "$later" -ge 100 ] || return 0
  fi
  deadline=$((now + $1 * 100))
  armed_for=$*
  { printf '%s\n' "$deadline $1 ${4:--} $2 $3" >"$run_directory/deadline"; } 2>/dev/null || :
}

# arm_for_word: what the primary has until it says the next.
arm_for_word() {
  arm "$confirm_timeout" CONFIRM_TIMEOUT 'a word of the primary'
}

# arm_for_work PHASE: what a step has that reads and writes files.
arm_for_work() {
  arm "$step_timeout" STEP_TIMEOUT "$1"
}

# arm_for_test: nginx -t has a limit of its own (limited); here is what is around it.
arm_for_test() {
  arm $((test_timeout + step_timeout)) TEST_TIMEOUT+STEP_TIMEOUT 'the test'
}

# arm_for_reload: a reload has a limit of its own; here is what is around it.
arm_for_reload() {
  arm $((reload_timeout + step_timeout)) RELOAD_TIMEOUT+STEP_TIMEOUT 'the reload'
}

# within COMMAND...: what reads files. The watch limits it.
within() {
  "$@"
}

# limit_that_was_over: as the watch left it for the parent, in $words; fails if it was not the watch that killed the runner.
limit_that_was_over() {
  local over seconds setting phase
  over=
  { read -r _ seconds _ setting phase && read -r over; } 2>/dev/null <"$run_directory/deadline"
  [ "$over" = over ] || return 1
  words="the limit of $seconds s for $phase ($setting) was over"
}

stop_watch() {
  [ -n "$watch" ] || return 0
  kill "$watch" 2>/dev/null
  wait "$watch" 2>/dev/null
}
