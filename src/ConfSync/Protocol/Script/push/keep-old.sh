# Before the first rename: what will be replaced is kept, and nothing of it has changed since the scan.

# keep_old: everything that will be replaced is linked into old/, so that an undo needs no space and copies nothing; and
# it is seen that nothing has changed on this node since it was scanned. Fails with the reason in $words, and the code of it
# in $keep_code.
keep_old() {
  local untouched sums batch batched
  keep_code='write' untouched='' sums='' batch='' batched=0
  for_each_operation 'leave ~ + ! - @' keep_one <"$journal/plan"
}

# keep_one OPERATION NAME WORD...
keep_one() {
  case $1 in
    leave)
      { eval "see_untouched $untouched" && deliver keep_files; } || return 1
      untouched=
      ;;
    '~')
      if [ "$3" = - ]; then
        see_untouched "$directory/$2" && link_old "$directory/$2"
        return
      fi
      sums="$sums$3$newline"
      collect keep_files "$directory/$2"
      ;;
    +) ! is_there "$directory/$2" || edited "$directory/$2 was made" ;;
    ! | -)
      if is_directory "$directory/$2"; then
        see_untouched "$directory/$2" && keep_tree "$2"
        return
      fi
      quote_word "$directory/$2"
      untouched="$untouched $quoted"
      ;;
    @)
      shift
      has_old_attributes "$@" || edited "the mode or owner of $1 has changed"
      ;;
  esac
}

# edited WHAT: fails, since another process did that.
edited() {
  words="$1 on this node since it was scanned"
  keep_code=changed
  return 1
}

# see_untouched PATH...: none of them, and nothing in them, was touched since the scan: content, mode, owner, name or what a
# directory holds, what is in EXCLUDE as well. The kernel keeps a time of the last such change, ctime. What the mark of the
# scan has is the same clock. busybox tells whole seconds in some versions: then it misses what was in the same one.
see_untouched() {
  local scan touched
  [ $# -gt 0 ] || return 0
  if [ "$find_style" = plain ]; then
    scan=$(TZ=UTC0 stat -c %z "$run_directory/scanned")
    touched=$(TZ=UTC0 find "$@" -exec stat -c %z {} + 2>&1 && echo "$scan") &&
      touched=$(printf '%s\n' "$touched" | sort | tail -n 1) && [ "$touched" = "$scan" ] && return 0
    touched=$(TZ=UTC0 find "$@" -exec stat -c '%z %n' {} + 2>&1 | sort | tail -n 1)
  else
    touched=$(find "$@" -cnewer "$run_directory/scanned" -print -quit 2>&1) && [ -z "$touched" ] && return 0
  fi
  edited 'this has changed'
  words="$words: $touched"
  return 1
}

# keep_files FILE...: into $stage/old, where they must have the digests in $sums, in this order.
keep_files() {
  local file
  { see_untouched "$@" && link_old "$@"; } || return 1
  for file; do
    shift
    set -- "$@" "$stage/old/${file##*/}"
  done
  if [ "$(sums_of "$@")" != "${sums%?}" ]; then
    edited 'a file that was to be replaced has changed'
    return 1
  fi
  sums=
}

# link_old FILE...: into $stage/old. A copy of each one, and of no other, that cannot have a further name: the file system
# has no hard links, the file has as many as it may have, or this login may not link the files of another user.
link_old() {
  local file why
  attempt ln -- "$@" "$stage/old/" && return 0
  for file; do
    if is_there "$stage/old/${file##*/}"; then continue; fi
    attempt ln -- "$file" "$stage/old/" && continue
    why=$words
    refuse_protected "$file" || return 1
    attempt cp -Pp -- "$file" "$stage/old/" || {
      words="$why
$words"
      return 1
    }
  done
}

# keep_tree NAME: a directory of an image's layer cannot be renamed, so mv would copy it and remove it, and could be cut off
# anywhere in between. On such file systems, what is in the directory is linked into old/ now, under directories with the
# same attributes. Then it has only to lose its live names (take_away), and the undo gives back those that are missing.
keep_tree() {
  is_directory "$directory/$1" || return 0
  # The numbers are those of statfs(2): overlayfs, aufs, FUSE.
  case $(stat -f -c %t -- "$directory/$1") in
    794c7630 | 61756673 | 65735546)
      attempt cp -al -- "$directory/$1" "$stage/old/" &&
        { attempt find "$stage/old/$1" -type d -exec sync {} + || attempt sync; }
      ;;
  esac
}
