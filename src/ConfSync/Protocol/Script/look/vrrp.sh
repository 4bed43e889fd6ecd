# What keepalived itself says of its instances. It writes that into files when it is signalled; they are removed, because one
# holds passwords.

# states_answer: "text states" with the instances and the state of each, as keepalived has dumped them, and the numbers that it has read
# from the files that move addresses (cluster/place.sh); nothing where it could not be asked.
states_answer() {
  local keepalived dump parent_dump
  see_keepalived
  # Of systemd's unit, /tmp may be another directory.
  dump=/proc/$keepalived/root/tmp/keepalived.data
  parent_dump=/proc/$keepalived/root/tmp/keepalived_parent.data
  # A dump that an administrator has asked for stays.
  if takes_signals && ! is_there "$dump" && ! is_there "$parent_dump" && kill -USR1 "$keepalived" 2>/dev/null && wait_for_dump "$dump"; then
    text states "$(
      sed -n 's/^ *VRRP Instance = /instance /p;s/^ *State = /state /p
/^ *File = .*\/\.nginx-sync\.vrrp/{N;s/.*\/\.nginx-sync\.\([^ ]*\)\n *Status = /placed \1 /p;}' <"$dump" 2>/dev/null
    )"
    # The parent process has its own, of no use here. An old version writes none.
    wait_for_dump "$parent_dump"
    rm -f -- "$dump" "$parent_dump"
  fi
  say ok states
}

# takes_signals: keepalived runs, and its children have been there for a second. The signal would end a process that has not yet
# said what it does with it.
takes_signals() {
  local child children started
  case $keepalived in [!0-9]*) return 1 ;; esac
  # A process and not /proc/uptime: see look/ages.sh.
  started=$(see_process self && echo "$process_start")
  children_of "$keepalived"
  [ -n "$children" ] || return 1
  for child in $children; do
    see_process "$child" && [ $((started - process_start)) -gt 100 ] || return 1
  done
}

# wait_for_dump FILE: it is complete when it appears. Fails after a second.
wait_for_dump() {
  local waited
  waited=0
  until [ -s "$1" ]; do
    [ "$waited" -lt 20 ] || return 1
    waited=$((waited + 1))
    pause 0.05
  done
}
