# A parent that only waits and a runner that works: a shell that is killed undoes nothing, so there are two. The runner
# ends abnormally: the parent recovers from the journal. The parent dies: sshd gives the runner the end of its input.

# itself: how this script starts itself again. $s is its text: the command that started it read it from standard input.
# shellcheck disable=SC2016 # to be expanded by the shell that it starts
itself='s=$1; shift; eval "$s"'

# set_environment: what programs here are, and what they do, must not depend on what the login sets for people.
set_environment() {
  # tar, gzip and the coreutils read options from these; nginx takes NGINX for the sockets that it inherits.
  unset IFS CDPATH ENV BASH_ENV POSIXLY_CORRECT _POSIX2_VERSION TAR_OPTIONS GZIP NGINX
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  LC_ALL=C
  export PATH LC_ALL
  umask 077
}

# know_machine: in $machine what tells this machine from all others, with a blank before it; nothing where it is not known.
# Containers have their host's boot in common, machines that were copied all but a boot; a copy made of a machine that ran
# differs in its name at most. The machine-id is no help: images share it.
know_machine() {
  machine=
  { read -r machine_boot </proc/sys/kernel/random/boot_id && read -r machine_name </proc/sys/kernel/hostname; } 2>/dev/null || return 0
  machine_place=$(stat -L -c '%d:%i' / /proc/self/ns/pid 2>/dev/null) || return 0
  # shellcheck disable=SC2086 # two lines
  set -- "$machine_boot" $machine_place "$machine_name"
  machine=" $*"
}

# main: the first line says who speaks: hello VERSION NONCE MODE ID WHO
main() {
  set_environment
  # A lost session must not end who still has to undo.
  trap '' PIPE
  read -r greeting version nonce mode id who_encoded || exit 1
  know_machine
  # Start-up files may have printed anything before this, without a newline at its end.
  printf '\n%s%s\n' "$nonce" "$machine"
  if [ "$greeting $version" != 'hello 1' ]; then
    refuse version "this is protocol 1, not $greeting $version"
    exit 1
  fi
  decode "$who_encoded"
  case $mode in
    push | dry-run) take_lock "$decoded" || exit 1 ;;
    # Where there is nothing to undo, one process does.
    *) run "$mode" "$id" "$who_encoded" ;;
  esac
  exec 3<&0
  # What an earlier watch left there is not about this runner.
  printf '' 2>/dev/null >"$run_directory/deadline"
  # A new shell, not a subshell: the mark must be in the environment of everything that it starts.
  NGINX_SYNC_RUNNER=$id sh -c "$itself" nginx-sync "$s" run "$mode" "$id" "$who_encoded" <&3 3<&- &
  runner=$!
  exec 3<&- </dev/null
  trap : HUP INT TERM
  while :; do
    wait "$runner"
    runner_status=$?
    # A trapped signal ends the wait, not the runner.
    kill -0 "$runner" 2>/dev/null || break
  done
  [ "$runner_status" -eq 0 ] || recover_runner
  release_lock
  exit "$runner_status"
}

# recover_runner: what the runner left, if anything; said only when it is complete.
recover_runner() {
  defaults
  end_remains
  recovered=nothing
  if [ -d "$journal" ] && ! recover; then recovered=failed; fi
  death_code=overdue
  limit_that_was_over || {
    death_code=died
    words="the process at work on this node ended before its time (status $runner_status)"
  }
  refuse "$death_code" "$words"
  case $recovered in
    failed) report_undo 1 ;;
    finished) say confirmed ;;
    undone) report_undo 0 ;;
    discarded) say untouched ;;
    # It may have ended with nothing left to do: what is there now, a look will tell.
    *) ;;
  esac
}

# recover_by_hand: what people start on this node after an undo that failed (leave_undo); what the next push would do.
recover_by_hand() {
  set_environment
  defaults
  mode=push
  take_lock "somebody by hand" || exit 1
  if ! unfinished; then
    say 'nothing is left of a push on this node'
  else
    earlier=$words
    if ! recover || [ -n "$undo_left" ]; then
      printf '%s\n' "$earlier, and could not be undone:" "$undo_words$undo_left" >&2
      exit 1
    fi
    say "$earlier; it is $recovered now${not_kept:+, but $not_kept}$repairs"
  fi
  release_lock
  exit 0
}

case ${1:-} in
  recover) recover_by_hand ;;
  run)
    shift
    run "$@"
    ;;
  view)
    shift
    view "$@"
    ;;
  *) main ;;
esac
