# Staging: the whole result is filled, synced and recorded before the first live file changes.
#
# In each directory in which something changes there is one .nginx-sync.ID with new/ (what comes) and old/ (what goes),
# on the same file system as what it replaces, so that activating and undoing are renames. The plan (push/plan.sh), kept in the
# journal as it arrived, says which names they are.

# stage: reads a plan with its contents up to the line "end". Answers with a scan of all new/ directories, from which the primary
# sees that everything arrived as it is to be.
stage() {
  local operation name rest staged begun batch batched
  begin_journal || return 1
  staged='' begun=yes batch='' batched=0
  while :; do
    arm "$confirm_timeout" CONFIRM_TIMEOUT 'the next line of the plan'
    read -r operation name rest || break
    check_line "$operation" "$name" "$rest" || return 1
    if [ "$operation" = end ]; then
      begin_directory && deliver refuse_protected || return 1
      eval "end_of_plan $staged"
      return
    fi
    # shellcheck disable=SC2086 # all words are encoded, so the spaces are the separators
    take_line "$operation" "$name" $rest || return 1
  done
  words='the plan ended early'
  return 1
}

# take_line OPERATION NAME WORD...: one line of a plan, with what comes after it.
take_line() {
  case $1 in
    + | '~' | ! | - | @ | view)
      keep "$*" && see_protected "$1" "$2"
      return
      ;;
  esac
  arm_for_work staging
  # All names of the directory have come.
  begin_directory || return 1
  shift
  case $operation in
    dir) stage_directory "$1" ;;
    user | group) is_known "$operation" "$1" ;;
    tar) unpack "$1" "${2:-}" ;;
    changes) receive "$1" >"$journal/changes" || unwritable "$journal/changes" ;;
    from) copy_kept "$@" ;;
    =) copy_live "$@" ;;
    link) own_link "$@" ;;
  esac
}

# stage_directory NAME: the directory that the next lines speak of.
stage_directory() {
  keep "dir $1" || return 1
  decode "$1"
  enter "$decoded"
  begun=no
  collect refuse_protected "$directory/."
}

# begin_directory: makes the staging directory in the directory that was named last, unless it is there.
begin_directory() {
  [ "$begun" = no ] || return 0
  begun=yes
  # Before anything is made in it: what is made in a directory that only takes new names cannot be removed again.
  deliver refuse_protected || return 1
  go_into "$directory" || return 1
  attempt mkdir -m 0700 "./${stage##*/}" "./${stage##*/}/new" "./${stage##*/}/old" || return 1
  cd / || return 1
  # Inherited from the live directory, and then by what is unpacked: GNU tar leaves it to a directory of mode 0600.
  [ ! -g "$stage/new" ] || attempt chmod g-s "$stage/new" || return 1
  quote_word "$stage/new"
  staged="$staged $quoted"
}

# end_of_plan NEW...: all has come into these directories.
end_of_plan() {
  local prunes identified
  prunes='' identified=''
  seal || return 1
  arm_for_work 'the sync of what was staged'
  sync_all "$@" || return 1
  mark staged
  say staged
  arm_for_work 'the scan of what was staged'
  [ $# -eq 0 ] || scan_block "$@"
}

# refuse_protected [-aR] PATH...: fails, with the reason in $words, if one of them is immutable or append-only (chattr(1)).
# Nobody may rename, replace, link or remove it then, root neither; in an overlay's view some of that seems to succeed.
# -aR: or if something in it is, since what is deleted is removed for good one day.
refuse_protected() {
  local how
  words=
  how=-d
  if [ "${1:-}" = -aR ]; then
    how=$1
    shift
  fi
  if [ $# -gt 0 ] && has lsattr; then
    # A line that begins otherwise is a heading, or the rest of a name that holds a newline.
    words=$(lsattr "$how" -- "$@" 2>/dev/null | sed -n '/^[-A-Za-z]\{13,\} *\//{
      /^[^ ]*[ai]/{
        s/^\([^ ]*\) *\(.*\)$/\2 is immutable or append-only on this node (lsattr: \1); chattr -ia lets it be changed/p
        q
      }
    }')
  fi
  [ -z "$words" ]
}

# see_protected OPERATION NAME: the same for what the plan replaces, moves, deletes, or gives other attributes; NAME is encoded.
# What is no directory is collected, since each look is two processes.
see_protected() {
  decode "$2"
  [ "$1" = @ ] || decoded=$directory/$decoded
  case $1 in
    + | view) return ;;
    ! | -)
      if is_directory "$decoded"; then
        arm_for_work staging
        refuse_protected -aR "$decoded"
        return
      fi
      ;;
  esac
  collect refuse_protected "$decoded"
}

# is_known user|group NAME: asked by doing, since no two systems agree on a command to look a group up.
is_known() {
  decode "$2"
  { true >"$journal/probe"; } 2>/dev/null || unwritable "$journal/probe" || return 1
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
  local copy owner
  decode "$1"
  copy=./$decoded
  attempt inside new cp -Pp -- "../../$decoded" "$copy" || return 1
  decode "$3"
  owner=$decoded
  decode "$4"
  attempt inside new chown -h -- "$owner:$decoded" "$copy" || return 1
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
  local owner
  decode "$2"
  owner=$decoded
  decode "$3"
  owner=$owner:$decoded
  decode "$1"
  attempt inside new chown -h -- "$owner" "./$decoded"
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
  local left piece
  left=$1
  piece=65536
  if { read -r _ <"/proc/$$/io"; } 2>/dev/null; then piece=$left; fi
  while [ "$left" -gt 0 ]; do
    [ "$left" -ge "$piece" ] || piece=$left
    # In the background, so that its number is known; there it would read from nothing.
    dd bs=65536 count="$piece" iflag=fullblock,count_bytes <&4 2>/dev/null &
    arm "$confirm_timeout" CONFIRM_TIMEOUT 'the next byte of what the primary sends' "$!"
    wait "$!" || return 1
    left=$((left - piece))
  done 4<&0
  # What comes after it in a pipeline may still be writing.
  arm_for_work 'unpacking what the primary sent'
}

# copy_kept GENERATION K FROM TO NAME...: the files of these names in the directory FROM of old.K become those in the
# directory TO of new/, with their attributes and times. FROM and TO are relative, "." is the top. The primary sees
# from a scan whether they are what it wants; here they have to be files of that generation and nothing else.
copy_kept() {
  local from to rest name
  from=$backup_directory/generations/$1/old.$2
  decode "$4"
  to=./$decoded
  decode "$3"
  # Directories are kept as they were, with any links in them: none is followed out.
  rest=
  [ "$decoded" = . ] || rest=$decoded/
  while [ -n "$rest" ]; do
    from=$from/${rest%%/*}
    rest=${rest#*/}
    if [ -L "$from" ] || [ ! -d "$from" ]; then
      words="$from is not there any more"
      return 1
    fi
  done
  shift 4
  for name; do
    shift
    decode "$name"
    if [ -L "$from/$decoded" ] || [ ! -f "$from/$decoded" ]; then
      words="$from/$decoded is not there any more"
      return 1
    fi
    set -- "$@" "$from/$decoded"
  done
  attempt inside new cp -Pp -- "$@" "$to/"
}
