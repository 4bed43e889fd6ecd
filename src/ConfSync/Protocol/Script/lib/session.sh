# The runner: reads requests, answers them, and leaves nothing unconfirmed behind. What differs between the modes are
# answer and abandon (requests/), and the watch, which only some have (guard/watch.sh, lib/unwatched.sh).

# run MODE ID WHO: the runner. Requests are read until "end" or until there are no more; then what is not confirmed is
# undone.
run() {
  local request argument value
  mode=$1 id=$2
  defaults
  prunes='' above='' find_style=''
  note_setting who "$3" || :
  start_watch
  while :; do
    arm_for_word
    # A torn last line is set but not counted: read fails.
    read -r request argument value || break
    take_request "$request" "$argument" "$value" || break
  done
  arm_for_work 'removing what was staged'
  abandon
  stop_watch
  exit 0
}

# take_request REQUEST [ARGUMENT [VALUE]]: fails if the conversation is over.
take_request() {
  # A slash keeps two words apart that are checked as one.
  require text "/$2/$3" || return
  case $1 in
    set) note_setting "$2" "$3" || refuse_words ;;
    path) note_setting path "$2" || refuse_words ;;
    above)
      require path "$2" || return
      quote "${2%/}/."
      above="$above $quoted"
      ;;
    prune | prune-directory)
      require text "$2" || return
      quote "$2"
      case $1 in prune) prunes="$prunes -o" ;; *) prunes="$prunes -o -type d" ;; esac
      prunes="$prunes -name $quoted"
      ;;
    ping) say ok ping ;;
    end) return 1 ;;
    *)
      arm_for_work "the request $1"
      answer "$1" "$2" "$3"
      ;;
  esac
}

# refuse_request REQUEST: the gate. The script of each mode answers that mode's own requests, and has the code of no others.
refuse_request() {
  words="mode $mode does not answer the request $1"
  refuse_words
}

# require TYPE WORD: refuses the request, and fails, unless its WORD is of this type (lib/check.sh).
require() {
  check "$@" || refuse_words
}

# refuse_words: no request, for the reason in $words. What was not confirmed is undone first.
refuse_words() {
  local why
  why=$words
  abandon
  refuse protocol "$why"
  return 1
}
