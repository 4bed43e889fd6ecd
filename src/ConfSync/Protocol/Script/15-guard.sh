# Whose directories this script writes in. All others are found by their paths, and a path leads wherever those like who
# may write to a directory on its way: root would write, delete and run what they choose.

# guard PATH...: fails, with the reason in $words, unless nobody but root and this login can change where each PATH leads
# or what is in it. Everything on the way, from / on, links and what they lead to as well, belongs to one of the two, and
# no directory is writable by others. Above what is there already, one like /tmp is fine: nobody can take the place of
# another's file in it (the sticky bit). What is not there yet is made in the last directory that is, so that one counts.
guard() {
  while read -r guard_key _ guard_login _; do [ "$guard_key" != Uid: ] || break; done </proc/self/status
  for guard_rest; do
    shift
    guard_at='' guard_links=0
    set -- "$@" /
    while [ -n "$guard_rest" ]; do
      guard_name=${guard_rest%%/*}
      case $guard_rest in */*) guard_rest=${guard_rest#*/} ;; *) guard_rest='' ;; esac
      case $guard_name in
        '' | .) continue ;;
        ..)
          guard_at=${guard_at%/*}
          continue
          ;;
      esac
      if [ -L "$guard_at/$guard_name" ]; then
        guard_link=$(readlink -n "$guard_at/$guard_name" && echo .) && guard_links=$((guard_links + 1))
        words="$guard_at/$guard_name is a link that leads nowhere"
        if [ -z "$guard_link" ] || [ "$guard_links" -gt 40 ]; then return 1; fi
        set -- "$@" "$guard_at/$guard_name"
        guard_rest=${guard_link%.}/$guard_rest
        case $guard_link in /*) guard_at='' ;; esac
      elif [ -e "$guard_at/$guard_name" ]; then
        guard_at=$guard_at/$guard_name
        set -- "$@" "$guard_at"
      else
        break
      fi
    done
    # With a dot at its end, find tells it from what is only on the way.
    [ ! -d "$guard_at/" ] || set -- "$@" "$guard_at/."
  done
  guard_found=$(
    find "$@" -prune ! '(' '(' -user 0 -o -user "$guard_login" ')' \
      '(' -type l -o ! -perm -0020 ! -perm -0002 -o -type d -perm -1000 ! -name . ')' ')' 2>&1
  ) && [ -z "$guard_found" ] && return 0
  guard_found=${guard_found%%"
"*}
  words="it cannot be seen who may write to the directories of nginx-sync: $guard_found"
  case $guard_found in /*) ;; *) return 1 ;; esac
  guard_found=${guard_found%/.}
  guard_whose=$(stat -c 'belongs to %U (%u) and has mode %a' "${guard_found:-/}" 2>/dev/null)
  guard_names=root
  [ "$guard_login" = 0 ] || guard_names="root and user $guard_login"
  words="others than $guard_names may write to ${guard_found:-/}, where nginx-sync keeps files of its own: it \
$guard_whose. See what is there, then give it back: chown root, chmod go-w"
  return 1
}

# refuse_own_paths PATH...: fails, with the reason in $words, where one of CONFPATHS holds a directory of this script's or is
# in one, whatever links lead there: what the primary does not have is deleted.
refuse_own_paths() {
  for own_path; do
    real_directory "${own_path%/*}/" || continue
    own_real=${real_directory%/}/${own_path##*/}
    for own_directory in "$run_directory" "$state_directory" "$backup_directory"; do
      real_directory "$own_directory" || real_directory=$own_directory
      case $real_directory/ in "$own_real"/*) ;; *) case $own_real/ in "$real_directory"/*) ;; *) continue ;; esac ;; esac
      words="$own_path of CONFPATHS leads to $own_real on this node, and nginx-sync keeps its own files in $real_directory: \
one must not be in the other"
      return 1
    done
  done
}
