# Why a program failed.

# name_reason STATUS PROGRAM: ends with that status. One that is killed says nothing: then $words has the status.
name_reason() {
  [ "$1" -eq 0 ] || [ -n "$words" ] || words="exit status $1 of $2"
  return "$1"
}
