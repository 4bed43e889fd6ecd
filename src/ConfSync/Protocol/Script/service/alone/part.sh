# Where nginx is the only service that takes part in a run, as it is with most primaries: there are no others to ask
# (service/several).

# refuse CODE TEXT: the request failed. CODE is for the program, TEXT for people.
refuse() {
  say_framed "fail $1" "${2:-no program gave a reason; one may have been killed: see its system log}"
}
