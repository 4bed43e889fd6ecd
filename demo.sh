#!/bin/bash
# Builds nginx-sync, starts a primary and two throwaway peers on this machine, and shows the main job on them: a push, a
# comparison, and two broken configurations, one that the peers reject and one that is undone. The output is the
# commands' own. Needs Debian or Ubuntu, root and the .NET 10 SDK; what else is needed is installed.
# The exit status is 0 only if everything went as the comments say.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
# shellcheck source=tests/lab/install.sh
. tests/lab/install.sh
quiet_builds
exec </dev/null

need_root "the peers are made of network and mount namespaces"
need_sdk
lab=demo-$$
work=$(mktemp -d)
failed=0

cleanup() {
  trap '' INT TERM HUP
  tests/lab/lab down "$lab" || true
  rm -rf "$work"
  restore_policy
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

bold='' plain='' red=''
if [[ -t 1 ]]; then bold=$'\e[1m' plain=$'\e[0m' red=$'\e[31m'; fi

# One line before what it speaks of.
narrate() {
  printf '\n%s# %s%s\n' "$bold" "$*" "$plain"
}

wrong() {
  printf '%sNOT AS SAID: %s%s\n' "$red" "$*" "$plain"
  failed=1
}

on() { # NODE COMMAND…
  tests/lab/lab exec "$lab" "$1" -- "${@:2}"
}

# Runs a command on the primary; its exit status must be the one that was said.
run() { # STATUS COMMAND…
  local expected=$1 status=0
  shift
  printf '%sprimary# %s%s\n' "$bold" "$*" "$plain"
  on primary "$@" 2>&1 || status=$?
  printf '%s[exit status %s]%s\n' "$bold" "$status" "$plain"
  ((status == expected)) || wrong "the exit status was to be $expected"
}

# Asks a peer's nginx over the network, as its users would.
serves() { # NODE ANSWER
  local answer
  answer=$(on primary curl --silent --show-error --max-time 5 "http://$1:8080/" 2>&1) || true
  printf '%sprimary# curl http://%s:8080/%s\n%s\n' "$bold" "$1" "$plain" "$answer"
  [[ $answer == *"$2"* ]] || wrong "the answer was to be: $2"
}

# What a peer's configuration holds, with modes, owners and the files' times; and its nginx processes.
# shellcheck disable=SC2016 # expanded by the peer's shell
files_of() { # NODE
  on "$1" sh -c 'cd /etc/nginx; find . -type f -exec sha256sum {} +
    find . -printf "%p %y %m %u:%g %l " "(" -type d -printf "\n" -o -printf "%T@\n" ")"' | sort
}
# shellcheck disable=SC2016
processes_of() { # NODE
  on "$1" sh -c 'read -r master </run/nginx.pid; echo "$master: $(cat "/proc/$master/task/$master/children")"'
}

unchanged() { # WHAT BEFORE AFTER
  if [[ $2 == "$3" ]]; then echo "$1: unchanged"; else wrong "$1: changed"; fi
}

edit() { # COMMAND: a line of shell on the primary
  printf '%sprimary# %s%s\n' "$bold" "$1" "$plain"
  on primary sh -c "$1"
}

install_missing "${native_compiler[@]}" nginx:nginx openssh-server:sshd openssh-client:ssh busybox iproute2:ip curl

echo "== building nginx-sync"
if ! dotnet publish src/ConfSync.Cli --configuration Release --verbosity quiet --output "$work/bin" >"$work/log" 2>&1; then
  cat "$work/log"
  echo "the build failed" >&2
  exit 1
fi
chmod 0755 "$work"
echo "== starting a primary and two peers, each with its own network, disk, sshd and nginx"
tests/lab/lab up "$lab" 2 --owner $$ --tool "$work/bin" | while read -r name address _; do echo "$name $address"; done
began=$(date +%s%N)

narrate "The primary says what is pushed, and to whom. Each machine keeps its own default.conf."
on primary sh -c 'printf "%s\n" "NODES=\"peer1 peer2\"" "CONFPATHS=\"/etc/nginx/nginx.conf /etc/nginx/conf.d\"" \
  "EXCLUDE=\"default.conf\"" >/etc/nginx-sync.conf'
run 0 cat /etc/nginx-sync.conf

narrate "A new site on the primary. The peers do not have it yet."
edit "echo 'server { listen 8080; return 200 \"version one\\n\"; }' >/etc/nginx/conf.d/site.conf"
serves peer1 "onnect"

narrate "The push: every peer tests the result before anything there changes; peer1 takes it up first, alone."
run 0 nginx-sync -r
serves peer1 "version one"
serves peer2 "version one"

narrate "Somebody edits a peer by hand. The comparison finds it, and its exit status can raise an alarm."
on peer2 sh -c 'echo "# by hand" >>/etc/nginx/conf.d/site.conf; touch /etc/nginx/conf.d/forgotten.conf'
run 1 nginx-sync -C
narrate "The next push puts it right, and touches only that peer."
run 0 nginx-sync -r
run 0 nginx-sync -C

narrate "A broken configuration, first kind: it needs a file that only the primary has, so that only the peers reject it."
files=$(files_of peer1; files_of peer2)
processes=$(processes_of peer1; processes_of peer2)
edit "echo 'add_header X-Site demo;' >/etc/nginx/only-here.inc"
edit "echo 'server { listen 8080; include only-here.inc; return 200 \"version two\\n\"; }' >/etc/nginx/conf.d/site.conf"
run 2 nginx-sync
narrate "Nothing was touched there, not even for a moment: same files, same nginx processes."
serves peer1 "version one"
serves peer2 "version one"
unchanged "files on peer1 and peer2" "$files" "$(files_of peer1; files_of peer2)"
unchanged "nginx processes on peer1 and peer2" "$processes" "$(processes_of peer1; processes_of peer2)"

narrate "Second kind: nginx -t passes everywhere, the reload is accepted, and no worker survives it."
edit "echo 'server { listen 8080; return 200 \"version two\\n\"; }' >/etc/nginx/conf.d/site.conf"
edit "sed -i '1i working_directory /no/such/dir;' /etc/nginx/nginx.conf"
processes=$(processes_of peer2)
run 2 nginx-sync
narrate "peer1, which went first, has its old configuration back and serves it; peer2 was never touched."
serves peer1 "version one"
serves peer2 "version one"
unchanged "files on peer1 and peer2" "$files" "$(files_of peer1; files_of peer2)"
unchanged "nginx processes on peer2" "$processes" "$(processes_of peer2)"

narrate "Corrected, it goes through."
edit "sed -i 1d /etc/nginx/nginx.conf"
run 0 nginx-sync
serves peer1 "version two"
serves peer2 "version two"

took=$((($(date +%s%N) - began) / 100000000))
if ((failed == 0)); then
  narrate "Everything went as said, in ${took%?}.${took: -1} s after the build."
else
  echo "Not everything went as said." >&2
fi
((failed == 0))
