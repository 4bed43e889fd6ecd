# HAProxy's program, run as its master was: with its arguments, in its directory, with its environment.

haproxy_default=/etc/haproxy/haproxy.cfg

# haproxy_arguments [start]: those of the running master, as words for eval, in $arguments, less what is of its last reload, and,
# unless it is for a start, less what is about processes and not about the configuration; and where it was started in $directory.
# Debian's where none runs.
haproxy_arguments() {
  local word skip first
  quote_word "$haproxy_default"
  arguments="-f $quoted" directory=/
  [ -n "$found" ] || return 0
  arguments='' skip='' first=yes
  directory=$(readlink "/proc/$found/cwd")
  while IFS= read -r word; do
    if [ -n "$first" ]; then
      first=
      continue
    fi
    case $skip:$word in
      one:*)
        skip=
        continue
        ;;
      pids:[0-9]*) continue ;;
    esac
    skip=
    case ${1:-test}:$word in
      *:-sf | *:-st) skip=pids ;;
      *:-x | test:-p | test:-S) skip=one ;;
      test:-D | test:-W | test:-Ws | test:-db | test:-q | test:-V) ;;
      *)
        quote_word "$word"
        arguments="$arguments $quoted"
        ;;
    esac
  done <<ARGUMENTS
$(tr '\000' '\n' <"/proc/$found/cmdline" 2>/dev/null)
ARGUMENTS
}

# haproxy_environment: in $environment, as a command for eval, what the master has in its environment that HAProxy itself has not
# put there. The configuration may refer to it.
haproxy_environment() {
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
