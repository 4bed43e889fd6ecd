# What a question about roles answers: it looks, and changes nothing.

# is_own_mode MODE: this script is one for it.
is_own_mode() {
  [ "$1" = roles ]
}

# answer REQUEST ARGUMENT VALUE: fails if the conversation is over.
answer() {
  case $1 in
    roles) roles_answer ;;
    states) states_answer ;;
    scan) scan_answer "$2" ;;
    read) read_answer "$2" ;;
    *) refuse_request "$1" ;;
  esac
}

further_defaults() {
  :
}

further_setting() {
  :
}

abandon() {
  :
}
