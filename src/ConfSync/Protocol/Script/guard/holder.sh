# Who holds the lock of guard/lock.sh, for who does not take it.

highest_link() {
  local link highest
  highest=0
  for link in "$lock_file".*; do
    [ -L "$link" ] || continue
    [ "${link##*.}" -le "$highest" ] || highest=${link##*.}
  done
  echo "$highest"
}

# link_is_held N: the process that link N names lives; what it noted is in $lock_holder. A holder in another process
# namespace cannot be looked up and counts as living.
link_is_held() {
  local held start namespace pid boot
  held=$(readlink "$lock_file.$1") || return 1
  pid=${held%%:*} held=${held#*:}
  start=${held%%:*} held=${held#*:}
  boot=${held%%:*} held=${held#*:}
  namespace=${held%%]*}] held=${held#*]:}
  # shellcheck disable=SC2034 # said by who is refused the lock
  lock_holder=$held
  [ "$boot" = "$lock_boot" ] || return 1
  [ "$namespace" = "$lock_namespace" ] || return 0
  ( process_state "$pid" && [ "$process_start" = "$start" ] && [ "$process_state" != Z ] )
}
