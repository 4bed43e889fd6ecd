# Which process is nginx's master. Any user may run a process of any title, and a pid file may be stale and its number used
# again: so the executable and the owner decide. See docs/promise.md, "Which nginx".

# find_master: the running master's PID, start time and title in $master, $master_start and $master_title, empty if there
# is none; $words says then which other nginx was seen. The first of these decides: PIDFILE; that there is only one; what
# the configuration of each reads. Fails, with the reason in $words, where it would be a guess.
find_master() {
  local found older masters listed pid_found
  master='' master_start='' master_title='' upgraded='' words=''
  if [ -n "$pid_file" ]; then
    if read_pid "$pid_file" && is_master "$pid_found"; then take_master "$pid_found"; fi
    [ -n "$master" ] || words="PIDFILE, $pid_file, names no master of $nginx"
    is_upgraded
    return
  fi
  set --
  for found in /proc/[0-9]*; do
    found=${found#/proc/}
    is_master "$found" || continue
    # The old master of an upgrade and the new one, its child, count as one.
    see_process "$found" || continue
    older=$process_parent
    masters=
    for listed; do
      [ "$listed" = "$older" ] || masters="$masters $listed"
      ! see_process "$listed" || [ "$process_parent" != "$found" ] || found=
    done
    # shellcheck disable=SC2086 # numbers
    set -- $masters $found
  done
  case $# in
    0)
      find_stranger
      return
      ;;
    1) ! is_master "$1" || take_master "$1" ;;
    *) choose_master "$@" || return 1 ;;
  esac
  is_upgraded
}

# take_master PID: which is_master has just approved of.
# shellcheck disable=SC2034 # not every mode asks whether it still lives
take_master() {
  master=$1 master_start=$process_start master_title=$title
}

# is_upgraded: fails if the master's parent is a master too, and serves: the new program was started beside the old one
# (SIGUSR2). Both answer, and no reload of the new one changes what the old one answers. The old one is in $upgraded.
is_upgraded() {
  local older child children
  upgraded=
  [ -n "$master" ] || return 0
  see_process "$master" || return 0
  older=$process_parent
  if [ "$older" -le 1 ] || ! is_nginx "$older"; then return 0; fi
  children_of "$older"
  for child in $children; do
    if [ "$child" = "$master" ] || ! is_worker "$child"; then continue; fi
    words="an upgrade of nginx is not finished: the old master (PID $older) still serves beside the new one (PID $master). \
End the old one (kill -QUIT $older) or the new one (kill -QUIT $master), then run again"
    upgraded=$older
    return 1
  done
}

# read_pid FILE: the number in it, in $pid_found.
read_pid() {
  pid_found=
  { read -r pid_found <"$1"; } 2>/dev/null || [ -n "$pid_found" ] || return 1
  case $pid_found in '' | *[!0-9]* | ??????????*) return 1 ;; esac
}

# is_master PID: is this the master of an nginx of ours; its title and start time are in $title and $process_start then.
# What is read is of one process, since its start time is the same before and after.
is_master() {
  local parent began
  is_nginx "$1" && see_process "$1" || return 1
  began=$process_start parent=$process_parent
  read_title "$1"
  case $title in
    # A worker has its master's title until it has its own.
    *': master process'*)
      # shellcheck disable=SC3013 # in POSIX since 2024, and in every sh that is in use
      ! [ "/proc/$parent/exe" -ef "/proc/$1/exe" ] || has_worker "$1" || return 1
      ;;
    # A title that is cut says little; a test or a signal has no children.
    *) title_is_cut "$1" && has_worker "$1" || return 1 ;;
  esac
  see_process "$1" && [ "$process_start" = "$began" ]
}

# is_nginx PID: its executable is NGINX, or was until it was replaced, on this machine and not in a container of it, and it
# is run by root or by this login.
is_nginx() {
  # shellcheck disable=SC3013
  [ "/proc/$1/exe" -ef "$nginx" ] || is_replaced_nginx "$1" || return 1
  # shellcheck disable=SC3013
  [ "/proc/$1/ns/pid" -ef /proc/self/ns/pid ] || [ ! -e "/proc/$1/ns/pid" ] || return 1
  process_user "$1"
  case $process_user in -) return 1 ;; 0 | "$own_user") ;; *) return 1 ;; esac
}

# is_replaced_nginx PID: the program's name is all that a login without root's rights may see of root's processes.
is_replaced_nginx() {
  local executable process_name
  { read -r process_name <"/proc/$1/comm"; } 2>/dev/null || return 1
  # The kernel keeps the first 15 bytes.
  case ${nginx##*/} in "$process_name") ;; "$process_name"*) [ "${#process_name}" -eq 15 ] || return 1 ;; *) return 1 ;; esac
  if [ -e "/proc/$1/exe" ]; then
    executable=$(readlink -f "$nginx")
    # nginx's own "make install" renames the old program.
    case $(readlink "/proc/$1/exe") in "$executable (deleted)" | "$executable.old") ;; *) return 1 ;; esac
  else
    process_user "$1"
    [ "$process_user" = 0 ]
  fi
}

# find_stranger: where no master was found: is another nginx there. Fails if it is root's and of another program: then NGINX
# is wrong, or its nginx only stopped; a test of the wrong program would prove nothing.
find_stranger() {
  local found title
  for found in /proc/[0-9]*; do
    found=${found#/proc/}
    read_title "$found"
    case $title in 'nginx: master process'* | 'angie: master process'*) ;; *) continue ;; esac
    if is_master "$found"; then
      take_master "$found"
      return 0
    fi
    process_user "$found"
    # shellcheck disable=SC3013
    if [ -e "/proc/$found/ns/pid" ] && ! [ "/proc/$found/ns/pid" -ef /proc/self/ns/pid ]; then
      words="an nginx in a PID namespace of its own, as in a container, is not looked at (PID $found)"
    elif [ "$process_user" != 0 ] && [ "$process_user" != "$own_user" ]; then
      words="an nginx of another user is not looked at (PID $found, user number $process_user)"
    elif [ "/proc/$found/root" -ef / ]; then
      words="no nginx of the program $nginx runs on this node, but one of $(readlink "/proc/$found/exe") does (PID $found). \
Set NGINX to that; if its nginx is only stopped, set PIDFILE to its pid file"
      return 1
    fi
  done
}

# has_own_configuration: the master was started with -c or -p.
has_own_configuration() {
  case " ${master_title#*master process}" in *' -'[cp]*) ;; *) return 1 ;; esac
}

# choose_master PID…: of several, the one whose configuration, as it is on the disk, reads files of CONFPATHS; where several
# do, the only one of them that runs nginx's own default configuration.
choose_master() {
  local found seen several chosen chosen_default by_default facts arguments_cut
  chosen='' several='' seen=''
  for found; do
    is_master "$found" || continue
    take_master "$found"
    see_files
    seen="$seen${seen:+; }PID $master with ${test_file:-a configuration that cannot be read}"
    reads_paths || continue
    by_default=yes
    ! has_own_configuration || by_default=no
    if [ -n "$chosen" ] && [ "$by_default" = "$chosen_default" ]; then
      several=yes
    elif [ -z "$chosen" ] || [ "$by_default" = yes ]; then
      chosen=$found chosen_default=$by_default several=
    fi
  done
  master=
  if [ -n "$chosen" ] && [ -z "$several" ] && is_master "$chosen"; then
    take_master "$chosen"
    return
  fi
  words="several nginx masters run on this node, and it is not certain which of them is meant ($seen): \
set PIDFILE to the pid file of the one"
  return 1
}
