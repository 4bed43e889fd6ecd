# One transaction: staged, tested, active, verified, confirmed; or undone. The marks in the journal say how far it is.

# activate: the change, its reload and its proof. Whatever fails, the old state is back and served before the answer.
activate() {
  local keep_code live_sync
  signalled_master='' reload_ended=yes
  arm_for_work 'the renames'
  if ! same_services; then
    activation_failed nginx
  elif ! keep_old; then
    activation_failed "$keep_code"
  # One sync before the first rename: from here on, a loss of power finds the whole plan, and all that goes in old/.
  elif ! mark kept || ! mark activating || ! sync_plan old; then
    activation_failed write
  else
    say step activate
    if ! activate_arrivals || ! mark arrived || ! activate_attributes || ! activate_deletions; then
      activation_failed write
      return 1
    fi
    relabel
    mark active
    prove_active
  fi
}

# prove_active: the second half of it, once all files are in place.
prove_active() {
  if [ "$tested" = no ]; then
    say step test
    if ! test_in_place; then
      activation_failed test
      return 1
    fi
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
  if was_reloaded && ! health_check; then
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
  others say
  say ok activate "$served"
}

# test_in_place: the test of what is live, and which nginx it was.
test_in_place() {
  local facts
  arm_for_test
  test_services || return 1
  text test "$words"
  ! affects nginx || say_master
}

# same_services: those that the change affects are found once more, and who serves is remembered.
same_services() {
  if affects nginx; then same_nginx || return 1; fi
  others note
}

# same_nginx: the node may have waited for its turn, and nginx been started, ended or started anew. With other arguments than
# those of the test, the result is tested once more, in place. Remembers who served before the change.
same_nginx() {
  local before
  # Not in $title, which read_title sets.
  before=$master_title
  look_again || return 1
  [ "${before#*master process}" = "${master_title#*master process}" ] || tested=no
  workers=
  [ -z "$master" ] || workers
  turn_master=$master turn_workers=$workers
}

# serve: each service that the change affects takes up what is on the disk. The one that passes requests on comes before the one
# that answers them, and the one that moves addresses comes last, because it asks whether the others are up.
serve() {
  served=unaffected
  others reload first || return 1
  if affects nginx; then serve_nginx || return 1; fi
  others reload last
}

# serve_nginx: if it runs and is to be reloaded; $served says what was done.
serve_nginx() {
  served=not-running
  look_again || return 1
  [ -n "$master" ] || return 0
  served=not-reloaded
  [ "$reload_wanted" = yes ] || return 0
  # The process that has to undo must know that nginx may have been told.
  if [ -d "$journal" ] && ! mark signalled; then return 1; fi
  say step reload
  arm_for_reload
  served=reloaded
  reload || return 1
  if ! pid_file_names_master; then warnings="$warnings$words$newline"; fi
}

# still_served: the last look before the new state is the state.
still_served() {
  if affects nginx; then nginx_still_serves || return 1; fi
  others look
}

# nginx_still_serves: also where another program has reloaded, started or ended nginx since.
nginx_still_serves() {
  local before still
  [ "$served" != not-reloaded ] || return 0
  if [ "$served" = reloaded ] && master_lives && is_nginx "$master"; then
    before=$workers
    workers
    if any_of "$before" "$workers"; then return 0; fi
  fi
  still=$master
  # What was upgraded since has read the new files, and so has the new one.
  find_master || { [ -n "$upgraded" ] && [ "$upgraded" = "$still" ]; } || return 1
  if [ -z "$master" ]; then
    [ "$served" != not-running ] || return 0
    words='nginx was seen to serve the new configuration, and has ended since'
    return 1
  fi
  if [ "$served" = reloaded ]; then
    before=$read_print
    print_before_reload
    if [ "$read_print" != "$before" ]; then
      words='files there were changed after they were activated, and another process has reloaded or started nginx since'
      return 1
    fi
  fi
  arm_for_reload
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
  local why status
  why=$words
  undo
  status=$?
  [ -z "$undo_ended" ] || why="$why$newline$undo_ended"
  # Undone or not, it is reported: nothing is left for the end of the session to do.
  phase=idle
  refuse "$1" "$why"
  report_undo "$status"
  return 1
}

# clean_up: nothing of the transaction is left beside the live files; the journal goes last, and only if it speaks of
# nothing any more. Fails with the reason in $words.
clean_up() {
  local left batch batched
  left='' batch='' batched=0
  for_each_operation dir clean_directory <"$outline"
  deliver remove_stages
  words=$left
  # The plan goes before the marks, so that what is cut off here can be told from a plan that was lost.
  if [ -n "$left" ] || ! remove "$journal/plan" "$journal"; then return 1; fi
  # A dry run leaves nothing at all; a directory that something else is in stays.
  [ "$mode" != dry-run ] || rmdir "$state_directory" 2>/dev/null || :
}

clean_directory() {
  collect remove_stages "$stage"
}

# remove_stages DIRECTORY...: all that can be removed.
remove_stages() {
  remove "$@" || left=$words
}

# confirm: from here on the new state is the state. What it replaced becomes a numbered generation.
confirm() {
  local generation generation_left not_kept
  if ! still_served; then
    activation_failed reload
    return 1
  elif ! mark_for_good confirmed; then
    activation_failed write
    return 1
  fi
  record_desired
  if ! keep_generation; then
    drop_generation
    text warning "$not_kept"
  elif [ -n "$generation_left" ]; then
    text warning "${generation_left#?}"
  fi
  mark finishing
  clean_up || text warning "what was staged could not be removed, the next push does it: $words"
  say_warnings
  # What became of a service may be another thing by now than after the activation.
  others say
  say ok confirm "$served" "${generation:--}"
}
