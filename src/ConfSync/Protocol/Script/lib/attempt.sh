# A program whose failure is reported with its own words.

# attempt COMMAND...: runs it; what it printed is in $words, for the one who reports.
attempt() {
  local status
  words=$("$@" 2>&1)
  status=$?
  [ "$1" != inside ] || shift 2
  name_reason "$status" "$1"
}

# name_reason STATUS PROGRAM: ends with that status. One that is killed says nothing: then $words has the status.
name_reason() {
  [ "$1" -eq 0 ] || [ -n "$words" ] || words="exit status $1 of $2"
  return "$1"
}
