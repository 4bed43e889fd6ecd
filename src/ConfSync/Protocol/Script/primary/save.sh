# The primary's own save of its configuration.

# primary_save: the configured paths under BACKUPDIR/0, what was there before under 1, and so on to 9. Saves that equal
# the last one would only push older states out.
primary_save() {
  local digest saved new
  if ! guard "$backup_directory" || ! attempt mkdir -p -m 0700 "$backup_directory"; then
    refuse save "$words"
    return 1
  fi
  { read -r saved <"$backup_directory/0/.nginx-sync.digest"; } 2>/dev/null || saved=
  recall digest -
  digest=$recalled
  if [ "$saved" = "$digest" ]; then
    say ok save unchanged
    return 0
  fi
  new=$backup_directory/.new.$id
  if primary_copy && primary_rotate; then
    say ok save
  else
    refuse save "$words"
    rm -rf -- "$new"
    return 1
  fi
}

primary_copy() {
  local path mounts moved
  # How tar complains of files that are changed or removed before it has read them.
  moved='file changed as we read it|File removed before we read it|padding with zeros|No such file or directory'
  moved="($moved|Exiting with failure status due to previous errors)\$"
  attempt mkdir -m 0700 "$new" || return 1
  eval "set -- $paths"
  refuse_unsafe_paths "$@" || return 1
  for path; do
    shift
    set -- "$@" ".$path"
  done
  # What is mounted beneath a path is excluded, or nothing would be pushed; it may be of any size.
  if [ -n "$mounts" ]; then
    eval "printf '.%s\n' $mounts" | sed 's/[][*?\\]/\\&/g; s|/$||' >"$new/.mounts" || return 1
    set -- -X "$new/.mounts" -- "$@"
  else
    set -- -- "$@"
  fi
  words=$({ { tar -cf - -C / "$@" || echo failed >"$new/.failed"; } | tar -xpf - -C "$new"; } 2>&1) ||
    return 1
  rm -f -- "$new/.mounts"
  if [ -e "$new/.failed" ]; then
    # What an editor saves meanwhile is in it as it was or is. It is not the state that was seen, so the next save is made.
    [ -n "$words" ] && ! printf '%s\n' "$words" | grep -qvE "$moved" || return 1
    rm -f -- "$new/.failed"
    return 0
  fi
  printf '%s\n' "$digest" >"$new/.nginx-sync.digest"
}

primary_rotate() {
  local number
  attempt rm -rf -- "$backup_directory/9" || return 1
  for number in 8 7 6 5 4 3 2 1 0; do
    [ ! -e "$backup_directory/$number" ] ||
      attempt mv -- "$backup_directory/$number" "$backup_directory/$((number + 1))" || return 1
  done
  attempt mv -- "$new" "$backup_directory/0"
}
