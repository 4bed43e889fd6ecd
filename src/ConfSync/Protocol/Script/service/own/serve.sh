# A service of the administrator's own in a push: its test, its reload, and what shows that the reload took effect.

own_test() {
  local status
  own_run "$test_timeout" "$1" test
  status=$?
  [ "$status" -ne 0 ] || return 0
  own_reason "$status" "$1" TEST "$test_timeout s (TEST_TIMEOUT)"
  return 1
}

own_reload() {
  local status
  own_tell "$1"
  status=$?
  if [ "$status" -ne 0 ]; then
    own_reason "$status" "$1" RELOAD "$reload_timeout s (RELOAD_TIMEOUT)"
    return 1
  fi
  own_serves "$1"
}

# own_tell SERVICE: runs RELOAD, which may start the program: that must not bear the marks by which this session ends its own
# processes, nor hold open what this shell reads. So RELOAD writes to a file, and this shell reads the end of it.
own_tell() {
  local status limited_mark NGINX_SYNC_COMMAND
  limited_mark=
  : >"$run_directory/$1.said"
  own_setting "$1" reload
  NGINX_SYNC_COMMAND=$decoded
  export NGINX_SYNC_COMMAND
  # shellcheck disable=SC2016 # the shell that is started expands it
  limited "$reload_timeout" sh -c 'cd / && umask 022 && eval "unset NGINX_SYNC_COMMAND NGINX_SYNC_RUNNER
$NGINX_SYNC_COMMAND" >"$0" 2>&1' "$run_directory/$1.said"
  status=$?
  words=$(tail -c "$most_words" "$run_directory/$1.said" 2>/dev/null)
  rm -f -- "$run_directory/$1.said"
  return "$status"
}

# own_serves SERVICE: SERVES succeeds twice, 0.3 s apart, and it runs. The old configuration may answer the first time, and what has
# the new one may end at once.
own_serves() {
  local seconds until said times
  own_setting "$1" limit
  seconds=${decoded:-10}
  check number "$seconds" || return 1
  arm $((seconds + step_timeout)) SERVES_TIMEOUT+STEP_TIMEOUT "the look at $1"
  now
  until=$((now + seconds * 100)) said='' times=0
  while :; do
    if ! own_run $(((until - now + 99) / 100)) "$1" serves; then
      times=0 said="SERVES said last:$newline${words:-nothing}"
    elif ! own_find "$1"; then
      times=0 said=$words
    elif [ -z "$found" ]; then
      times=0 said="it does not run"
    else
      times=$((times + 1))
      [ "$times" -lt 2 ] || return 0
    fi
    pause 0.3
    now
    if [ "$now" -ge "$until" ]; then
      words="$1 was not seen to serve within $seconds s of its reload (SERVES_TIMEOUT)${said:+: $said}"
      return 1
    fi
  done
}
