# What moves an address: files beside keepalived's configuration, with a number each that it adds to its priorities (track_file), as soon
# as the file is written. A scan sees no file of such a name, so that no push removes one.

# place_answer NAME VALUE: writes the number into the file of this name; for 0, removes the file. At -254 an instance gives its addresses
# away at once. It does so for a moment, and may take them again afterwards.
place_answer() {
  local value file
  decode "$1"
  value=$2 file=/etc/keepalived/.nginx-sync.$decoded
  words="not a name and a value: $1 $2"
  case $decoded in vrrp-drained | vrrp.[A-Za-z0-9]*) ;; *) file= ;; esac
  case $decoded in *[!A-Za-z0-9._:+-]*) file= ;; esac
  case ${value#-} in 0 | [1-9] | [1-9][0-9] | [12][0-9][0-9]) ;; *) file= ;; esac
  if [ -z "$file" ]; then
    refuse_words
    return 1
  fi
  if ! guard /etc/keepalived || ! write_number; then
    refuse write "$words"
    return 1
  fi
  say ok place
}

# write_number: $value into $file, at once as a whole. Fails, with the reason in $words.
write_number() {
  if [ "$value" = 0 ]; then
    words=$(rm -f -- "$file" 2>&1)
  else
    words=$({ printf '%s\n' "$value" >"$file.$id" && mv -f -- "$file.$id" "$file"; } 2>&1)
  fi || return 1
  [ "$value" = -254 ] || return 0
  # Another machine takes the addresses within some milliseconds. If this shell is killed here, the file stays until a later call removes it.
  pause 1.5
  words=$(rm -f -- "$file" 2>&1)
}
