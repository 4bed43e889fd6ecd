# nginx: its master process, its test, its reload, and how to see that a reload took effect. Processes decide, the log
# explains: nginx -t and the signal both succeed for a configuration under which no worker survives.

# find_master: the running master's PID in $master, empty if there is none. Fails, with the reason in $words, if there
# are several and the pid file does not say which.
find_master() {
  master=
  for pid_file in /run/nginx.pid /var/run/nginx.pid; do
    { read -r pid_found <"$pid_file"; } 2>/dev/null || continue
    case $pid_found in '' | *[!0-9]*) continue ;; esac
    if is_master "$pid_found"; then
      master=$pid_found
      return 0
    fi
  done
  own_namespace=$(readlink /proc/self/ns/pid)
  for pid_found in /proc/[0-9]*; do
    pid_found=${pid_found#/proc/}
    is_master "$pid_found" || continue
    # A master in a container is visible from outside, and none of ours.
    [ "$(readlink "/proc/$pid_found/ns/pid")" = "$own_namespace" ] || continue
    master_binary=$(readlink "/proc/$pid_found/exe")
    [ "${master_binary% (deleted)}" = "$(readlink -f "$nginx")" ] || continue
    if [ -n "$master" ]; then
      words="several nginx masters run on this node ($master, $pid_found) and /run/nginx.pid names none of them"
      return 1
    fi
    master=$pid_found
  done
}

# is_master PID: by its title, since a pid file may be stale and its number used again. The read in all shells leaves
# out the NULs between arguments; that it returns 1 for want of a newline is of no matter.
is_master() {
  title=
  { read -r title <"/proc/$1/cmdline"; } 2>/dev/null
  case $title in
    'nginx: master process'*) return 0 ;;
    *) return 1 ;;
  esac
}

# signal_master SIGNAL: a success costs no subshell; only for what it says of a failure it is tried again.
signal_master() {
  kill "$1" "$master" 2>/dev/null || attempt kill "$1" "$master"
}

# nginx_test: the test command with the running master's own -c, -p, -g and -e, since another configuration than it
# runs would prove nothing. Its words are in $words.
nginx_test() {
  set -- "$nginx" -t
  if [ -n "$master" ]; then
    title=
    { read -r title <"/proc/$master/cmdline"; } 2>/dev/null
    title="${title#nginx: master process} "
    for option in c p g e; do
      # nginx takes "-c FILE" and "-cFILE".
      case $title in
        *" -$option"*) ;;
        *) continue ;;
      esac
      value=${title#*" -$option"}
      value=${value# }
      # The value of -g has spaces: it ends where the next option begins.
      value=${value%%" -"[cpgetq]*}
      set -- "$@" "-$option" "${value% }"
    done
  fi
  words=$("$@" 2>&1 9>&- </dev/null)
}

# workers: the master's children under the title of a current worker, as " PID:START" each, in $workers. One that is
# shutting down has another title, a zombie has none. Whoever was in $workers before is not looked at again: the shell
# reads a byte at a time, and this is asked often while nginx reloads.
workers() {
  workers_known="$workers "
  workers=
  { read -r children <"/proc/$master/task/$master/children"; } 2>/dev/null || same_named
  for child in $children; do
    title=
    { read -r title <"/proc/$child/cmdline"; } 2>/dev/null
    [ "$title" = 'nginx: worker process' ] || continue
    case $workers_known in
      *" $child:"*)
        process_start=${workers_known#*" $child:"}
        process_start=${process_start%% *}
        ;;
      *)
        process_state "$child" || continue
        if [ "$process_state" = Z ] || [ "$process_parent" != "$master" ]; then continue; fi
        ;;
    esac
    workers="$workers $child:$process_start"
  done
}

# same_named: for kernels built without CONFIG_PROC_CHILDREN, the processes that bear the name of the master's program, in
# $children.
same_named() {
  children=
  { read -r master_name <"/proc/$master/comm"; } 2>/dev/null || return 0
  for process in /proc/[0-9]*; do
    { read -r process_name <"$process/comm"; } 2>/dev/null || continue
    [ "$process_name" != "$master_name" ] || children="$children ${process#/proc/}"
  done
}

# serving_since_record: the recorded state is still the one that runs: the same master, and one of the workers that
# were seen then. A reload by anybody replaces all workers; then it is not known what they read.
serving_since_record() {
  [ -n "$master" ] || return 1
  { read -r served_digest served_master served_workers <"$state_directory/served"; } 2>/dev/null || return 1
  read -r served_boot </proc/sys/kernel/random/boot_id
  process_state "$master" || return 1
  [ "$served_master" = "$master:$process_start:$served_boot" ] || return 1
  workers=
  workers
  any_of "$served_workers" "$workers"
}

# any_of SOME OTHERS: a worker is in both lists.
any_of() {
  for any_worker in $1; do
    case "$2 " in *" $any_worker "*) return 0 ;; esac
  done
  return 1
}

# record_served DIGEST: what serves from now on, seen to do so.
record_served() {
  read -r served_boot </proc/sys/kernel/random/boot_id
  process_state "$master" || return 1
  served_start=$process_start
  workers
  [ -d "$state_directory" ] || mkdir -p "$state_directory" || return 1
  # Torn by a loss of power it is no record, which costs a reload and no more.
  printf '%s %s %s\n' "$1" "$master:$served_start:$served_boot" "$workers" >"$state_directory/served"
}
