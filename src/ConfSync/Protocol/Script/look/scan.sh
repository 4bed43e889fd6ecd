# What is there under the given paths. Only looks, never writes, never follows a link inside a path. The program on the
# other side puts the parts together; here it must be few processes, whatever the number of files.

# scan_answer [identified]: one block for the paths and the directories above them. What is not there is no error, and find
# would make it one.
# shellcheck disable=SC2120 # it sets its arguments itself
scan_answer() {
  local path mount mounts beyond identified
  [ -z "$1" ] || require 'identified|' "$1" || return
  identified=$1
  eval "set -- $paths"
  if ! refuse_unsafe_paths "$@" || ! refuse_own_paths "$@"; then
    refuse unsafe "$words"
    return 1
  fi
  see_beyond "$@"
  eval "set -- $mounts"
  for mount; do text mount "$mount"; done
  eval "set -- $paths $above"
  for path; do
    shift
    # Where something else has a directory's place, that is what there is to say of it.
    case $path in */.) [ -d "${path%.}" ] || path=${path%/.} ;; esac
    ! is_there "$path" || set -- "$@" "$path"
  done
  if [ $# -eq 0 ]; then
    printf 'block gnu\n.\nfound 0\n'
  else
    eval "set -- \"\$@\" $beyond"
    scan_block "$@"
  fi
  say ok scan
}

# scan_block PATH...: answers with one block. A directory named with "/." at its end is only looked at itself.
#
#   block gnu: per entry "@" FIELDS NUL PATH NUL LINKTARGET NUL, and in between, a line for each readable file of those
#     before, in their order, what sha256sum prints; then ".", LF
#   block plain: per entry PATH NUL, then one more NUL; per entry "FIELDS PATH" LF; per link TARGET NUL; then ".", LF; what
#     sha256sum prints, in the order of the entries; then ".", LF
#   found EXITSTATUS [LINES], preceded by a text of kind "scan" if anything was said on standard error, of so many lines
#
# busybox's find has no -printf. Which one it is shows when it is used: then the plain block follows the other at once.
scan_block() {
  local status said until
  # What is pruned is reported, but neither entered nor read. "! -name ''" is true for every name.
  # What is mounted beneath a path is none of what a push may touch: it is named and not entered.
  eval "set -- \"\$@\" -xdev '(' '(' -name . -o -name '.nginx-sync.*' -o -type d -name lost+found $prunes ')' -prune -o ! -name '' ')'"
  said=
  now
  until=$((now + step_timeout * 100))
  if [ "$find_style" != plain ]; then
    say block gnu
    { said=$({ scan_gnu "$@" >&4; } 2>&1); } 4>&1
    status=$?
    printf '.\n'
    case $find_style$said in
      gnu*) ;;
      *-printf*) find_style=plain ;;
      *) find_style=gnu ;;
    esac
  fi
  if [ "$find_style" = plain ]; then
    say block plain
    { said=$({ scan_plain "$@" >&4; } 2>&1); } 4>&1
    status=$?
  fi
  now
  [ "$status" -eq 0 ] || [ "$now" -lt "$until" ] ||
    said="the scan did not end within $step_timeout s (STEP_TIMEOUT)"
  [ -z "$said" ] || text scan "$said"
  # How many complaints there were, where their text is shortened.
  if [ "${#said}" -gt "$most_words" ]; then
    say found "$status" "$(printf '%s\n' "$said" | sed -n '$=')"
  else
    say found "$status"
  fi
}

# busybox's stat prints the same fields, its sha256sum escapes nothing.
scan_plain() {
  local result
  result=0
  within find "$@" -print0 || result=1
  printf '\0'
  within find "$@" -exec stat -c "%f:%u:%U:%g:%G:%s:%Y${identified:+:%d:%i:%Z} %n" {} + || result=1
  # shellcheck disable=SC2016 # expanded by the inner shell
  within find "$@" -type l -exec sh -c 'for l; do readlink -n "$l"; printf "\0"; done' sh {} + || result=1
  printf '.\n'
  within find "$@" -type f -exec sha256sum {} + || result=1
  printf '.\n'
  return "$result"
}

# see_beyond PATH...: the directories on the way to where the directories above the paths really are, as words for eval, in
# $beyond: named with "//." at the end. None where no link leads elsewhere.
see_beyond() {
  local path
  beyond=
  for path; do
    path=${path%/*}/
    resolve "$path" || continue
    [ "${resolved%/}/" != "$path" ] || continue
    while quote_word "$resolved//." && beyond="$beyond $quoted" && [ -n "$resolved" ]; do
      resolved=${resolved%/*}
    done
  done
}
