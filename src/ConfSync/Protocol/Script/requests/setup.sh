# What the setup of a cluster answers: it looks, and starts keepalived.

# is_own_mode MODE: this script is one for it.
is_own_mode() {
  [ "$1" = setup ]
}

# answer REQUEST ARGUMENT VALUE: fails if the conversation is over.
answer() {
  case $1 in
    setup) setup_answer ;;
    start) start_answer ;;
    *) answer_looking "$1" "$2" ;;
  esac
}
