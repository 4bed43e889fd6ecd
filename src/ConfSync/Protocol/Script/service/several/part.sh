# Where more services than nginx take part in a run, or others than nginx: which of them, the primary says. Each has a folder of
# its own, and one function there that has all others called: of_haproxy, of_keepalived and, for those of the administrator, of_own, with these verbs:
#
#   find    the running master in $found and $found_start, both empty if there is none; fails where it would be a guess
#   mark    what tells in $mark that it still serves what it has read
#   test    of the files as they are for this shell; what was said is in $words
#   note    what brings it back as it is, for its start, on standard output
#   reload  of $found, seen to take effect
#   start   as it was noted in the file $1, and seen to serve
#
# Each of them fails with the reason in $words.

# The service other than nginx that a refusal speaks of.
blamed=

# refuse CODE TEXT: the request failed. CODE is for the program, TEXT for people.
refuse() {
  say_framed "fail $1" "${2:-no program gave a reason; one may have been killed: see its system log}"
  [ -z "$blamed" ] || say service "$blamed"
}
