# A session that only looks asks nothing else of the services than what a session begins with.

others() {
  say_others
}
