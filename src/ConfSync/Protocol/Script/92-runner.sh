# The runner: reads requests, answers them, and leaves nothing unconfirmed behind.

defaults() {
  nginx=/usr/sbin/nginx backup_directory=$state_directory keep=10 reload_timeout=60 confirm_timeout=30
  test_timeout=60 step_timeout=120 reload_wanted=yes health='' health_timeout=10 desired_digest=- rollback='' known_digest='' settings='' undo_words=''
  undo_left='' no_master='' failpoints='' paths='' pid_file='' warnings='' upgraded='' undo_ended='' turn_master=''
  turn_workers='' signalled_master=''
}

# run MODE ID WHO: the runner. Requests are read until "end" or until there are no more; then what is not confirmed is
# undone.
run() {
  mode=$1 id=$2
  defaults
  settings="who $3
"
  apply_setting who "$3"
  phase=idle served=not-reloaded prunes='' above='' deadline_file='' watch='' find_style='' identified='' within=''
  case $mode in
    push | dry-run) start_watch ;;
    *) limits_without_watch ;;
  esac
  while :; do
    arm "$confirm_timeout" CONFIRM_TIMEOUT 'a word of the primary'
    # A torn last line is set but not counted: read fails.
    read -r request argument value || break
    case $request in
      set)
        settings="$settings$argument $value
"
        apply_setting "$argument" "$value"
        ;;
      path)
        # For the journal as well: an undo has to know where no link may lead away.
        settings="${settings}path $argument
"
        apply_setting path "$argument"
        ;;
      above)
        quote "${argument%/}/."
        above="$above $quoted"
        ;;
      prune)
        quote "$argument"
        prunes="$prunes -o -name $quoted"
        ;;
      prune-directory)
        quote "$argument"
        prunes="$prunes -o -type d -name $quoted"
        ;;
      ping) say ok ping ;;
      end) break ;;
      *)
        arm_for_work "the request $request"
        answer "$request" || break
        ;;
    esac
  done
  arm_for_work 'removing what was staged'
  abandon
  stop_watch
  exit 0
}

# answer REQUEST: one of the requests that do something. Fails if the conversation is over, with nothing left to do.
answer() {
  case $1 in
    begin) begin_answer ;;
    scan) scan_answer "$argument" ;;
    look) look_answer ;;
    history) history_answer "$argument" "$value" ;;
    stage)
      phase=staged
      stage || {
        failure=$words
        abandon
        refuse stage "$failure"
        return 1
      }
      ;;
    test) test_answer ;;
    activate)
      phase=active
      activate
      ;;
    serve) serve_answer ;;
    confirm)
      confirm || return 1
      phase=idle
      ;;
    undo)
      undo
      report_undo $?
      phase=idle
      return 1
      ;;
    discard)
      abandon
      say ok discard
      ;;
    test-here) primary_test ;;
    outside) outside_answer ;;
    save) primary_save ;;
    read) primary_read "$argument" ;;
    decide) primary_decide "$argument" "$value" ;;
    decided) primary_decided ;;
    decision) primary_decision "$argument" ;;
    settled) primary_settled "$argument" ;;
    *)
      abandon
      refuse protocol "not a request: $1"
      return 1
      ;;
  esac
}

# apply_setting NAME VALUE: the value is percent-encoded.
apply_setting() {
  decode "$2"
  # Calculated with, so nothing but a number.
  case $1 in
    *-timeout | keep) case $decoded in '' | *[!0-9]*) return 0 ;; esac ;;
  esac
  case $1 in
    nginx) nginx=$decoded ;;
    pid-file) pid_file=$decoded ;;
    backup) backup_directory=$decoded ;;
    keep) keep=$decoded ;;
    reload-timeout) reload_timeout=$decoded ;;
    confirm-timeout) confirm_timeout=$decoded ;;
    test-timeout) test_timeout=$decoded ;;
    step-timeout)
      step_timeout=$decoded
      [ -z "$within" ] || limits_without_watch
      ;;
    reload) reload_wanted=$decoded ;;
    health) health=$decoded ;;
    health-timeout) health_timeout=$decoded ;;
    digest) desired_digest=$decoded ;;
    rollback) rollback=$decoded ;;
    who) who_encoded=$2 ;;
    path)
      quote_word "$decoded"
      paths="$paths $quoted"
      ;;
    known) known_digest=$decoded ;;
    failpoints) failpoints=$decoded ;;
  esac
}

# quote ENCODED: the decoded name as a word for eval, in $quoted.
quote() {
  decode "$1"
  quote_word "$decoded"
}

# quote_word TEXT
quote_word() {
  decoded=$1
  quoted=
  while :; do
    case $decoded in
      *\'*) ;;
      *) break ;;
    esac
    quoted=$quoted${decoded%%\'*}"'\\''"
    decoded=${decoded#*\'}
  done
  quoted="'$quoted$decoded'"
}
