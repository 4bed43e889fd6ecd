# The program of a service other than nginx, run as its master was: in its directory, with its environment and its arguments.

# master_environment: in $environment, as a command for eval, what the master $found has in its environment that HAProxy itself has not
# put there. The configuration may refer to it.
master_environment() {
  local variable name
  environment=
  [ -n "$found" ] || return 0
  while IFS= read -r variable; do
    name=${variable%%=*}
    case $name in
      '' | [0-9]* | *[!A-Za-z0-9_]* | HAPROXY_* | NOTIFY_SOCKET | NGINX_SYNC_RUNNER) continue ;;
    esac
    quote_word "${variable#*=}"
    environment="${environment}export $name=$quoted$newline"
  done <<VARIABLES
$(tr '\000' '\n' <"/proc/$found/environ" 2>/dev/null)
VARIABLES
}

# What another shell does to run a program so: sh -c "$as_master" sh DIRECTORY PROGRAM ARGUMENT…, with the environment for eval in
# NGINX_SYNC_ENVIRONMENT, since every user sees a program's arguments.
# shellcheck disable=SC2016 # to be expanded by the shell that is started
as_master='directory=$1 environment=$NGINX_SYNC_ENVIRONMENT
shift
for name in $(env | sed -n "s/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p"); do
case $name in _ | NGINX_SYNC_RUNNER | SHELLOPTS | BASHOPTS) ;; *) unset "$name" ;; esac
done
eval "$environment"
cd "$directory" || exit 1
exec "$@"'

# note_start DIRECTORY ARGUMENTS: of the master $found: the unit of systemd that it runs in, or "-"; then how it was started, for eval.
# ARGUMENTS are words for eval.
note_start() {
  local environment
  sed -n 's|^.*/\([A-Za-z0-9@_.:-]*\.service\)$|\1|p' "/proc/$found/cgroup" 2>/dev/null | sed -n '1p' | grep . || echo -
  master_environment
  quote_word "$1"
  printf 'directory=%s arguments=' "$quoted"
  quote_word "$2"
  printf '%s environment=' "$quoted"
  quote_word "$environment"
  printf '%s\n' "$quoted"
}

# start_noted SERVICE DEFAULT FILE: as it was noted there; its PROGRAM as program_of has it. A unit that has failed too often has to be
# allowed to start first.
start_noted() {
  local unit program directory arguments environment
  { read -r _ && read -r unit; } <"$3" || return 1
  if [ "$unit" != - ] && has systemctl; then
    limited "$reload_timeout" systemctl reset-failed "$unit"
    limited "$reload_timeout" systemctl start "$unit"
    return
  fi
  program_of "$1" "$2" || return 1
  eval "$(sed 1,2d "$3")"
  eval "set -- $arguments"
  # Without what this session has given its processes: its descriptors, and the mark by which a recovery ends them.
  (
    exec </dev/null >/dev/null 2>&1 9>&-
    unset NGINX_SYNC_RUNNER
    NGINX_SYNC_ENVIRONMENT=$(printf '%s' "$environment")
    export NGINX_SYNC_ENVIRONMENT
    set -- sh -c "$as_master" sh "$directory" "$program" "$@"
    ! has setsid || set -- setsid "$@"
    exec "$@"
  ) &
}
