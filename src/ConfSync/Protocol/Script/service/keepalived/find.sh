# keepalived: its parent process, the VRRP process that it has as a child, and the configuration that these have read: they keep it
# in a file without a name, which a reload writes anew.

# of_keepalived VERB [FILE]: see service/several/part.sh.
of_keepalived() {
  case $1 in
    find) keepalived_find ;;
    mark) keepalived_mark ;;
    test) keepalived_test ;;
    note) keepalived_note ;;
    reload) keepalived_reload ;;
    start) keepalived_start "$2" ;;
  esac
}

# keepalived_find: the parent runs as root, in the network namespace of this login: another one has other addresses.
keepalived_find() {
  local program process masters elsewhere
  found='' found_start='' masters='' elsewhere=''
  program_of keepalived /usr/sbin/keepalived || return 1
  for process in /proc/[0-9]*; do
    process=${process#/proc/}
    { runs_program "$program" "$process" && see_process "$process"; } || continue
    ! runs_program "$program" "$process_parent" || continue
    process_user "$process"
    if [ "$process_user" != 0 ] || keepalived_only_asks "$process"; then continue; fi
    # shellcheck disable=SC3013 # in POSIX since 2024, and in every sh that is in use
    if [ "/proc/$process/ns/net" -ef /proc/self/ns/net ]; then masters="$masters $process"; else elsewhere="$elsewhere $process"; fi
  done
  # shellcheck disable=SC2086 # numbers
  set -- $masters
  if [ $# -eq 1 ] && see_process "$1"; then
    found=$1 found_start=$process_start
  elif [ $# -gt 1 ]; then
    words="several instances of keepalived run on this node (PIDs$masters), and it is not certain which of them is meant"
    return 1
  elif [ -n "$elsewhere" ]; then
    words="keepalived runs in another network namespace (PID$elsewhere), where nginx-sync does not see its addresses"
    return 1
  fi
}

# keepalived_only_asks PID: it tests a configuration, or prints something, and ends.
keepalived_only_asks() {
  { tr '\000' ' ' <"/proc/$1/cmdline"; } 2>/dev/null | grep -q ' \(-t\|-v\|-T\|--config-test\|--version\|--signum\)'
}

# keepalived_child: the VRRP process of $found, in $child and $child_start, both empty if there is none. There may be children for
# other purposes: health checks, BFD.
keepalived_child() {
  local children candidates process program sockets file
  child='' child_start='' candidates=''
  program_of keepalived /usr/sbin/keepalived || return 0
  children_of "$found"
  for process in $children; do
    { runs_program "$program" "$process" && see_process "$process"; } || continue
    candidates="$candidates $process"
    child=$process
    keepalived_sockets
    [ -z "$sockets" ] || break
    child=
  done
  for file in /run/vrrp.pid /run/keepalived/vrrp.pid; do
    [ -z "$child" ] || break
    { read -r process <"$file"; } 2>/dev/null || continue
    case "$candidates " in *" $process "*) child=$process ;; esac
  done
  # shellcheck disable=SC2086 # numbers
  set -- $candidates
  [ -n "$child" ] || [ $# -ne 1 ] || child=$1
  [ -z "$child" ] || ! see_process "$child" || child_start=$process_start
}

# keepalived_sockets: the inodes of the sockets of VRRP (protocol 112) that $child has, with blanks around each, in $sockets.
keepalived_sockets() {
  local inode all
  sockets=
  # shellcheck disable=SC2012 # the only way to read many links with one process in every system
  all=$(ls -l "/proc/$child/fd" 2>/dev/null | sed -n 's/.* -> socket:\(\[[0-9]*\]\)$/\1/p')
  # shellcheck disable=SC2013 # numbers
  for inode in $(sed -n 's/^ *[0-9]*: [0-9A-F]*:0070 [0-9A-F:]* [^ ]* [^ ]* [^ ]* [^ ]*  *[^ ]*  *[^ ]* \([0-9]*\) .*/\1/p' /proc/net/raw /proc/net/raw6 2>/dev/null); do
    case $all in *"[$inode]"*) sockets="$sockets $inode " ;; esac
  done
}

# keepalived_text: the file with the configuration that $found has read, in $text; empty where it has none, as before version 2.2.
keepalived_text() {
  # shellcheck disable=SC2012
  text=$(ls -l "/proc/$found/fd" 2>/dev/null | sed -n 's|.* \([0-9]*\) -> /memfd:/keepalived/consolidated_configuration.*|\1|p' | head -n 1)
  [ -z "$text" ] || text=/proc/$found/fd/$text
}

# keepalived_mark: the processes, and a digest of what they have read.
keepalived_mark() {
  local child child_start text sockets read_now
  keepalived_child
  keepalived_text
  if [ -n "$text" ]; then
    read_now=$(sha256sum <"$text")
  else
    keepalived_sockets
    # shellcheck disable=SC2086 # numbers
    read_now=$(printf ':%s' $sockets)
  fi
  words="keepalived (PID $found) does not say what it has read"
  [ -n "$read_now" ] || return 1
  mark="$found:$found_start:$boot $child:$child_start ${read_now%% *}"
}
