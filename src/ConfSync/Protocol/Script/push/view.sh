# The test of the staged result as if it were in place, in a mount namespace of its own: nobody else sees it, and it is
# gone with the last process in it.

# test_services: of each service that the change affects, in $words what all of them said. What nginx was tested with is in
# $test_file.
test_services() {
  words=
  if affects nginx; then nginx_test || return 1; fi
  others test
}

# nginx_test: the test command. Its words are in $words, what it tested in $test_file.
nginx_test() {
  local arguments_cut
  run_test && concerns_paths && default_test
}

# test_staged: 0 the test passed, 1 it failed, 2 there can be no view on this node, 3 a file could not be renamed in the
# view, nor can it be in place; in $words what the test said, or why.
test_staged() {
  local facts status
  if ! has unshare; then
    words='unshare(1) is not there'
    return 2
  fi
  # Every user sees a program's arguments, and commands among the settings may hold a password: they go by the environment.
  words=$(NGINX_SYNC_SET=$settings unshare -m sh -c "$itself" nginx-sync "$s" view "$id" "$nginx" "$master" "$master_title" "$$" "$test_timeout" "$paths" "$pid_file" 2>&1 9>&- </dev/null)
  status=$?
  ! affects nginx || split_test
  # Numbers of our own: 0 is also what a shell gives that ran nothing.
  case $status in
    80) return 0 ;;
    91) return 3 ;;
    9?)
      others blame "$status"
      return 1
      ;;
    *) return 2 ;;
  esac
}

# view view ID NGINX MASTER TITLE OUTSIDER TEST_TIMEOUT PATHS PIDFILE: inside the namespace; OUTSIDER is the PID of a process that
# is not. Exits with 80 if the test passed, with 90 if it failed (or 94, see blame), with 91 if the renames are refused.
view() {
  local facts status overlays
  shift
  id=$1 nginx=$2 master=$3 master_title=$4 test_timeout=$6 paths=$7 pid_file=$8 settings=$NGINX_SYNC_SET
  unset NGINX_SYNC_SET
  # shellcheck disable=SC3013 # in POSIX since 2024, and in every sh that is in use
  if [ ! -e "/proc/$5/ns/mnt" ] || [ /proc/self/ns/mnt -ef "/proc/$5/ns/mnt" ]; then
    echo 'unshare gave no namespace'
    exit 1
  fi
  # Some versions of unshare leave the propagation shared: then a mount here would be a mount for everybody.
  mount --make-rprivate / || exit 1
  mount -t tmpfs -o mode=0700 nginx-sync "$run_directory" || exit 1
  overlays=0
  for_each_operation view overlay <"$outline" || exit 1
  activate_files || view_refused
  facts=
  test_services
  status=$?
  ! affects nginx || printf '%s\nnginx-sync-%s\n' "$facts" "$id"
  printf '%s\n' "$words"
  [ "$status" -ne 0 ] || exit 80
  others fail
  exit 90
}

# view_refused: a rename failed. Where the file itself forbids it, it will fail in place as well. Where this view cannot
# take anything away (an overlay needs the right to make device files for that, on some kernels), nothing is known.
view_refused() {
  printf '%s\n' "$words"
  case $words in
    *'Operation not permitted'* | *'Permission denied'* | *'Read-only file system'*) ;;
    *) exit 1 ;;
  esac
  rmdir "$stage/old" 2>/dev/null || { [ -d "$stage/old" ] && rm -rf -- "$stage/old" 2>/dev/null; } || exit 1
  exit 91
}

# overlay OPERATION DIRECTORY: what is written to it from now on goes to memory. The mounts beneath it stay visible.
overlay() {
  local base mount place
  overlays=$((overlays + 1))
  base=$run_directory/$overlays
  mkdir -p "$base/lower" "$base/upper" "$base/work" || return 1
  if ! needs_binding "$2"; then
    lay "$2" "$2"
    return
  fi
  mount --rbind "$2" "$base/lower" && lay "$base/lower" "$2" || return 1
  while read -r _ _ _ _ mount _; do
    place "$mount"
    case $place in
      "$base/lower"/*) mount --bind "$place" "${2%/}/${place#"$base/lower/"}" || return 1 ;;
    esac
  done </proc/self/mountinfo
}

# lay LOWER DIRECTORY
lay() {
  mount -t overlay -o "lowerdir=$1,upperdir=$base/upper,workdir=$base/work" nginx-sync "$2"
}

# needs_binding DIRECTORY: to a name of our own: a comma or colon in an option would be taken for a separator, and
# mounts beneath the directory have to be reached once something lies over them.
needs_binding() {
  local mount
  case $1 in *[!A-Za-z0-9/._-]*) return 0 ;; esac
  # Mounts are listed where they really are. A path of plain characters is so listed that it begins as it is.
  { resolve "$1" && [ "$resolved" = "$1" ]; } || return 0
  while read -r _ _ _ _ mount _; do
    case $mount in "${1%/}"/?*) return 0 ;; esac
  done </proc/self/mountinfo
  return 1
}
