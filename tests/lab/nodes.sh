# shellcheck shell=bash
# A node of a lab: its description in $lab/nodes/NAME, its life, commands in it. Sourced by lab.
# Sets: node (its name), node_dir.
# shellcheck disable=SC2034,SC2154 # labs.sh sets lab and uses what is set here

node_name() { # NUMBER
  if (($1 == 0)); then echo primary; else echo "peer$1"; fi
}

node_by_name() { # NODE
  node=$1
  [[ $node =~ ^[0-9]+$ ]] && node=$(node_name "$node")
  node_dir=$lab/nodes/$node
  [[ -d $node_dir ]] || die "there is no node $1 in $lab"
}

need_node() { # NAME NODE
  need_lab "$1"
  node_by_name "${2-}"
}

# Options of peers come as VARIABLE=VALUE lines, which node-init reads: option[0] for all peers, option[I] for one.
parse_options() {
  local which=all
  declare -gA option=()
  tool='' mounts=()
  while (($# > 0)); do
    case $1 in
      --owner) owner=$2; shift ;;
      --tool) tool=$(readlink -e "$2") || die "no directory $2"; shift ;;
      --mount) mounts+=("$(readlink -e "$2")") || die "no directory $2"; shift ;;
      --node) which=${2#peer}; [[ $which == primary ]] && which=0; shift ;;
      --sh | --tools | --login-shell) add_option "$which" "${1#--}" "$2"; shift ;;
      --no-flock | --no-unshare | --no-sys-admin) add_option "$which" "${1#--}" yes ;;
      *) die "unknown option $1; see lab help" ;;
    esac
    shift
  done
}

add_option() { # WHICH NAME VALUE
  option[$1]=${option[$1]-}$(printf '%s=%q' "${2//-/_}" "$3")$'\n'
}

describe_node() { # NUMBER
  local net name
  net=$(cat "$lab/net")
  name=$(node_name "$1")
  mkdir -p "$lab/nodes/$name" "$lab/disk/$name"/{upper,work,root}
  node_dir=$lab/nodes/$name
  if (($1 == 0)); then echo "10.99.$net.2"; else echo "10.99.$net.$((10 + $1))"; fi >"$node_dir/address"
  echo "lab${net}n$1" >"$node_dir/link"
  {
    if (($1 > 0)); then
      printf '%s' "${option[all]-}"
    else
      printf 'tool=%q\nmounts=(%s)\n' "$tool" "${mounts[*]@Q}"
    fi
    printf '%s' "${option[$1]-}"
  } >"$node_dir/options"
}

list_nodes() {
  local i
  for ((i = 0; ; i++)); do
    [[ -d $lab/nodes/$(node_name $i) ]] || break
    node_by_name $i
    list_node
  done
}

list_node() {
  local pid=-
  if lives "$node_dir/init"; then pid=$(init_pid); fi
  echo "$node $(cat "$node_dir/address") $pid $lab/disk/$node/upper"
}

# The node's first process, as the host numbers it.
init_pid() {
  lives "$node_dir/init" || die "$node is not running"
  cut -d' ' -f1 "$node_dir/init"
}

# node-init says two things on its standard output: its PID, then "ready".
boot_node() {
  local pid said fd
  ! lives "$node_dir/init" || die "$node is already running"
  exec {init}< <(
    exec </dev/null 2>"$node_dir/log"
    # What the caller left open would stay open for as long as the node runs.
    for fd in /proc/"$BASHPID"/fd/*; do
      fd=${fd##*/}
      ((fd <= 2)) || exec {fd}>&-
    done
    exec setsid unshare --mount --propagation private --uts --ipc --net --pid --fork --kill-child \
      "$here/node-init" "$lab" "$node"
  )
  echo "$! $(started $!)" >"$node_dir/keeper"
  read -r pid <&"$init" || boot_failed
  echo "$pid $(started "$pid")" >"$node_dir/init"
  plug_in "$pid" || boot_failed
  read -r said <&"$init" || boot_failed
  [[ $said == ready ]] || boot_failed
  exec {init}<&-
}

boot_failed() {
  kill_node
  die "$node did not start: $(cat "$node_dir/log")"
}

# The hardware address is the same after every boot, or the others would go on talking to the old one.
plug_in() { # PID
  local link address hardware bytes
  link=$(cat "$node_dir/link") address=$(cat "$node_dir/address")
  IFS=. read -r -a bytes <<<"$address"
  hardware=$(printf '02:00:%02x:%02x:%02x:%02x' "${bytes[@]}")
  ip link del "$link" 2>/dev/null || true
  ip -batch - <<END
link add $link type veth peer name eth0 address $hardware netns $1
link set $link master ${link%n*} up
END
  nsenter --target "$1" --net ip -batch - <<END
link set lo up
addr add $address/24 dev eth0
link set eth0 up
END
}

# A PID namespace dies with its first process; the kernel sees to all the others.
kill_node() {
  local file
  for file in "$node_dir/init" "$node_dir/keeper"; do
    if [[ -e $file ]] && lives "$file"; then kill -KILL "$(cut -d' ' -f1 "$file")" 2>/dev/null || true; fi
  done
}

await_node_end() {
  local file
  for file in "$node_dir/init" "$node_dir/keeper"; do
    while [[ -e $file ]] && lives "$file"; do sleep 0.01; done
    rm -f "$file"
  done
}

# The link goes first: a machine without power sends no FIN.
crash_node() {
  ip link set "$(cat "$node_dir/link")" down
  kill_node
  await_node_end
  ip link del "$(cat "$node_dir/link")" 2>/dev/null || true
}

stop_nginx() {
  # shellcheck disable=SC2016 # the node's shell expands it
  node_exec -- sh -c '
    read -r master </run/nginx.pid || exit
    kill -TERM "$master" || exit
    while kill -0 "$master" 2>/dev/null; do sleep 0.01; done'
}

# Replaces this process by nsenter, whose only child is the command.
node_exec() { # [--user USER] [--env K=V]… -- COMMAND…
  local user=root home=/root id=() env=() session=(setsid) pid
  while (($# > 0)); do
    case $1 in
      --user) user=$2; shift 2 ;;
      --env) env+=("$2"); shift 2 ;;
      --) shift; break ;;
      *) break ;;
    esac
  done
  if [[ $user != root ]]; then
    home=/home/$user
    id=(--setuid "$(node_uid "$user")" --setgid "$(node_uid "$user")")
  fi
  [[ -t 0 ]] && session=()
  pid=$(init_pid)
  exec nsenter --target "$pid" --mount --uts --ipc --net --pid "${id[@]}" -- "${session[@]}" env -i \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME="$home" USER="$user" LOGNAME="$user" \
    SHELL=/bin/sh LANG=C.UTF-8 TERM="${TERM-dumb}" "${env[@]}" "$@"
}

node_uid() { # USER
  case $1 in
    deploy) echo 2001 ;;
    plain) echo 2002 ;;
    *) die "the users are root, deploy and plain" ;;
  esac
}
