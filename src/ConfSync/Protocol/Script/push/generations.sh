# A confirmed push keeps what it replaced as a generation (look/history.sh has its files).

# keep_generation: its number is in $generation, and in $generation_left what of older ones could not be removed. Only as many as
# are wanted stay. May be cut off anywhere and run again.
keep_generation() {
  local numbers generations generation_top new part kept
  generation='' generation_left=''
  list_generations
  new=$generations/.new.$id
  attempt mkdir -p -m 0700 "$generations" "$new" || return 1
  attempt cp "$journal/plan" "$journal/changes" "$new/" || return 1
  write_info || return 1
  part=0
  for_each_operation dir keep_directory <"$outline" || return 1
  # A loss of power must not leave one that looks whole and is not.
  sync_files "$new/plan" "$new/changes" "$new/info" "$new"
  generation=$((generation_top + 1))
  attempt mv -- "$new" "$generations/$generation" || return 1
  recall keep 10
  for kept in $numbers; do
    [ "$kept" -gt $((generation - recalled)) ] || remove "${generations:?}/$kept" || generation_left="$generation_left
the old generation $kept could not be removed: $words"
  done
}

# write_info: what is known of the push. The last mark is that of the confirmation, whenever this is done.
write_info() {
  local info setting
  words=$(stat -c %Y "$journal/marks" 2>&1)
  name_reason $? stat || return 1
  recall who
  info="time $words${newline}primary $recalled"
  recall digest -
  info="$info${newline}digest $recalled${newline}transaction $id"
  for setting in rollback run; do
    recall "$setting"
    [ -z "$recalled" ] || info="$info$newline$setting $recalled"
  done
  { printf '%s\n' "$info" >"$new/info"; } 2>/dev/null || unwritable "$new/info"
}

# keep_directory: $stage/old becomes the next part of the generation.
keep_directory() {
  local to
  part=$((part + 1)) to=$new/old.$part
  [ -d "$stage/old" ] || return 0
  if [ ! -d "$to" ]; then
    attempt mv -f -- "$stage/old" "$to"
    return
  fi
  # On another file system mv copies, then removes: it was cut off in one of the two, and what is left here is whole.
  words=$({ { tar -cf - -C "$stage/old" . || : >"$new/failed"; } | tar -xpf - -C "$to"; } 2>&1)
  name_reason $? tar || return 1
  [ ! -e "$new/failed" ]
  name_reason $? tar
}

# keep_generation_again: in a recovery; it may have been kept before the end came. BACKUPDIR is the one of that push.
keep_generation_again() {
  local numbers generations generation_top generation generation_left
  if ! guard "$backup_directory" "$backup_directory/generations"; then
    name_not_kept
    return 0
  fi
  list_generations
  ! grep -qx "transaction $id" "$generations/$generation_top/info" 2>/dev/null || return 0
  keep_generation || drop_generation
}

# name_not_kept: why is in $words, and in $not_kept for the answer.
name_not_kept() {
  not_kept="the replaced files could not be kept under $backup_directory/generations: $words"
}

# drop_generation: it could not be kept, for the reason in $words.
drop_generation() {
  name_not_kept
  rm -rf -- "$backup_directory/generations/.new.$id"
}
