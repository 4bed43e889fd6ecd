# A reload, watched to its end.

# look_again: find_master where one may be known already: it is kept as long as it lives, which costs next to nothing.
look_again() {
  if [ -n "$master" ] && master_lives && is_nginx "$master"; then
    successor=
    workers
    if [ -z "$successor" ]; then
      is_upgraded
      return
    fi
  fi
  find_master
}

# master_lives: it has not ended, and its number was not given to another process.
master_lives() {
  see_process "$master" && [ "$process_start" = "$master_start" ]
}

# signal_master SIGNAL: never another process that has its number by now. A success costs no subshell; only for what it says
# of a failure it is tried again.
signal_master() {
  if ! master_lives || ! is_nginx "$master"; then
    words='it is not there any more'
    return 1
  fi
  kill "$1" "$master" 2>/dev/null || attempt kill "$1" "$master"
}

# reload: signals the master and waits until the outcome is certain. Fails with nginx's own words in $words; $reload_ended
# says whether the end of this reload was seen, which an undo must know. Where nginx ends meanwhile, its administrator may
# be starting it anew: then that one is reloaded, since it may have read files of either configuration.
reload() {
  local try until why reloaded
  for try in 1 2 3; do
    if reload_once; then
      [ -n "$successor" ] || return 0
      # An upgrade was begun meanwhile: nobody knows what the new master has read.
      reloaded=$master
      find_master || [ "$upgraded" = "$reloaded" ] || return 1
      if [ -z "$master" ]; then
        words='nginx has ended since it was reloaded'
        return 1
      fi
      continue
    fi
    if [ "$try" = 3 ] || master_lives; then return 1; fi
    why=$words
    now
    until=$((now + 300))
    until find_master && [ -n "$master" ]; do
      now
      if [ "$now" -gt "$until" ]; then
        words=$why
        return 1
      fi
      pause 0.1
    done
  done
}

# reload_once: one signal, and what becomes of it.
reload_once() {
  local old_workers old_left new_workers steady_workers steady_since reload_began next_look waits_since idle_since
  local logs_seen logs_since logs_lengths
  begin_reload || return 1
  # Time for the new workers to begin; nginx tells the old ones 0.1 s after the signal at the earliest.
  pause 0.05
  while :; do
    if ! master_lives; then
      reload_has_ended 'nginx ended during the reload'
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
    if [ $((now - reload_began)) -gt 20 ] && [ "$now" -ge "$next_look" ]; then see_no_refusal || return 1; fi
    # An old master reads nothing as long as there is a new one.
    if [ "$old_left" = yes ] && [ -n "$successor" ]; then
      words="an upgrade of nginx was begun meanwhile (PID $master, now $successor): finish it, then run again"
      return 1
    fi
    see_no_idling || return 1
    if [ $((now - reload_began)) -gt $((reload_timeout * 100)) ]; then
      words="nginx did not replace its workers within $reload_timeout s (RELOAD_TIMEOUT)$(log_words)"
      return 1
    fi
  done
  reload_ended=yes
}

# begin_reload: what is known before the signal, and the signal.
begin_reload() {
  reload_ended=no successor='' workers=''
  workers
  old_workers="$workers "
  remember_logs
  print_before_reload
  now
  reload_began=$now
  if ! signal_master -HUP; then
    reload_ended=yes
    words="the signal to reload could not be sent to nginx (PID $master): $words"
    return 1
  fi
  signalled_master=$master
  next_look=$now
  idle_since='' waits_since='' steady_workers=''
}

# reload_has_ended WHY: and the new configuration is not served.
reload_has_ended() {
  reload_ended=yes
  words="$1$(log_words)"
}

# see_no_refusal: fails if nginx has given the new configuration up, by its log or by what it does. Takes a tenth of the time:
# where processors are short, looking would hold up what it looks for.
see_no_refusal() {
  local began
  began=$now
  if logs_grew && log_says_failed; then
    reload_has_ended 'nginx did not take the new configuration up'
    return 1
  fi
  if ! master_waits || [ "$old_left" = no ] || [ -n "$new_workers" ]; then
    waits_since=
  elif [ $((now - ${waits_since:=$now})) -ge 100 ]; then
    reload_has_ended 'nginx did not take the new configuration up: it has gone back to waiting, with the old workers'
    return 1
  fi
  now
  next_look=$((now + 10 * (now - began)))
}

# see_no_idling: fails if no worker has lived for 3 s. nginx would have started a worker again by now if it could.
see_no_idling() {
  if [ "$old_left" = yes ]; then
    idle_since=
  elif [ $((now - ${idle_since:=$now})) -gt 300 ]; then
    reload_has_ended 'nginx has no living worker any more'
    return 1
  fi
}

# master_waits: the master has nothing to do. It blocks its signals while it works, through all its attempts to bind a port,
# and only lets them in where it waits for the next one: then it blocks none, and none is due. See proc(5),
# /proc/PID/status, and sigsuspend(2). No log is needed to see this.
master_waits() {
  local seen key value
  seen=
  {
    while read -r key value; do
      case $key in
        SigPnd: | ShdPnd: | SigBlk:)
          case $value in *[!0]*) return 1 ;; esac
          seen=$key
          ;;
      esac
      [ "$key" != SigBlk: ] || break
    done <"/proc/$master/status"
  } 2>/dev/null
  [ "$seen" = SigBlk: ]
}

# current_generation: is a worker from before the signal left under its title ($old_left), and which are new.
current_generation() {
  local worker
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
