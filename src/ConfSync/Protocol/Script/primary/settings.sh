# The settings that only the primary's own shell has.

further_defaults() {
  desired_digest=- failpoints='' phase=idle
}

# further_setting NAME VALUE: $decoded is the value.
further_setting() {
  case $1 in
    digest) desired_digest=$decoded ;;
    failpoints) failpoints=$decoded ;;
  esac
}
