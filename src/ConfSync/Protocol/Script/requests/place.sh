# What a move of an address answers: it looks, and writes the files that keepalived's priorities follow.

# is_own_mode MODE: this script is one for it.
is_own_mode() {
  [ "$1" = place ]
}

# answer REQUEST ARGUMENT VALUE: fails if the conversation is over.
answer() {
  case $1 in
    roles) roles_answer ;;
    states) states_answer ;;
    scan) scan_answer "$2" ;;
    read) read_answer "$2" ;;
    place) place_answer "$2" "$3" ;;
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
