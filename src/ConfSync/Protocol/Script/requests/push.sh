# What a push and a dry run answer. A dry run stages and tests, and has no request that changes what is live.

# is_own_mode MODE: this script is one for it.
is_own_mode() {
  case $1 in push | dry-run) ;; *) return 1 ;; esac
}

# answer REQUEST ARGUMENT VALUE: one of the requests that do something. Fails if the conversation is over, with nothing left to do.
answer() {
  local why
  case $mode:$1 in
    *:begin) begin_answer ;;
    *:scan)
      # What has a later ctime when it is to be replaced was touched since (see_untouched).
      [ "$mode" != push ] || echo >"$run_directory/scanned"
      scan_answer "$2"
      ;;
    *:roles) roles_answer ;;
    *:read) read_answer "$2" ;;
    *:history) history_answer "$2" "$3" ;;
    *:stage)
      phase=staged
      stage || {
        why=$words
        abandon
        refuse stage "$why"
        return 1
      }
      ;;
    *:test) test_answer ;;
    push:activate)
      phase=active
      activate
      ;;
    push:serve) serve_answer ;;
    push:confirm)
      confirm || return 1
      phase=idle
      ;;
    push:undo)
      undo
      report_undo $?
      phase=idle
      return 1
      ;;
    *:discard)
      abandon
      say ok discard
      ;;
    *) refuse_request "$1" ;;
  esac
}
