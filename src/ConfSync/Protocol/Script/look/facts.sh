# What is known of a node before its files are looked at.

# say_facts: whom the work is done as, and what is known of the nginx there; the end of the answer to begin. A record that
# others may have written counts for nothing: then $state_seen is no.
say_facts() {
  served_digest=
  case ${SUDO_UID:-} in *[!0-9]*) SUDO_UID= ;; esac
  say login "$own_user" ${SUDO_UID:+"$SUDO_UID"}
  if [ -z "$master" ]; then
    # What find_master has said of others.
    [ -z "$words" ] || text not-ours "$words"
    say nginx not-running
  elif [ "$state_seen" = yes ] && serving_since_record; then
    say "nginx${served_digest:- unknown}"
  else
    served_digest=
    say nginx unknown
  fi
  others begin || return 1
  say ok begin
}

# unfinished: there is a transaction that nobody finished; what is known of it is in $words. Who holds the lock itself
# knows that nobody is at work on it any more.
unfinished() {
  local left at
  [ -d "$journal" ] || return 1
  left=$(cat "$journal/id" 2>/dev/null)
  at=$(tail -n 1 "$journal/marks" 2>/dev/null)
  words="transaction ${left:-without an ID} was left at: ${at:-its beginning}"
}

# prerequisites PROGRAM...: this node has those that every mode needs, these, and nginx.
prerequisites() {
  local tool missing=''
  for tool in find stat sha256sum readlink dd sed sort tail date "$@"; do
    has "$tool" || missing="$missing $tool"
  done
  if [ -n "$missing" ]; then
    refuse prerequisite "programs are missing on this node:$missing"
    return 1
  fi
  if [ ! -x "$nginx" ]; then
    refuse prerequisite "there is no nginx at $nginx on this node; set NGINX if it is elsewhere"
    return 1
  fi
}
