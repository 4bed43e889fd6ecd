# What the primary's own shell answers, and no peer does.

# is_own_mode MODE: this script is one for it.
is_own_mode() {
  [ "$1" = primary ]
}

# answer REQUEST ARGUMENT VALUE: fails if the conversation is over.
answer() {
  case $1 in
    scan) scan_answer "$2" ;;
    read) read_answer "$2" ;;
    test-here) primary_test ;;
    outside) outside_answer ;;
    save) primary_save ;;
    decide) primary_decide "$2" "$3" ;;
    decided) primary_decided ;;
    decision) primary_decision "$2" ;;
    settled) primary_settled "$2" ;;
    record) primary_record "$2" ;;
    recorded) primary_recorded "$2" ;;
    begun) primary_begun "$2" ;;
    ended) primary_ended "$2" ;;
    unended) primary_unended "$2" ;;
    *) refuse_request "$1" ;;
  esac
}

# abandon: a decision that was written and never made is not there afterwards.
abandon() {
  [ "$phase" != deciding ] || rm -f -- "$state_directory/.decision.$id"
  phase=idle
}
