# One transaction: staged, tested, active, verified, confirmed; or undone. The marks in the journal say how far it is.

# activate: the change, its reload and its proof. Whatever fails, the old state is back and served before the answer.
activate() {
  signal_sent=no
  reload_ended=yes
  arm_for_work 'the renames'
  if ! same_nginx; then
    activation_failed nginx
    return 1
  fi
  if ! keep_old; then
    activation_failed "$keep_code"
    return 1
  fi
  # One sync before the first rename: from here on, a loss of power finds the whole plan, and all that goes in old/.
  mark kept
  if ! mark activating || ! sync_plan old "$journal/marks" "$journal/arrived"; then
    activation_failed write
    return 1
  fi
  say step activate
  if ! activate_arrivals || ! mark arrived || ! activate_attributes || ! activate_deletions; then
    activation_failed write
    return 1
  fi
  relabel
  mark active
  if [ "$tested" = no ]; then
    say step test
    arm_for_test
    if ! nginx_test; then
      activation_failed test
      return 1
    fi
    text test "$words"
    say_master
  fi
  # Meanwhile, since a reload is mostly waiting.
  (
    exec </dev/null >/dev/null 2>&1 9>&-
    sync_plan live
  ) &
  live_sync=$!
  if ! serve; then
    activation_failed reload
    return 1
  fi
  if [ "$served" = reloaded ] && ! health_check; then
    activation_failed health
    return 1
  fi
  arm_for_work 'the sync of the renames'
  if ! wait "$live_sync"; then
    words='the renames could not be synced to the disk'
    activation_failed write
    return 1
  fi
  mark verified
  say ok activate "$served"
}

# same_nginx: the node may have waited for its turn, and nginx been started, ended or started anew. With other arguments than
# those of the test, the result is tested once more, in place. Remembers who served before the change.
same_nginx() {
  turn_title=$master_title
  look_again || return 1
  [ "${turn_title#*master process}" = "${master_title#*master process}" ] || tested=no
  workers=
  [ -z "$master" ] || workers
  turn_master=$master turn_workers=$workers
}

# serve: nginx takes up what is on the disk, if it runs and is to be reloaded; $served says what was done.
serve() {
  served=not-running
  look_again || return 1
  [ -n "$master" ] || return 0
  served=not-reloaded
  [ "$reload_wanted" = yes ] || return 0
  # Whoever has to undo must know that nginx may have been told.
  if [ -d "$journal" ] && ! mark signalled; then return 1; fi
  say step reload
  arm $((reload_timeout + step_timeout)) RELOAD_TIMEOUT+STEP_TIMEOUT 'the reload'
  served=reloaded
  reload || return 1
  if ! pid_file_names_master; then warnings="$warnings$words$newline"; fi
}

# still_served: the last look before the new state is the state. Whoever has reloaded or started nginx since, or ended it.
still_served() {
  [ "$served" != not-reloaded ] || return 0
  if [ "$served" = reloaded ] && master_lives && is_nginx "$master"; then
    still_workers=$workers
    workers
    if any_of "$still_workers" "$workers"; then return 0; fi
  fi
  still_master=$master
  # What was upgraded since has read the new files, and so has the new one.
  find_master || { [ -n "$upgraded" ] && [ "$upgraded" = "$still_master" ]; } || return 1
  if [ -z "$master" ]; then
    [ "$served" != not-running ] || return 0
    words='nginx was seen to serve the new configuration, and has ended since'
    return 1
  fi
  arm $((reload_timeout + step_timeout)) RELOAD_TIMEOUT+STEP_TIMEOUT 'the reload'
  reload || return 1
  served=reloaded
  warnings="${warnings}nginx was started or reloaded by another process meanwhile (PID $master); it was reloaded once more, and \
serves the new configuration$newline"
}

# say_warnings: what was noticed on the way.
say_warnings() {
  [ -z "$warnings" ] || text warning "${warnings%"$newline"}"
  warnings=
}

# activation_failed CODE: undoes, then tells both what failed and what the undo came to.
activation_failed() {
  failure=$words
  undo
  undo_status=$?
  [ -z "$undo_ended" ] || failure="$failure$newline$undo_ended"
  # Undone or not, it is reported: nothing is left for the end of the session to do.
  phase=idle
  refuse "$1" "$failure"
  report_undo "$undo_status"
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

# clean_up: nothing of the transaction is left beside the live files; the journal goes last, and only if it speaks of
# nothing any more. Fails with the reason in $words.
clean_up() {
  set --
  clean_left=
  while read -r operation name _; do
    [ "$operation" = dir ] || continue
    decode "$name"
    enter "$decoded"
    set -- "$@" "$stage"
    if [ $# -ge 500 ]; then
      remove "$@" || clean_left=$words
      set --
    fi
  done <"$outline"
  [ $# -eq 0 ] || remove "$@" || clean_left=$words
  words=$clean_left
  # The plan goes before the marks, so that what is cut off here can be told from a plan that was lost.
  if [ -n "$clean_left" ] || ! remove "$journal/plan" "$journal"; then return 1; fi
  # A dry run leaves nothing at all; a directory that something else is in stays.
  [ "$mode" != dry-run ] || rmdir "$state_directory" 2>/dev/null || :
}

# confirm: from here on the new state is the state. What it replaced becomes a numbered generation.
confirm() {
  if ! still_served; then
    activation_failed reload
    return 1
  fi
  if ! mark_for_good confirmed; then
    activation_failed write
    return 1
  fi
  [ "$served" != reloaded ] || record_served "$desired_digest"
  if ! keep_generation; then
    drop_generation
    text warning "$not_kept"
  elif [ -n "$generation_left" ]; then
    text warning "${generation_left#?}"
  fi
  mark finishing
  clean_up || text warning "what was staged could not be removed, the next push does it: $words"
  say_warnings
  say ok confirm "${generation:--}"
}

# unfinished: there is a transaction that nobody finished; what is known of it is in $words. Who holds the lock itself
# knows that nobody is at work on it any more.
unfinished() {
  [ -d "$journal" ] || return 1
  if [ "$mode" = compare ] && lock_is_held; then return 1; fi
  unfinished_id=$(cat "$journal/id" 2>/dev/null)
  unfinished_at=$(tail -n 1 "$journal/marks" 2>/dev/null)
  words="transaction ${unfinished_id:-without an ID} was left at: ${unfinished_at:-its beginning}"
}

# journal_is_whole: what is read there is what was written. Fails, with the reason in $words, where it decides what is
# undone and cannot be trusted; all that is there stays, for people to look at.
journal_is_whole() {
  damaged=
  if marked activating; then
    # It is being removed, and all is done.
    if [ ! -e "$journal/plan" ] && { marked restored || marked finishing; }; then return 0; fi
    # The last line of the sums is the plan's.
    if grep -q ' plan$' "$journal/sums" && (cd "$journal" && sha256sum -c sums); then return 0; fi >/dev/null 2>&1
  else
    # Nothing live has changed. But where the marks are lost, only that no old file is kept says so.
    if marked staging || ! keeps_old; then return 0; fi
  fi
  damaged=yes
  words="the record of the push in $journal is damaged, so it is not known what is to be put back, and nothing was. Look at \
the directories .nginx-sync.*/old beside the changed files: they have what was there before. Put back what is wrong, remove \
these directories, then $journal, and push again"
  return 1
}

# keeps_old: some file was linked or moved into an old/.
keeps_old() {
  while read -r operation name _; do
    [ "$operation" = dir ] || continue
    decode "$name"
    enter "$decoded"
    for kept in "$stage/old"/* "$stage/old"/.[!.]*; do
      if [ -e "$kept" ] || [ -L "$kept" ]; then return 0; fi
    done
  done 2>/dev/null <"$journal/plan"
  return 1
}

# recover: finishes or undoes what a transaction left that has no living process any more. May itself be ended at any
# point and run again. Sets $recovered to what it came to; what could not be tidied up is in $undo_left.
recover() {
  undo_left='' undo_words='' not_kept='' repairs=''
  { read -r id <"$journal/id"; } 2>/dev/null || id=
  case $id in *[!0-9a-f]*) id='' ;; esac
  if ! journal_is_whole; then
    undo_words=$words
    return 1
  fi
  # Nobody knows how far the outline was written.
  outline=$journal/plan
  paths=''
  while read -r setting value; do apply_setting "$setting" "$value"; done 2>/dev/null <"$journal/settings"
  [ -z "$id" ] || end_remains
  recovered=undone
  if [ -z "$id" ] || [ ! -f "$journal/plan" ]; then
    # It ended before anything was staged, or when all was done.
    if marked finishing; then recovered=finished; fi
    remove "$journal" || undo_left=$words
  elif marked confirmed && ! marked undoing; then
    recovered=finished
    marked finishing || keep_generation_again
    clean_up || undo_left=$words
  elif marked activating; then
    # Whoever reloaded or started nginx since the renames, it may have read the new files.
    master='' turn_master='' turn_workers='' signalled_master=''
    signal_sent=$reload_wanted
    reload_ended=yes
    if marked signalled; then reload_ended=no signalled_master=any; fi
    if ! marked restored && ! keep_repairs; then
      undo_words="what was edited by hand since cannot be kept: $words"
      return 1
    fi
    undo
  else
    recovered=discarded
    clean_up || undo_left=$words
  fi
}

# end_remains: processes of a runner that was killed may still be renaming. They carry its mark in their environment.
end_remains() {
  end_marked "NGINX_SYNC_RUNNER=$id"
}

# end_marked NAME=VALUE: ends all processes that have this in their environment.
end_marked() {
  # shellcheck disable=SC2013 # numbers
  for remains in $(grep -lzs "^$1\$" /proc/[0-9]*/environ); do
    remains=${remains%/environ}
    remains=${remains#/proc/}
    [ "$remains" = "$$" ] || kill -KILL "$remains" 2>/dev/null
  done
  return 0
}
