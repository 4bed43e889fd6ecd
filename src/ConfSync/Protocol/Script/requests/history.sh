# What a history answers: it looks, and changes nothing.

modes=history

# answer REQUEST: fails if the conversation is over.
answer() {
  case $1 in
    begin) begin_answer ;;
    scan) scan_answer "$argument" ;;
    history) history_answer "$argument" "$value" ;;
    *) refuse_request "$1" ;;
  esac
}
