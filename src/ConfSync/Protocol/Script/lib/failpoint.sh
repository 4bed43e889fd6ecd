# The one test seam.

# hold STEP: the one test seam (docs/protocol.md). Where the session asked for it, and root has written a step's name into
# /run/nginx-sync/hold, the transaction stands still at that step, says so in hold.reached, and goes on when the file is
# taken away.
hold() {
  local held
  [ -e "$run_directory/hold" ] || return 0
  recall failpoints
  [ "$recalled" = yes ] && guard "$run_directory" || return 0
  held=
  { read -r held <"$run_directory/hold"; } 2>/dev/null || :
  [ "$held" = "$1" ] || return 0
  : >"$run_directory/hold.reached"
  while [ -e "$run_directory/hold" ]; do pause 0.02; done
}
