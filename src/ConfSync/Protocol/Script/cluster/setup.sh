# A machine that becomes a member of a cluster: what it has, and the first start of its keepalived.

# setup_answer: "name NAME" of the machine, "keepalived PID" as to roles, "program PATH" if there is one, "default LINK" if there is a route
# for all else, and "link LINK ADDRESS/BITS" for each address.
setup_answer() {
  local keepalived program name link address rest
  see_keepalived
  say keepalived "$keepalived"
  keepalived_program
  [ ! -x "$program" ] || say program "$program"
  { read -r name </proc/sys/kernel/hostname; } 2>/dev/null && say name "${name%%.*}"
  ip route show default 2>/dev/null | while read -r rest; do
    case " $rest " in *' dev '*)
      rest=${rest##*dev }
      say default "${rest%% *}"
      ;;
    esac
  done
  ip -o addr show 2>/dev/null | while read -r _ link rest address _; do
    case $rest in inet | inet6) say link "$link" "$address" ;; esac
  done
  say ok setup
}

# keepalived_program: its path in $program.
keepalived_program() {
  recall keepalived-file /usr/sbin/keepalived
  decode "$recalled"
  program=$decoded
}

# start_answer: starts keepalived, and says by what: "ok start systemd", "openrc" or "program"; "running" where it runs already. It has
# started if it is still there after a second. Where it is not, "text failed" says why, and then "ok start -".
start_answer() {
  local keepalived program by waited
  see_keepalived
  if [ "$keepalived" != - ]; then
    say ok start running
    return
  fi
  words=
  keepalived_program
  start_by
  waited=0
  while [ "$by" != - ] && [ "$waited" -lt 50 ]; do
    see_keepalived
    [ "$keepalived" = - ] || break
    pause 0.1
    waited=$((waited + 1))
  done
  pause 1
  see_keepalived
  if [ "$keepalived" = - ]; then
    text failed "${words:-keepalived ended at its start: its log says why}"
    by=-
  fi
  say ok start "$by"
}

# start_by: has it started by what starts services here, also at the next boot, and else by itself; by what is in $by.
start_by() {
  by=-
  if [ ! -x "$program" ]; then
    words="there is no keepalived at $program: install it"
  elif [ -d /run/systemd/system ] && limited "$step_timeout" systemctl cat keepalived.service; then
    ! limited "$step_timeout" systemctl enable --now keepalived.service || by=systemd
  elif [ -e /run/openrc/softlevel ] && [ -x /etc/init.d/keepalived ]; then
    if limited "$step_timeout" rc-service keepalived start && limited "$step_timeout" rc-update add keepalived; then by=openrc; fi
  else
    by=program
    (
      exec </dev/null >/dev/null 2>&1
      ! has setsid || exec setsid "$program"
      exec "$program"
    ) &
  fi
}
