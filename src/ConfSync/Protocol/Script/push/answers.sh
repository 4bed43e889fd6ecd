# Requests of a push that are answered from more than one part of it.

# record_desired: what was pushed serves from now on, of each service that was reloaded.
record_desired() {
  if [ "$served" = reloaded ]; then
    recall digest -
    recall digest-nginx "$recalled"
    record_served "$recalled"
  fi
  others record
}

# test_answer: the test of what is staged, in a view if there can be one.
test_answer() {
  local why
  arm_for_test
  test_staged
  case $? in
    0)
      tested=yes
      mark tested
      text test "$words"
      ! affects nginx || say_master
      say ok test staged
      ;;
    1)
      why=$words
      abandon
      refuse test "$why"
      return 1
      ;;
    3)
      why=$words
      abandon
      refuse stage "these files cannot be replaced on this node: $why"
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
  if affects nginx && ! look_again; then
    refuse nginx "$words"
  elif ! test_in_place; then
    refuse test "$words"
  elif ! serve; then
    refuse reload "$words"
  elif was_reloaded && ! health_check; then
    refuse health "$words"
  else
    record_desired
    say_warnings
    others say
    say ok serve "$served"
    return 0
  fi
  return 1
}

# abandon: whatever was begun and not confirmed is not there afterwards.
abandon() {
  case $phase in
    active) undo ;;
    staged) [ ! -d "$journal" ] || clean_up ;;
  esac
  phase=idle
}
