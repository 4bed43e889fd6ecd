# record_served DIGEST: nginx was reloaded, and seen to serve this state; nothing where DIGEST is empty. It has read all other
# files as well.
record_served() {
  local master_name
  name_master || return 1
  workers
  write_record "$state_directory/served" "$master_name $workers" "$1"
}
