# nginx's worker processes: which of the master's children take new connections.

# has_worker PID: it has a child with its own executable.
has_worker() {
  local child children
  children_of "$1"
  for child in $children; do
    # shellcheck disable=SC3013
    [ ! "/proc/$child/exe" -ef "/proc/$1/exe" ] || return 0
  done
  return 1
}

# title_is_cut PID: $title fills the room of the arguments and the environment that the process was started with, over which
# nginx writes it. With a near-empty environment there is not even room for "master process". See proc(5), /proc/PID/stat:
# arg_start is the 48th field, env_end the 51st.
title_is_cut() {
  local stat room
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  # shellcheck disable=SC2086 # numbers
  set -- ${stat##*) }
  room=$((${49:-0} - ${46:-0}))
  [ "$room" -gt 2 ] && [ "${#title}" -ge $((room - 2)) ]
}

# read_title PID: in $title. The read in all shells leaves out the NULs between arguments, and fails for want of a newline.
read_title() {
  title=
  { IFS= read -r title <"/proc/$1/cmdline"; } 2>/dev/null || :
}

# is_worker PID: by its title, one that takes new connections. Where titles are cut, by its sockets.
is_worker() {
  read_title "$1"
  case $title in
    *': worker process is shutting down'*) return 1 ;;
    *': worker process'*) return 0 ;;
    *': '*' process'*) return 1 ;;
    *) title_is_cut "$1" && listens "$1" ;;
  esac
}

# listens PID: it has a listening socket, which a worker that is shutting down and a cache manager have not.
listens() {
  local listening
  listening=$(sed -n -e 's/^ *[0-9]*: [^ ]* [^ ]* 0A *\([^ ]* *\)\{5\}\([0-9]*\) .*/[\2]/p' \
    -e 's/^[0-9a-fA-F]*: [^ ]* [^ ]* 00010000 [^ ]* [^ ]* *\([0-9]*\).*/[\1]/p' \
    "/proc/$1/net/tcp" "/proc/$1/net/tcp6" "/proc/$1/net/unix" 2>/dev/null)
  # shellcheck disable=SC2010,SC2012 # the only way to read many links with one process in every system
  [ -n "$listening" ] && ls -l "/proc/$1/fd" 2>/dev/null | grep -qF "$listening"
}
