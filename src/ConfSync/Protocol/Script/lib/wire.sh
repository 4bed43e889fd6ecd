# shellcheck disable=SC3043 # dash, bash and busybox have local

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

# text KIND TEXT: the words of a program or a file, any bytes but NUL.
text() {
  say_framed "text $1" "$2"
}

# The most that is sent of what programs say, in bytes.
most_words=16384

# say_framed WORDS TEXT: an answer line with a length at its end, then TEXT; or the end of it, and how much was left out. Only
# then it costs processes.
say_framed() {
  local text
  text=$2
  [ "${#text}" -le $((most_words + 1024)) ] ||
    text="[the first $((${#2} - most_words)) bytes are left out] …$(printf '%s' "$2" | tail -c "$most_words")"
  printf '%s %s\n%s\n' "$1" "${#text}" "$text" 2>/dev/null || :
}

# decode WORD: percent-decoding (RFC 3986, 2.1) into $decoded; nothing, and a failure, where it is not encoded. No process is
# started for a name without a '%'.
decode() {
  local octal rest byte
  case $1 in
    *%*) ;;
    *)
      decoded=$1
      return 0
      ;;
  esac
  rest=$1 octal=''
  while [ "$rest" != "${rest#*%}" ]; do
    octal=$octal${rest%%\%*}
    rest=${rest#*%}
    case $rest in
      [0-9A-F][0-9A-F]*) ;;
      *)
        decoded=
        return 1
        ;;
    esac
    byte=$((0x${rest%"${rest#??}"}))
    rest=${rest#??}
    octal="$octal\\0$((byte / 64))$((byte / 8 % 8))$((byte % 8))"
  done
  # The dot keeps a name's trailing newlines from the command substitution.
  decoded=$(printf '%b.' "$octal$rest")
  decoded=${decoded%.}
}

# quote ENCODED: the decoded name as a word for eval, in $quoted.
quote() {
  decode "$1"
  quote_word "$decoded"
}

# quote_word TEXT
quote_word() {
  local rest
  rest=$1 quoted=
  while [ "$rest" != "${rest#*\'}" ]; do
    quoted=$quoted${rest%%\'*}"'\\''"
    rest=${rest#*\'}
  done
  quoted="'$quoted$rest'"
}
