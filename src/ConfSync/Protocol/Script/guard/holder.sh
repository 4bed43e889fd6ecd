# Who holds the lock of guard/lock.sh where there is no flock: symbolic links lock.1, lock.2 … whose text names the process.

# name_place: what a link says of this boot and process namespace, in $lock_place.
name_place() {
  lock_place=$boot:$(readlink /proc/self/ns/pid)
}

# see_links MINE: of the links $lock_file.N, the highest number in $lock_top; in $lock_held the number of one, other than MINE,
# whose process lives, and in $lock_holder what that process noted; in $lock_dead the numbers of those whose process has ended.
# shellcheck disable=SC2034 # said by the one who is refused the lock
see_links() {
  local link number note
  lock_top=0 lock_held='' lock_dead=''
  for link in "$lock_file".*; do
    number=${link##*.}
    case $number in *[!0-9]*) continue ;; esac
    note=$(readlink "$link") || continue
    [ "$number" -le "$lock_top" ] || lock_top=$number
    [ "$number" != "$1" ] || continue
    if holder_lives "$note"; then
      lock_held=$number lock_holder=${note#*]:}
    else
      lock_dead="$lock_dead $number"
    fi
  done
}

# holder_lives NOTE: the text of a link, PID:START:BOOT:NAMESPACE:WORDS. A process in another namespace cannot be looked up and
# counts as living.
holder_lives() {
  local start
  start=${1#*:}
  case ${start#*:} in
    "$lock_place":*) ;;
    "$boot":*) return 0 ;;
    *) return 1 ;;
  esac
  see_process "${1%%:*}" && [ "$process_start" = "${start%%:*}" ]
}
