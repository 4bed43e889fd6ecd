# For a status: what a node says of itself besides its files. Only looks.

# status_answer: status NOW STARTED MASTER BOOT: the time now in seconds since 1970, said first, since the primary compares it with
# its own; when a process was started that is started now, and the master ("-": none), in 1/100 s since boot; when the machine
# was booted, in seconds since 1970. Then what version of nginx runs, in its own words, and the generations.
status_answer() {
  local told since kept may_look
  told=$(date +%s.%N)
  since=-
  [ -z "$master" ] || since=$master_start
  say status "$told" "$(see_process self && echo "$process_start")" "$since" "$(sed -n 's/^btime //p' /proc/stat)"
  [ -z "$master" ] || text version "$(running_version 2>&1)"
  # A login that may not look into them is told nothing of them, and all else.
  may_look=yes
  for kept in "$backup_directory" "$backup_directory/generations"; do
    if [ -d "$kept" ] && { [ ! -r "$kept" ] || [ ! -x "$kept" ]; }; then may_look=no; fi
  done
  if [ "$may_look" = yes ] && guard "$backup_directory" "$backup_directory/generations"; then history_answer 0 0; fi
  say ok status
}

# running_version: of the process itself, since its program may have been replaced meanwhile.
running_version() {
  within "/proc/$master/exe" -v </dev/null || within "$nginx" -v </dev/null
}
