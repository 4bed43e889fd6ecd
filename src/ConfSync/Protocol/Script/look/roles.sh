# Which addresses this node has, and which of them move: for the order between nodes, and for who holds what. Only looks.

# roles_answer: "keepalived PID" ("-": none runs; "unknown": only root sees that), "address ADDRESS" for each address of this
# node, and "text instances": the names of the instances in keepalived's configuration, and their addresses. Nothing else of that
# configuration leaves this node, because it may hold a password.
roles_answer() {
  local family address keepalived
  see_keepalived
  say keepalived "$keepalived"
  # What "ip addr" shows is what counts: keepalived may believe that it has set an address which is not there.
  ip -o addr show 2>/dev/null | while read -r _ _ family address _; do
    case $family in inet | inet6) say address "${address%%/*}" ;; esac
  done
  text instances "$(see_instances 2>/dev/null)"
  say ok roles
}

# see_keepalived: the process of root that started the others of its name, in $keepalived.
see_keepalived() {
  local found name
  keepalived=-
  for found in /proc/[0-9]*; do
    { read -r name <"$found/comm"; } 2>/dev/null || continue
    # Another user may name a program so.
    if [ "$name" != keepalived ] || ! process_user "${found#/proc/}" || [ "$process_user" != 0 ]; then continue; fi
    if [ "$own_user" != 0 ]; then
      keepalived=unknown
      return
    fi
    # One in a container may have addresses of its own.
    # shellcheck disable=SC3013 # in POSIX since 2024, and in every sh that is in use
    if ! [ "$found/ns/net" -ef /proc/self/ns/net ] || ! see_process "${found#/proc/}"; then continue; fi
    { read -r name <"/proc/$process_parent/comm"; } 2>/dev/null
    [ "$name" = keepalived ] || keepalived=${found#/proc/}
  done
}

# see_instances: of the configuration that keepalived has read, which it keeps where only its processes see it; where it does not
# run, or is older than that, of its file.
see_instances() {
  local file told
  file='' told=''
  case $keepalived in [0-9]*)
    # shellcheck disable=SC2012 # the names are numbers
    file=$(ls -l "/proc/$keepalived/fd" | sed -n '/ -> \/memfd:\/keepalived\/consolidated_configuration/{s/ -> .*//;s/.* //;p;q;}')
    ;;
  esac
  # It may end while it is looked at.
  [ -z "$file" ] || told=$(instances_in <"/proc/$keepalived/fd/$file")
  if [ -n "$told" ]; then printf '%s\n' "$told"; else instances_in </etc/keepalived/keepalived.conf; fi
}

# instances_in <FILE: a line "vrrp_instance NAME" for each instance, then its addresses, each on a line.
instances_in() {
  sed 's/[#!].*//;s/[{}]/\
&\
/g' |
    sed -n 's/^[[:space:]]*//;/^vrrp_instance[[:space:]]/p;/^virtual_ipaddress/,/^}/{/^[0-9A-Fa-f]*[.:]/{s/[^0-9A-Fa-f.:].*//;p;};}'
}
