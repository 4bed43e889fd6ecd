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

# decode TEXT: percent-decoding (RFC 3986, 2.1) into $decoded. No process is started for a name without a '%'.
decode() {
  local octal rest byte
  case $1 in
    *%*) ;;
    *)
      decoded=$1
      return 0
      ;;
  esac
  rest=$1
  octal=
  while :; do
    case $rest in
      *%*) ;;
      *) break ;;
    esac
    octal=$octal${rest%%\%*}
    rest=${rest#*%}
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
  decoded=$1
  quoted=
  while :; do
    case $decoded in
      *\'*) ;;
      *) break ;;
    esac
    quoted=$quoted${decoded%%\'*}"'\\''"
    decoded=${decoded#*\'}
  done
  quoted="'$quoted$decoded'"
}
