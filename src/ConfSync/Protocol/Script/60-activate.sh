# Activating and undoing: renames, as few processes as there are directories. Both are used in the view as well.

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

# sums_of FILE...: their digests, a line each. A name may hold newlines, so a line counts that begins as sha256sum's do.
sums_of() {
  sha256sum -- "$@" 2>/dev/null | while read -r sum_line; do
    sum_line=${sum_line#\\}
    case ${sum_line%%  *} in
      *[!0-9a-f]*) ;;
      ????????????????????????????????????????????????????????????????) printf '%s\n' "${sum_line%%  *}" ;;
    esac
  done
}

# activate_files: creations and replacements of all directories, then attributes, then deletions, since a configuration
# that names a file needs it to be there first.
activate_files() {
  activate_arrivals && activate_attributes && activate_deletions
}

activate_arrivals() {
  directory=
  while read -r operation name _; do
    case $operation in
      dir)
        [ -z "$directory" ] || move_all new || return 1
        decode "$name"
        enter "$decoded"
        ;;
      !)
        decode "$name"
        take_away "$decoded" || return 1
        ;;
    esac
  done <"$outline"
  [ -z "$directory" ] || move_all new
}

activate_attributes() {
  while read -r operation name mode owner group _; do
    [ "$operation" != @ ] || set_attributes "$name" "$mode" "$owner" "$group" || return 1
  done <"$outline"
}

activate_deletions() {
  set --
  while read -r operation name _; do
    case $operation in
      dir)
        take_away "$@" || return 1
        set --
        decode "$name"
        enter "$decoded"
        ;;
      -)
        decode "$name"
        set -- "$@" "$decoded"
        if [ $# -ge 500 ]; then
          take_away "$@" || return 1
          set --
        fi
        ;;
    esac
  done <"$outline"
  take_away "$@"
}

# take_away NAME...: what is in $directory under these names is in old/ afterwards, and nowhere else.
take_away() {
  [ $# -gt 0 ] || return 0
  words=$(
    inside old : || exit 1
    for item; do
      shift
      if is_directory "./$item"; then
        drop_kept "../../$item" "./$item" || exit 1
      else
        set -- "$@" "../../$item"
      fi
    done
    [ $# -eq 0 ] || exec mv -f -- "$@" ./ 2>&1
  )
  name_reason $? 'mv or rm'
}

# drop_kept LIVE KEPT: the directory LIVE goes, all of which keep_tree has linked into KEPT. What was not there then stays,
# and is a failure.
drop_kept() (
  live=$1 kept=$2
  set --
  for item in "$live"/* "$live"/.[!.]* "$live"/..?*; do
    [ -e "$item" ] || [ -L "$item" ] || continue
    if is_directory "$item"; then
      drop_kept "$item" "$kept/${item##*/}" || exit 1
    elif is_same_file "$item" "$kept/${item##*/}"; then
      set -- "$@" "$item"
      if [ $# -ge 500 ]; then
        rm -f -- "$@" 2>&1 || exit 1
        set --
      fi
    else
      echo "$directory/${item#../../} was made on this node since it was scanned"
      exit 1
    fi
  done
  [ $# -eq 0 ] || rm -f -- "$@" 2>&1 || exit 1
  exec rmdir -- "$live" 2>&1
)

# move_all new|old: each name in it, the hidden ones too, is renamed into the live directory. That is named with a slash at
# its end and never the thing replaced, so that a link there is replaced and not followed.
move_all() {
  words=$(
    inside "$1" : || exit 1
    from=$1 to=../..
    set --
    for item in ./* ./.[!.]* ./..?*; do
      [ -e "$item" ] || [ -L "$item" ] || continue
      # A kept file whose place was never taken: it is there already, and mv would call that an error.
      ! is_same_file "$item" "$to/$item" || continue
      if [ "$from" = old ] && is_directory "$item" && is_directory "$to/$item"; then
        give_back "$item" "$to/$item" || exit 1
        continue
      fi
      # busybox's mv does not replace a link that leads in a circle, or on through a file.
      [ ! -L "$to/$item" ] || [ -e "$to/$item" ] || rm -f -- "$to/$item"
      set -- "$@" "$item"
      if [ $# -ge 500 ]; then
        mv -f -- "$@" "$to/" 2>&1 || exit 1
        set --
      fi
    done
    [ $# -eq 0 ] || exec mv -f -- "$@" "$to/" 2>&1
  )
  name_reason $? mv
}

# give_back KEPT LIVE: what the directory KEPT has and LIVE has not: a part of it was taken away. What LIVE has was not.
give_back() (
  kept=$1 to=$2
  set --
  for item in "$kept"/* "$kept"/.[!.]* "$kept"/..?*; do
    [ -e "$item" ] || [ -L "$item" ] || continue
    if is_directory "$item" && is_directory "$to/${item##*/}"; then
      give_back "$item" "$to/${item##*/}" || exit 1
    elif [ ! -e "$to/${item##*/}" ] && [ ! -L "$to/${item##*/}" ]; then
      set -- "$@" "$item"
      if [ $# -ge 500 ]; then
        mv -f -- "$@" "$to/" 2>&1 || exit 1
        set --
      fi
    fi
  done
  [ $# -eq 0 ] || mv -f -- "$@" "$to/" 2>&1 || exit 1
  # The caller syncs only the directory that LIVE is in.
  sync "$to" 2>&1 || exec sync
)

# is_directory PATH: and no link to one.
is_directory() {
  [ -d "$1" ] && [ ! -L "$1" ]
}

# is_same_file ONE OTHER: two names of one file, or of one link.
is_same_file() {
  if [ -L "$1" ] || [ -L "$2" ]; then
    [ -L "$2" ] && [ "$(stat -c %d:%i "$1")" = "$(stat -c %d:%i "$2")" ]
  else
    # shellcheck disable=SC3013 # in POSIX since 2024, and in every sh that is in use
    [ "$1" -ef "$2" ]
  fi
}

# set_attributes PATH MODE OWNER GROUP
set_attributes() {
  decode "$1"
  attributes_path=$decoded
  decode "$3"
  attributes_owner=$decoded
  decode "$4"
  # coreutils leaves a directory's set-ID bits alone unless the mode has five digits or more.
  go_into "$attributes_path" && attempt chown -- "$attributes_owner:$decoded" . && attempt chmod "0000$2" .
  attributes_status=$?
  cd / && return "$attributes_status"
}

# undo_files: the state before activate_files, whatever part of it was done, any number of times. Goes on after a
# failure, to put back all that can be; what failed is in $undo_words.
undo_files() {
  undo_words=
  directory=
  while read -r operation name rest; do
    case $operation in
      dir)
        [ -z "$directory" ] || put_back || undo_failed
        decode "$name"
        enter "$decoded"
        ;;
      + | !)
        decode "$name"
        # What is in new/ was never activated, or is back already: then the name outside is the old one.
        if [ ! -e "$stage/new/$decoded" ] && [ ! -L "$stage/new/$decoded" ] &&
          { [ -e "$directory/$decoded" ] || [ -L "$directory/$decoded" ]; }; then
          attempt inside new mv -f -- "../../$decoded" ./ || undo_failed
        fi
        ;;
      @)
        # shellcheck disable=SC2086 # encoded, so the spaces are the separators
        ! marked activating || undo_attributes "$name" $rest || undo_failed
        ;;
    esac
  done <"$journal/plan"
  [ -z "$directory" ] || put_back || undo_failed
  [ -z "$undo_words" ]
}

# put_back: what is in $stage/old is in $directory again. Where it could not be moved there, what counts is whether the live
# ones are the old ones: a rename that was refused never touched them.
put_back() {
  move_all old && return 0
  put_words=$words
  for put_item in "$stage/old"/* "$stage/old"/.[!.]* "$stage/old"/..?*; do
    if [ ! -e "$put_item" ] && [ ! -L "$put_item" ]; then continue; fi
    is_same_file "$put_item" "$directory/${put_item##*/}" || is_copy "$put_item" "$directory/${put_item##*/}" || {
      words=$put_words
      return 1
    }
  done
}

# is_copy ONE OTHER: two links or two files with the same content, mode, owner and group.
is_copy() {
  [ "$(stat -c %f:%u:%g -- "$1")" = "$(stat -c %f:%u:%g -- "$2" 2>/dev/null)" ] || return 1
  if [ -L "$1" ]; then
    [ "$(readlink "$1" && echo .)" = "$(readlink "$2" && echo .)" ]
  else
    [ -f "$1" ] && [ -n "$(sums_of "$1")" ] && [ "$(sums_of "$1")" = "$(sums_of "$2")" ]
  fi
}

# keep_repairs: before an undo of what an earlier run left. A file that came with that push, and is neither what was pushed
# nor what was there before, was edited by hand since: it stays beside its place, under a name that no include of nginx
# takes and that no push touches. Which they are is in $repairs.
keep_repairs() {
  repairs=
  [ -e "$journal/arrived" ] || return 0
  # Of what came, and of what was there before: an undo that was cut off has put some of that back. Not in the journal,
  # which may be what cannot be written; where it is not known what was pushed, nothing can be told from it.
  known_sums=$run_directory/known.sums
  {
    tr '\000' '\n' <"$journal/arrived" | sed -n 's/^\\\{0,1\}\([0-9a-f]\{64\}\)  .*/\1/p' &&
      sed -n 's/^~ [^ ]* \([0-9a-f]\{64\}\).*/\1/p' "$journal/plan"
  } 2>/dev/null >"$known_sums" || return 0
  repair_count=0
  set --
  while read -r operation name _; do
    case $operation in
      dir)
        repaired "$@" || return 1
        set --
        decode "$name"
        enter "$decoded"
        ;;
      + | '~' | !)
        decode "$name"
        # It never was activated, or is back already.
        if [ -e "$stage/new/$decoded" ] || [ -L "$stage/new/$decoded" ] ||
          is_same_file "$directory/$decoded" "$stage/old/$decoded"; then continue; fi
        set -- "$@" "$directory/$decoded"
        if [ $# -ge 500 ]; then
          repaired "$@" || return 1
          set --
        fi
        ;;
    esac
  done <"$journal/plan"
  repaired "$@"
}

# repaired PATH...: keeps the files at and in these paths of $directory that need it.
repaired() {
  [ $# -gt 0 ] || return 0
  # Usually there is none, and one process sees it.
  find "$@" -type f -exec sha256sum {} + 2>/dev/null | grep -qvFf "$known_sums" || return 0
  for repaired; do keep_repair "$repaired" || return 1; done
}

# keep_repair PATH
keep_repair() {
  # shellcheck disable=SC3043 # dash, bash and busybox have it
  local item sum kept
  if is_directory "$1"; then
    for item in "$1"/* "$1"/.[!.]* "$1"/..?*; do
      keep_repair "$item" || return 1
    done
    return 0
  fi
  if [ -L "$1" ] || [ ! -f "$1" ]; then return 0; fi
  sum=$(sums_of "$1")
  [ -n "$sum" ] && ! grep -qF "$sum" "$known_sums" || return 0
  [ ! -f "$stage/old/${1##*/}" ] || [ "$sum" != "$(sums_of "$stage/old/${1##*/}")" ] || return 0
  repair_count=$((repair_count + 1))
  kept=${directory%/}/.nginx-sync.kept.$id.$repair_count
  if [ ! -e "$kept" ]; then attempt ln -- "$1" "$kept" || attempt cp -Pp -- "$1" "$kept" || return 1; fi
  repairs="$repairs
$1 was edited since, that is kept as $kept"
}

# undo_attributes NAME MODE OWNER GROUP OLDMODE OLDOWNER OLDGROUP. What was not changed is left alone: it may be on a file
# system that is read-only by now.
undo_attributes() {
  has_old_attributes "$@" || set_attributes "$1" "$5" "$6" "$7"
}

# has_old_attributes NAME MODE OWNER GROUP OLDMODE OLDOWNER OLDGROUP
has_old_attributes() {
  decode "$6"
  old_owner=$decoded
  decode "$7"
  old_group=$decoded
  decode "$1"
  case $(stat -c '%a:%U:%u:%G:%g' -- "$decoded" 2>/dev/null) in
    "$5:$old_owner:"*":$old_group:"* | "$5:"*":$old_owner:"*":$old_group") return 0 ;;
  esac
  return 1
}

undo_failed() {
  undo_words="$undo_words$words
"
}

# relabel: gives activated files the SELinux label that the policy has for their path, where there is SELinux.
relabel() {
  command -v restorecon >/dev/null 2>&1 || return 0
  while read -r operation name _; do
    case $operation in
      dir)
        decode "$name"
        enter "$decoded"
        ;;
      + | '~' | !)
        decode "$name"
        restorecon -R "$directory/$decoded" >/dev/null 2>&1
        ;;
    esac
  done <"$journal/plan"
  return 0
}
