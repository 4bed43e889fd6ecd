# Where nginx takes no part, it has no workers.

workers=

workers() {
  :
}
