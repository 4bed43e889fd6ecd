# The settings that only a push and a dry run have.

# further_defaults: those, and what is known at the beginning of a transaction: nothing.
further_defaults() {
  reload_timeout=60 confirm_timeout=30 reload_wanted=yes
  phase=idle served=not-reloaded undo_words='' undo_ended='' warnings='' upgraded='' turn_master='' turn_workers=''
  signalled_master=''
}

# further_setting NAME VALUE: $decoded is the value. The others are recalled.
further_setting() {
  case $1 in
    reload-timeout) reload_timeout=$decoded ;;
    confirm-timeout) confirm_timeout=$decoded ;;
    reload) reload_wanted=$decoded ;;
  esac
}
