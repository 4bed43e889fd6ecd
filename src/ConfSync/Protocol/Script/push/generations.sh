# A confirmed push keeps what it replaced as a generation (look/history.sh has its files).

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
}${run_encoded:+run $run_encoded
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
