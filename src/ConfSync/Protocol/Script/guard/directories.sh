# Whose directories this script writes in. All others are found by their paths, and a path leads wherever those like who
# may write to a directory on its way: root would write, delete and run what they choose.

# guard PATH...: fails, with the reason in $words, unless nobody but root and this login can change where each PATH leads
# or what is in it. Everything on the way, from / on, links and what they lead to as well, belongs to one of the two, and
# no directory is writable by others. Above what is there already, one like /tmp is fine: nobody can take the place of
# another's file in it (the sticky bit). What is not there yet is made in the last directory that is, so that one counts.
guard() {
  local whose name found names at link rest links
  for rest; do
    shift
    at='' links=0
    set -- "$@" /
    while [ -n "$rest" ]; do
      name=${rest%%/*}
      case $rest in */*) rest=${rest#*/} ;; *) rest='' ;; esac
      case $name in
        '' | .) continue ;;
        ..)
          at=${at%/*}
          continue
          ;;
      esac
      if [ -L "$at/$name" ]; then
        link=$(readlink -n "$at/$name" && echo .) && links=$((links + 1))
        words="$at/$name is a link that leads nowhere"
        if [ -z "$link" ] || [ "$links" -gt 40 ]; then return 1; fi
        set -- "$@" "$at/$name"
        rest=${link%.}/$rest
        case $link in /*) at='' ;; esac
      elif [ -e "$at/$name" ]; then
        at=$at/$name
        set -- "$@" "$at"
      else
        break
      fi
    done
    # With a dot at its end, find tells it from what is only on the way.
    [ ! -d "$at/" ] || set -- "$@" "$at/."
  done
  found=$(
    find "$@" -prune ! '(' '(' -user 0 -o -user "$own_user" ')' \
      '(' -type l -o ! -perm -0020 ! -perm -0002 -o -type d -perm -1000 ! -name . ')' ')' 2>&1
  ) && [ -z "$found" ] && return 0
  found=${found%%"$newline"*}
  words="it cannot be seen who may write to the directories of nginx-sync: $found"
  case $found in /*) ;; *) return 1 ;; esac
  found=${found%/.}
  whose=$(stat -c 'belongs to %U (%u) and has mode %a' "${found:-/}" 2>/dev/null)
  names=root
  [ "$own_user" = 0 ] || names="root and user $own_user"
  words="others than $names may write to ${found:-/}, where nginx-sync keeps files of its own: it \
$whose. See what is there, then give it back: chown root, chmod go-w"
  return 1
}
