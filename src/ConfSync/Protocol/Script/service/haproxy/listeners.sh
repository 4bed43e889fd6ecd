# What HAProxy listens on, and what it would.

# haproxy_sockets: the inodes of all sockets of the master and its children, " [N] [N] …", in $own, and the directories of those that
# have a name, a word each, in $own_sockets, with those that the configuration to be tested names. Directories with blanks are left out.
haproxy_sockets() {
  local process children socket place
  own=' ' own_sockets=
  for place in $(haproxy_named_sockets "$arguments"); do haproxy_note_directory "$place"; done
  [ -n "$found" ] || return 0
  children_of "$found"
  for process in "$found" $children; do
    # shellcheck disable=SC2012 # the only way to read many links with one process in every system
    own=$own$(ls -l "/proc/$process/fd" 2>/dev/null | sed -n 's/.* -> socket:\(\[[0-9]*\]\)$/\1/p' | tr '\n' ' ')
  done
  while read -r _ _ _ _ _ _ socket place; do
    case $own in *" [$socket] "*) ;; *) continue ;; esac
    haproxy_note_directory "$place"
  done </proc/net/unix
}

# haproxy_note_directory SOCKET: adds its directory to $own_sockets. All of /run is laid over in any case.
haproxy_note_directory() {
  case $1 in /run/* | *' '* | [!/]* | '') return ;; esac
  case " $own_sockets " in *" ${1%/*} "*) ;; *) own_sockets="$own_sockets ${1%/*}" ;; esac
}

# haproxy_named_sockets ARGUMENTS: the paths of the sockets that the configuration of these quoted arguments
# binds, each a line. Another program may have one of them.
haproxy_named_sockets() {
  eval "set -- $1"
  grep -rhs -e '^[[:space:]]*bind[[:space:]]' -e '^[[:space:]]*stats[[:space:]][[:space:]]*socket[[:space:]]' -- "$@" |
    sed 's/^[[:space:]]*stats[[:space:]]*socket/bind/; s/^[[:space:]]*bind[[:space:]]*//; s/[[:space:]].*//' |
    tr ',' '\n' | tr -d '"' | sed -n 's/^unix@//; /^\/.*\/[^*?[]*$/p'
}

# haproxy_listeners: what the trial listened on ($words), against what listens now. Fails, with the reason in $words, where nothing
# is left of what is listened on, and where another program has the port or the address is not of this node: the old worker would
# stop to listen for the two seconds in which the new one tries. Otherwise $words has what is listened on no more.
haproxy_listeners() {
  local wanted now_own others address local_addresses any
  wanted=$(printf '%s\n' "$words" | sed -n 's/^listen //p' | sort -u)
  words=
  now_own=$(haproxy_listening own)
  others=$(haproxy_listening others)
  if [ -z "$wanted" ] && [ -n "$now_own" ]; then
    words='with this configuration HAProxy would listen on nothing any more'
    return 1
  fi
  any=no
  { read -r any </proc/sys/net/ipv4/ip_nonlocal_bind; } 2>/dev/null
  local_addresses=$(haproxy_addresses)
  for address in $wanted; do
    case "$newline$now_own$newline" in *"$newline$address$newline"*) continue ;; esac
    if ! haproxy_is_free "$address"; then
      words="another program listens on $(haproxy_name "$address") on this node already"
      return 1
    elif [ "$any" = 0 ] && ! haproxy_is_local "$address"; then
      words="$(haproxy_name "$address") cannot be listened on: this node has no such address (net.ipv4.ip_nonlocal_bind=1 would allow it)"
      return 1
    fi
  done
  for address in $now_own; do
    case "$newline$wanted$newline" in *"$newline$address$newline"*) ;; *) words="$words${words:+$newline}it listens on $(haproxy_name "$address") no more" ;; esac
  done
}

# haproxy_listening own|others: the listening sockets of TCP, ADDRESS:PORT a line.
haproxy_listening() {
  local address inode
  sed -n 's/^ *[0-9]*: \([0-9A-F]*:[0-9A-F]*\) [0-9A-F:]* 0A [^ ]* [^ ]* [^ ]* *[^ ]* *[^ ]* \([0-9]*\) .*/\1 \2/p' \
    /proc/net/tcp /proc/net/tcp6 2>/dev/null | while read -r address inode; do
    case $1:$own in
      own:*" [$inode] "*) printf '%s\n' "$address" ;;
      own:* | others:*" [$inode] "*) ;;
      *) printf '%s\n' "$address" ;;
    esac
  done | sort -u
}

# haproxy_is_free ADDRESS:PORT: no other program listens there; an address of all is in the way of each.
haproxy_is_free() {
  local address
  for address in $others; do
    if [ "${address#*:}" != "${1#*:}" ] || [ "${#address}" -ne "${#1}" ]; then continue; fi
    case ${1%:*} in *[!0]*) ;; *) return 1 ;; esac
    case ${address%:*} in "${1%:*}") return 1 ;; *[!0]*) ;; *) return 1 ;; esac
  done
}

# haproxy_is_local ADDRESS:PORT: of IPv4; of IPv6 nothing is said. A configuration may ask for any address (transparent).
haproxy_is_local() {
  case ${1%:*} in
    00000000 | ??????7F | ?????????*) return 0 ;;
  esac
  case " $local_addresses " in *" ${1%:*} "*) return 0 ;; esac
  eval "set -- $arguments"
  grep -rqsw transparent -- "$@"
}

# haproxy_addresses: of this node, as /proc/net/tcp has them.
haproxy_addresses() {
  local one two three number
  sed -n 's/^.*|-- \([0-9.]*\)$/\1/p' /proc/net/fib_trie 2>/dev/null | sort -u | while IFS=. read -r one two three number; do
    printf '%02X%02X%02X%02X ' "$number" "$three" "$two" "$one"
  done
}

# haproxy_name ADDRESS:PORT: as people write it.
haproxy_name() {
  local address port
  address=${1%:*} port=$((0x${1#*:}))
  case $address in
    *[!0]*) ;;
    *)
      printf '*:%s' "$port"
      return
      ;;
  esac
  case $address in
    ????????) printf '%d.%d.%d.%d:%d' "0x${address#??????}" "0x$(printf '%s' "$address" | cut -c5-6)" "0x$(printf '%s' "$address" | cut -c3-4)" "0x${address%??????}" "$port" ;;
    *) printf 'port %d of an address of IPv6' "$port" ;;
  esac
}
