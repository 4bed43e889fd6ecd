# Generations: what a confirmed push replaced stays on the peer, numbered, so that there is a way back to what was.
#
#   BACKUPDIR/generations/N/plan     the plan, as the journal had it
#                           changes  what the push changed, a line PATH BEFORE AFTER each; only the primary reads it
#                           info     lines: time SECONDS, primary WHO, digest HEX, transaction ID, perhaps rollback N, run RECORD
#                           old.K    what the K-th directory of the plan had before

# list_generations: the numbers of what is kept in $numbers, the highest of them in $generation_top.
list_generations() {
  local kept
  generations=$backup_directory/generations
  numbers=
  generation_top=0
  for kept in "$generations"/*; do
    # A user may keep other things there. A name that no generation has is not touched.
    case ${kept##*/} in 0* | *[!0-9]* | ??????????*) continue ;; esac
    [ -d "$kept" ] || continue
    numbers="$numbers ${kept##*/}"
    [ "${kept##*/}" -le "$generation_top" ] || generation_top=${kept##*/}
  done
}

# history_answer FROM LINES|all|readable: the generations from that number on, in no order: each with what is known of it, how
# many changes it made ("-": that was not recorded), and so many of them. With all of them come the plan's names,
# which say where the old files are kept. "readable": no changes, not counted either, and nothing where the generations cannot
# be read or trusted, because a push goes on without them. Only looks.
history_answer() {
  local numbers generations generation_top kept kept_count number key value
  { require number "$1" && { check 'all|readable' "$2" || require number "$2"; }; } || return
  list_generations
  if ! can_read_history; then
    [ "$2" != readable ] || { say ok history && return; }
    refuse history "$words"
    return 1
  fi
  for number in $numbers; do
    [ "$number" -ge "$1" ] || continue
    kept=$generations/$number
    kept_count=
    [ "$2" = readable ] || kept_count=$(sed -n '$=' "$kept/changes" 2>/dev/null)
    say generation "$number" "${kept_count:--}"
    {
      while read -r key value; do say info "$key" "$value"; done <"$kept/info"
      case $2 in
        0 | readable) ;;
        all)
          whole_lines "$kept/changes" | sed -n '/./s/^/change /p'
          whole_lines "$kept/plan" | sed -n -e '/^dir /s/^/plan /p' -e '/^[~!-] /s/^/plan /p'
          ;;
        *) whole_lines "$kept/changes" | sed -n -e '/./s/^/change /p' -e "$2q" ;;
      esac
    } 2>/dev/null
  done
  say ok history
}

# can_read_history: this login can read the generations, and no other user has written them, since what is in them may come
# to be served. Why not is in $words. What takes the lock has guarded them before the first request that asks for them (take_lock,
# begin_answer).
can_read_history() {
  for kept in "$backup_directory" "$generations"; do
    words="this login may not look into $kept"
    [ ! -d "$kept" ] || { [ -r "$kept" ] && [ -x "$kept" ]; } || return 1
  done
  case $mode in push | dry-run) ;; *) guard "$backup_directory" "$generations" ;; esac
}

# whole_lines FILE: and an empty one, since a line that was cut off must not swallow the answer after it.
whole_lines() {
  cat "$1"
  echo
}
