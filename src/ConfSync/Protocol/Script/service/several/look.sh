# What is known of the services other than nginx, before anything is done.

# list_others: the services other than nginx that take part, in the order of their reloads, which is that of the settings, in $others_listed.
# A push that was left by a run of nginx alone names none. They become names of files.
list_others() {
  local left name
  others_listed='' left=$settings
  while :; do
    case $left in *"${newline}reloadable-"*) ;; *) return 0 ;; esac
    left=${left#*"${newline}reloadable-"}
    name=${left%%[!a-z0-9_-]*}
    case $name in
      '' | nginx) continue ;;
    esac
    case $left in "$name yes"*) others_listed="$others_listed $name" ;; esac
  done
}

# of SERVICE VERB [ARGUMENT]: see service/several/part.sh.
of() {
  case $1 in
    haproxy) of_haproxy "$2" "${3:-}" ;;
    keepalived) of_keepalived "$2" "${3:-}" ;;
    *) of_own "$1" "$2" ;;
  esac
}

# say_others: each that takes part: whether it runs, and which states it is known to serve. Refuses, and fails, where it would be a
# guess.
say_others() {
  local service found found_start mark states others_listed
  list_others
  for service in $others_listed; do
    mark='' states=''
    if ! of "$service" find; then
      blamed=$service
      refuse prerequisite "$words"
      return 1
    elif [ -z "$found" ]; then
      states=' not-running'
    elif [ "$state_seen" = yes ] && of "$service" mark; then
      known_states "$state_directory/served.$service"
    fi
    say "service $service${states:- unknown}"
  done
}

# known_states FILE: in $states, if what is recorded there is still what runs.
known_states() {
  local then_mark digest
  {
    {
      IFS= read -r then_mark
      [ "$then_mark" = "$mark" ] || return 0
      while read -r digest _; do
        ! check digest "$digest" || states="$states $digest"
      done
    } <"$1"
  } 2>/dev/null
  return 0
}

# runs_program PROGRAM PID: its executable is this PROGRAM, or was until it was replaced, on this machine and not in a container
# of it.
runs_program() {
  local process_name
  # shellcheck disable=SC3013 # in POSIX since 2024, and in every sh that is in use
  if ! [ "/proc/$2/exe" -ef "$1" ]; then
    { read -r process_name <"/proc/$2/comm"; } 2>/dev/null || return 1
    [ "$process_name" = "${1##*/}" ] || return 1
    case $(readlink "/proc/$2/exe" 2>/dev/null) in "$(readlink -f "$1") (deleted)") ;; *) return 1 ;; esac
  fi
  # shellcheck disable=SC3013
  [ "/proc/$2/ns/pid" -ef /proc/self/ns/pid ] && [ "/proc/$2/root" -ef / ]
}
