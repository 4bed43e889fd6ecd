# Staging: the whole result is filled, synced and recorded before the first live file changes.
#
# In each directory in which something changes there is one .nginx-sync.ID with new/ (what comes) and old/ (what goes),
# on the same file system as what it replaces, so that activating and undoing are renames. The plan, kept in the
# journal as it arrived, says which names they are:
#
#   dir PATH            the directory that the next lines speak of
#   + NAME              created: in new/ only
#   ~ NAME SHA256|-     a file or link replaced by a file or link: renamed over; the old one is linked into old/ first
#   ! NAME              a change of kind with a directory on either side: the old one is renamed away first
#   - NAME              deleted: renamed into old/
#   @ PATH MODE OWNER GROUP OLDMODE OLDOWNER OLDGROUP    attributes of a directory that stays
#   view PATH           the test must see this directory as it will be
#
# A push may replace thousands of files, and a shell reads a byte at a time: all lines but + and ~ are in the outline as
# well, for whoever asks for the directories, attributes and deletions.

# stage: reads a plan with its contents up to the line "end". Further lines that come with it, and are not kept:
#   user NAME, group NAME             must be known here
#   = NAME MODE OWNER GROUP           new/NAME is a copy of the live one, with other attributes
#   tar LENGTH [gzip]                 followed by an archive of that length to be unpacked into new/
#   from GENERATION K FROM TO NAME... new/TO/NAME is a copy of what a generation kept as old.K/FROM/NAME
#   changes LENGTH                    followed by so many bytes: what the push changes, for its generation
#   link NAME OWNER GROUP             the owner of a link in new/: busybox's tar makes them all root's
# Answers with a scan of all new/ directories, from which the primary sees that everything arrived as it is to be.
stage() {
  begin_journal || return 1
  while :; do
    arm "$confirm_timeout" CONFIRM_TIMEOUT 'the next line of the plan'
    read -r operation name rest || break
    check_line "$operation" "$name" "$rest" || return 1
    case $operation in
      + | '~' | ! | - | @ | view) ;;
      *) arm_for_work 'staging' ;;
    esac
    case $operation in
      dir)
        keep "dir $name" || return 1
        decode "$name"
        enter "$decoded"
        # Before anything is made in it: what is made in a directory that only takes new names cannot be removed again.
        refuse_protected "$directory/." || return 1
        go_into "$directory" || return 1
        attempt mkdir -m 0700 "./${stage##*/}" "./${stage##*/}/new" "./${stage##*/}/old" || return 1
        cd / || return 1
        # Inherited from the live directory, and then by what is unpacked: GNU tar leaves it to a directory of mode 0600.
        [ ! -g "$stage/new" ] || attempt chmod g-s "$stage/new" || return 1
        set -- "$@" "$stage/new"
        ;;
      + | '~' | ! | - | @ | view) keep "$operation $name $rest" || return 1 ;;
      =)
        # shellcheck disable=SC2086 # mode, owner and group are encoded, so the spaces are the separators
        copy_live "$name" $rest || return 1
        ;;
      link)
        # shellcheck disable=SC2086 # owner and group are encoded, so the space is the separator
        own_link "$name" $rest || return 1
        ;;
      tar) unpack "$name" "$rest" || return 1 ;;
      from)
        # shellcheck disable=SC2086 # all are encoded, so the spaces are the separators
        copy_kept "$name" $rest || return 1
        ;;
      changes)
        receive "$name" >"$journal/changes" || unwritable "$journal/changes" || return 1
        ;;
      user | group) is_known "$operation" "$name" || return 1 ;;
      end)
        refuse_protected_targets || return 1
        seal || return 1
        arm_for_work 'the sync of what was staged'
        sync_all "$@" || return 1
        mark staged
        prunes=
        say staged
        arm_for_work 'the scan of what was staged'
        # What a recovery finds to be neither this nor the old files was edited since (keep_repairs).
        [ $# -eq 0 ] || scan_block "$@" | tee "$journal/arrived"
        return 0
        ;;
    esac
  done
  words='the plan ended early'
  return 1
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

# refuse_protected [-aR] PATH...: fails, with the reason in $words, if one of them is immutable or append-only (chattr(1)).
# Nobody may rename, replace, link or remove it then, root neither; in an overlay's view some of that seems to succeed.
# -aR: or if something in it is, since what is deleted is removed for good one day.
refuse_protected() {
  words=
  protected_how=-d
  if [ "${1:-}" = -aR ]; then
    protected_how=$1
    shift
  fi
  if [ $# -gt 0 ] && has lsattr; then
    # A line that begins otherwise is a heading, or the rest of a name that holds a newline.
    words=$(lsattr "$protected_how" -- "$@" 2>/dev/null | sed -n '/^[-A-Za-z]\{13,\} *\//{
/^[^ ]*[ai]/{
s/^\([^ ]*\) *\(.*\)$/\2 is immutable or append-only on this node (lsattr: \1); chattr -ia lets it be changed/p
q
}
}')
  fi
  [ -z "$words" ]
}

# refuse_protected_targets: the same for everything that the plan replaces, moves, deletes, or gives other attributes. sed
# leaves out what is created, and the digests: a shell reads a byte at a time.
refuse_protected_targets() {
  has lsattr || return 0
  words=$(sed -n -e 's/^~ \([^ ]*\) .*/~ \1/p' -e '/^dir /p' -e '/^[!@-] /p' "$journal/plan" | protected_targets)
  [ -z "$words" ]
}

# protected_targets: says what refuse_protected says of the lines of a plan on standard input.
protected_targets() {
  words=
  directory=
  set --
  while read -r operation name _; do
    decode "$name"
    case $operation in
      dir) enter "$decoded" ;;
      '~') set -- "$@" "$directory/$decoded" ;;
      @) set -- "$@" "$decoded" ;;
      *)
        if [ -L "$directory/$decoded" ] || [ ! -d "$directory/$decoded" ]; then
          set -- "$@" "$directory/$decoded"
        elif ! refuse_protected -aR "$directory/$decoded"; then
          break
        fi
        ;;
    esac
    if [ $# -ge 500 ]; then
      refuse_protected "$@" || break
      set --
    fi
  done
  [ -n "$words" ] || refuse_protected "$@"
  printf '%s' "$words"
}

# is_known user|group NAME: asked by doing, since no two systems agree on a command to look a group up.
is_known() {
  decode "$2"
  { : >"$journal/probe"; } 2>/dev/null || unwritable "$journal/probe" || return 1
  case $1 in
    user) attempt chown -- "$decoded" "$journal/probe" ;;
    group) attempt chgrp -- "$decoded" "$journal/probe" ;;
  esac || {
    words="the $1 $decoded cannot be given to a file on this node: $words"
    return 1
  }
}

# copy_live NAME MODE OWNER GROUP: a real copy; a hard link would change the live file's attributes at once.
copy_live() {
  decode "$1"
  copy=./$decoded
  attempt inside new cp -Pp -- "../../$decoded" "$copy" || return 1
  decode "$3"
  copy_owner=$decoded
  decode "$4"
  attempt inside new chown -h -- "$copy_owner:$decoded" "$copy" || return 1
  # After chown, which takes the set-user-ID bit away.
  attempt inside new change_mode "$2" "$copy"
}

# change_mode MODE NAME: never that of what a link leads to.
# shellcheck disable=SC2317 # run by inside
change_mode() {
  [ -L "$2" ] || chmod "$1" "$2"
}

# own_link NAME OWNER GROUP
own_link() {
  decode "$2"
  link_owner=$decoded
  decode "$3"
  link_owner=$link_owner:$decoded
  decode "$1"
  attempt inside new chown -h -- "$link_owner" "./$decoded"
}

# unpack LENGTH [gzip]: exactly so many bytes of standard input; new/ is empty, so no link in it can lead elsewhere. What a
# gzip that fails leaves out, the look at what arrived will miss.
unpack() {
  case $2 in
    gzip) words=$({ receive "$1" | gzip -dc | inside new tar -xpf -; } 2>&1) ;;
    *) words=$({ receive "$1" | inside new tar -xpf -; } 2>&1) ;;
  esac
  name_reason $? tar
}

# receive LENGTH: so many bytes of standard input. A slow line is no silence as long as a byte comes: the watch looks at
# what dd has read. Where the kernel does not tell, it is received in small pieces.
receive() {
  receive_left=$1
  receive_piece=65536
  if { read -r _ <"/proc/$$/io"; } 2>/dev/null; then receive_piece=$receive_left; fi
  while [ "$receive_left" -gt 0 ]; do
    [ "$receive_left" -ge "$receive_piece" ] || receive_piece=$receive_left
    # In the background, so that its number is known; there it would read from nothing.
    dd bs=65536 count="$receive_piece" iflag=fullblock,count_bytes <&4 2>/dev/null &
    arm "$confirm_timeout" CONFIRM_TIMEOUT 'the next byte of what the primary sends' "$!"
    wait "$!" || return 1
    receive_left=$((receive_left - receive_piece))
  done 4<&0
  # What comes after it in a pipeline may still be writing.
  arm_for_work 'unpacking what the primary sent'
}

# copy_kept GENERATION K FROM TO NAME...: the files of these names in the directory FROM of old.K become those in the
# directory TO of new/, with their attributes and times. FROM and TO are relative, "." is the top. The primary sees
# from a scan whether they are what it wants; here they have to be files of that generation and nothing else.
copy_kept() {
  copy_from=$backup_directory/generations/$1/old.$2
  decode "$4"
  copy_to=./$decoded
  decode "$3"
  # Directories are kept as they were, with any links in them: none is followed out.
  copy_rest=
  [ "$decoded" = . ] || copy_rest=$decoded/
  while [ -n "$copy_rest" ]; do
    copy_from=$copy_from/${copy_rest%%/*}
    copy_rest=${copy_rest#*/}
    if [ -L "$copy_from" ] || [ ! -d "$copy_from" ]; then
      words="$copy_from is not there any more"
      return 1
    fi
  done
  shift 4
  for copy_name; do
    shift
    decode "$copy_name"
    if [ -L "$copy_from/$decoded" ] || [ ! -f "$copy_from/$decoded" ]; then
      words="$copy_from/$decoded is not there any more"
      return 1
    fi
    set -- "$@" "$copy_from/$decoded"
  done
  attempt inside new cp -Pp -- "$@" "$copy_to/"
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
