# What was edited by hand in the files of a push that nobody finished.

# keep_repairs: before an undo of what an earlier run left. A file that came with that push, and is neither what was pushed
# nor what was there before, was edited by hand since: it stays beside its place, under a name that no include of nginx
# takes and that no push touches. Which they are is in $repairs.
keep_repairs() {
  local known_sums repair_count batch batched
  repairs=
  [ -e "$journal/changes" ] || return 0
  # Of what came, which ends a line of the changes, and of what was there before: an undo that was cut off has put some of that
  # back. Not in the journal, which may be what cannot be written; where it is not known what was pushed, nothing can be told from it.
  known_sums=$run_directory/known.sums
  sed -n -e 's/^.*:\([0-9a-f]\{64\}\)$/\1/p' -e 's/^~ [^ ]* \([0-9a-f]\{64\}\).*/\1/p' \
    "$journal/changes" "$journal/plan" 2>/dev/null >"$known_sums" || return 0
  repair_count=0 batch='' batched=0
  for_each_operation 'leave + ~ !' look_for_repair <"$journal/plan"
}

# look_for_repair OPERATION [NAME...]
look_for_repair() {
  if [ "$1" = leave ]; then
    deliver repaired
  # Otherwise it never was activated, or is back already.
  elif ! is_there "$stage/new/$2" && ! is_same_file "$directory/$2" "$stage/old/$2"; then
    collect repaired "$directory/$2"
  fi
}

# repaired PATH...: keeps the files at and in these paths of $directory that need it.
repaired() {
  local path
  # Usually there is none, and one process sees it.
  find "$@" -type f -exec sha256sum {} + 2>/dev/null | grep -qvFf "$known_sums" || return 0
  for path; do keep_repair "$path" || return 1; done
}

# keep_repair PATH
keep_repair() {
  local item sum kept
  if is_directory "$1"; then
    for item in "$1"/* "$1"/.[!.]* "$1"/..?*; do
      keep_repair "$item" || return 1
    done
    return 0
  fi
  if [ -L "$1" ] || [ ! -f "$1" ]; then return 0; fi
  sum=$(sums_of "$1")
  [ -n "$sum" ] && ! grep -qF "$sum" "$known_sums" || return 0
  [ ! -f "$stage/old/${1##*/}" ] || [ "$sum" != "$(sums_of "$stage/old/${1##*/}")" ] || return 0
  repair_count=$((repair_count + 1))
  kept=${directory%/}/.nginx-sync.kept.$id.$repair_count
  if [ ! -e "$kept" ]; then attempt ln -- "$1" "$kept" || attempt cp -Pp -- "$1" "$kept" || return 1; fi
  repairs="$repairs
$1 was edited since, that is kept as $kept"
}
