# What a move of an address answers: it looks, and writes the files that keepalived's priorities follow.

# is_own_mode MODE: this script is one for it.
is_own_mode() {
  [ "$1" = place ]
}

# answer REQUEST ARGUMENT VALUE: fails if the conversation is over.
answer() {
  case $1 in
    place) place_answer "$2" "$3" ;;
    *) answer_looking "$1" "$2" ;;
  esac
}
