# A parent that only waits and a runner that works: a shell that is killed undoes nothing, so there are two. The runner
# ends abnormally: the parent recovers from the journal. The parent dies: sshd gives the runner the end of its input.

# itself: how this script starts itself again. $s is its text: the command that started it read it from standard input.
# shellcheck disable=SC2016 # to be expanded by the shell that it starts
itself='s=$1; shift; eval "$s"'

# start_session: the parent.
start_session() {
  local runner status lock_mine
  decode "$who_encoded"
  take_lock "$decoded" || exit 1
  exec 3<&0
  # What an earlier watch left there is not about this runner.
  printf '' 2>/dev/null >"$run_directory/deadline"
  # A new shell, not a subshell: the mark must be in the environment of everything that it starts.
  # shellcheck disable=SC2154 # $s is this script, see itself
  NGINX_SYNC_RUNNER=$id sh -c "$itself" nginx-sync "$s" run "$mode" "$id" "$who_encoded" <&3 3<&- &
  runner=$!
  exec 3<&- </dev/null
  trap : HUP INT TERM
  while :; do
    wait "$runner"
    status=$?
    # A trapped signal ends the wait, not the runner.
    kill -0 "$runner" 2>/dev/null || break
  done
  if [ "$status" -ne 0 ]; then
    # The parts that come after the one that begins the work (main): only a recovery needs them here.
    set -- rest
    eval "$s"
    recover_runner "$status"
  fi
  release_lock
  exit "$status"
}
