# A reload of keepalived, and how it is seen: nothing counts its reloads. Its VRRP process opens its sockets anew, the file with the
# configuration in effect is written anew, and a dump of its state that is asked for afterwards has what is in that file. Addresses
# count only where the node has them, because a dump may claim others.

# keepalived_reload: signals the parent $found, and waits until its instances are in the states in which they were.
keepalived_reload() {
  local child child_start child_before text sockets sockets_before written dump stats before until arguments directory file keepalived_id
  keepalived_arguments
  keepalived_text
  keepalived_child
  child_before=$child:$child_start sockets='' before=''
  if [ -n "$child" ]; then
    keepalived_sockets
    keepalived_dump || return 1
    before=$(keepalived_states before)
  fi
  sockets_before=$sockets written=$(keepalived_written)
  if ! keepalived_lives || ! kill -HUP "$found" 2>/dev/null; then
    words="the signal to reload could not be sent to keepalived (PID $found)"
    return 1
  fi
  now
  until=$((now + reload_timeout * 100))
  [ "$reload_timeout" -le 5 ] || until=$((now + 500))
  while :; do
    pause 0.03
    now
    if ! keepalived_lives; then
      words='keepalived ended during the reload, and left its addresses as they were: see its log for the reason (journalctl, syslog)'
      return 1
    fi
    keepalived_child
    if [ "$child_before" != : ] && [ "$child:$child_start" != "$child_before" ]; then
      words='the VRRP process of keepalived ended during the reload: see its log for the reason (journalctl, syslog)'
      return 1
    fi
    ! keepalived_took_up || break
    if [ "$now" -gt "$until" ]; then
      words='keepalived did not take the new configuration up: see its log for the reason (journalctl, syslog; the file of reload_check_config)'
      return 1
    fi
  done
  if [ -z "$child_before" ] || ! keepalived_has_master; then
    keepalived_settles
    return
  fi
  # Counted from here on, so that what is watched in between counts as well.
  now
  until=$now
  keepalived_stats && keepalived_settles && keepalived_heard "$stats" "$until"
}

# keepalived_lives: the parent has not ended, and its number was not given to another process.
keepalived_lives() {
  see_process "$found" && [ "$process_start" = "$found_start" ]
}

# keepalived_written: when the file with the configuration in effect was written.
keepalived_written() {
  [ -z "$text" ] || stat -L -c '%y %Y %s' "$text" 2>/dev/null
}

# keepalived_took_up: no socket of VRRP is left of those before the signal, and the text was written since. Where there was neither,
# only the dump tells.
keepalived_took_up() {
  local socket
  if [ -n "$sockets_before" ]; then
    keepalived_sockets
    for socket in $sockets_before; do
      case $sockets in *" $socket "*) return 1 ;; esac
    done
    return 0
  fi
  [ -z "$text" ] || [ "$(keepalived_written)" != "$written" ]
}

# keepalived_dump: what keepalived says of its instances and scripts, in $dump.
keepalived_dump() {
  local answer
  keepalived_asked USR1 keepalived.data keepalived_parent.data || return 1
  dump=$(printf '%s\n' "$answer" | sed -n '/^------< VRRP Topology/,/^------< Interfaces/p')
}

# keepalived_asked SIGNAL FILE [FILE]: what it writes to the file after this signal, in $answer. The files are removed, since they may
# have passwords.
keepalived_asked() {
  local signal place file until
  signal=$1
  shift
  place=$({ tr '\000' '\n' <"/proc/$found/environ"; } 2>/dev/null | sed -n 's/^TMPDIR=//p')
  place=/proc/$found/root${place:-/tmp}
  for file; do rm -f -- "$place/$file"; done
  kill "-$signal" "$found" 2>/dev/null
  now
  until=$((now + 300))
  for file; do
    while [ ! -e "$place/$file" ]; do
      now
      if [ "$now" -gt "$until" ] || ! keepalived_lives; then
        words="keepalived (PID $found) does not say in what state it is: there is no ${place#"/proc/$found/root"}/$file after SIG$signal"
        return 1
      fi
      pause 0.02
    done
  done
  answer=$(cat "$place/$1")
  for file; do rm -f -- "$place/$file"; done
}

# keepalived_states WORD: what $dump says, a line each, with this word before it: "state NAME STATE VRID PRIORITY INTERFACE ADVERT",
# the last one in ms, "vip NAME ADDRESS", "script NAME STATUS".
keepalived_states() {
  printf '%s\n' "$dump" | awk -v "word=$1" '
/^ VRRP Instance = / { name = $4; vips = 0; next }
/^ VRRP Script = / { script = $4; next }
/^------</ { name = ""; next }
name != "" && /^   State = / { state = $3 }
name != "" && /^   Interface = / { link = $3 }
name != "" && /^   Virtual Router ID = / { id = $5 }
name != "" && /^   Priority = / { priority = $3 }
name != "" && /^   Advert interval = / { print word, "state", name, state, id, priority, link, $5 ~ /^milli/ ? $4 : $4 * 1000 }
name != "" && /^   Virtual IP/ { vips = 1; next }
name != "" && vips && /^     / { print word, "vip", name, $1; next }
{ vips = 0 }
script != "" && /^   Status = / { print word, "script", script, $3; script = "" }'
}

# keepalived_settles: what it says of itself is what is in the configuration, and its instances are in the states in which they were,
# or may be. What is still on its way has 10 s; what is wrong is wrong if it is so for 0.4 s, in three dumps or more, because an address is
# missed as long.
keepalived_settles() {
  local began wrong since told facts undoing
  # Whatever it has become meanwhile, the addresses are where the nodes agree that they are to be.
  undoing=
  ! marked undoing || undoing=yes
  now
  began=$now wrong=0 since=0
  facts=
  [ -z "$text" ] || facts=$(keepalived_lines "$text" | keepalived_facts)
  while keepalived_lives; do
    keepalived_dump || return 1
    told=$(
      {
        printf '%s\n' "$before"
        printf '%s\n' "$facts" | sed 's/^/want /'
        keepalived_states after
        ip -o addr | sed 's/^/addr /'
      } | awk -v "undoing=$undoing" "$keepalived_judge"
    )
    [ -n "$told" ] || return 0
    now
    case $told in
      wait*)
        wrong=0
        [ $((now - began)) -lt 1000 ] || break
        ;;
      *)
        wrong=$((wrong + 1))
        [ "$wrong" -gt 1 ] || since=$now
        if [ "$wrong" -ge 3 ] && [ $((now - since)) -ge 40 ]; then break; fi
        ;;
    esac
    pause 0.1
  done
  words=${told#"wait "}
  keepalived_lives || words='keepalived ended after the reload: see its log for the reason (journalctl, syslog)'
  return 1
}

# The comparison of what is wanted, what was, and what is, for awk: the first thing that is wrong, after "wait " where it may be on its
# way; nothing if all is well.
# shellcheck disable=SC2016 # for awk
keepalived_judge='
function bare(address) { sub(/\/.*/, "", address); return address }
function say(text) { if (!said) print text; said = 1; exit }
$1 == "addr" { if ($4 ~ /^inet/) here[bare($5)] = 1; next }
$1 == "want" && $2 == "inst" { if ($4 == "-") wanted[$3] = 1; else if ($4 == "virtual_router_id" || $4 == "priority" || $4 == "interface") want[$3, $4] = $5; next }
$2 == "state" { state[$1, $3] = $4; id[$1, $3] = $5; priority[$1, $3] = $6; link[$1, $3] = $7; names[$3] = 1; next }
$2 == "vip" { vip[++vips] = bare($4); side[vips] = $1; whose[vips] = $3; if ($1 == "after") owner[bare($4)] = $3; next }
$2 == "script" { script[$1, $3] = $4; checks[$3] = 1 }
END {
for (name in wanted) {
if (!(("after", name) in state)) say("keepalived has no instance " name)
if (want[name, "virtual_router_id"] ~ /^[0-9]+$/ && want[name, "virtual_router_id"] + 0 != id["after", name] + 0) say(name " has another virtual_router_id than its configuration")
if (want[name, "priority"] ~ /^[0-9]+$/ && want[name, "priority"] + 0 > 0 && want[name, "priority"] + 0 < 256 && want[name, "priority"] + 0 != priority["after", name] + 0) say(name " has another priority than its configuration")
}
for (check in checks) if (script["after", check] ~ /^(INIT|IN_PROGRESS|REQUIRE_RUNNING)/) say("wait the check " check " has no result yet")
for (check in checks) if (script["after", check] == "BAD" && script["before", check] != "BAD") say("the check " check " fails on this node")
for (name in names) {
was = state["before", name]; is = state["after", name]
if (is == "FAULT" && was != "FAULT") say(name " is in state FAULT")
if (is == "INIT") say("wait " name " is in state INIT")
if (!undoing && was == "MASTER" && is != "" && is != "MASTER" && id["before", name] == id["after", name] && link["before", name] == link["after", name] && priority["after", name] + 0 >= priority["before", name] + 0) say(name " has given its addresses away: it is in state " is)
}
for (n = 1; n <= vips; n++) if (side[n] == "after") {
if (state["after", whose[n]] == "MASTER" && !(vip[n] in here)) say(whose[n] " is in state MASTER, and this node does not have " vip[n])
if (state["after", whose[n]] != "MASTER" && vip[n] in here) say(whose[n] " is in state " state["after", whose[n]] ", and this node has " vip[n] " all the same")
} else if (!(vip[n] in owner) && vip[n] in here && state["before", whose[n]] == "MASTER") say("no instance has " vip[n] " any more, and this node has it all the same")
}'
