# For a doctor: which nginx this node has, what it reads, and its certificates. Only looks.

# doctor_nginx: "no-program"; or "text build" with the words of nginx -V, then what is known of the master.
doctor_nginx() {
  master='' words=''
  if [ ! -x "$nginx" ]; then
    say no-program
    return
  fi
  text build "$(within "$nginx" -V 2>&1 </dev/null)"
  if ! find_master; then
    text uncertain "$words"
  elif [ -z "$master" ]; then
    text stopped "$words"
  else
    doctor_master
    doctor_configuration
  fi
}

# doctor_master: "text master" in three lines: its PID, its program, and how many files it may open; and how many files the kernel
# has open and would open.
doctor_master() {
  local limit line used most
  limit=-
  while read -r line; do
    case $line in
      'Max open files '*)
        # shellcheck disable=SC2086 # fields
        set -- $line
        limit=$4
        ;;
    esac
  done 2>/dev/null <"/proc/$master/limits"
  text master "$master
$(readlink "/proc/$master/exe" || echo "$nginx")
$limit"
  ! { read -r used _ most </proc/sys/fs/file-nr; } 2>/dev/null || say files "$used" "$most"
}

# doctor_configuration: what the running master's configuration, as it is on the disk, reads and names: "text fact" for each
# file, and for each directive below; for each line that nginx says; and for its exit status. A test makes what is missing,
# such as a pid file; where nginx runs, nothing is.
# shellcheck disable=SC2034 # test_arguments sets $globals
doctor_configuration() {
  local options globals directory arguments_cut line
  test_arguments
  eval "set -- $options"
  ! has timeout || set -- -s KILL "$test_timeout" "$nginx" -T "$@"
  {
    [ -z "$directory" ] || cd "$directory" || exit
    if has timeout; then timeout "$@"; else "$nginx" -T "$@"; fi </dev/null 2>&1
    echo "status $?"
  } | sed -E '/^([a-z]+: |[0-9]+\/[0-9]+\/[0-9]+ )|^# configuration file /b
/^[[:space:]]*#/d
s/[[:space:]]#.*$//
s/[;{}]/\
/g' | sed -nE 's|^# configuration file (/.*):$|file \1|p
s/^(([a-z]+: |[0-9]+\/[0-9]+\/[0-9]+ ).*)/said \1/p
s/^[[:space:]]*((include|load_module|ssl_certificate|pid|worker_connections|worker_rlimit_nofile)[[:space:]].*)/\1/p
/^status [0-9]+$/p' | while read -r line; do text fact "$line"; done
}

# certificate_answer PATH: the first certificate in the file, and nothing else of it.
certificate_answer() {
  require path "$1" || return
  decode "$1"
  text certificate "$(within sed -n -e '/-----BEGIN CERTIFICATE-----/,/-----END CERTIFICATE-----/p' -e '/-----END CERTIFICATE-----/q' "$decoded" 2>/dev/null)"
  say ok certificate
}

# pid_answer PATH: the number that a pid file holds, or "-".
pid_answer() {
  local pid_found
  require path "$1" || return
  decode "$1"
  read_pid "$decoded" || pid_found=-
  say ok pid "$pid_found"
}
