# The primary's own: its decision of a push to all nodes or none. Written before the first node is told to keep the change
# and removed when all have kept it; who finds it finishes that push.

decision_file=$state_directory/decision

# primary_decide LENGTH new|again: so many bytes of standard input, on the disk under a name that does not count yet: a
# primary that dies before it asks for "decided" has decided nothing. Only "again" replaces an earlier decision.
primary_decide() {
  { require number "$1" && require 'new|again' "$2"; } || return
  if ! guard "$state_directory" "$decision_file" || ! attempt mkdir -p -m 0700 "$state_directory"; then
    refuse decide "$words"
    return 1
  elif [ "$2" = new ] && is_there "$decision_file"; then
    refuse decide "$decision_file is there already: another push is not finished"
    return 1
  fi
  rm -f -- "$state_directory"/.decision.*
  phase=deciding
  if ! attempt dd of="$state_directory/.decision.$id" bs=65536 count="$1" iflag=fullblock,count_bytes conv=fsync ||
    [ "$(stat -c %s "$state_directory/.decision.$id")" != "$1" ]; then
    abandon
    refuse decide "$words"
    return 1
  fi
  hold deciding
  say ok decide
}

# primary_decided: from here on it is decided, whatever happens.
primary_decided() {
  if ! attempt mv -f -- "$state_directory/.decision.$id" "$decision_file" || ! sync_decision; then
    abandon
    refuse decide "$words"
    return 1
  fi
  phase=idle
  hold decided
  say ok decided
}

sync_decision() {
  attempt sync "$state_directory" || attempt sync
}

# primary_decision MARK: the decision that is not finished, if there is one, and MARK on a line of its own. It decides
# what root writes on the nodes.
primary_decision() {
  require hex "$1" || return
  send_own decision "$decision_file" "$1" || {
    refuse decision "$words"
    return 1
  }
}

# send_own WORD FILE MARK: a file of root's that no other user may have written, if it is there, and MARK on a line of its
# own. Fails, with the reason in $words, before it has said anything.
send_own() {
  if is_there "$2"; then
    words="$2 is no regular file"
    if [ -L "$2" ] || [ ! -f "$2" ] || ! guard "$state_directory" "$2"; then return 1; fi
    say "$1" "$(stat -c %s "$2")"
    cat "$2"
    printf '\n%s\n' "$3" 2>/dev/null || :
  fi
  say ok "$1"
}

# primary_settled ID: the decision is carried out. Another one in its place is none of our business.
primary_settled() {
  require hex "$1" || return
  hold settling
  if ! guard "$state_directory"; then
    refuse settled "$words"
    return 1
  fi
  if [ "$(sed -n '2{s/^id //p;q;}' "$decision_file" 2>/dev/null)" = "$1" ] &&
    { ! attempt rm -f -- "$decision_file" || ! sync_decision; }; then
    refuse settled "$words"
    return 1
  fi
  say ok settled
}
