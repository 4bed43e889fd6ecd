# The runner: reads requests, answers them, and leaves nothing unconfirmed behind. What differs between the modes are
# answer and abandon (requests/), and the watch, which only some have (guard/watch.sh, lib/unwatched.sh).

# run MODE ID WHO: the runner. Requests are read until "end" or until there are no more; then what is not confirmed is
# undone.
run() {
  mode=$1 id=$2
  defaults
  prunes='' above='' find_style='' identified='' within='' settings=''
  note_setting who "$3"
  start_watch
  while :; do
    arm_for_word
    # A torn last line is set but not counted: read fails.
    read -r request argument value || break
    case $request in
      set) note_setting "$argument" "$value" ;;
      path) note_setting path "$argument" ;;
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

# note_setting NAME VALUE: for the journal as well. An undo has to know them, and where no link may lead away.
note_setting() {
  settings="$settings$1 $2
"
  apply_setting "$1" "$2"
}

# refuse_request REQUEST: the gate. The script of each mode answers that mode's own requests, and has the code of no others.
refuse_request() {
  refuse protocol "a session of the mode $mode does not answer the request $1"
  return 1
}
