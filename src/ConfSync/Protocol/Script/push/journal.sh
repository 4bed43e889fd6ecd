# The journal: the plan as it arrived, and how far the transaction is.

outline=$journal/outline

begin_journal() {
  outline=$journal/outline
  [ -d "$state_directory" ] || attempt mkdir -p -m 0700 "$state_directory" || return 1
  [ "$mode" = dry-run ] || [ -d "$backup_directory" ] || attempt mkdir -p -m 0700 "$backup_directory" || return 1
  attempt mkdir -m 0700 "$journal" || return 1
  {
    printf '%s\n' "$id" >"$journal/id" && printf '%s' "${settings#?}" >"$journal/settings" &&
      true >"$journal/plan" && true >"$outline"
  } 2>/dev/null || unwritable "$journal/plan" || return 1
  mark staging
}

# seal: the plan is complete. A recovery that finds other sums has a plan that was damaged.
seal() {
  set -- id settings outline plan
  [ ! -f "$journal/changes" ] || set -- changes "$@"
  (cd "$journal" && exec sha256sum "$@" >sums) 2>/dev/null || unwritable "$journal/sums"
}

# keep LINE: in the plan, and in its outline.
keep() {
  { printf '%s\n' "$1" >>"$journal/plan"; } 2>/dev/null || unwritable "$journal/plan" || return 1
  case $1 in [+~]*) return 0 ;; esac
  { printf '%s\n' "$1" >>"$outline"; } 2>/dev/null || unwritable "$outline"
}

# mark STEP: how far the transaction is, for the process that has to finish or undo it.
mark() {
  { printf '%s\n' "$1" >>"$journal/marks"; } 2>/dev/null || {
    unwritable "$journal/marks"
    return 1
  }
  hold "$1"
}

# mark_for_good STEP: a mark that a loss of power does not take away.
mark_for_good() {
  mark "$1" && sync_files "$journal/marks"
}

marked() {
  grep -qx "$1" "$journal/marks" 2>/dev/null
}

# sync_all STAGEDIRECTORY...: fsync of all that was staged and of the journal; sync(1) with names is that in coreutils
# and busybox, links cannot be opened and are synced with their directory.
sync_all() {
  find "$journal" "$@" '(' -type f -o -type d ')' -exec sync {} + 2>/dev/null || attempt sync
}

# sync_plan old|live: fsync, for each directory of the plan, of its old/ and the marks; or of itself and of the directories whose
# attributes change. What a mark speaks of must not be less lasting than the mark: the files may be on another file system than the
# journal.
sync_plan() {
  local which batch batched
  which=$1 batch='' batched=0
  [ "$1" = live ] || collect sync_files "$journal/marks"
  for_each_operation 'dir @' collect_for_sync <"$outline" && deliver sync_files
}

collect_for_sync() {
  case $which:$1 in
    old:dir) collect sync_files "$stage/old" ;;
    live:*) collect sync_files "$2" ;;
  esac
}

sync_files() {
  attempt sync "$@" || attempt sync
}
