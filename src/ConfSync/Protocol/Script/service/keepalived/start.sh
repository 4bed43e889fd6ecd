# keepalived started again, where a configuration has ended it. The addresses that it held are on the node still, and its start takes
# them away first. If it is started before another node has them, no node has them for some seconds.

# keepalived_note: how it was started, and in how many seconds another node takes its addresses over. Fails where it does not say in
# what state it is, because a reload could not be seen then.
keepalived_note() {
  local arguments word text dump longest
  keepalived_text
  keepalived_dump || return 1
  arguments=''
  while IFS= read -r word; do
    # There is a line also where there are no arguments.
    [ -n "$word" ] || continue
    quote_word "$word"
    arguments="$arguments $quoted"
  done <<ARGUMENTS
$(tr '\000' '\n' <"/proc/$found/cmdline" 2>/dev/null | sed 1d)
ARGUMENTS
  note_start "$(readlink "/proc/$found/cwd")" "$arguments"
  longest=
  [ -z "$text" ] || longest=$(keepalived_lines "$text" | sed -n 's/^advert_int *\([0-9]\{1,3\}\)\([^0-9].*\)*$/\1/p' | sort -n | tail -n 1)
  printf 'down=%s\n' "$((3 * ${longest:-1} + 2))"
}

# keepalived_start FILE: as it was noted there, once another node has had the time to take its addresses over; and seen in a state that
# is no fault.
keepalived_start() {
  local down until child child_start dump
  down=$(sed -n 's/^down=\([0-9]*\)$/\1/p' "$1")
  arm $((step_timeout + 2 * reload_timeout + ${down:-5})) STEP_TIMEOUT+2*RELOAD_TIMEOUT 'the undo'
  pause "${down:-5}"
  # Its administrator or its unit may have started it meanwhile.
  keepalived_find || return 1
  [ -n "$found" ] || start_noted keepalived /usr/sbin/keepalived "$1" || return 1
  now
  until=$((now + reload_timeout * 100))
  while :; do
    pause 0.3
    if keepalived_find && [ -n "$found" ]; then
      keepalived_child
      if [ -n "$child" ] && keepalived_dump && keepalived_states now | grep -q '^now state [^ ]* \(MASTER\|BACKUP\) '; then return 0; fi
    fi
    now
    if [ "$now" -gt "$until" ]; then
      words="none of its instances is in the state MASTER or BACKUP $reload_timeout s (RELOAD_TIMEOUT) after its start"
      return 1
    fi
  done
}
