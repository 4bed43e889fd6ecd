# The requests of a push, each answered with its facts and one last line "ok …" or "fail …".

# begin_answer: what this node needs, what an earlier run left, and what is known of its nginx.
begin_answer() {
  prerequisites || return 1
  # The rest of what take_lock saw.
  if [ "$mode" != compare ] && [ "$backup_directory" != "$state_directory" ] && ! guard "$backup_directory" "$backup_directory/generations"; then
    refuse prerequisite "$words"
    return 1
  fi
  state_seen=yes
  if [ "$mode" = compare ] && ! guard "$run_directory" "$state_directory" "$journal"; then
    state_seen=no
    # Another login may not look into it anyway, and has nothing to do with it.
    [ "$guard_login" != 0 ] || text unseen "what a push may have left on this node was not looked at: $words"
  elif unfinished; then
    if [ "$mode" = push ]; then
      recover_earlier || return 1
    else
      text unfinished "$words"
    fi
  fi
  if ! find_master && { [ "$mode" != compare ] || [ -z "$upgraded" ]; }; then
    refuse prerequisite "$words"
    return 1
  fi
  if [ -n "$master" ] && [ "$reload_wanted" = yes ] && ! signal_master -0; then
    refuse prerequisite "this login may not signal nginx (PID $master): $words"
    return 1
  fi
  ! command -v gzip >/dev/null 2>&1 || say gzip
  while read -r line_name _ own_user _; do [ "$line_name" != Uid: ] || break; done </proc/self/status
  case ${SUDO_UID:-} in
    *[!0-9]*) say login "$own_user" ;;
    *) say login "$own_user" ${SUDO_UID:+"$SUDO_UID"} ;;
  esac
  if [ -z "$master" ]; then
    [ -z "$not_ours" ] || text not-ours "$not_ours"
    say nginx not-running
  elif [ "$state_seen" = yes ] && serving_since_record; then
    known_digest=$served_digest
    settings="${settings}known $served_digest
"
    say nginx "$served_digest"
  else
    say nginx unknown
  fi
  say ok begin
}

# recover_earlier: with the settings of the run that left it, then back to our own.
recover_earlier() {
  earlier=$words own_id=$id own_settings=$settings own_paths=$paths
  say step recover
  recovered_but=
  if ! recover; then
    if [ -n "$damaged" ] || ! marked restored; then
      refuse unfinished "$earlier, and could not be undone"
      report_undo 1
      return 1
    fi
    # An old configuration that is not taken up any more must not keep a better one away.
    recovered_but="; $undo_words"
    undo_left=
    clean_up || undo_left=$words
  fi
  if [ -n "$undo_left" ]; then
    refuse unfinished "$earlier; it is $recovered now, but what was staged cannot be removed: $undo_left"
    return 1
  fi
  text recovered "$earlier; it is $recovered now$recovered_but${not_kept:+, but $not_kept}$repairs"
  id=$own_id
  defaults
  settings=$own_settings paths=''
  while read -r argument value; do
    [ -z "$argument" ] || apply_setting "$argument" "$value"
  done <<SETTINGS
$settings
SETTINGS
  paths=$own_paths
}

prerequisites() {
  missing=
  # shellcheck disable=SC2086 # absent when there is nothing to check
  for tool in ${health:+timeout} find stat tar sha256sum readlink mkdir mv cp ln rm cat chmod chown chgrp dd sync grep sed sort tail date tee tr; do
    command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
  done
  if [ -n "$missing" ]; then
    refuse prerequisite "these programs are missing on this node:$missing"
    return 1
  fi
  if [ ! -x "$nginx" ]; then
    refuse prerequisite "there is no nginx at $nginx on this node; set NGINX if it is elsewhere"
    return 1
  fi
}

# scan_answer [identified]: one block for the paths and the directories above them. What is not there is no error, and find
# would make it one.
# shellcheck disable=SC2120 # it sets its arguments itself
scan_answer() {
  identified=$1
  # What has a later ctime when it is to be replaced was touched since (see_untouched).
  [ "$mode" != push ] || echo >"$run_directory/scanned"
  eval "set -- $paths"
  if ! refuse_unsafe_paths "$@" || ! refuse_own_paths "$@"; then
    refuse unsafe "$words"
    return 1
  fi
  beyond "$@"
  eval "set -- $mounts"
  for mount; do text mount "$mount"; done
  eval "set -- $paths $above"
  for path; do
    shift
    case $path in
      */.)
        if [ -d "${path%.}" ]; then
          set -- "$@" "$path"
          continue
        fi
        # Something else has the directory's place: that is what there is to say of it.
        path=${path%/.}
        ;;
    esac
    if [ -e "$path" ] || [ -L "$path" ]; then set -- "$@" "$path"; fi
  done
  if [ $# -eq 0 ]; then
    printf 'block gnu\n.\nfound 0\n'
  else
    eval "set -- \"\$@\" $beyond"
    scan_block "$@"
  fi
  say ok scan
}

# test_answer: the test of what is staged, in a view if there can be one.
test_answer() {
  arm_for_test
  test_staged
  case $? in
    0)
      tested=yes
      mark tested
      text test "$words"
      say_master
      say ok test staged
      ;;
    1)
      failure=$words
      abandon
      refuse test "$failure"
      return 1
      ;;
    3)
      failure=$words
      abandon
      refuse stage "these files cannot be replaced on this node: $failure"
      return 1
      ;;
    *)
      tested=no
      text no-view "$words"
      say ok test deferred
      ;;
  esac
}

# serve_answer: the files are as they should be, but it is not known that they are served.
serve_answer() {
  arm_for_test
  if ! look_again; then
    refuse nginx "$words"
    return 1
  fi
  if ! nginx_test; then
    refuse test "$words"
    return 1
  fi
  text test "$words"
  say_master
  if ! serve; then
    refuse reload "$words"
    return 1
  fi
  if [ "$served" = reloaded ] && ! health_check; then
    refuse health "$words"
    return 1
  fi
  [ "$served" != reloaded ] || record_served "$desired_digest"
  say_warnings
  say ok serve "$served"
}

# abandon: whatever was begun and not confirmed is not there afterwards.
abandon() {
  case $phase in
    active) undo ;;
    staged) [ ! -d "$journal" ] || clean_up ;;
    deciding) rm -f -- "$decision_new" ;;
  esac
  phase=idle
}
