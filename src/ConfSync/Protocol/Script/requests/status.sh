# What a status answers: it looks, and changes nothing.

# is_own_mode MODE: this script is one for it.
is_own_mode() {
  case $1 in status) ;; *) return 1 ;; esac
}

# answer REQUEST ARGUMENT VALUE: fails if the conversation is over.
answer() {
  case $1 in
    begin) begin_answer ;;
    scan) scan_answer "$2" ;;
    look) look_answer ;;
    status) status_answer ;;
    *) refuse_request "$1" ;;
  esac
}
