# What a comparison and a history begin with. They change nothing, so nothing is left to undo.

# begin_answer: what this node needs, what an earlier run left, and what is known of its nginx.
begin_answer() {
  local state_seen=yes served_digest
  prerequisites cat || return 1
  if ! guard "$run_directory" "$state_directory" "$journal"; then
    state_seen=no
    # Another login may not look into it anyway, and has nothing to do with it.
    [ "$own_user" != 0 ] || text unseen "what a push may have left on this node was not looked at: $words"
  elif unfinished && ! lock_is_held; then
    text unfinished "$words"
  fi
  if ! find_master && [ -z "$upgraded" ]; then
    refuse prerequisite "$words"
    return 1
  fi
  say_facts
}

# lock_is_held: a push is at work. Keeps nothing.
# shellcheck disable=SC2034 # who holds it, only a push asks
lock_is_held() {
  local lock_file lock_place lock_top lock_held lock_dead lock_holder
  lock_file=$run_directory/lock
  if has flock; then
    [ -e "$lock_file" ] && ! flock -n "$lock_file" true
  else
    name_place
    see_links none
    [ -n "$lock_held" ]
  fi
}

further_defaults() {
  :
}

further_setting() {
  :
}

abandon() {
  :
}
