# What is there under the given paths. Only looks, never writes, never follows a link inside a path. The program on the
# other side puts the parts together; here it must be few processes, whatever the number of files.

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
  # What is pruned is reported, but neither entered nor read. "! -name ''" is true for every name.
  # What is mounted beneath a path is none of what a push may touch: it is named and not entered.
  eval "set -- \"\$@\" -xdev '(' '(' -name . -o -name '.nginx-sync.*' -o -type d -name lost+found $prunes ')' -prune -o ! -name '' ')'"
  scan_words=
  now
  scan_until=$((now + step_timeout * 100))
  if [ "$find_style" != plain ]; then
    say block gnu
    { scan_words=$({ scan_gnu "$@" >&4; } 2>&1); } 4>&1
    scan_status=$?
    printf '.\n'
    case $find_style$scan_words in
      gnu*) ;;
      *-printf*) find_style=plain ;;
      *) find_style=gnu ;;
    esac
  fi
  if [ "$find_style" = plain ]; then
    say block plain
    { scan_words=$({ scan_plain "$@" >&4; } 2>&1); } 4>&1
    scan_status=$?
  fi
  now
  [ "$scan_status" -eq 0 ] || [ "$now" -lt "$scan_until" ] ||
    scan_words="the scan did not end within $step_timeout s (STEP_TIMEOUT)"
  [ -z "$scan_words" ] || text scan "$scan_words"
  # How many complaints there were, where their text is shortened.
  if [ "${#scan_words}" -gt "$most_words" ]; then
    say found "$scan_status" "$(printf '%s\n' "$scan_words" | sed -n '$=')"
  else
    say found "$scan_status"
  fi
}

# The arguments are paths followed by an expression that keeps find from entering what must not be entered. A pruned
# file is read for nothing, which is cheaper than a second expression. It takes the place of the subshell that calls it.
scan_gnu() {
  # shellcheck disable=SC2086 # words of our own, or none
  exec $within find "$@" -printf "@%y:%m:%U:%u:%G:%g:%s:%T@${identified:+:%D:%i:%C@}\\0%p\\0%l\\0" -type f -exec sha256sum {} +
}

# identities PATH...: which file each is, and when it was last touched, as an identified scan says it: a line each, in their
# order, and none for what is gone.
identities() {
  if [ "$find_style" = plain ]; then
    find "$@" -prune -exec stat -c '%d:%i:%Z' {} + 2>/dev/null
  else
    find "$@" -prune -printf '%D:%i:%C@\n' 2>/dev/null
  fi
}

# busybox's stat prints the same fields, its sha256sum escapes nothing.
scan_plain() {
  scan_result=0
  # shellcheck disable=SC2086 # words of our own, or none
  $within find "$@" -print0 || scan_result=1
  printf '\0'
  # shellcheck disable=SC2086
  $within find "$@" -exec stat -c "%f:%u:%U:%g:%G:%s:%Y${identified:+:%d:%i:%Z} %n" {} + || scan_result=1
  # shellcheck disable=SC2016,SC2086 # expanded by the inner shell
  $within find "$@" -type l -exec sh -c 'for l; do readlink -n "$l"; printf "\0"; done' sh {} + || scan_result=1
  printf '.\n'
  # shellcheck disable=SC2086
  $within find "$@" -type f -exec sha256sum {} + || scan_result=1
  printf '.\n'
  return "$scan_result"
}

# beyond PATH...: the directories on the way to where the directories above the paths really are, as words for eval, in
# $beyond: named with "//." at the end. None where no link leads elsewhere.
beyond() {
  beyond=
  for beyond_path; do
    beyond_path=${beyond_path%/*}/
    real_directory "$beyond_path" || continue
    [ "${real_directory%/}/" != "$beyond_path" ] || continue
    while quote_word "$real_directory//." && beyond="$beyond $quoted" && [ -n "$real_directory" ]; do
      real_directory=${real_directory%/*}
    done
  done
}

# refuse_unsafe_paths PATH...: fails, with the reason in $words, where renaming inside a path would act elsewhere. What is
# mounted inside a path is in $mounts, as words for eval, a directory with a slash at its end: only the primary's program
# knows whether EXCLUDE keeps a push away from it.
refuse_unsafe_paths() {
  mounts=
  for unsafe_path; do
    if [ -L "$unsafe_path" ]; then
      words="$unsafe_path is a symbolic link on this node; name the path that it leads to in CONFPATHS"
      return 1
    fi
    # A directory above may be a link; mounts are listed where they really are.
    real_directory "${unsafe_path%/*}/" || continue
    unsafe_real=${real_directory%/}/${unsafe_path##*/}
    while read -r _ _ _ _ unsafe_mount _; do
      case $unsafe_mount in
        # mountinfo writes space, tab, newline and backslash as \ooo, see proc(5)
        *\\*) unsafe_mount=$(printf '%b.' "$(printf '%s' "$unsafe_mount" | sed 's/\\/\\0/g')") && unsafe_mount=${unsafe_mount%.} ;;
      esac
      case $unsafe_mount in
        "$unsafe_real"/*) ;;
        "$unsafe_real") [ ! -d "$unsafe_path" ] || continue ;;
        *) continue ;;
      esac
      unsafe_mount=$unsafe_path${unsafe_mount#"$unsafe_real"}
      # A file system whose server is gone shows nothing of itself, and is most likely mounted on a directory.
      [ -f "$unsafe_mount" ] || unsafe_mount=$unsafe_mount/
      quote_word "$unsafe_mount"
      mounts="$mounts $quoted"
    done </proc/self/mountinfo
  done
}
