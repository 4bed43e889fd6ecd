# The conversation with the primary: requests are lines on standard input, answers are lines on standard output, texts
# and contents are framed by their length in bytes. Names travel percent-encoded, since sh can read neither NUL nor
# what it would split. docs/protocol.md has the grammar.

# A login may export functions of bash, and one named as a program would run in its place. They go before the first
# function of this script is defined.
# shellcheck disable=SC2016 # bash expands it
[ -z "${BASH_VERSION-}" ] || eval 'unset -f $(compgen -A function)'

# say WORD...: one answer line. Like all answers it never fails: that nobody is there to hear it changes nothing of what
# was done, and the end of the input will tell.
say() {
  printf '%s\n' "$*" 2>/dev/null || :
}

# text KIND TEXT: somebody's own words, any bytes but NUL.
text() {
  shorten "$2"
  printf 'text %s %s\n%s\n' "$1" "${#shortened}" "$shortened" 2>/dev/null || :
}

# refuse CODE TEXT: the request failed. CODE is for the program, TEXT for people.
refuse() {
  shorten "${2:-no program on this node gave a reason; one may have been killed: see its system log}"
  printf 'fail %s %s\n%s\n' "$1" "${#shortened}" "$shortened" 2>/dev/null || :
}

# The most that is sent of what programs say, in bytes.
most_words=16384

# shorten TEXT: TEXT in $shortened, or the end of it, and how much was left out. Only then it costs processes.
shorten() {
  shortened=$1
  [ "${#1}" -gt $((most_words + 1024)) ] || return 0
  shortened="[the first $((${#1} - most_words)) bytes are left out] …$(printf '%s' "$1" | tail -c "$most_words")"
}

# bounded COMMAND...: runs it without input; the end of what it printed is in $words, with how much was left out. For programs
# that may print without limit: neither this shell nor the primary holds more of it than $most_held.
most_held=$most_words
bounded() {
  words=$(
    {
      {
        "$@" </dev/null 2>&1 5>&-
        printf '\n%s' "$?"
      } | {
        # dd closes the pipe before it tells what it counted; tail is to print after that.
        dd bs=65536 2>&5
        :
      } | tail -c "$most_held"
    } 5>&1 9>&-
  )
  bounded_status=${words##*
}
  words=${words%
*}
  count_words "$most_held"
  case $bounded_status in '' | *[!0-9]*) return 1 ;; esac
  return "$bounded_status"
}

# count_words MOST: takes what dd counted from the beginning of $words (records in, records out, and, not from each dd, "N
# bytes … copied …"), and says there what tail left out, since there were more than MOST bytes.
count_words() {
  words=${words#*out
}
  bounded_count=
  case ${words%%
*} in [0-9]*' bytes '*copied*)
    bounded_count=${words%% *}
    words=${words#*
}
    ;;
  esac
  case $bounded_count in
    '' | *[!0-9]*) [ "${#words}" -lt "$1" ] || words="[the first bytes are left out] …$words" ;;
    *)
      bounded_count=$((bounded_count - $1))
      [ "$bounded_count" -le 0 ] || words="[the first $bounded_count bytes are left out] …$words"
      ;;
  esac
  while :; do
    case $words in
      *'
') words=${words%?} ;;
      *) break ;;
    esac
  done
}

# attempt COMMAND...: runs it; what it printed is in $words, for the one who reports.
attempt() {
  words=$("$@" 2>&1)
  attempt_status=$?
  [ "$1" != inside ] || shift 2
  name_reason "$attempt_status" "$1"
}

# name_reason STATUS PROGRAM: ends with that status. One that is killed says nothing: then $words has the status.
name_reason() {
  [ "$1" -eq 0 ] || [ -n "$words" ] || words="exit status $1 of $2"
  return "$1"
}

# unwritable FILE: fails, for a write to it that failed, with the system's reason in $words.
unwritable() {
  words=$({ echo | cat >"${1%/*}/probe"; } 2>&1)
  words="cannot write to $1${words:+: $words}"
  return 1
}

# remove PATH...: in this order. They are gone afterwards, or it fails with the reason in $words.
remove() {
  attempt rm -rf -- "$@" || return 1
  for removed; do
    if [ -e "$removed" ] || [ -L "$removed" ]; then
      words="$removed is still there after it was removed"
      return 1
    fi
  done
}

# decode TEXT: percent-decoding (RFC 3986, 2.1) into $decoded. No process is started for a name without a '%'.
decode() {
  case $1 in
    *%*) ;;
    *)
      decoded=$1
      return 0
      ;;
  esac
  decode_rest=$1
  decode_octal=
  while :; do
    case $decode_rest in
      *%*) ;;
      *) break ;;
    esac
    decode_octal=$decode_octal${decode_rest%%\%*}
    decode_rest=${decode_rest#*%}
    decode_byte=$((0x${decode_rest%"${decode_rest#??}"}))
    decode_rest=${decode_rest#??}
    decode_octal="$decode_octal\\0$((decode_byte / 64))$((decode_byte / 8 % 8))$((decode_byte % 8))"
  done
  # The dot keeps a name's trailing newlines from the command substitution.
  decoded=$(printf '%b.' "$decode_octal$decode_rest")
  decoded=${decoded%.}
}

# real_directory DIRECTORY: where it really is, in $real_directory, without starting a process.
real_directory() {
  cd -P -- "$1" 2>/dev/null || return 1
  real_directory=$PWD
  cd / || exit
}

# now: time since boot in 1/100 s into $now, without starting a process.
now() {
  read -r now_seconds now_idle </proc/uptime
  : "$now_idle"
  now=${now_seconds%.*}${now_seconds#*.}
}

# pause SECONDS: the interval of what polls. A sleep without fractions (POSIX knows none) gets a whole second.
pause() {
  sleep "$1" 2>/dev/null || sleep 1
}

# process_state PID: its state letter into $process_state, its parent into $process_parent, its start time since boot into
# $process_start, so that a number that was used again is not taken for the old process, and the bytes that its arguments and
# environment had at its start into $process_room. See proc(5), /proc/PID/stat: arg_start is the 48th field, env_end the 51st.
process_state() {
  process_state='' process_parent='' process_start='' process_room=0
  { read -r process_line <"/proc/$1/stat"; } 2>/dev/null || return 1
  # The second field is the program's name, in parentheses, and may hold anything.
  process_line=${process_line##*) }
  # shellcheck disable=SC2086 # split into its fields on purpose; they are numbers
  set -- $process_line
  process_state=$1
  process_parent=$2
  process_start=${20}
  process_room=$((${49:-0} - ${46:-0}))
}
