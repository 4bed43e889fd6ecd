# Back to the old state, whatever part of the new one was active.

# undo_files: the state before activate_files, whatever part of it was done, any number of times. Goes on after a
# failure, to put back all that can be; what failed is in $undo_words.
undo_files() {
  undo_words=
  for_each_operation 'leave + ! @' undo_one <"$journal/plan" || undo_words="$undo_words$journal/plan cannot be read$newline"
  [ -z "$undo_words" ]
}

# undo_one OPERATION NAME WORD...
undo_one() {
  case $1 in
    leave) put_back ;;
    + | !)
      # What is in new/ was never activated, or is back already: then the name outside is the old one.
      is_there "$stage/new/$2" || ! is_there "$directory/$2" || attempt inside new mv -f -- "../../$2" ./
      ;;
    @)
      shift
      ! marked activating || undo_attributes "$@"
      ;;
  esac || undo_words="$undo_words$words$newline"
}

# put_back: what is in $stage/old is in $directory again. Where it could not be moved there, what counts is whether the live
# ones are the old ones: a rename that was refused never touched them.
put_back() {
  local item why
  move_all old && return 0
  why=$words
  for item in "$stage/old"/* "$stage/old"/.[!.]* "$stage/old"/..?*; do
    is_there "$item" || continue
    is_same_file "$item" "$directory/${item##*/}" || is_copy "$item" "$directory/${item##*/}" || {
      words=$why
      return 1
    }
  done
}

# undo_attributes PATH MODE OWNER GROUP OLDMODE OLDOWNER OLDGROUP. What was not changed is left alone: it may be on a file
# system that is read-only by now.
undo_attributes() {
  has_old_attributes "$@" || set_attributes "$1" "$5" "$6" "$7"
}

# undo [yes]: the old state, and the old configuration served again if nginx had been told of the new one; or, with yes, may
# have been. Nothing is said before it is complete: the primary may be gone, and a write to a closed pipe must not keep the undo
# from being done. Fails with what hindered it in $undo_words; otherwise that has what could not be tidied up: the next push does it.
undo() {
  local no_master left again lost
  arm $((step_timeout + 2 * reload_timeout)) STEP_TIMEOUT+2*RELOAD_TIMEOUT 'the undo'
  left='' undo_ended='' again=${1:-no} lost=
  [ -z "$signalled_master" ] || again=yes
  # Once everything is back, the staging directories are being removed and no longer say what was where.
  if ! marked restored; then
    # A confirmation that stands in the journal would have the recovery keep what is undone here.
    if ! mark undoing && marked confirmed; then
      undo_words="the confirmation cannot be taken back: $words"
      return 1
    fi
    # It takes up where it ended: what a single failure, or a process that was killed, has left is put back now.
    undo_files || undo_files || return 1
    # Nor may they be removed as long as this could not be recorded.
    if ! sync_plan live || ! mark_for_good restored; then left=$words; fi
  fi
  # In the reverse order of the reloads. What one of them fails with must not keep the old state from the others.
  others undo last "${1:-no}"
  ! affects nginx || undo_nginx
  others undo first "${1:-no}"
  if [ -n "$lost" ]; then
    undo_words=${lost%"$newline"}
    return 1
  fi
  if [ -z "$left" ] && ! clean_up; then left=$words; fi
  undo_words=$left
}

# undo_nginx: served again as it was, if it may have read anything else.
undo_nginx() {
  undo_look
  [ "$again" = yes ] || return 0
  if ! reload_old; then
    lost="${lost}nginx was not seen to serve the old files: $words$newline"
    return 0
  fi
  # What was known to be served is served again, by other workers.
  recall known
  recall known-nginx "$recalled"
  record_served "$recalled"
}

# undo_look: nginx may have been ended, started or upgraded since the renames. The program that started or reloaded it had it read the
# new files, and it has to read the old ones ($again); where it does not run any more, the files are all there is to undo.
undo_look() {
  local worker
  no_master=
  marked activating || return 0
  if ! look_again; then
    no_master=$words
    # The new master of an upgrade can be reloaded. The old one cannot as long as there is a new one: it keeps what it has read.
    case $upgraded in
      '' | "$signalled_master") again=yes ;;
      *)
        [ "$signalled_master" = any ] || no_master=
        again=$reload_wanted
        ;;
    esac
  elif [ -z "$master" ]; then
    [ "$again$turn_master" = no ] || undo_ended="$undo_ended${undo_ended:+$newline}nginx does not run there any more${turn_master:+ (it was PID $turn_master)}"
    again=no
  elif [ "$again" = no ] && [ "$reload_wanted" = yes ]; then
    workers=
    workers
    for worker in $workers; do
      case "$turn_workers " in *" $worker "*) ;; *) again=yes ;; esac
    done
  fi
}

# report_undo STATUS
report_undo() {
  [ "$1" = 0 ] || leave_undo
  [ -z "$undo_words" ] || text undo "$undo_words"
  if [ "$1" = 0 ]; then
    say undone
  elif marked restored; then
    say restored
  else
    say not-undone
  fi
}

# leave_undo: this script as a file that does nothing but the recovery, for people on this node. It is in /run, where there
# is space when a disk is full.
leave_undo() {
  { printf 'set -- recover\n%s\n' "$s" >"$run_directory/undo"; } 2>/dev/null || :
}
