# The paths of CONFPATHS that cannot be pushed: those where renaming would act elsewhere.

# refuse_own_paths PATH...: fails, with the reason in $words, where one of CONFPATHS holds a directory of this script's or is
# in one, whatever links lead there: what the primary does not have is deleted.
refuse_own_paths() {
  local own real path
  for path; do
    resolve "${path%/*}/" || continue
    real=${resolved%/}/${path##*/}
    for own in "$run_directory" "$state_directory" "$backup_directory"; do
      resolve "$own" || resolved=$own
      case $resolved/ in "$real"/*) ;; *) case $real/ in "$resolved"/*) ;; *) continue ;; esac ;; esac
      words="$path of CONFPATHS leads to $real on this node, and nginx-sync keeps its own files in $resolved: \
one must not be in the other"
      return 1
    done
  done
}

# refuse_unsafe_paths PATH...: fails, with the reason in $words, where renaming inside a path would act elsewhere. What is
# mounted inside a path is in $mounts, as words for eval, a directory with a slash at its end: only the primary's program
# knows whether EXCLUDE keeps a push away from it.
refuse_unsafe_paths() {
  local path mount place real
  mounts=
  for path; do
    if [ -L "$path" ]; then
      words="$path is a symbolic link on this node; name the path that it leads to in CONFPATHS"
      return 1
    fi
    # A directory above may be a link; mounts are listed where they really are.
    resolve "${path%/*}/" || continue
    real=${resolved%/}/${path##*/}
    while read -r _ _ _ _ mount _; do
      place "$mount"
      case $place in
        "$real"/*) ;;
        "$real") [ ! -d "$path" ] || continue ;;
        *) continue ;;
      esac
      mount=$path${place#"$real"}
      # A file system whose server is gone shows nothing of itself, and is most likely mounted on a directory.
      [ -f "$mount" ] || mount=$mount/
      quote_word "$mount"
      mounts="$mounts $quoted"
    done </proc/self/mountinfo
  done
}
