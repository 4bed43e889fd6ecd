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
