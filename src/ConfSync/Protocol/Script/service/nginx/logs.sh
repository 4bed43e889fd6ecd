# What nginx says in its error log while it reloads.

# remember_logs: how long all files are that the master has open, so that only what it writes from now on counts. Which of
# them are logs is looked at where something goes wrong (watch_logs).
remember_logs() {
  logs_seen='' logs_since=''
  logs_lengths=$(log_lengths)
}

# log_lengths: a word DEVICE:INODE=LENGTH for each regular file that the master has open. Takes the place of the
# subshell that calls it.
log_lengths() {
  local log
  set --
  for log in "/proc/$master/fd"/*; do
    [ ! -f "$log" ] || set -- "$@" "$log"
  done
  [ $# -eq 0 ] || exec stat -L -c '%d:%i=%s' "$@" 2>/dev/null
}

# logs_grew: is there anything to read; if so, $logs_seen has it. Once a log was seen that was not open before, it counts
# as well: nginx closes it after the last line. A log that nginx has opened once more, and that has not grown, is no news: a reload
# opens all of them again.
logs_grew() {
  local log
  if [ -n "$logs_seen" ]; then
    watch_logs
    return
  fi
  for log in $(log_lengths); do
    case "$newline$logs_lengths$newline" in *"$newline$log$newline"*) ;; *) watch_logs && return ;; esac
  done
  return 1
}

# watch_logs: adds the logs that are open now to $logs_seen, a path each. What nginx really writes to, and not what the
# configuration says; a rejected one's are closed with the last line in them. $logs_since is the time of the signal as
# nginx writes it, for logs that were not open then.
watch_logs() {
  if [ -z "$logs_since" ]; then
    now
    logs_since=$(date -d "@$(($(date +%s) - (now - reload_began) / 100 - 1))" '+%Y/%m/%d %H:%M:%S')
  fi
  logs_seen=$(printf '%s\n' "$logs_seen" "$(open_logs)" | sort -u)
}

# open_logs: the regular files that the master has open, a path each.
open_logs() {
  local log
  # shellcheck disable=SC2012 # the only way to read many links with one process in every system
  ls -l "/proc/$master/fd" 2>/dev/null | sed -n 's|^.* -> \(/.*\)$|\1|p' | while read -r log; do
    [ ! -f "$log" ] || printf '%s\n' "$log"
  done
}

# new_log_lines: error log lines of weight since remember_logs. The pattern is anchored at nginx's own line head, since
# an access log in the same set holds what any visitor wrote.
new_log_lines() {
  local log size line
  printf '%s\n' "$logs_seen" | while read -r log; do
    size=$(printf '%s\n' "$logs_lengths" | sed -n "s/^$(stat -L -c %d:%i "$log" 2>/dev/null)=//p" | head -n 1)
    tail -c "+$((${size:-0} + 1))" "$log" 2>/dev/null | tail -c 65536 |
      grep -aE '^[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:]{8} \[(emerg|alert|crit)\] [0-9]+#[0-9]+: ' |
      while IFS= read -r line; do
        [ -n "$size" ] || ! expr "$line" \< "$logs_since" >/dev/null || continue
        printf '%s\n' "$line"
      done
  done | sort -u
}

log_says_failed() {
  local line
  new_log_lines | {
    while IFS= read -r line; do
      case $line in
        *" [emerg] $master#"*'still could not bind()'*) exit 0 ;;
        *" [emerg] $master#"*'bind() to '*) ;;
        *" [emerg] $master#"* | *" [alert] $master#"*'fatal code '*'cannot be respawned'*) exit 0 ;;
      esac
    done
    exit 1
  }
}

# log_words: what nginx said of it, as the end of a message.
log_words() {
  local lines target
  watch_logs
  lines=$(new_log_lines | tail -n 8)
  if [ -n "$lines" ]; then
    printf '; its error log says:\n%s' "$lines"
  elif [ ! -f "/proc/$master/fd/2" ]; then
    # nginx writes the log of its main configuration to its standard error as well, or to nothing else.
    target=$(readlink "/proc/$master/fd/2" 2>/dev/null)
    printf '; its error log is no file on this node (%s) and cannot be read here: look there for the reason (journalctl, syslog, docker logs)' "${target:-unknown}"
  else
    printf '; its error log says nothing about it'
  fi
}
