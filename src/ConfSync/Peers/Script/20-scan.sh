# What is there under the given paths. Only looks, never writes, never follows a link inside a path. The program on the
# other side puts the parts together; here it must be few processes, whatever the number of files.

# scan_block DEPTH PATH...: answers with one block; DEPTH 0 looks at the paths themselves only and follows them if they
# are links (directories above the configured paths), DEPTH all goes down.
#
#   block gnu|plain
#   gnu:   per entry FIELDS NUL PATH NUL LINKTARGET NUL, then one more NUL
#   plain: per entry PATH NUL, then one more NUL; per entry "FIELDS PATH" LF; per link TARGET NUL; then ".", LF
#   sums:  what sha256sum prints for each readable file, in the order of the entries, then ".", LF
#   found EXITSTATUS, preceded by a text of kind "scan" if anything was said on standard error
scan_block() {
  scan_depth=$1
  shift
  if [ "$scan_depth" = 0 ]; then
    scan_follow=-H
    set -- "$@" -prune
  else
    # What is pruned is reported, but neither entered nor read. "! -name ''" is true for every name.
    scan_follow=
    eval "set -- \"\$@\" '(' '(' -name '.nginx-sync.*' $prunes ')' -prune -o ! -name '' ')'"
  fi
  if find_prints; then
    say block gnu
    { scan_words=$({ scan_gnu "$@" >&4; } 2>&1); } 4>&1
  else
    say block plain
    { scan_words=$({ scan_plain "$@" >&4; } 2>&1); } 4>&1
  fi
  scan_status=$?
  [ -z "$scan_words" ] || text scan "$scan_words"
  say found "$scan_status"
}

# find_prints: busybox's find has no -printf. Asked once.
find_prints() {
  [ -n "$find_style" ] || if find / -prune -printf '' 2>/dev/null; then find_style=gnu; else find_style=plain; fi
  [ "$find_style" = gnu ]
}

# The arguments are paths followed by an expression that keeps find from entering what must not be entered.
scan_gnu() {
  scan_result=0
  scan_find "$@" -printf '%y:%m:%U:%u:%G:%g:%s:%T@\0%p\0%l\0' || scan_result=1
  printf '\0'
  scan_sums "$@"
}

# busybox's find has no -printf; its stat prints the same fields, its sha256sum escapes nothing.
scan_plain() {
  scan_result=0
  scan_find "$@" -print0 || scan_result=1
  printf '\0'
  if [ "$scan_depth" = 0 ]; then
    scan_find "$@" -exec stat -L -c '%f:%u:%U:%g:%G:%s:%Y %n' {} + || scan_result=1
  else
    scan_find "$@" -exec stat -c '%f:%u:%U:%g:%G:%s:%Y %n' {} + || scan_result=1
    # shellcheck disable=SC2016 # expanded by the inner shell
    scan_find "$@" -type l -exec sh -c 'for l; do readlink -n "$l"; printf "\0"; done' sh {} + || scan_result=1
  fi
  printf '.\n'
  scan_sums "$@"
}

scan_find() {
  # shellcheck disable=SC2086 # absent when empty
  find $scan_follow "$@"
}

scan_sums() {
  # A pruned directory is no file; a pruned file is read for nothing, which is cheaper than a second expression.
  if [ "$scan_depth" != 0 ]; then scan_find "$@" -type f -exec sha256sum {} + || scan_result=1; fi
  printf '.\n'
  return "$scan_result"
}

# refuse_unsafe_paths PATH...: fails, with the reason in $words, where renaming inside a path would act elsewhere.
refuse_unsafe_paths() {
  for unsafe_path; do
    if [ -L "$unsafe_path" ]; then
      words="$unsafe_path is a symbolic link on this node; name the path that it leads to in CONFPATHS"
      return 1
    fi
    # A directory above may be a link; mounts are listed where they really are.
    unsafe_name=${unsafe_path##*/}
    unsafe_real=$(cd -P -- "${unsafe_path%/*}/" 2>/dev/null && printf '%s.' "$PWD") || continue
    unsafe_real=${unsafe_real%.}
    unsafe_real=${unsafe_real%/}/$unsafe_name
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
      words="$unsafe_mount is a mount point on this node; CONFPATHS must not have one inside"
      return 1
    done </proc/self/mountinfo
  done
}

# is_ours d|f PATH: such a thing and no link, root's or our own, and writable by nobody else.
is_ours() {
  # shellcheck disable=SC3067 # in POSIX since 2024, and in every sh that is in use
  if [ -O "$2" ]; then set -- "$1" "$2" -prune; else set -- "$1" "$2" -prune -user 0; fi
  is_ours_kind=$1
  shift
  [ -n "$(find "$@" -type "$is_ours_kind" ! -perm -0020 ! -perm -0002 2>/dev/null)" ]
}
