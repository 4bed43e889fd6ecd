# What a comparison answers: it looks, and changes nothing.

modes=compare

# answer REQUEST: fails if the conversation is over.
answer() {
  case $1 in
    begin) begin_answer ;;
    scan) scan_answer "$argument" ;;
    look) look_answer ;;
    read) read_answer "$argument" ;;
    *) refuse_request "$1" ;;
  esac
}
