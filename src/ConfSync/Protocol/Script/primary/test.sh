# What the primary asks of its own shell: the same test and scan as on a peer, its save, and the contents to push. Run
# there under sudo like everything else when the user is not root.

# primary_test: nginx -t on the live files, and which nginx it was.
primary_test() {
  local tested outside facts arguments_cut
  if [ ! -x "$nginx" ]; then
    refuse prerequisite "there is no nginx at $nginx; set NGINX if it is elsewhere"
    return 1
  elif ! find_master && [ -z "$upgraded" ]; then
    refuse prerequisite "$words"
    return 1
  elif run_test && default_test; then
    tested=$words
    # The nodes' tests have to prove something; here the files may only be kept.
    concerns_paths || tested="$tested
On this machine $words"
    attempt "$nginx" -v
    text test "$tested
$words"
    say_master
    outside_paths
    [ -z "$outside" ] || text outside "$outside"
    say ok test-here
  else
    refuse test "$words"
    return 1
  fi
}

# outside_paths: in $outside how many files nginx read that are not under CONFPATHS, and the first hundred of them, a line
# each. What nginx's packages bring along, alike everywhere, does not count.
outside_paths() {
  local path fact file count
  eval "set -- $paths"
  outside='' count=0
  while read -r fact file; do
    [ "$fact" = file ] || continue
    case ${file##*/} in mime.types | *_params | fastcgi.conf | koi-utf | koi-win | win-utf) continue ;; esac
    for path; do
      case $file in "$path" | "$path"/*) continue 2 ;; esac
    done
    count=$((count + 1))
    [ "$count" -gt 100 ] || outside="$outside$newline$file"
  done <<FACTS
$facts
FACTS
  [ -z "$outside" ] || outside=$count$outside
}

# outside_answer: for a comparison, which writes nothing. A test makes what is missing, such as a pid file; where nginx runs,
# nothing is.
outside_answer() {
  local outside facts arguments_cut
  outside=
  if find_master && [ -n "$master" ] && run_test; then outside_paths; fi
  [ -z "$outside" ] || text outside "$outside"
  say ok outside
}
