# A reload of HAProxy, and what its master says became of it; and its start, where a configuration has ended it.

# haproxy_reload: signals the master $found, and waits until a worker of the new configuration has lived for 0.3 s.
haproxy_reload() {
  local reloads failed_reloads worker settled before old_worker until new_worker new_since
  if ! haproxy_state; then
    words="HAProxy (PID $found) does not say in what state it is"
    return 1
  fi
  before=$reloads old_worker=$worker new_worker='' new_since=0
  if ! haproxy_lives || ! kill -USR2 "$found" 2>/dev/null; then
    words="the signal to reload could not be sent to HAProxy (PID $found)"
    return 1
  fi
  now
  until=$((now + reload_timeout * 100))
  while :; do
    pause 0.03
    now
    if ! haproxy_lives; then
      words='HAProxy ended during the reload: see its log for the reason (journalctl, syslog)'
      return 1
    elif [ "$now" -gt "$until" ]; then
      words="HAProxy did not take the new configuration up within $reload_timeout s (RELOAD_TIMEOUT)"
      return 1
    fi
    haproxy_state || continue
    if [ "$settled" = no ] || [ "$reloads" -le "$before" ]; then continue; fi
    if [ "$failed_reloads" -gt 0 ]; then
      words='HAProxy did not take the new configuration up, and goes on with the old one: see its log for the reason (journalctl, syslog)'
      return 1
    fi
    if [ -z "$worker" ] || [ "$worker" = "$old_worker" ] || ! see_process "$worker"; then
      new_worker=
    elif [ "$worker:$process_start" != "$new_worker" ]; then
      new_worker=$worker:$process_start new_since=$now
    elif [ $((now - new_since)) -ge 30 ]; then
      return 0
    fi
  done
}

# haproxy_lives: the master has not ended, and its number was not given to another process.
haproxy_lives() {
  see_process "$found" && [ "$process_start" = "$found_start" ]
}

# haproxy_note: how it was started.
haproxy_note() {
  local directory arguments
  haproxy_arguments start
  note_start "$directory" "$arguments"
}

# haproxy_start FILE: as it was noted there.
haproxy_start() {
  local until
  start_noted haproxy /usr/sbin/haproxy "$1" || return 1
  now
  until=$((now + reload_timeout * 100))
  while :; do
    pause 0.3
    if haproxy_find && [ -n "$found" ] && haproxy_mark; then return 0; fi
    now
    if [ "$now" -gt "$until" ]; then
      words="it does not run $reload_timeout s (RELOAD_TIMEOUT) after its start"
      return 1
    fi
  done
}
