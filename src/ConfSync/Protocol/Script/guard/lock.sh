# One transaction at a time on this machine, whoever asks: a lock in one place, held by a living process, never stale.

# take_lock WHO: WHO names the primary and its user for the one who is refused. Descriptor 9 (or a link that names this
# process) is the lock: it is given back by the end of the processes that hold it, and by nothing else.
take_lock() {
  lock_file=$run_directory/lock
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
    [ "$(id -u)" = 0 ] || lock_code=not-root
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
  # In a subshell first: a shell whose own exec fails ends.
  if [ -L "$lock_file" ] || ! words=$( (exec 9<>"$lock_file") 2>&1); then
    refuse prerequisite "cannot open the lock $lock_file${words:+: $words}"
    return 1
  fi
  exec 9<>"$lock_file"
  # A comparison that asks whether it is held has it for an instant.
  for lock_try in 1 2 3; do
    if flock -n 9; then break; fi
    if [ "$lock_try" = 3 ]; then
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
  lock_since=${lock_holder##* }
  case $lock_since in '' | *[!0-9]*) return 0 ;; esac
  now
  lock_since=$(date -d "@$(($(date +%s) - (now - lock_since) / 100))" '+%Y-%m-%d %H:%M:%S %Z' 2>/dev/null)
  lock_holder="${lock_holder% *}${lock_since:+ since $lock_since}"
}

# Without flock(1): symbolic links lock.1, lock.2 … whose text names the holder. Making one is atomic; the highest
# number holds the lock if its process lives; who finds a higher one than its own withdraws.
take_lock_by_link() {
  process_state "$$"
  read -r lock_boot </proc/sys/kernel/random/boot_id
  lock_namespace=$(readlink /proc/self/ns/pid)
  while :; do
    lock_top=$(highest_link)
    if [ "$lock_top" -gt 0 ] && link_is_held "$lock_top"; then
      name_holder
      refuse locked "another push is at work on this node: $lock_holder"
      return 1
    fi
    lock_mine=$((lock_top + 1))
    ln -sn "$$:$process_start:$lock_boot:$lock_namespace:$lock_note" "$lock_file.$lock_mine" 2>/dev/null || continue
    [ "$(highest_link)" = "$lock_mine" ] && break
    rm -f "$lock_file.$lock_mine"
  done
  for lock_old in "$lock_file".*; do
    [ "${lock_old##*.}" -ge "$lock_mine" ] || rm -f "$lock_old"
  done
}

release_lock() {
  [ -z "${lock_mine:-}" ] || rm -f "$lock_file.$lock_mine"
}
