# A program whose failure is reported with its own words.

# attempt COMMAND...: runs it; what it printed is in $words, for the one who reports. By way of a file, which is here in a directory
# that take_lock has guarded: a subshell that catches what is printed costs half as much as the program itself. A subshell all the
# same for what "inside" runs, since it goes elsewhere, and where there can be no such file.
attempt() {
  local said status
  said=$run_directory/said words=
  # Not ":", with which a dash ends that cannot write there.
  if [ "$1" != inside ] && { true >"$said"; } 2>/dev/null; then
    "$@" >"$said" 2>&1
    status=$?
    [ ! -s "$said" ] || words=$(cat "$said")
  else
    words=$("$@" 2>&1)
    status=$?
  fi
  [ "$1" != inside ] || shift 2
  # Of a program that is killed, dash says so there, and not which one it was.
  [ "$status" -le 128 ] || words="exit status $status of $1${words:+: $words}"
  name_reason "$status" "$1"
}
