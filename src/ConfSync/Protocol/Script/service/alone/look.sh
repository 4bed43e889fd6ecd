# What is said of other services: nothing.

others() {
  :
}
