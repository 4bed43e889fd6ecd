# Generations: what a confirmed push replaced stays on the peer, numbered, so that there is a way back to what was.
#
#   BACKUPDIR/generations/N/plan     the plan, as the journal had it
#                           changes  what the push changed, a line PATH BEFORE AFTER each; only the primary reads it
#                           info     lines: time SECONDS, primary WHO, digest HEX, transaction ID, perhaps rollback N
#                           old.K    what the K-th directory of the plan had before

# list_generations: the numbers of what is kept in $numbers, the highest of them in $generation_top.
list_generations() {
  generations=$backup_directory/generations
  numbers=
  generation_top=0
  for kept in "$generations"/*; do
    # What else somebody keeps there is his; so is a number that is none of ours.
    case ${kept##*/} in 0* | *[!0-9]* | ??????????*) continue ;; esac
    [ -d "$kept" ] || continue
    numbers="$numbers ${kept##*/}"
    [ "${kept##*/}" -le "$generation_top" ] || generation_top=${kept##*/}
  done
}

# keep_generation: its number is in $generation. Only as many as are wanted stay. May be cut off anywhere and run again.
keep_generation() {
  generation='' generation_left=''
  list_generations
  generation_new=$generations/.new.$id
  attempt mkdir -p -m 0700 "$generations" "$generation_new" || return 1
  attempt cp "$journal/plan" "$journal/changes" "$generation_new/" || return 1
  # The last mark is that of the confirmation, whenever this is done.
  attempt stat -c %Y "$journal/marks" || return 1
  generation_time=$words
  {
    printf 'time %s\nprimary %s\ndigest %s\ntransaction %s\n' "$generation_time" "$who_encoded" "$desired_digest" "$id" &&
      printf '%s' "${rollback:+rollback $rollback
}"
  } 2>/dev/null >"$generation_new/info" || unwritable "$generation_new/info" || return 1
  generation_part=0
  while read -r operation name _; do
    [ "$operation" = dir ] || continue
    decode "$name"
    enter "$decoded"
    generation_part=$((generation_part + 1))
    keep_part "$generation_new/old.$generation_part" || return 1
  done <"$outline"
  # A loss of power must not leave one that looks whole and is not.
  attempt sync "$generation_new/plan" "$generation_new/changes" "$generation_new/info" "$generation_new" ||
    attempt sync
  generation=$((generation_top + 1))
  attempt mv -- "$generation_new" "$generations/$generation" || return 1
  for kept in $numbers; do
    [ "$kept" -gt $((generation - keep)) ] || remove "${generations:?}/$kept" || generation_left="$generation_left
the old generation $kept could not be removed: $words"
  done
}

# keep_part TO: $stage/old becomes TO.
keep_part() {
  [ -d "$stage/old" ] || return 0
  if [ ! -d "$1" ]; then
    attempt mv -f -- "$stage/old" "$1"
    return
  fi
  # On another file system mv copies, then removes: it was cut off in one of the two, and what is left here is whole.
  words=$({ { tar -cf - -C "$stage/old" . || : >"$generation_new/failed"; } | tar -xpf - -C "$1"; } 2>&1)
  name_reason $? tar || return 1
  [ ! -e "$generation_new/failed" ]
  name_reason $? tar
}

# keep_generation_again: in a recovery; it may have been kept before the end came. BACKUPDIR is the one of that push.
keep_generation_again() {
  if ! guard "$backup_directory" "$backup_directory/generations"; then
    not_kept="the replaced files could not be kept under $backup_directory/generations: $words"
    return 0
  fi
  list_generations
  ! grep -qx "transaction $id" "$generations/$generation_top/info" 2>/dev/null || return 0
  keep_generation || drop_generation
}

# drop_generation: it could not be kept; why is in $words, and in $not_kept for whoever tells.
drop_generation() {
  not_kept="the replaced files could not be kept under $backup_directory/generations: $words"
  rm -rf -- "$backup_directory/generations/.new.$id"
}

# history_answer FROM LINES|all: the generations from that number on, in no order: each with what is known of it, how
# many changes it made ("-": that was not recorded), and so many of them. With all of them come the plan's names,
# which say where the old files are kept. Only looks.
history_answer() {
  list_generations
  for kept in "$backup_directory" "$generations"; do
    if [ -d "$kept" ] && { [ ! -r "$kept" ] || [ ! -x "$kept" ]; }; then
      refuse history "this login may not look into $kept"
      return 1
    fi
  done
  # What is in it may come to be served.
  if ! guard "$backup_directory" "$generations"; then
    refuse history "$words"
    return 1
  fi
  for number in $numbers; do
    [ "$number" -ge "$1" ] || continue
    kept=$generations/$number
    kept_count=$(sed -n '$=' "$kept/changes" 2>/dev/null) || kept_count=-
    say generation "$number" "${kept_count:--}"
    {
      while read -r key value; do say info "$key" "$value"; done <"$kept/info"
      case $2 in
        0) ;;
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

# whole_lines FILE: and an empty one, since a line that was cut off must not swallow the answer after it.
whole_lines() {
  cat "$1"
  echo
}

# copy_kept GENERATION K FROM TO NAME...: the files of these names in the directory FROM of old.K become those in the
# directory TO of new/, with their attributes and times. FROM and TO are relative, "." is the top. The primary sees
# from a scan whether they are what it wants; here they have to be files of that generation and nothing else.
copy_kept() {
  words="not the place of a kept file: $1 $2 $3"
  case $1$2 in '' | *[!0-9]*) return 1 ;; esac
  copy_from=$backup_directory/generations/$1/old.$2
  decode "$4"
  copy_to=./$decoded
  decode "$3"
  # Directories are kept as they were, with any links in them: none is followed out.
  copy_rest=
  [ "$decoded" = . ] || copy_rest=$decoded/
  while [ -n "$copy_rest" ]; do
    case ${copy_rest%%/*} in '' | ..) return 1 ;; esac
    copy_from=$copy_from/${copy_rest%%/*}
    copy_rest=${copy_rest#*/}
    if [ -L "$copy_from" ] || [ ! -d "$copy_from" ]; then
      words="$copy_from is not there any more"
      return 1
    fi
  done
  shift 4
  for copy_name; do
    shift
    decode "$copy_name"
    case $decoded in '' | . | .. | */*) return 1 ;; esac
    if [ -L "$copy_from/$decoded" ] || [ ! -f "$copy_from/$decoded" ]; then
      words="$copy_from/$decoded is not there any more"
      return 1
    fi
    set -- "$@" "$copy_from/$decoded"
  done
  attempt inside new cp -Pp -- "$@" "$copy_to/"
}
