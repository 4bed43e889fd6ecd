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
  process_state "$master" && [ "$process_start" = "$master_start" ] && [ "$process_state" != Z ]
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

# record_served DIGEST: what serves from now on, seen to do so.
record_served() {
  name_master || return 1
  workers
  [ -d "$state_directory" ] || mkdir -p "$state_directory" || return 1
  # Torn by a loss of power it is no record, which costs a reload and no more.
  printf '%s %s %s\n' "$1" "$master_name" "$workers" >"$state_directory/served"
}
