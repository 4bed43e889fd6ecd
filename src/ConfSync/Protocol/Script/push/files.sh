# Files and directories, for all that changes any.

# unwritable FILE: fails, for a write to it that failed, with the system's reason in $words.
unwritable() {
  words=$({ echo | cat >"${1%/*}/probe"; } 2>&1)
  words="cannot write to $1${words:+: $words}"
  return 1
}

# remove PATH...: in this order. They are gone afterwards, or it fails with the reason in $words.
remove() {
  local path
  attempt rm -rf -- "$@" || return 1
  for path; do
    if is_there "$path"; then
      words="$path is still there after it was removed"
      return 1
    fi
  done
}

# go_into DIRECTORY: the working directory, once it is seen that no link led there from a path of CONFPATHS: another user who
# may write to a directory in between could have put one there since the scan. What is done then, by relative names, is
# done there. Where the paths are not known, it is only gone to. Fails with the reason in $words.
go_into() {
  local there real path
  words="cannot go into $1"
  there=$1
  real=
  eval "set -- $paths"
  for path; do
    case $there/ in
      "$path"/*)
        resolve "${path%/*}/" || return 1
        real=${resolved%/}/${there#"${path%/*}/"}
        ;;
    esac
  done
  cd -P -- "$there" 2>/dev/null || return 1
  [ "$PWD" != "${real:-$PWD}" ] || return 0
  words="a directory of $there was replaced by a link since it was scanned"
  cd / && return 1
}

# inside new|old COMMAND...: runs it in $stage/new or $stage/old, for attempt: the live names are ../../NAME there. That
# directory is the one that was made, wherever its path leads by now: only root and this login can make one of its name
# and owner.
inside() {
  cd -P -- "$stage/$1" 2>&1 || return 1
  # shellcheck disable=SC3067 # in POSIX since 2024, and in every sh that is in use
  case $PWD in
    */.nginx-sync."$id/$1") [ -O . ] ;;
    *) false ;;
  esac || {
    echo "$stage was replaced on this node"
    return 1
  }
  shift
  "$@"
}

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

# is_copy ONE OTHER: two links or two files with the same content, mode, owner and group.
is_copy() {
  [ "$(stat -c %f:%u:%g -- "$1")" = "$(stat -c %f:%u:%g -- "$2" 2>/dev/null)" ] || return 1
  if [ -L "$1" ]; then
    [ "$(readlink "$1" && echo .)" = "$(readlink "$2" && echo .)" ]
  else
    [ -f "$1" ] && [ -n "$(sums_of "$1")" ] && [ "$(sums_of "$1")" = "$(sums_of "$2")" ]
  fi
}

# sums_of FILE...: their digests, a line each. A name may hold newlines, so a line counts that begins as sha256sum's do.
sums_of() {
  sha256sum -- "$@" 2>/dev/null | sed -n 's/^\\\{0,1\}\([0-9a-f]\{64\}\)  .*/\1/p'
}
