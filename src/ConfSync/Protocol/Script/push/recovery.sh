# What a push left that ended before its time: undone or finished by the next push, or by hand.

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
  words="the record of the push in $journal is damaged, so nothing was put back. Look at \
the directories .nginx-sync.*/old beside the changed files: they have what was there before. Put back what is wrong, remove \
these directories, then $journal, and push again"
  return 1
}

# keeps_old: some file was linked or moved into an old/.
keeps_old() {
  local found
  found=no
  { for_each_operation dir see_old <"$journal/plan"; } 2>/dev/null
  [ "$found" = yes ]
}

# see_old: fails once something is found.
see_old() {
  local item
  for item in "$stage/old"/* "$stage/old"/.[!.]*; do
    ! is_there "$item" || found=yes
  done
  [ "$found" = no ]
}

# recover: finishes or undoes what a transaction left that has no living process any more. May itself be ended at any
# point and run again. Sets $recovered to what it came to; what could not be tidied up is in $undo_words then.
recover() {
  local setting value
  undo_words='' not_kept='' repairs=''
  { read -r id <"$journal/id"; } 2>/dev/null || id=
  case $id in *[!0-9a-f]*) id='' ;; esac
  if ! journal_is_whole; then
    undo_words=$words
    return 1
  fi
  # Nobody knows how far the outline was written.
  outline=$journal/plan
  paths='' settings=$newline
  while read -r setting value; do note_setting "$setting" "$value" || :; done 2>/dev/null <"$journal/settings"
  if ! knows_services; then
    undo_words=$words
    return 1
  fi
  [ -z "$id" ] || end_remains
  recovered=undone
  if [ -z "$id" ] || [ ! -f "$journal/plan" ]; then
    # It ended before anything was staged, or when all was done.
    if marked finishing; then recovered=finished; fi
    remove "$journal" || undo_words=$words
  elif marked confirmed && ! marked undoing; then
    recovered=finished
    marked finishing || keep_generation_again
    clean_up || undo_words=$words
  elif marked activating; then
    recover_active
  else
    recovered=discarded
    clean_up || undo_words=$words
  fi
}

# recover_active: undoes what may have been active. Another process may have reloaded or started nginx since the renames, so
# nginx may have read the new files.
recover_active() {
  master='' turn_master='' turn_workers='' signalled_master=''
  reload_ended=yes
  if marked signalled; then reload_ended=no signalled_master=any; fi
  if ! marked restored && ! keep_repairs; then
    undo_words="what was edited by hand since cannot be kept: $words"
    return 1
  fi
  undo "$reload_wanted"
}

# end_remains: processes of a runner that was killed may still be renaming. They carry its mark in their environment.
end_remains() {
  end_marked "NGINX_SYNC_RUNNER=$id"
}

# recover_earlier: with the settings of the run that left it, then back to our own. What it left is in $words.
recover_earlier() {
  local earlier own_id own_settings recovered damaged but not_kept repairs name value
  earlier=$words own_id=$id own_settings=$settings
  say step recover
  but=
  if ! recover; then
    if [ -n "$damaged" ] || ! marked restored; then
      refuse unfinished "$earlier, and could not be undone"
      report_undo 1
      return 1
    fi
    # An old configuration that is not taken up any more must not keep a better one away.
    but="; $undo_words"
    undo_words=
    clean_up || undo_words=$words
  fi
  if [ -n "$undo_words" ]; then
    refuse unfinished "$earlier; it is $recovered now, but what was staged cannot be removed: $undo_words"
    return 1
  fi
  text recovered "$earlier; it is $recovered now$but${not_kept:+, but $not_kept}$repairs"
  id=$own_id
  defaults
  while read -r name value; do
    [ -z "$name" ] || note_setting "$name" "$value"
  done <<SETTINGS
$own_settings
SETTINGS
}

# recover_runner STATUS: what the runner, which ended with this status, left, if anything; said only when it is complete.
recover_runner() {
  local recovered damaged not_kept repairs death_code
  defaults
  end_remains
  recovered=nothing
  if [ -d "$journal" ] && ! recover; then recovered=failed; fi
  death_code=overdue
  limit_that_was_over || {
    death_code=died
    words="the process at work on this node ended before its time (status $1)"
  }
  refuse "$death_code" "$words"
  # Nothing for "nothing": it may have ended with nothing left to do, and a look will tell what is there now.
  case $recovered in
    failed) report_undo 1 ;;
    finished) say confirmed ;;
    undone) report_undo 0 ;;
    discarded) say untouched ;;
  esac
}

# recover_by_hand: what people start on this node after an undo that failed (leave_undo); what the next push would do.
recover_by_hand() {
  local earlier recovered damaged not_kept repairs lock_mine
  set_environment
  defaults
  mode=push
  take_lock "an undo by hand" || exit 1
  if ! unfinished; then
    say 'nothing is left of a push on this node'
  else
    earlier=$words
    if ! recover || [ -n "$undo_words" ]; then
      printf '%s\n' "$earlier, and could not be undone:" "$undo_words" >&2
      exit 1
    fi
    say "$earlier; it is $recovered now${not_kept:+, but $not_kept}$repairs"
  fi
  release_lock
  exit 0
}
