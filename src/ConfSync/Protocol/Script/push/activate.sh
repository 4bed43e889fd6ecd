# Activating and undoing: renames, as few processes as there are directories. Both are used in the view as well.

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
  local operation name mode owner group
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

# relabel: gives activated files the SELinux label that the policy has for their path, where there is SELinux.
relabel() {
  has restorecon || return 0
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
