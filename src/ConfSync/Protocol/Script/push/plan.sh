# The plan: what each of its lines may be, and the one way to go through them. Its lines (NAME is in the directory of the last
# line "dir"):
#
#   dir PATH            the directory that the next lines speak of
#   + NAME              created: in new/ only
#   ~ NAME SHA256|-     a file or link replaced by a file or link: renamed over; the old one is linked into old/ first
#   ! NAME              a change of kind with a directory on either side: the old one is renamed away first
#   - NAME              deleted: renamed into old/
#   @ PATH MODE OWNER GROUP OLDMODE OLDOWNER OLDGROUP    attributes of a directory that stays
#   view PATH           the test must see this directory as it will be
#
# These come with it, and are not kept:
#
#   user NAME, group NAME             must be known here
#   = NAME MODE OWNER GROUP           new/NAME is a copy of the live one, with other attributes
#   tar LENGTH [gzip]                 followed by an archive of that length to be unpacked into new/
#   from GENERATION K FROM TO NAME... new/TO/NAME is a copy of what a generation kept as old.K/FROM/NAME
#   changes LENGTH                    followed by so many bytes: what the push changes, for its generation
#   link NAME OWNER GROUP             the owner of a link in new/: busybox's tar makes them all root's
#   end
#
# A push may replace thousands of files, and a shell reads a byte at a time: all kept lines but + and ~ are in the outline as
# well, for what asks for the directories, attributes and deletions.

# for_each_operation OPERATIONS VISITOR: reads a plan from its standard input, and for each line of these OPERATIONS runs
# VISITOR OPERATION NAME WORD..., NAME decoded, the others as they are. $directory and $stage are those of the line's directory.
# If "leave" is among the OPERATIONS, it runs VISITOR leave once a directory has had all its lines. Ends with the first visit
# that fails.
for_each_operation() {
  local operation name rest
  directory=
  while read -r operation name rest; do
    if [ "$operation" = dir ]; then
      leave_directory "$@" || return 1
      decode "$name" || continue
      enter "$decoded"
    fi
    case " $1 " in *" $operation "*) ;; *) continue ;; esac
    decode "$name" || continue
    # shellcheck disable=SC2086 # encoded, so the spaces are the separators
    "$2" "$operation" "$decoded" $rest || return 1
  done
  leave_directory "$@"
}

leave_directory() {
  if [ -z "$directory" ]; then return 0; fi
  case " $1 " in *' leave '*) "$2" leave ;; esac
}

# enter DIRECTORY: sets $directory and its $stage.
enter() {
  directory=$1
  stage=${1%/}/.nginx-sync.$id
}

# collect COMMAND WORD: COMMAND is to be run with this WORD too. It is run when it has 500, and by deliver. For a visitor: $batch
# and $batched are its caller's.
collect() {
  quote_word "$2"
  batch="$batch $quoted" batched=$((batched + 1))
  [ "$batched" -lt 500 ] || deliver "$1"
}

# deliver COMMAND: runs it with the words that it was not run with yet, if there are any.
deliver() {
  [ -n "$batch" ] || return 0
  eval "set -- \"\$1\" $batch"
  batch='' batched=0
  "$@"
}

# check_line OPERATION NAME REST: fails, with the reason in $words, unless it is a line of a plan, and each word is what it is to
# be there.
check_line() {
  local types
  words="not a line of a plan: $1"
  case $1 in
    dir | view) types=path ;;
    + | ! | -) types=name ;;
    '~') types='name digest' ;;
    @) types='path octal account account octal account account' ;;
    =) types='inside octal account account' ;;
    link) types='inside account account' ;;
    tar) types="number${3:+ gzip|}" ;;
    changes) types=number ;;
    user | group) types=account ;;
    from) types='number number inside inside name...' ;;
    end) types= ;;
    *) return 1 ;;
  esac
  # Nothing that the shell would take for a pattern, since the spaces are to separate the words.
  case $2$3 in *[!A-Za-z0-9._/+,:@%\ -]*) return 1 ;; esac
  # shellcheck disable=SC2086
  check_all "$types" $2 $3
}

# check_all TYPES WORD...: fails, with the reason in $words, unless there is one WORD of each of these types, in their order;
# of a type with three dots after it, one or more.
check_all() {
  local types type
  types=$1
  shift
  for type in $types; do
    while :; do
      check "${type%...}" "${1:-}" || return 1
      shift
      case $type:$# in *...:0 | *[!.]:*) break ;; esac
    done
  done
  words="one word too many: ${1:-}"
  [ $# -eq 0 ]
}
