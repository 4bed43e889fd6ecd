# One transaction at a time on this machine, for all users: a lock in one place, held by a living process, never stale.

# take_lock WHO: WHO names the primary and its user for the one who is refused. Descriptor 9 (or a link that names this
# process) is the lock: it is given back by the end of the processes that hold it, and by nothing else. The number of the link
# is in $lock_mine, for release_lock.
take_lock() {
  local lock_file lock_code lock_note lock_holder
  lock_file=$run_directory/lock lock_mine=
  # Before the first write. With the usual BACKUPDIR, since each look is a process.
  if ! guard "$run_directory" "$state_directory" "$journal" "$state_directory/generations"; then
    case $words in
      *" $run_directory,"*) words="$words. Or, if it was made for pushes with -u (tmpfiles.d): push to this node as that user" ;;
    esac
    refuse prerequisite "$words"
    return 1
  fi
  words=
  if { [ ! -d "$run_directory" ] && ! attempt mkdir -p -m 0755 "$run_directory"; } ||
    [ ! -w "$run_directory" ] || [ -L "$run_directory" ]; then
    lock_code=prerequisite
    [ "$own_user" = 0 ] || lock_code=not-root
    refuse "$lock_code" "cannot write to $run_directory, where the lock is kept${words:+: $words}"
    return 1
  fi
  now
  lock_note="$1 $now"
  if has flock; then
    take_lock_by_flock
  else
    take_lock_by_link
  fi
}

take_lock_by_flock() {
  local try
  # In a subshell first: a shell whose own exec fails ends.
  if [ -L "$lock_file" ] || ! words=$( (exec 9<>"$lock_file") 2>&1); then
    refuse prerequisite "cannot open the lock $lock_file${words:+: $words}"
    return 1
  fi
  exec 9<>"$lock_file"
  # A comparison that asks whether it is held has it for an instant.
  for try in 1 2 3; do
    if flock -n 9; then break; fi
    if [ "$try" = 3 ]; then
      read -r lock_holder <"$lock_file"
      name_holder
      refuse locked "another push is at work on this node: $lock_holder"
      return 1
    fi
    pause 0.02
  done
  printf '%s\n' "$lock_note" >"$lock_file"
}

# name_holder: $lock_holder, as the lock has it with the time since boot at which it was taken, as people are to read it.
name_holder() {
  local since
  since=${lock_holder##* }
  case $since in '' | *[!0-9]*) return 0 ;; esac
  now
  since=$(date -d "@$(($(date +%s) - (now - since) / 100))" '+%Y-%m-%d %H:%M:%S %Z' 2>/dev/null)
  lock_holder="${lock_holder% *}${since:+ since $since}"
}

# take_lock_by_link: making a link is atomic. A process holds the lock if it has made one and has seen no other afterwards whose
# process lives, whether that is higher or lower: of two that have made theirs, the later to look sees the other. Both may then
# give way, the lower one at once, the higher one a moment later; so one of them finds the place free.
take_lock_by_link() {
  local try note old lock_place lock_top lock_held lock_dead
  name_place
  see_process "$$"
  note=$$:$process_start:$lock_place:$lock_note
  for try in 1 2 3 4 5 6 7 8 9; do
    see_links none
    [ -z "$lock_held" ] || break
    lock_mine=$((lock_top + 1))
    attempt ln -sn -- "$note" "$lock_file.$lock_mine" || continue
    see_links "$lock_mine"
    if [ -z "$lock_held" ]; then
      # Never the link of a process that lives: that may be about to look, and would take its lack for a free place.
      for old in $lock_dead; do rm -f -- "$lock_file.$old"; done
      return 0
    fi
    release_lock
    [ "$lock_held" -gt "$lock_mine" ] || pause 0.1
  done
  lock_mine=
  if [ -z "$lock_held" ]; then
    refuse prerequisite "cannot make a link beside $lock_file: $words"
  else
    name_holder
    refuse locked "another push is at work on this node: $lock_holder"
  fi
  return 1
}

release_lock() {
  [ -z "$lock_mine" ] || rm -f -- "$run_directory/lock.$lock_mine"
}
