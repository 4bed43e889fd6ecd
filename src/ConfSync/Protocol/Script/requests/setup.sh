# What the setup of a cluster answers: it looks, and starts keepalived.

# is_own_mode MODE: this script is one for it.
is_own_mode() {
  [ "$1" = setup ]
}

# answer REQUEST ARGUMENT VALUE: fails if the conversation is over.
answer() {
  case $1 in
    roles) roles_answer ;;
    states) states_answer ;;
    scan) scan_answer "$2" ;;
    read) read_answer "$2" ;;
    setup) setup_answer ;;
    start) start_answer ;;
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
