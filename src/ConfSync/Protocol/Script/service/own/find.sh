# A service of the administrator's own (services/NAME.conf on the primary): its program, and commands for all that only the
# administrator knows, come as settings. A command is run by a shell of its own, without input, as whom the session runs.

# of_own SERVICE VERB: see service/several/part.sh. A start is a reload, since no other command is known that may start it.
of_own() {
  case $2 in
    find) own_find "$1" ;;
    mark) own_mark ;;
    test) own_test "$1" ;;
    note) ;;
    reload | start) own_reload "$1" ;;
  esac
}

# own_setting SERVICE NAME: in $decoded; empty where it is not set.
own_setting() {
  recall "own-$1-$2"
  decode "$recalled"
}

# own_find SERVICE: the processes of its program that none of them has started, "PID:START" each, in $found. Whether it runs, RUNNING
# says where that is set: then $found is a dash where none is known.
# shellcheck disable=SC2034 # only a push asks for $found_start
own_find() {
  local program process
  found='' found_start=''
  own_setting "$1" program
  program=$decoded
  if [ -n "$program" ]; then
    if [ ! -x "$program" ]; then
      words="there is no $1 at $program on this node"
      return 1
    fi
    for process in /proc/[0-9]*; do
      process=${process#/proc/}
      ! own_process "$process" || found="$found${found:+ }$process:$process_start"
    done
  fi
  own_setting "$1" running
  if [ -n "$decoded" ]; then
    own_runs "$1"
  elif [ -z "$found" ] && [ "$own_user" != 0 ]; then
    words="only root can see which processes are those of $program: set RUNNING for $1"
    return 1
  fi
}

# own_process PID: it is the program, and its parent is not. Its user is root, this login, or one of the system's, since many programs give
# root's rights up; not one of people, who may start any program.
own_process() {
  runs_program "$program" "$1" && see_process "$1" || return 1
  ! runs_program "$program" "$process_parent" || return 1
  process_user "$1"
  case $process_user in
    -) return 1 ;;
    "$own_user") ;;
    *) [ "$process_user" -lt 1000 ] || return 1 ;;
  esac
  see_process "$1"
}

# own_runs SERVICE: what RUNNING says. Fails where it could not be run, since that says nothing.
own_runs() {
  local seconds status
  seconds=10
  # The view has no other settings than these.
  recall step-timeout 120
  [ "$recalled" -ge 15 ] || seconds=3
  own_run "$seconds" "$1" running
  status=$?
  case $status in
    0) found=${found:--} ;;
    124 | 126 | 127 | 1[3-9]? | 12[89] | 2??)
      own_reason "$status" "$1" RUNNING "$seconds s"
      return 1
      ;;
    *) found= ;;
  esac
}

# own_run SECONDS SERVICE NAME: runs the command of this setting; what it printed is in $words. Every user sees a program's arguments, and
# a command may hold a password: it goes by the environment. What it leaves behind ends with it.
own_run() {
  local limited_mark NGINX_SYNC_COMMAND
  own_setting "$2" "$3"
  NGINX_SYNC_COMMAND=$decoded
  export NGINX_SYNC_COMMAND
  limited_mark=NGINX_SYNC_CHECK=$id
  # shellcheck disable=SC2016 # the shell that is started expands it
  limited "$1" env "$limited_mark" sh -c 'cd / && eval "unset NGINX_SYNC_COMMAND
$NGINX_SYNC_COMMAND"'
}

# own_reason STATUS SERVICE NAME LIMIT: why a command failed, in $words, which has what it said.
own_reason() {
  local why
  why="status $1"
  [ "$1" -ne 124 ] || why="no end within $4"
  words="$3 of $2 failed ($why)${words:+:
$words}"
}

# own_mark: as long as these processes are there, it serves what it has read.
own_mark() {
  mark="own:$boot $found"
}
