# shellcheck shell=bash
# A lab is a directory, a bridge and the nodes. Sourced by lab. Sets: lab (its directory).
# shellcheck disable=SC2034 # nodes.sh uses node_dir

labs=/tmp/confsync-lab
lock_file=/run/confsync-lab.lock

# The start time tells a process from a later one with the same number.
started() { # PID
  local stat
  { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
  read -r -a stat <<<"${stat##*) }"
  [[ ${stat[0]} != [ZX] ]] && echo "${stat[19]}"
}

# True if the process that a file names as "PID START" is still that process.
lives() { # FILE
  local pid start
  { read -r pid start <"$1"; } 2>/dev/null || return 1
  [[ $pid == 0 || $(started "$pid") == "$start" ]]
}

find_lab() { # NAME
  local candidate
  for candidate in "$labs.$1".??????; do
    if [[ -O $candidate && -d $candidate ]]; then lab=$candidate; return 0; fi
  done
  return 1
}

need_lab() { # NAME
  find_lab "$1" || die "there is no lab $1"
}

list_labs() {
  local candidate name state
  for candidate in "$labs".*.??????; do
    [[ -O $candidate && -d $candidate ]] || continue
    name=${candidate#"$labs".}
    if lives "$candidate/owner"; then state=alive; else state=orphaned; fi
    echo "${name%.*} $candidate $state"
  done
}

# Labs are made and removed one at a time, or one would take down the network that another has just been given.
take_lock() {
  exec 9>"$lock_file"
  flock 9
}

# Only while the lock is held: a lab that is just being made has no owner yet.
remove_orphans() {
  local name candidate state
  while read -r name candidate state; do
    if [[ $state == orphaned ]]; then
      echo "lab: removing $name, whose owner is gone" >&2
      remove_lab "$candidate"
    fi
  done < <(list_labs)
}

# A bridge with the first free 10.99.NET.0/24. Its creation is what claims the network.
make_bridge() {
  local net taken
  taken=$(ip -4 -o addr; ip -4 route)
  for net in {1..254}; do
    [[ $taken == *10.99.$net.* ]] && continue
    ip link add "lab$net" type bridge 2>/dev/null || continue
    echo "$net" >"$lab/net"
    ip addr add "10.99.$net.1/24" dev "lab$net"
    ip link set "lab$net" up
    return
  done
  die "no network below 10.99.0.0/16 is free"
}

# The tmpfs is needed: an overlay's upper layer must not lie within its lower one, and that is the host's /.
make_lab() { # NAME OWNER
  take_lock
  remove_orphans
  find_lab "$1" && die "lab $1 is already up in $lab"
  lab=$(mktemp -d "$labs.$1.XXXXXX")
  trap 'take_lock; remove_lab "$lab"' EXIT
  echo "$2 $([[ $2 == 0 ]] || started "$2")" >"$lab/owner"
  mkdir "$lab/disk" "$lab/nodes"
  mount -t tmpfs -o mode=0755 confsync-lab "$lab/disk"
  make_bridge
  exec 9>&-
}

make_keys() {
  local i name
  ssh-keygen -q -t ed25519 -N '' -C lab -f "$lab/key" &
  for ((i = 0; i <= peers; i++)); do
    ssh-keygen -q -t ed25519 -N '' -C lab -f "$lab/nodes/$(node_name $i)/host_key" &
  done
  wait
  echo "127.0.0.1 localhost" >"$lab/hosts"
  for ((i = 0; i <= peers; i++)); do
    name=$(node_name $i)
    echo "$(cat "$lab/nodes/$name/address") $name" >>"$lab/hosts"
    echo "$(cat "$lab/nodes/$name/address"),$name $(cut -d' ' -f1,2 "$lab/nodes/$name/host_key.pub")"
  done >"$lab/known_hosts"
}

lab_up() { # NAME N [OPTION…]
  local name=$1 i owner=$PPID
  [[ $name =~ ^[A-Za-z0-9_-]+$ ]] || die "a lab's name is letters, digits, - and _"
  peers=$2
  ((peers <= 200)) || die "at most 200 peers"
  shift 2
  parse_options "$@"
  make_lab "$name" "$owner"
  for ((i = 0; i <= peers; i++)); do describe_node $i; done
  make_keys
  local failed=0 starting=()
  for ((i = 0; i <= peers; i++)); do
    # All at once would only make each of them slow.
    ((${#starting[@]} < 8)) || { wait "${starting[0]}" || failed=1; starting=("${starting[@]:1}"); }
    (trap - EXIT; node_by_name "$(node_name $i)"; boot_node) &
    starting+=("$!")
  done
  for i in "${starting[@]}"; do wait "$i" || failed=1; done
  ((failed == 0)) || die "lab $name could not be started"
  trap - EXIT
  list_nodes
}

# Ends every process of the lab and takes its network, mounts and files away. Nothing here fails if it is half there.
# Only while the lock is held.
remove_lab() { # DIRECTORY
  local lab=$1 node_dir net
  for node_dir in "$lab"/nodes/*; do kill_node; done
  for node_dir in "$lab"/nodes/*; do await_node_end; done
  if net=$(cat "$lab/net" 2>/dev/null); then
    { cat "$lab"/nodes/*/link; echo "lab$net"; } 2>/dev/null | sed 's/^/link del /' |
      ip -force -batch - >/dev/null 2>&1 || true
  fi
  umount "$lab/disk" 2>/dev/null || umount -l "$lab/disk" 2>/dev/null || true
  rm -rf --one-file-system "${lab:?}"
}
