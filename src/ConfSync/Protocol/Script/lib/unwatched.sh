# A session that has nothing to undo: one process, no lock and no watch. It ends with its input.

start_session() {
  run "$mode" "$id" "$who_encoded"
}

start_watch() {
  :
}

stop_watch() {
  :
}

arm_for_word() {
  :
}

arm_for_work() {
  :
}

# within COMMAND...: what reads files is limited by itself: a file that became a fifo since it was seen would be read for ever.
within() {
  ! has timeout || set -- timeout -s KILL "$step_timeout" "$@"
  "$@"
}
