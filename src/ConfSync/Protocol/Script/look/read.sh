# The contents of files.

# read_answer MARK: the contents of the files named in the lines "file PATH" up to "end", one after the other, and the
# line MARK. The scan's sizes and digests tell them apart, and where one is no longer what it was: no process per file.
# Then, and MARK again, the identities of the files and of what the lines "beside PATH" name: a file whose place was taken
# by a link while it was read is not sent on.
read_answer() {
  local beside mark argument value
  require hex "$1" || return
  mark=$1
  beside=
  set --
  while read -r argument value; do
    case $argument in
      file)
        require path "$value" || return
        decode "$value"
        set -- "$@" "$decoded"
        ;;
      beside)
        require path "${value%/.}" || return
        quote "$value"
        beside="$beside $quoted"
        ;;
      *) break ;;
    esac
  done
  [ $# -eq 0 ] || within cat -- "$@"
  printf '\n%s\n' "$mark" 2>/dev/null || :
  eval "set -- \"\$@\" $beside"
  [ $# -eq 0 ] || identities "$@"
  printf '\n%s\n' "$mark" 2>/dev/null || :
}

# identities PATH...: which file each is, and when it was last touched, as an identified scan says it: a line each, in their
# order, and none for what is gone.
identities() {
  if [ "$find_style" = plain ]; then
    find "$@" -prune -exec stat -c '%d:%i:%Z' {} + 2>/dev/null
  else
    find "$@" -prune -printf '%D:%i:%C@\n' 2>/dev/null
  fi
}
