# What a question about roles answers: it looks, and changes nothing.

# is_own_mode MODE: this script is one for it.
is_own_mode() {
  [ "$1" = roles ]
}

# answer REQUEST ARGUMENT VALUE: fails if the conversation is over.
answer() {
  answer_looking "$1" "$2"
}
