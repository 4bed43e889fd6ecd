# Where nginx takes no part: none of it is looked for, so none is found.

master='' master_start='' upgraded=''

find_master() {
  words=
}

serving_since_record() {
  return 1
}
