# What runs did to nodes, for the history: a line for each run, the last one at the end. The nodes keep generations, which
# do not say where a run failed or found nothing to do.

runs_file=$state_directory/runs

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
