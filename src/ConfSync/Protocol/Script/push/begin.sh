# What a push and a dry run begin with.

# begin_answer: what this node needs, what an earlier run left, and what is known of its nginx.
begin_answer() {
  local state_seen served_digest
  recall health
  # shellcheck disable=SC2086 # absent when there is nothing to check
  prerequisites ${recalled:+timeout} cat tar mkdir mv cp ln rm chmod chown chgrp sync grep tr || return 1
  # The rest of what take_lock saw.
  if [ "$backup_directory" != "$state_directory" ] && ! guard "$backup_directory" "$backup_directory/generations"; then
    refuse prerequisite "$words"
    return 1
  fi
  if unfinished; then
    if [ "$mode" = push ]; then
      recover_earlier || return 1
    else
      text unfinished "$words"
    fi
  fi
  if ! find_master; then
    refuse prerequisite "$words"
    return 1
  fi
  if [ -n "$master" ] && [ "$reload_wanted" = yes ] && ! signal_master -0; then
    refuse prerequisite "this login may not signal nginx (PID $master): $words"
    return 1
  fi
  state_seen=yes
  ! has gzip || say gzip
  say_facts
}
