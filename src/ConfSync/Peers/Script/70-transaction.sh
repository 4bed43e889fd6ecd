# One transaction: staged, tested, active, verified, confirmed; or undone. The marks in the journal say how far it is.

# activate: the change, its reload and its proof. Whatever fails, the old state is back and served before the answer.
activate() {
  signal_sent=no
  reload_ended=yes
  if ! keep_old; then
    activation_failed changed
    return 1
  fi
  # One sync before the first rename: from here on, a loss of power finds the whole plan.
  mark kept
  if ! mark_for_good activating; then
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
    if ! nginx_test; then
      activation_failed test
      return 1
    fi
    text test "$words"
  fi
  if ! serve; then
    activation_failed reload
    return 1
  fi
  if [ "$served" = reloaded ] && ! health_check; then
    activation_failed health
    return 1
  fi
  mark verified
  say ok activate "$served"
}

# serve: nginx takes up what is on the disk, if it runs and is to be reloaded; $served says what was done.
serve() {
  served=not-running
  [ -n "$master" ] || return 0
  served=not-reloaded
  [ "$reload_wanted" = yes ] || return 0
  # Whoever has to undo must know that nginx may have been told.
  if [ -d "$journal" ] && ! mark signalled; then return 1; fi
  say step reload
  served=reloaded
  reload
}

# activation_failed CODE: undoes, then tells both what failed and what the undo came to.
activation_failed() {
  failure=$words
  undo
  undo_status=$?
  # Undone or not, it is reported: nothing is left for the end of the session to do.
  phase=idle
  refuse "$1" "$failure"
  report_undo "$undo_status"
}

# undo: the old state, and the old configuration served again if nginx had been told of the new one. Nothing is said
# before it is complete: nobody may be there to hear it, and writing to nobody must not keep it from being done.
undo() {
  # Once everything is back, the staging directories are being removed and no longer say what was where.
  if ! marked restored; then
    mark undoing
    undo_files || return 1
    mark_for_good restored
  fi
  if [ "$signal_sent" = yes ] && ! reload_old; then
    undo_words="the old files are back, but nginx was not seen to serve them: $words"
    return 1
  fi
  # What was known to be served is served again, by other workers.
  if [ "$signal_sent" = yes ] && [ -n "$known_digest" ]; then record_served "$known_digest"; fi
  clean_up
}

# report_undo STATUS
report_undo() {
  if [ "$1" -eq 0 ]; then
    say undone
  else
    text undo "$undo_words"
    say not-undone
  fi
}

# clean_up: nothing of the transaction is left beside the live files; the journal goes last.
clean_up() {
  while read -r operation name _; do
    [ "$operation" = dir ] || continue
    decode "$name"
    enter "$decoded"
    rm -rf -- "$stage"
  done <"$journal/plan"
  rm -rf -- "$journal"
  # A dry run leaves nothing at all; a directory that something else is in stays.
  [ "$mode" != dry-run ] || rmdir "$state_directory" 2>/dev/null || :
}

# confirm: from here on the new state is the state. What it replaced becomes a numbered generation.
confirm() {
  if ! mark_for_good confirmed; then
    activation_failed write
    return 1
  fi
  [ "$served" != reloaded ] || record_served "$desired_digest"
  if ! keep_generation; then
    drop_generation
    text warning "$not_kept"
  fi
  mark finishing
  clean_up
  say ok confirm "${generation:--}"
}

# unfinished: there is a transaction that nobody finished; what is known of it is in $words. Who holds the lock itself
# knows that nobody is at work on it any more.
unfinished() {
  [ -d "$journal" ] || return 1
  if [ "$mode" = compare ] && lock_is_held; then return 1; fi
  words="transaction $(cat "$journal/id" 2>/dev/null) was left at: $(tail -n 1 "$journal/marks" 2>/dev/null)"
}

# recover: finishes or undoes what a transaction left that has no living process any more. May itself be ended at any
# point and run again. Sets $recovered to what it came to.
recover() {
  read -r id <"$journal/id" || id=
  not_kept=
  while read -r setting value; do apply_setting "$setting" "$value"; done <"$journal/settings"
  [ -z "$id" ] || end_remains
  recovered=undone
  if [ -z "$id" ] || [ ! -f "$journal/plan" ]; then
    # It ended before anything was staged.
    rm -rf -- "$journal"
  elif marked confirmed; then
    recovered=finished
    marked finishing || keep_generation_again
    clean_up
  elif marked activating; then
    find_master || return 1
    # Whoever reloaded or started nginx since the renames, it may have read the new files.
    signal_sent=no
    reload_ended=yes
    if [ -n "$master" ] && [ "$reload_wanted" = yes ]; then signal_sent=yes; fi
    if marked signalled; then reload_ended=no; fi
    undo
  else
    recovered=discarded
    clean_up
  fi
}

# end_remains: processes of a runner that was killed may still be renaming. They carry its mark in their environment.
end_remains() {
  for remains in /proc/[0-9]*; do
    grep -qz "^NGINX_SYNC_RUNNER=$id\$" "$remains/environ" 2>/dev/null || continue
    remains=${remains#/proc/}
    [ "$remains" = "$$" ] || kill -KILL "$remains" 2>/dev/null
  done
  return 0
}
