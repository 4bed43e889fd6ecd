# A program whose failure is reported with its own words.

# attempt COMMAND...: runs it; what it printed is in $words, for the one who reports.
attempt() {
  words=$("$@" 2>&1)
  name_reason "$?" "$1"
}
