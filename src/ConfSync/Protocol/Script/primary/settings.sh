# The settings that only the primary's own shell has are recalled.

further_defaults() {
  phase=idle
}

further_setting() {
  :
}
