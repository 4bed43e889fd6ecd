# A reload, watched to its end.

# reload: signals the master and waits until the outcome is certain. Fails with nginx's own words in $words; $reload_ended
# says whether the end of this reload was seen, which an undo must know. Where nginx ends meanwhile, its administrator may
# be starting it anew: then that one is reloaded, since it may have read files of either configuration.
reload() {
  for reload_try in 1 2 3; do
    if reload_once; then
      [ -n "$successor" ] || return 0
      # An upgrade was begun meanwhile: nobody knows what the new master has read.
      reloaded_master=$master
      find_master || [ "$upgraded" = "$reloaded_master" ] || return 1
      [ -n "$master" ] || return 1
      continue
    fi
    if [ "$reload_try" = 3 ] || master_lives; then return 1; fi
    reload_words=$words
    now
    reload_until=$((now + 300))
    until find_master && [ -n "$master" ]; do
      now
      if [ "$now" -gt "$reload_until" ]; then
        words=$reload_words
        return 1
      fi
      pause 0.1
    done
  done
}

reload_once() {
  reload_ended=no
  successor=
  workers=
  workers
  old_workers="$workers "
  remember_logs
  now
  reload_began=$now
  if ! signal_master -HUP; then
    reload_ended=yes
    words="the signal to reload could not be sent to nginx (PID $master): $words"
    return 1
  fi
  signal_sent=yes
  signalled_master=$master
  next_look=$now
  idle_since=
  waits_since=
  steady_workers=
  # Time for the new workers to begin; nginx tells the old ones 0.1 s after the signal at the earliest.
  pause 0.05
  while :; do
    if ! master_lives; then
      reload_ended=yes
      words="nginx ended during the reload$(log_words)"
      return 1
    fi
    current_generation
    now
    # What counts is a new worker that has lived for 50 ms.
    if ! any_of "$steady_workers" "$new_workers"; then
      steady_workers=$new_workers
      steady_since=$now
    elif [ "$old_left" = no ] && [ $((now - steady_since)) -ge 5 ]; then
      break
    fi
    if [ $((now - reload_began)) -lt 11 ]; then pause 0.06; else pause 0.01; fi
    # The usual reload is over after 0.11 s; the log is worth its processes only afterwards.
    if [ $((now - reload_began)) -gt 20 ] && [ "$now" -ge "$next_look" ]; then
      if logs_grew && log_says_failed; then
        reload_ended=yes
        words="nginx did not take the new configuration up$(log_words)"
        return 1
      fi
      if master_waits && [ "$old_left" = yes ] && [ -z "$new_workers" ]; then
        [ -n "$waits_since" ] || waits_since=$now
        if [ $((now - waits_since)) -ge 100 ]; then
          reload_ended=yes
          words="nginx did not take the new configuration up: it has gone back to waiting, with the old workers$(log_words)"
          return 1
        fi
      else
        waits_since=
      fi
      # A tenth of the time: where processors are short, looking would hold up what it looks for.
      look_began=$now
      now
      next_look=$((now + 10 * (now - look_began)))
    fi
    # An old master reads nothing as long as there is a new one.
    if [ "$old_left" = yes ] && [ -n "$successor" ]; then
      words="an upgrade of nginx was begun meanwhile (old master PID $master, new master PID $successor): finish it, then run again"
      return 1
    fi
    # Nobody serves. nginx would have started a worker again by now if it could.
    if [ "$old_left" = no ]; then
      [ -n "$idle_since" ] || idle_since=$now
      if [ $((now - idle_since)) -gt 300 ]; then
        reload_ended=yes
        words="nginx has no living worker any more$(log_words)"
        return 1
      fi
    else
      idle_since=
    fi
    if [ $((now - reload_began)) -gt $((reload_timeout * 100)) ]; then
      words="nginx did not replace its workers within $reload_timeout s (RELOAD_TIMEOUT)$(log_words)"
      return 1
    fi
  done
  reload_ended=yes
}

# master_waits: the master has nothing to do. It blocks its signals while it works, through all its attempts to bind a port,
# and only lets them in where it waits for the next one: then it blocks none, and none is due. See proc(5),
# /proc/PID/status, and sigsuspend(2). No log is needed to see this.
master_waits() {
  waits=
  {
    while read -r waits_name waits_value; do
      case $waits_name in
        SigPnd: | ShdPnd: | SigBlk:)
          case $waits_value in *[!0]*) return 1 ;; esac
          waits=$waits_name
          ;;
      esac
      [ "$waits_name" != SigBlk: ] || break
    done <"/proc/$master/status"
  } 2>/dev/null
  [ "$waits" = SigBlk: ]
}

# current_generation: is a worker from before the signal left under its title ($old_left), and which are new.
current_generation() {
  workers
  old_left=no
  new_workers=
  for worker in $workers; do
    case $old_workers in
      *" $worker "*) old_left=yes ;;
      *) new_workers="$new_workers $worker" ;;
    esac
  done
}

# remember_logs: how long all files are that the master has open, so that only what it writes from now on counts. Which of
# them are logs is looked at where something goes wrong (watch_logs).
remember_logs() {
  logs_seen='' logs_since=''
  logs_lengths=$(log_lengths)
}

# log_lengths: a line "DEVICE:INODE LENGTH" for each regular file that the master has open. Takes the place of the
# subshell that calls it.
log_lengths() {
  set --
  for log_path in "/proc/$master/fd"/*; do
    [ ! -f "$log_path" ] || set -- "$@" "$log_path"
  done
  [ $# -eq 0 ] || exec stat -L -c '%d:%i %s' "$@" 2>/dev/null
}

# logs_grew: is there anything to read; if so, $logs_seen has it. Once a log was seen that was not open before, it counts
# as well: nginx closes it after the last line.
logs_grew() {
  [ -n "$logs_seen" ] || [ "$(log_lengths)" != "$logs_lengths" ] || return 1
  watch_logs
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
  # shellcheck disable=SC2012 # the only way to read many links with one process in every system
  ls -l "/proc/$master/fd" 2>/dev/null | sed -n 's|^.* -> \(/.*\)$|\1|p' | while read -r log_path; do
    [ ! -f "$log_path" ] || printf '%s\n' "$log_path"
  done
}

# new_log_lines: error log lines of weight since remember_logs. The pattern is anchored at nginx's own line head, since
# an access log in the same set holds what any visitor wrote.
new_log_lines() {
  printf '%s\n' "$logs_seen" | while read -r log_path; do
    log_size=$(printf '%s\n' "$logs_lengths" | sed -n "s/^$(stat -L -c %d:%i "$log_path" 2>/dev/null) //p" | head -n 1)
    tail -c "+$((${log_size:-0} + 1))" "$log_path" 2>/dev/null | tail -c 65536 |
      grep -aE '^[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:]{8} \[(emerg|alert|crit)\] [0-9]+#[0-9]+: ' |
      while IFS= read -r log_line; do
        [ -n "$log_size" ] || ! expr "$log_line" \< "$logs_since" >/dev/null || continue
        printf '%s\n' "$log_line"
      done
  done | sort -u
}

log_says_failed() {
  new_log_lines | {
    while IFS= read -r log_line; do
      case $log_line in
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
  watch_logs
  log_tail=$(new_log_lines | tail -n 8)
  if [ -n "$log_tail" ]; then
    printf '; its error log says:\n%s' "$log_tail"
  elif [ ! -f "/proc/$master/fd/2" ]; then
    # nginx writes the log of its main configuration to its standard error as well, or to nothing else.
    log_end=$(readlink "/proc/$master/fd/2" 2>/dev/null)
    printf '; its error log is no file on this node (%s) and cannot be read here: look there for the reason (journalctl, syslog, docker logs)' "${log_end:-unknown}"
  else
    printf '; its error log says nothing about it'
  fi
}

# pid_file_names_master: does the pid file of the tested configuration name it; else what reads that file would signal another
# process, or none. Fails with what to say of it in $words.
pid_file_names_master() {
  # Where the configuration names none, only nginx -V says which it is.
  [ -n "$test_pid_file" ] || test_pid_file=$("$nginx" -V 2>&1 | sed -n 's/.*--pid-path=\([^ ]*\).*/\1/p')
  case $test_pid_file in /*) ;; *) return 0 ;; esac
  if read_pid "$test_pid_file" && [ "$pid_found" = "$master" ]; then return 0; fi
  words="the pid file $test_pid_file does not name nginx's master (PID $master): nginx -s, and services that read it, do not \
reach this nginx"
  return 1
}

# reload_old: after an undo, the old configuration served again and seen to do so. A reload whose end was not seen may
# still bring the rejected configuration up; then only the second generation from now is certainly the old one.
reload_old() {
  if [ -n "$no_master" ]; then
    words=$no_master
    return 1
  fi
  if [ "$reload_ended" = no ]; then reload || [ "$reload_ended" = yes ] || return 1; fi
  reload
}
