# nginx: its master process, its test, its reload, and how to see that a reload took effect. Processes decide, the log
# explains: nginx -t and the signal both succeed for a configuration under which no worker survives.

# find_master: the running master's PID, start time and title in $master, $master_start and $master_title, empty if there
# is none. Fails, with the reason in $words, if there are several and the pid file does not say which.
find_master() {
  master='' master_start='' master_title=''
  for pid_file in /run/nginx.pid /var/run/nginx.pid; do
    { read -r pid_found <"$pid_file"; } 2>/dev/null || continue
    case $pid_found in '' | *[!0-9]*) continue ;; esac
    if is_master "$pid_found"; then
      take_master
      return 0
    fi
  done
  for pid_found in /proc/[0-9]*; do
    pid_found=${pid_found#/proc/}
    is_master "$pid_found" || continue
    if [ -n "$master" ]; then
      words="several nginx masters run on this node ($master, $pid_found) and /run/nginx.pid names none of them"
      return 1
    fi
    take_master
  done
}

# take_master: the process that is_master has just approved of.
take_master() {
  master=$pid_found master_start=$process_start master_title=$title
}

# is_master PID: is this the master of an nginx of ours; its title and start time are in $title and $process_start then. A
# pid file may be stale and its number used again, and any user may run a process of any title: its arguments would name a
# file of his to a test that root runs. So the executable and the owner decide; what is read of the process is of one
# process, since its start time is the same before and after.
is_master() {
  title=
  process_state "$1" || return 1
  master_began=$process_start
  is_nginx "$1" && { read -r title <"/proc/$1/cmdline"; } 2>/dev/null
  # The read in all shells leaves out the NULs between arguments, and returns 1 for want of a newline.
  case $title in 'nginx: master process'*) ;; *) return 1 ;; esac
  process_state "$1" && [ "$process_start" = "$master_began" ] && [ "$process_state" != Z ]
}

# is_nginx PID: its executable is NGINX, or was until it was replaced, on this machine and not in a container of it, and it
# is run by root or by this login.
is_nginx() {
  # shellcheck disable=SC3013 # in POSIX since 2024, and in every sh that is in use
  [ "/proc/$1/exe" -ef "$nginx" ] || is_replaced_nginx "$1" || return 1
  # shellcheck disable=SC3013
  [ "/proc/$1/ns/pid" -ef /proc/self/ns/pid ] || [ ! -e "/proc/$1/ns/pid" ] || return 1
  process_user "$$"
  own_user=$process_user
  process_user "$1"
  case $process_user in -) return 1 ;; 0 | "$own_user") ;; *) return 1 ;; esac
}

# is_replaced_nginx PID: the program's name is all that a login without root's rights may see of root's processes.
is_replaced_nginx() {
  { read -r process_name <"/proc/$1/comm"; } 2>/dev/null || return 1
  # The kernel keeps the first 15 bytes.
  case ${nginx##*/} in "$process_name") ;; "$process_name"*) [ "${#process_name}" -eq 15 ] || return 1 ;; *) return 1 ;; esac
  if [ -e "/proc/$1/exe" ]; then
    [ "$(readlink "/proc/$1/exe")" = "$(readlink -f "$nginx") (deleted)" ]
  else
    process_user "$1"
    [ "$process_user" = 0 ]
  fi
}

# process_user PID: the number of the user it runs as, in $process_user; "-" unless real, effective, saved and file system
# user are one: who starts a program of another's rights is not that other. See proc(5), /proc/PID/status.
process_user() {
  process_user=-
  { while read -r status_name status_value; do [ "$status_name" != Uid: ] || break; done <"/proc/$1/status"; } 2>/dev/null ||
    return 1
  # shellcheck disable=SC2086 # four numbers
  set -- $status_value
  if [ "$#" -eq 4 ] && [ "$1 $1 $1" = "$2 $3 $4" ]; then process_user=$1; fi
}

# master_lives: it has not ended, and its number was not given to another process.
master_lives() {
  process_state "$master" && [ "$process_start" = "$master_start" ] && [ "$process_state" != Z ]
}

# signal_master SIGNAL: never another process that has its number by now. A success costs no subshell; only for what it says
# of a failure it is tried again.
signal_master() {
  if ! master_lives || ! is_nginx "$master"; then
    words='it is not there any more'
    return 1
  fi
  kill "$1" "$master" 2>/dev/null || attempt kill "$1" "$master"
}

# nginx_test: the test command with the running master's own -c, -p, -g and -e, since another configuration than it
# runs would prove nothing. Its words are in $words.
nginx_test() {
  set -- "$nginx" -t
  if [ -n "$master" ]; then
    title="${master_title#nginx: master process} "
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
  for nginx_test_try in 1 2 3; do
    limited "$test_timeout" "$@" && return 0
    nginx_test_status=$?
    # An editor that saves renames: a file is away for an instant.
    case $words in
      *'failed (2: No such file or directory)'*) [ "$nginx_test_try" = 3 ] || pause 0.1 ;;
      *) break ;;
    esac
  done
  [ "$limit_over" = no ] ||
    words="nginx -t did not end within $test_timeout s (TEST_TIMEOUT)${words:+; it said last:
$words}"
  return "$nginx_test_status"
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
