# What a doctor answers: it looks, and changes nothing.

# is_own_mode MODE: this script is one for it.
is_own_mode() {
  [ "$1" = doctor ]
}

# answer REQUEST ARGUMENT VALUE: fails if the conversation is over.
answer() {
  case $1 in
    doctor) doctor_answer ;;
    certificate) certificate_answer "$2" ;;
    pid) pid_answer "$2" ;;
    begin) begin_answer ;;
    scan) scan_answer "$2" ;;
    status) status_answer ;;
    *) refuse_request "$1" ;;
  esac
}
