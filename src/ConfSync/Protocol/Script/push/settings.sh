# The settings that only a push and a dry run have.

# further_defaults: those, and what is known at the beginning of a transaction: nothing.
further_defaults() {
  keep=10 reload_timeout=60 confirm_timeout=30 reload_wanted=yes health='' health_timeout=10 desired_digest=- rollback=''
  failpoints='' known_digest='' settings='' who_encoded='' run_encoded=''
  phase=idle served=not-reloaded undo_words='' undo_left='' undo_ended='' no_master='' warnings='' upgraded='' turn_master=''
  turn_workers='' signalled_master=''
}

# further_setting NAME VALUE: $decoded is the value.
further_setting() {
  case $1 in
    keep) keep=$decoded ;;
    reload-timeout) reload_timeout=$decoded ;;
    confirm-timeout) confirm_timeout=$decoded ;;
    reload) reload_wanted=$decoded ;;
    health) health=$decoded ;;
    health-timeout) health_timeout=$decoded ;;
    digest) desired_digest=$decoded ;;
    rollback) rollback=$decoded ;;
    who) who_encoded=$2 ;;
    run) run_encoded=$2 ;;
    known) known_digest=$decoded ;;
    failpoints) failpoints=$decoded ;;
  esac
}
