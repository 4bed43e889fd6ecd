# HAProxy: its master process, and what that says of itself. The master executes itself anew at each reload, as the same process,
# and tells itself in its environment what became of it: HAPROXY_PROCESSES. No socket is asked, since old workers answer it.

# of_haproxy VERB [FILE]: see service/several/part.sh.
of_haproxy() {
  case $1 in
    find) haproxy_find ;;
    mark) haproxy_mark ;;
    test) haproxy_test ;;
    note) haproxy_note ;;
    reload) haproxy_reload ;;
    start) haproxy_start "$2" ;;
  esac
}

# haproxy_find: the master runs as root, and its workers, old ones too, are its children. One without a master (-D without -W)
# is refused: nobody could tell whether a reload took effect.
haproxy_find() {
  local program process masters alone children
  found='' found_start='' masters='' alone=''
  program_of haproxy /usr/sbin/haproxy || return 1
  for process in /proc/[0-9]*; do
    process=${process#/proc/}
    { runs_program "$program" "$process" && see_process "$process"; } || continue
    runs_program "$program" "$process_parent" || haproxy_list "$process"
  done
  # shellcheck disable=SC2086 # numbers
  set -- $masters
  if [ $# -eq 1 ] && see_process "$1"; then
    found=$1 found_start=$process_start
  elif [ $# -gt 1 ]; then
    words="several HAProxy masters run on this node (PIDs$masters), and it is not certain which of them is meant"
    return 1
  elif [ -n "$alone" ]; then
    words="HAProxy runs without a master process (PID$alone), so that nothing tells whether a reload took effect: start it with -W or -Ws"
    return 1
  fi
}

# haproxy_list PID: a master, or one that has none: but what is left of a master that has died is of no concern.
haproxy_list() {
  process_user "$1"
  children_of "$1"
  if grep -azqxF HAPROXY_MWORKER=1 "/proc/$1/environ" 2>/dev/null; then
    [ "$process_user" != 0 ] || [ -z "$children" ] || masters="$masters $1"
  elif ! { tr '\000' ' ' <"/proc/$1/cmdline"; } 2>/dev/null | grep -q ' -c\( \|$\)'; then
    alone="$alone $1"
  fi
}

# haproxy_state: what the master $found says: how often it was told to reload in $reloads, how many of the last of these failed in
# a row in $failed_reloads, the PID of the worker that serves in $worker, and in $settled whether it has nothing left to do. Fails
# if it cannot be read, as while it executes itself.
haproxy_state() {
  local told entry count fewest
  told=$({ tr '\000' '\n' <"/proc/$found/environ"; } 2>/dev/null |
    grep -a -e '^HAPROXY_PROCESSES=' -e '^HAPROXY_MWORKER_WAIT_ONLY=1$')
  reloads='' failed_reloads=0 worker='' settled=no fewest=
  case $told in *HAPROXY_MWORKER_WAIT_ONLY=1*) settled=yes ;; esac
  case $told in *HAPROXY_PROCESSES=*) ;; *) return 1 ;; esac
  told=${told#*HAPROXY_PROCESSES=}
  told="${told%%"$newline"*}|"
  while [ -n "$told" ]; do
    entry=${told%%'|'*}
    told=${told#*'|'}
    count=${entry#*";reloads="}
    count=${count%%;*}
    case $count in '' | *[!0-9]* | ?????????*) continue ;; esac
    case $entry in
      'type=m;'*)
        reloads=$count
        case $entry in *';failedreloads='[0-9]*)
          failed_reloads=${entry#*";failedreloads="}
          failed_reloads=${failed_reloads%%[!0-9]*}
          ;;
        esac
        ;;
      # A reload that failed counts for the worker that goes on as well.
      'type=w;'*';pid='[0-9]*)
        [ "$count" -ge "${fewest:-$((count + 1))}" ] || {
          fewest=$count
          worker=${entry#*";pid="}
          worker=${worker%%[!0-9]*}
        }
        ;;
    esac
  done
  [ -n "$reloads" ]
}

# haproxy_mark: the master, and the worker that has read the configuration last.
# shellcheck disable=SC2034 # the rest is asked for in a push
haproxy_mark() {
  local reloads failed_reloads worker settled
  words="HAProxy (PID $found) does not say which worker serves"
  haproxy_state && [ -n "$worker" ] && see_process "$worker" && [ "$process_parent" = "$found" ] || return 1
  mark="$found:$found_start:$boot $worker:$process_start"
}
