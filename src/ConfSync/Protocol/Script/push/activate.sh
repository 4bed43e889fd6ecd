# Activating and undoing: renames, as few processes as there are directories. Both are used in the view as well.

# activate_files: creations and replacements of all directories, then attributes, then deletions, since a configuration
# that names a file needs it to be there first.
activate_files() {
  activate_arrivals && activate_attributes && activate_deletions
}

activate_arrivals() {
  for_each_operation 'leave !' arrive <"$outline"
}

arrive() {
  case $1 in
    leave) move_all new ;;
    !) take_away "$2" ;;
  esac
}

activate_attributes() {
  for_each_operation @ change_attributes <"$outline"
}

change_attributes() {
  set_attributes "$2" "$3" "$4" "$5"
}

activate_deletions() {
  local batch batched
  batch='' batched=0
  for_each_operation 'leave -' delete_one <"$outline"
}

delete_one() {
  case $1 in
    leave) deliver take_away ;;
    -) collect take_away "$2" ;;
  esac
}

# take_away NAME...: what is in $directory under these names is in old/ afterwards, and nowhere else.
take_away() {
  local item
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
    is_there "$item" || continue
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
  local item from to
  words=$(
    inside "$1" : || exit 1
    from=$1 to=../..
    set --
    for item in ./* ./.[!.]* ./..?*; do
      is_there "$item" || continue
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
    is_there "$item" || continue
    if is_directory "$item" && is_directory "$to/${item##*/}"; then
      give_back "$item" "$to/${item##*/}" || exit 1
    elif ! is_there "$to/${item##*/}"; then
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

# set_attributes PATH MODE OWNER GROUP: owner and group are encoded.
set_attributes() {
  local owner status
  decode "$3"
  owner=$decoded
  decode "$4"
  # coreutils leaves a directory's set-ID bits alone unless the mode has five digits or more.
  go_into "$1" && attempt chown -- "$owner:$decoded" . && attempt chmod "0000$2" .
  status=$?
  cd / && return "$status"
}

# has_old_attributes PATH MODE OWNER GROUP OLDMODE OLDOWNER OLDGROUP
has_old_attributes() {
  local owner
  decode "$6"
  owner=$decoded
  decode "$7"
  case $(stat -c '%a:%U:%u:%G:%g' -- "$1" 2>/dev/null) in
    "$5:$owner:"*":$decoded:"* | "$5:"*":$owner:"*":$decoded") return 0 ;;
  esac
  return 1
}

# relabel: gives activated files the SELinux label that the policy has for their path, where there is SELinux.
relabel() {
  local batch batched
  has restorecon || return 0
  batch='' batched=0
  for_each_operation 'leave + ~ !' collect_for_label <"$journal/plan"
}

collect_for_label() {
  case $1 in
    leave) deliver restore_labels ;;
    *) collect restore_labels "$directory/$2" ;;
  esac
}

restore_labels() {
  restorecon -R "$@" >/dev/null 2>&1 || :
}
