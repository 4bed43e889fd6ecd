# What runs did to nodes, for the history: a line for each run, the last one at the end. The nodes keep generations, which
# do not say where a run failed or found nothing to do. The line of a run that is at work is in a file of its own. If it is still
# there when the next run begins, that run was cut off.

runs_file=$state_directory/runs

# primary_begun LINE: a run begins. Its line is percent-encoded once more. What cannot be noted hinders nothing here: the end of the
# run says what cannot be recorded.
primary_begun() {
  { require text "$1" && decode "$1"; } || return
  if guard "$state_directory" "$runs_file" "$state_directory/begun" && { [ -d "$state_directory" ] || attempt mkdir -p -m 0700 "$state_directory"; } &&
    keep_cut_off "${decoded%% *}"; then
    note_run "$decoded"
  fi
  say ok begun
}

# keep_cut_off ID: adds the line of a run that began and did not end, unless this is that one.
keep_cut_off() {
  local first new
  [ -s "$state_directory/begun" ] || return 0
  read -r first _ <"$state_directory/begun" || return 0
  [ "$first" != "$1" ] || return 0
  new=$state_directory/.runs.$id
  attempt cp -- "$state_directory/begun" "$new" && lock_runs && add_run "$new" && attempt mv -f -- "$new" "$runs_file"
}

# note_run TEXT: what the file of the run at work has from now on.
note_run() {
  if [ -L "$state_directory/begun" ] || { [ -e "$state_directory/begun" ] && [ ! -f "$state_directory/begun" ]; }; then return 1; fi
  { { [ -z "$1" ] || printf '%s\n' "$1"; } >"$state_directory/begun"; } 2>/dev/null
}

# primary_ended ID: the run is over, and what it did is recorded, if it did anything.
primary_ended() {
  local first
  require hex "$1" || return
  if [ -s "$state_directory/begun" ] && guard "$state_directory" "$state_directory/begun"; then
    if read -r first _ <"$state_directory/begun" && [ "$first" = "$1" ]; then note_run ''; fi
  fi
  say ok ended
}

# primary_record LENGTH: adds a line of so many bytes of standard input. The last two hundred lines stay. Runs with a LOCKFILE each
# may end at once: the second one waits.
primary_record() {
  local new
  require number "$1" || return
  new=$state_directory/.runs.$id
  if ! guard "$state_directory" "$runs_file" || ! attempt mkdir -p -m 0700 "$state_directory"; then
    refuse record "$words"
  elif ! attempt dd of="$new" bs=65536 count="$1" iflag=fullblock,count_bytes ||
    [ "$(stat -c %s "$new")" != "$1" ] || ! lock_runs || ! add_run "$new" || ! attempt mv -f -- "$new" "$runs_file"; then
    rm -f -- "$new"
    refuse record "$words"
  else
    say ok record
    return 0
  fi
  return 1
}

# lock_runs: until this shell ends, or for ten seconds at most, no other run adds its line. Without flock, two lines that are
# added within a moment may become one.
lock_runs() {
  has flock || return 0
  # The directory itself, so that no file is left. In a subshell first: a shell whose own exec fails ends.
  words=$( (exec 8<"$state_directory") 2>&1) || return 1
  exec 8<"$state_directory"
  flock -w 10 8 || {
    words="another run has held the lock of $state_directory for ten seconds"
    return 1
  }
}

# add_run FILE: the lines that stay, before the line that FILE has.
add_run() {
  local line
  line=$(cat "$1") || return 1
  words=$({
    if is_there "$runs_file"; then tail -n 199 -- "$runs_file"; fi && printf '%s\n' "$line"
  } 2>&1 >"$1") && attempt sync "$1"
}

# primary_recorded MARK: the lines, and MARK on a line of its own.
primary_recorded() {
  require hex "$1" || return
  send_own recorded "$runs_file" "$1" || {
    refuse record "$words"
    return 1
  }
}

# primary_unended MARK: the same of the run that is at work, or was cut off.
primary_unended() {
  require hex "$1" || return
  send_own unended "$state_directory/begun" "$1" || {
    refuse record "$words"
    return 1
  }
}
