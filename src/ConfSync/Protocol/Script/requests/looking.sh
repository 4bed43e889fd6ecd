# What a script for clusters answers, whatever else it does: it looks, and changes nothing.

# answer_looking REQUEST ARGUMENT: fails if the conversation is over.
answer_looking() {
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
