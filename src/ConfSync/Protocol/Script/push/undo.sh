# Back to the old state, whatever part of the new one was active.

# undo_files: the state before activate_files, whatever part of it was done, any number of times. Goes on after a
# failure, to put back all that can be; what failed is in $undo_words.
undo_files() {
  undo_words=
  directory=
  while read -r operation name rest; do
    case $operation in
      dir)
        [ -z "$directory" ] || put_back || undo_failed
        decode "$name"
        enter "$decoded"
        ;;
      + | !)
        decode "$name"
        # What is in new/ was never activated, or is back already: then the name outside is the old one.
        if [ ! -e "$stage/new/$decoded" ] && [ ! -L "$stage/new/$decoded" ] &&
          { [ -e "$directory/$decoded" ] || [ -L "$directory/$decoded" ]; }; then
          attempt inside new mv -f -- "../../$decoded" ./ || undo_failed
        fi
        ;;
      @)
        # shellcheck disable=SC2086 # encoded, so the spaces are the separators
        ! marked activating || undo_attributes "$name" $rest || undo_failed
        ;;
    esac
  done <"$journal/plan"
  [ -z "$directory" ] || put_back || undo_failed
  [ -z "$undo_words" ]
}

# put_back: what is in $stage/old is in $directory again. Where it could not be moved there, what counts is whether the live
# ones are the old ones: a rename that was refused never touched them.
put_back() {
  move_all old && return 0
  put_words=$words
  for put_item in "$stage/old"/* "$stage/old"/.[!.]* "$stage/old"/..?*; do
    if [ ! -e "$put_item" ] && [ ! -L "$put_item" ]; then continue; fi
    is_same_file "$put_item" "$directory/${put_item##*/}" || is_copy "$put_item" "$directory/${put_item##*/}" || {
      words=$put_words
      return 1
    }
  done
}

# undo_attributes NAME MODE OWNER GROUP OLDMODE OLDOWNER OLDGROUP. What was not changed is left alone: it may be on a file
# system that is read-only by now.
undo_attributes() {
  has_old_attributes "$@" || set_attributes "$1" "$5" "$6" "$7"
}

undo_failed() {
  undo_words="$undo_words$words
"
}

# undo: the old state, and the old configuration served again if nginx had been told of the new one. Nothing is said
# before it is complete: nobody may be there to hear it, and writing to nobody must not keep it from being done.
# What could not be tidied up is in $undo_left: the next push does it.
undo() {
  arm $((step_timeout + 2 * reload_timeout)) STEP_TIMEOUT+2*RELOAD_TIMEOUT 'the undo'
  undo_left='' undo_ended=''
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
    if ! sync_plan live || ! mark_for_good restored; then undo_left=$words; fi
  fi
  undo_look
  if [ "$signal_sent" = yes ] && ! reload_old; then
    undo_words="the old files are back, but nginx was not seen to serve them: $words"
    return 1
  fi
  # What was known to be served is served again, by other workers.
  if [ "$signal_sent" = yes ] && [ -n "$known_digest" ]; then record_served "$known_digest"; fi
  if [ -z "$undo_left" ] && ! clean_up; then undo_left=$words; fi
}

# undo_look: nginx may have been ended, started or upgraded since the renames. Whoever started or reloaded it had it read the
# new files, and it has to read the old ones; where it does not run any more, the files are all there is to undo.
undo_look() {
  no_master=
  marked activating || return 0
  if ! look_again; then
    no_master=$words
    # The new master of an upgrade can be reloaded. The old one cannot as long as there is a new one: it keeps what it has read.
    case $upgraded in
      '' | "$signalled_master") signal_sent=yes ;;
      *)
        [ "$signalled_master" = any ] || no_master=
        signal_sent=$reload_wanted
        ;;
    esac
  elif [ -z "$master" ]; then
    [ "$signal_sent$turn_master" = no ] || undo_ended="nginx does not run there any more${turn_master:+ (it was PID $turn_master)}"
    signal_sent=no
  elif [ "$signal_sent" = no ] && [ "$reload_wanted" = yes ]; then
    workers=
    workers
    for undo_worker in $workers; do
      case "$turn_workers " in *" $undo_worker "*) ;; *) signal_sent=yes ;; esac
    done
  fi
}

# report_undo STATUS
report_undo() {
  if [ "$1" -eq 0 ]; then
    [ -z "$undo_left" ] || text undo "$undo_left"
    say undone
  else
    leave_undo
    text undo "$undo_words"
    say not-undone
  fi
}

# leave_undo: this script as a file that does nothing but the recovery, for people on this node. It is in /run, where there
# is space when a disk is full.
leave_undo() {
  { printf 'set -- recover\n%s\n' "$s" >"$run_directory/undo"; } 2>/dev/null || :
}
