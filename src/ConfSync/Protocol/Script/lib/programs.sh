# Runs other programs: what they print is kept for people, and none runs or prints without limit.

# Only some callers set them, and the login must not.
unset limited_mark most_held

# bounded COMMAND...: runs it without input; the end of what it printed is in $words, with how much was left out. For programs
# that may print without limit: neither this shell nor the primary holds more of it than $most_held bytes, where that is set, or $most_words.
bounded() {
  local status most
  most=${most_held:-$most_words}
  words=$(
    {
      {
        "$@" </dev/null 2>&1 5>&-
        printf '\n%s' "$?"
      } | {
        # dd closes the pipe before it tells what it counted; tail is to print after that.
        dd bs=65536 2>&5
        :
      } | tail -c "$most"
    } 5>&1 9>&-
  )
  status=${words##*"$newline"}
  words=${words%"$newline"*}
  count_words "$most"
  case $status in '' | *[!0-9]*) return 1 ;; esac
  return "$status"
}

# count_words MOST: takes what dd counted from the beginning of $words (records in, records out, and, not from each dd, "N
# bytes … copied …"), and says there what tail left out, since there were more than MOST bytes.
count_words() {
  local count
  words=${words#*out"$newline"}
  count=
  case ${words%%"$newline"*} in [0-9]*' bytes '*copied*)
    count=${words%% *}
    words=${words#*"$newline"}
    ;;
  esac
  case $count in
    '' | *[!0-9]*) [ "${#words}" -lt "$1" ] || words="[the first bytes are left out] …$words" ;;
    *)
      count=$((count - $1))
      [ "$count" -le 0 ] || words="[the first $count bytes are left out] …$words"
      ;;
  esac
  while [ "$words" != "${words%"$newline"}" ]; do words=${words%?}; done
}

# limited SECONDS COMMAND...: runs it for so long and no longer; what it printed is in $words. The status is 124, as that of
# timeout(1), if its time was over. Nothing that it started lives on, whether it ignores SIGTERM or was left behind in the background:
# it is a process group of its own. What leaves the group is found by $limited_mark in its environment, where that is
# set; otherwise, should it hold the output open, it is for the watch.
limited() {
  local seconds status until
  seconds=$1
  shift
  ! has timeout || set -- timeout -s KILL "$seconds" "$@"
  ! has setsid || set -- setsid "$@"
  now
  until=$((now + seconds * 100))
  bounded in_group "$@"
  status=$?
  now
  [ "$status" -ne 137 ] || [ "$now" -lt "$until" ] || status=124
  return "$status"
}

# in_group COMMAND...: runs it, and ends its process group after it.
# shellcheck disable=SC2317 # it is run by bounded
in_group() {
  local status
  "$@" &
  wait "$!" 2>/dev/null
  status=$?
  kill -KILL "-$!" 2>/dev/null
  [ -z "${limited_mark:-}" ] || end_marked "$limited_mark"
  return "$status"
}

# end_marked NAME=VALUE: ends all processes that have this in their environment.
end_marked() {
  local pid
  # shellcheck disable=SC2013 # numbers
  for pid in $(grep -lzsxF -- "$1" /proc/[0-9]*/environ); do
    pid=${pid%/environ}
    pid=${pid#/proc/}
    [ "$pid" = "$$" ] || kill -KILL "$pid" 2>/dev/null
  done
  return 0
}
