# Requests of a push that are answered from more than one part of it.

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
  esac
  phase=idle
}
