# What a service was seen to serve, kept for the next push and for comparisons (docs/design.md, "What is known to be served").
#
#   /var/lib/nginx-sync/served           nginx's: MASTER WORKER…, which processes have read the states below
#   /var/lib/nginx-sync/served.SERVICE   of another service: what tells that it still serves what it has read
#                                        DIGEST PRINT PATH…: a state, what print_of said of its files then, and where they are: one
#                                        for each set of paths that is pushed, the last one first

# print_before_reload: the print of these paths as nginx is about to read them, in $read_print. Taken before the signal: what is
# written to a file afterwards has another print, so that the next reload by another push drops this line.
print_before_reload() {
  local print
  recall_all path
  # shellcheck disable=SC2086 # encoded words
  print_of $recalled
  read_print=$print
}

# recall_all NAME: the setting each time that it was sent, still encoded, with a blank between them, in $recalled.
recall_all() {
  local left
  recalled='' left=$settings
  while :; do
    case $left in *"$newline$1 "*) ;; *) return 0 ;; esac
    left=${left#*"$newline$1 "}
    recalled="$recalled${recalled:+ }${left%%"$newline"*}"
  done
}

# write_record FILE MARK DIGEST: nothing is recorded of this scope where DIGEST is empty. A line of another scope stays if none of
# its files was touched since it was recorded: then the service has read them as well.
write_record() {
  local others
  [ -d "$state_directory" ] || mkdir -p "$state_directory" || return 1
  others=
  { untouched_records "${3##*:}" <"$1"; } 2>/dev/null
  recall_all path
  # Torn by a loss of power it is no record, which costs a reload and no more.
  {
    printf '%s\n' "$2"
    [ -z "$3" ] || printf '%s %s %s\n' "$3" "${read_print:--}" "$recalled"
    printf '%s' "$others"
  } >"$1"
}

# untouched_records SCOPE: of a record on standard input, the lines of other scopes whose files are as they were, in $others: the
# first seven.
untouched_records() {
  local digest recorded places left print words
  read -r _
  left=7
  while [ "$left" -gt 0 ] && read -r digest recorded places; do
    # shellcheck disable=SC2086 # encoded words
    { check digest "$digest" && check hex "$recorded" && [ "${digest##*:}" != "$1" ] && print_of $places && [ "$print" = "$recorded" ]; } ||
      continue
    others="$others$digest $recorded $places$newline" left=$((left - 1))
  done
}

# print_of PATH...: in $print a digest of what is under these paths; they are encoded. As long as it is the same, no file was
# written, replaced, moved or removed there: a change time cannot be set back. Empty if nothing is there.
print_of() {
  local path
  print=
  for path; do
    shift
    check path "$path" && decode "$path" || return 1
    ! is_there "$decoded" || set -- "$@" "$decoded"
  done
  [ $# -gt 0 ] || return 1
  # What could not all be looked at is like nothing else.
  print=$({ list_states "$@" || cat /proc/sys/kernel/random/uuid; } 2>/dev/null | sort | sha256sum)
  print=${print%% *}
}

# list_states PATH...: of directories no times, since each push and editor makes files there. busybox tells whole seconds:
# there, contents count as well.
list_states() {
  if [ "$find_style" = plain ]; then
    find "$@" -xdev -name '.nginx-sync.*' -prune -o -type d -exec stat -c '%f %u %g %n' {} + -o -exec stat -c '%f %u %g %i %s %Z %n' {} + &&
      find "$@" -xdev -name '.nginx-sync.*' -prune -o -type f -exec sha256sum {} +
  else
    find "$@" -xdev -name '.nginx-sync.*' -prune -o -type d -printf 'd %m %U %G %p\n' -o -printf '%y %m %U %G %i %s %C@ %p %l\n'
  fi
}
