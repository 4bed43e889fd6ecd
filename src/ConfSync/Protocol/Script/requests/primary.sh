# What the primary's own shell answers, and no peer does.

modes=primary

# answer REQUEST: fails if the conversation is over.
answer() {
  case $1 in
    scan) scan_answer "$argument" ;;
    read) read_answer "$argument" ;;
    test-here) primary_test ;;
    outside) outside_answer ;;
    save) primary_save ;;
    decide) primary_decide "$argument" "$value" ;;
    decided) primary_decided ;;
    decision) primary_decision "$argument" ;;
    settled) primary_settled "$argument" ;;
    *) refuse_request "$1" ;;
  esac
}

# abandon: a decision that was written and never made is not there afterwards.
abandon() {
  [ "$phase" != deciding ] || rm -f -- "$decision_new"
  phase=idle
}
