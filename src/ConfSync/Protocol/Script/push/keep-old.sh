# Before the first rename: what will be replaced is kept, and nothing of it has changed since the scan.

# keep_old: everything that will be replaced is linked into old/, so that an undo needs no space and copies nothing; and
# it is seen that nothing has changed on this node since it was scanned. Fails with the reason in $words, and the code of it
# in $keep_code.
keep_old() {
  keep_code='write'
  kept_sums=
  untouched=
  set --
  while read -r operation name rest; do
    case $operation in
      dir)
        { eval "see_untouched $untouched" && keep_files "$@"; } || return 1
        untouched=
        set --
        decode "$name"
        enter "$decoded"
        ;;
      '~')
        decode "$name"
        if [ "${rest% }" = - ]; then
          see_untouched "$directory/$decoded" || return 1
          link_old "$directory/$decoded" || return 1
          continue
        fi
        set -- "$@" "$directory/$decoded"
        kept_sums="$kept_sums${rest% }
"
        if [ $# -ge 500 ]; then
          keep_files "$@" || return 1
          set --
        fi
        ;;
      +)
        decode "$name"
        if [ -e "$directory/$decoded" ] || [ -L "$directory/$decoded" ]; then
          edited "$directory/$decoded was made"
          return 1
        fi
        ;;
      ! | -)
        decode "$name"
        if is_directory "$directory/$decoded"; then
          { see_untouched "$directory/$decoded" && keep_tree "$decoded"; } || return 1
          continue
        fi
        quote_word "$directory/$decoded"
        untouched="$untouched $quoted"
        ;;
      @)
        decode "$name"
        # shellcheck disable=SC2086 # encoded, so the spaces are the separators
        has_old_attributes "$name" $rest || edited "the mode or owner of $decoded has changed" || return 1
        ;;
    esac
  done <"$journal/plan"
  eval "see_untouched $untouched" && keep_files "$@"
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
  [ $# -gt 0 ] || return 0
  if [ "$find_style" = plain ]; then
    touched_scan=$(TZ=UTC0 stat -c %z "$run_directory/scanned")
    touched=$(TZ=UTC0 find "$@" -exec stat -c %z {} + 2>&1 && echo "$touched_scan") &&
      touched=$(printf '%s\n' "$touched" | sort | tail -n 1) && [ "$touched" = "$touched_scan" ] && return 0
    touched=$(TZ=UTC0 find "$@" -exec stat -c '%z %n' {} + 2>&1 | sort | tail -n 1)
  else
    touched=$(find "$@" -cnewer "$run_directory/scanned" -print -quit 2>&1) && [ -z "$touched" ] && return 0
  fi
  edited 'this has changed'
  words="$words: $touched"
  return 1
}

# keep_files FILE...: into $stage/old, where they must have the digests in $kept_sums, in this order.
keep_files() {
  [ $# -gt 0 ] || return 0
  { see_untouched "$@" && link_old "$@"; } || return 1
  for kept; do
    shift
    set -- "$@" "$stage/old/${kept##*/}"
  done
  if [ "$(sums_of "$@")" != "${kept_sums%?}" ]; then
    edited 'a file that was to be replaced has changed'
    return 1
  fi
  kept_sums=
}

# link_old FILE...: into $stage/old. A copy of each one, and of no other, that cannot have a further name: the file system
# has no hard links, the file has as many as it may have, or this login may not link the files of another user.
link_old() {
  attempt ln -- "$@" "$stage/old/" && return 0
  for unlinked; do
    if [ -e "$stage/old/${unlinked##*/}" ] || [ -L "$stage/old/${unlinked##*/}" ]; then continue; fi
    attempt ln -- "$unlinked" "$stage/old/" && continue
    link_words=$words
    refuse_protected "$unlinked" || return 1
    attempt cp -Pp -- "$unlinked" "$stage/old/" || {
      words="$link_words
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
