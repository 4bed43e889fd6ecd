# The program of a service that is built in.

# program_of SERVICE DEFAULT: in $program. Fails where there is none, or where nothing of root's can be seen.
program_of() {
  recall "$1-file" "$2"
  decode "$recalled"
  program=$decoded
  if [ ! -x "$program" ]; then
    words="there is no $1 at $program on this node"
  elif [ "$own_user" != 0 ]; then
    words="only root can test and reload $1"
  else
    return 0
  fi
  return 1
}
