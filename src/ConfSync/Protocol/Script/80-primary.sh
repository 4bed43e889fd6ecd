# What the primary asks of its own shell: the same test and scan as on a peer, its save, and the contents to push. Run
# there under sudo like everything else when the user is not root.

# primary_test: nginx -t on the live files, and which nginx it was.
primary_test() {
  if [ ! -x "$nginx" ]; then
    refuse prerequisite "there is no nginx at $nginx; set NGINX if it is elsewhere"
    return 1
  elif ! find_master && [ -z "$upgraded" ]; then
    refuse prerequisite "$words"
    return 1
  elif run_test && default_test; then
    primary_words=$words
    # The nodes' tests have to prove something; here the files may only be kept.
    concerns_paths || primary_words="$primary_words
On this machine $words"
    attempt "$nginx" -v
    text test "$primary_words
$words"
    say_master
    outside_paths
    [ -z "$outside" ] || text outside "$outside"
    say ok test-here
  else
    refuse test "$words"
    return 1
  fi
}

# outside_paths: in $outside how many files nginx read that are not under CONFPATHS, and the first hundred of them, a line
# each. What nginx's packages bring along, alike everywhere, does not count.
outside_paths() {
  eval "set -- $paths"
  outside='' outside_count=0
  while read -r fact outside_file; do
    [ "$fact" = file ] || continue
    case ${outside_file##*/} in mime.types | *_params | fastcgi.conf | koi-utf | koi-win | win-utf) continue ;; esac
    for path; do
      case $outside_file in "$path" | "$path"/*) continue 2 ;; esac
    done
    outside_count=$((outside_count + 1))
    [ "$outside_count" -gt 100 ] || outside="$outside$newline$outside_file"
  done <<FACTS
$test_facts
FACTS
  [ -z "$outside" ] || outside=$outside_count$outside
}

# outside_answer: for a comparison, which writes nothing. A test makes what is missing, such as a pid file; where nginx runs,
# nothing is.
outside_answer() {
  outside=
  if find_master && [ -n "$master" ] && run_test; then outside_paths; fi
  [ -z "$outside" ] || text outside "$outside"
  say ok outside
}

# primary_save: the configured paths under BACKUPDIR/0, what was there before under 1, and so on to 9. Saves that equal
# the last one would only push older states out.
primary_save() {
  if ! guard "$backup_directory" || ! attempt mkdir -p -m 0700 "$backup_directory"; then
    refuse save "$words"
    return 1
  fi
  { read -r saved_digest <"$backup_directory/0/.nginx-sync.digest"; } 2>/dev/null || saved_digest=
  if [ "$saved_digest" = "$desired_digest" ]; then
    say ok save unchanged
    return 0
  fi
  save_new=$backup_directory/.new.$id
  if primary_copy && primary_rotate; then
    say ok save
  else
    refuse save "$words"
    rm -rf -- "$save_new"
    return 1
  fi
}

primary_copy() {
  attempt mkdir -m 0700 "$save_new" || return 1
  eval "set -- $paths"
  refuse_unsafe_paths "$@" || return 1
  for path; do
    shift
    set -- "$@" ".$path"
  done
  # What is mounted beneath a path is excluded, or nothing would be pushed; it may be of any size.
  if [ -n "$mounts" ]; then
    eval "printf '.%s\n' $mounts" | sed 's/[][*?\\]/\\&/g; s|/$||' >"$save_new/.mounts" || return 1
    set -- -X "$save_new/.mounts" -- "$@"
  else
    set -- -- "$@"
  fi
  words=$({ { tar -cf - -C / "$@" || echo failed >"$save_new/.failed"; } | tar -xpf - -C "$save_new"; } 2>&1) ||
    return 1
  rm -f -- "$save_new/.mounts"
  if [ -e "$save_new/.failed" ]; then
    # What somebody saves meanwhile is in it as it was or is. It is not the state that was seen, so the next save is made.
    [ -n "$words" ] && ! printf '%s\n' "$words" | grep -qvE "$save_moved" || return 1
    rm -f -- "$save_new/.failed"
    return 0
  fi
  printf '%s\n' "$desired_digest" >"$save_new/.nginx-sync.digest"
}

# How tar complains of files that are changed or removed before it has read them.
save_moved='(file changed as we read it|File removed before we read it|padding with zeros|No such file or directory|Exiting with failure status due to previous errors)$'


primary_rotate() {
  attempt rm -rf -- "$backup_directory/9" || return 1
  for number in 8 7 6 5 4 3 2 1 0; do
    [ ! -e "$backup_directory/$number" ] ||
      attempt mv -- "$backup_directory/$number" "$backup_directory/$((number + 1))" || return 1
  done
  attempt mv -- "$save_new" "$backup_directory/0"
}

# primary_read MARK: the contents of the files named in the lines "file PATH" up to "end", one after the other, and the
# line MARK. The scan's sizes and digests tell them apart, and where one is no longer what it was: no process per file.
# Then, and MARK again, the identities of the files and of what the lines "beside PATH" name: a file whose place was taken
# by a link while it was read is not sent on.
primary_read() {
  read_mark=$1
  read_beside=
  set --
  while read -r argument value; do
    case $argument in
      file)
        decode "$value"
        set -- "$@" "$decoded"
        ;;
      beside)
        quote "$value"
        read_beside="$read_beside $quoted"
        ;;
      *) break ;;
    esac
  done
  # shellcheck disable=SC2086 # words of our own, or none
  [ $# -eq 0 ] || $within cat -- "$@"
  printf '\n%s\n' "$read_mark" 2>/dev/null || :
  eval "set -- \"\$@\" $read_beside"
  [ $# -eq 0 ] || identities "$@"
  printf '\n%s\n' "$read_mark" 2>/dev/null || :
}
