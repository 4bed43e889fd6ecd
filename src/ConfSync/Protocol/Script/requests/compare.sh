# What a comparison answers: it looks, and changes nothing.

# is_own_mode MODE: this script is one for it.
is_own_mode() {
  [ "$1" = compare ]
}

# answer REQUEST ARGUMENT VALUE: fails if the conversation is over.
answer() {
  case $1 in
    begin) begin_answer ;;
    scan) scan_answer "$2" ;;
    look) look_answer ;;
    roles) roles_answer ;;
    read) read_answer "$2" ;;
    *) refuse_request "$1" ;;
  esac
}
