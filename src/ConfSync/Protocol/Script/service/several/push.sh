# A push that affects services other than nginx. What each of them came to is in $others_served, a word SERVICE:OUTCOME each.

others_served=

# affects SERVICE: its files change, or it is not known to serve what is there: the primary says so with the plan.
affects() {
  case $settings in
    *"${newline}reload-$1 yes$newline"*) ;;
    *"${newline}reloadable-"*) return 1 ;;
    *) [ "$1" = nginx ] ;;
  esac
}

# others VERB [SERVICE [WORD]]: what a push does with the services other than nginx.
others() {
  local state_seen
  # A push has looked at the directories of the record: otherwise it would not have begun.
  state_seen=yes
  case $1 in
    begin) say_others ;;
    test) test_others ;;
    note) note_others ;;
    reload) reload_others "$2" ;;
    undo) undo_others "$2" "$3" ;;
    look) others_still_serve ;;
    record) record_others ;;
    say) say_outcomes ;;
    blame) blame "$2" ;;
    fail) fail_view ;;
  esac
}

# test_others: adds what they said to $words. Which master was asked for its arguments is noted, since another one may run when the
# node has its turn.
test_others() {
  local service found found_start said others_listed
  said=$words
  list_others
  for service in $others_listed; do
    affects "$service" || continue
    if ! of "$service" find || ! of "$service" test; then
      blamed=$service
      return 1
    fi
    [ ! -d "$journal" ] || printf '%s\n' "$found $found_start" >"$journal/$service.tested"
    said="$said${said:+$newline}$service: $words"
  done
  words=$said
}

# note_others: what brings each of them back, should the push end it. Another master than the one that was tested has it tested
# anew.
note_others() {
  local service found found_start mark tested_master others_listed
  list_others
  for service in $others_listed; do
    affects "$service" || continue
    blamed=$service
    of "$service" find || return 1
    tested_master=
    { IFS= read -r tested_master <"$journal/$service.tested"; } 2>/dev/null
    [ "$tested_master" = "$found $found_start" ] || tested=no
    mark=
    if [ -n "$found" ] && ! of "$service" mark; then return 1; fi
    {
      printf '%s\n' "$mark"
      [ -z "$found" ] || of "$service" note
    } >"$journal/$service.noted" || return 1
  done
  blamed=
}

# reload_others first|last: keepalived is the last of all services, and the others come before nginx.
reload_others() {
  local service others_listed
  list_others
  for service in $others_listed; do
    case $1:$service in first:keepalived) continue ;; first:* | last:keepalived) ;; *) continue ;; esac
    reload_other "$service" || return 1
  done
}

# reload_other SERVICE: if the change affects it, it runs and is to be reloaded.
reload_other() {
  local found found_start mark outcome read_print
  affects "$1" || return 0
  blamed=$1 outcome=not-running
  of "$1" find || return 1
  if [ -n "$found" ]; then
    outcome=not-reloaded
    if [ "$reload_wanted" = yes ]; then
      if [ -d "$journal" ] && ! mark "signalled-$1"; then return 1; fi
      say step reload
      reload_found "$1" || return 1
      outcome=reloaded
    fi
  fi
  others_served="$others_served $1:$outcome"
  blamed=
}

# reload_found SERVICE: and what is to be recorded of it, should the push be confirmed.
reload_found() {
  arm_for_reload
  print_before_reload
  of "$1" reload && of "$1" mark || return 1
  printf '%s\n' "$mark" "${read_print:--}" >"$run_directory/$1.served"
}

# others_still_serve: none that was reloaded has ended since, and one that another process has reloaded since reads what is there
# once more.
others_still_serve() {
  local outcome service found found_start mark read_print then_mark
  for outcome in $others_served; do
    service=${outcome%:*}
    [ "${outcome#*:}" = reloaded ] || continue
    blamed=$service
    of "$service" find || return 1
    if [ -z "$found" ]; then
      words="$service was seen to serve the new configuration, and has ended since"
      return 1
    fi
    { IFS= read -r then_mark <"$run_directory/$service.served"; } 2>/dev/null
    if of "$service" mark && [ "$mark" = "$then_mark" ]; then continue; fi
    reload_found "$service" || return 1
    warnings="$warnings$service was started or reloaded by another process meanwhile (PID ${found%%:*}); it was reloaded once more, and \
serves the new configuration$newline"
  done
  blamed=
}

# record_others: what they serve from now on.
record_others() {
  local outcome service mark read_print
  for outcome in $others_served; do
    service=${outcome%:*}
    [ "${outcome#*:}" = reloaded ] || continue
    { IFS= read -r mark && IFS= read -r read_print; } <"$run_directory/$service.served" || continue
    recall "digest-$service" -
    write_record "$state_directory/served.$service" "$mark" "$recalled"
  done
}

# undo_others first|last AGAIN: in the reverse order of the reloads.
undo_others() {
  local service reverse others_listed
  list_others
  reverse=
  for service in $others_listed; do
    case $1:$service in first:keepalived) ;; first:* | last:keepalived) reverse="$service $reverse" ;; esac
  done
  for service in $reverse; do undo_other "$service" "$2"; done
}

# undo_other SERVICE AGAIN: it serves the old files again, if it may have read others: it was signalled, another process has had
# it read them, or AGAIN says that nobody knows. One that the push ended is started again. What goes wrong is added to $lost.
undo_other() {
  local found found_start mark noted read_print
  affects "$1" && marked activating && [ -f "$journal/$1.noted" ] || return 0
  arm $((step_timeout + 2 * reload_timeout)) STEP_TIMEOUT+2*RELOAD_TIMEOUT 'the undo'
  noted='' mark=''
  { IFS= read -r noted <"$journal/$1.noted"; } 2>/dev/null
  if ! of "$1" find; then
    lost="$lost$1 was not seen to serve the old files: $words$newline"
  elif [ -n "$found" ]; then
    if [ "$2" = no ] && ! marked "signalled-$1" && of "$1" mark && [ "$mark" = "$noted" ]; then return 0; fi
    [ "$reload_wanted" = yes ] || return 0
    if reload_found "$1"; then record_known "$1"; else lost="$lost$1 was not seen to serve the old files: $words$newline"; fi
  elif [ -n "$noted" ]; then
    # After another boot, the system starts it.
    case $noted in *":$boot "*) ;; *) return 0 ;; esac
    if of "$1" start "$journal/$1.noted"; then
      undo_ended="$undo_ended${undo_ended:+$newline}$1 had ended, and was started again as it was"
    else
      lost="$lost$1 has ended, and could not be started again: $words$newline"
    fi
  fi
  arm $((step_timeout + 2 * reload_timeout)) STEP_TIMEOUT+2*RELOAD_TIMEOUT 'the undo'
}

# record_known SERVICE: what it was known to serve it serves again.
record_known() {
  recall "known-$1"
  write_record "$state_directory/served.$1" "$mark" "$recalled"
}

# was_reloaded: some service was.
was_reloaded() {
  case "$served $others_served " in 'reloaded '* | *:reloaded' '*) ;; *) return 1 ;; esac
}

# say_outcomes: what became of each service other than nginx that the change affects.
say_outcomes() {
  local outcome
  for outcome in $others_served; do
    say service "${outcome%:*}" "${outcome#*:}"
  done
}

# blame STATUS: of which service the test in the view has failed: the last line of its words, see fail_view.
blame() {
  [ "$1" -eq 94 ] || return 0
  blamed=${words##*"$newline"}
  words=${words%"$newline"*}
}

# fail_view: in the view, after a test that failed: ends with a status that says that it was that of another service than nginx.
fail_view() {
  [ -n "$blamed" ] || return 0
  printf '%s\n' "$blamed"
  exit 94
}

# knows_services: of a push that an earlier run left: fails, with the reason in $words, if it affects a service of which this script
# has no parts.
knows_services() {
  local service begins others_listed
  list_others
  for service in nginx $others_listed; do
    affects "$service" || continue
    case $service in
      nginx) begins=find_master ;;
      haproxy | keepalived) begins=of_$service ;;
      *) begins=of_own ;;
    esac
    has "$begins" && continue
    words="that push reloads $service, which takes no part in this run: run nginx-sync with the configuration of that push"
    return 1
  done
}
