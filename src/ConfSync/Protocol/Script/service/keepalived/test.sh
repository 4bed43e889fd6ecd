# keepalived's test. keepalived -t says nothing by its exit status, which a harmless line sets as well and a deadly one does not
# always; its lines are compared with those that the configuration gives that runs. What it does not say is looked for in checks.sh.

keepalived_default=/etc/keepalived/keepalived.conf

# keepalived_arguments: those of the running parent that say what it reads, as words for eval, in $arguments; its directory in
# $directory, its main file, which they do not name, in $file, and the name by which it chooses lines (@NAME) in $keepalived_id. Debian's where none runs.
keepalived_arguments() {
  local word option rest next
  arguments='' directory=/ file=$keepalived_default next=
  keepalived_id=$(uname -n)
  keepalived_id=${keepalived_id%%.*}
  [ -n "$found" ] || return 0
  directory=$(readlink "/proc/$found/cwd")
  while IFS= read -r word; do
    case $next:$word in
      drop:*) next= ;;
      ?:*)
        keepalived_argument "$next" "$word"
        next=
        ;;
      :--use-file=*) keepalived_argument f "${word#*=}" ;;
      :--config-id=*) keepalived_argument i "${word#*=}" ;;
      :--use-file) next=f ;;
      :--config-id) next=i ;;
      :--vrrp) keepalived_argument P ;;
      :--check) keepalived_argument C ;;
      :--no_bfd) keepalived_argument B ;;
      :--all-config) keepalived_argument e ;;
      :--umask | :--pid | :--vrrp_pid | :--checkers_pid | :--bfd_pid | :--snmp-agent-socket | :--namespace | :--log-facility) next=drop ;;
      :--*) ;;
      :-?*)
        rest=${word#-}
        while [ -n "$rest" ]; do
          option=${rest%"${rest#?}"}
          rest=${rest#?}
          case $option in
            f | i)
              if [ -n "$rest" ]; then keepalived_argument "$option" "$rest"; else next=$option; fi
              break
              ;;
            [PCBe]) keepalived_argument "$option" ;;
            [SuprcbAs])
              [ -n "$rest" ] || next=drop
              break
              ;;
            [MT]) break ;;
          esac
        done
        ;;
    esac
  done <<ARGUMENTS
$(tr '\000' '\n' <"/proc/$found/cmdline" 2>/dev/null | sed 1d)
ARGUMENTS
  case $file in /*) ;; *) file=${directory%/}/$file ;; esac
}

# keepalived_argument OPTION [VALUE]
keepalived_argument() {
  case $1 in
    f)
      file=$2
      return
      ;;
    i) keepalived_id=$2 ;;
  esac
  arguments="$arguments -$1"
  if [ $# -gt 1 ]; then
    quote_word "$2"
    arguments="$arguments $quoted"
  fi
}

# keepalived_test: refuses what its test says of the new files and not of the configuration that runs, what ends it whether or not
# that runs, and what checks.sh finds.
keepalived_test() {
  local arguments directory file keepalived_id text facts facts_before known said status
  keepalived_arguments
  # A node that has no part in a cluster.
  if [ -z "$found" ] && ! is_there "$file"; then
    words="keepalived does not run, and there is no $file"
    return 0
  fi
  facts=$(keepalived_lines "$file" | keepalived_facts)
  facts_before='' known=''
  keepalived_known
  keepalived_run "$file"
  status=$?
  said=$words
  if [ "$status" -eq 124 ]; then
    words="keepalived -t did not end within $test_timeout s (TEST_TIMEOUT)${said:+; it said last:
$said}"
    return 1
  fi
  keepalived_new_lines || return 1
  if [ "$status" -ge 128 ] || [ "$status" -eq 4 ]; then
    words="keepalived -t ended with status $status${said:+:
$said}"
    return 1
  fi
  # It takes nothing up then, whether or not it has said so of the configuration that runs.
  case "$newline$facts_before$newline" in *"${newline}global reload_check_config "*)
    if [ "$status" -ne 0 ]; then
      words="keepalived would not take it up, because of reload_check_config:
$said"
      return 1
    fi
    ;;
  esac
  keepalived_checks || return 1
  words=$said${words:+${said:+$newline}$words}
}

# keepalived_known: what it says of the configuration that runs, in $known, and what is in that, in $facts_before. keepalived reads
# regular files only, so that a copy is needed: in the view it is in memory that no other process sees, and this shell removes it at once. Where
# none runs, what it says of the files as they are outside of the view.
keepalived_known() {
  local copy
  if [ -z "$found" ]; then
    has nsenter || return 0
    keepalived_run "$file" nsenter -t "$PPID" -m
    known=$words
    return 0
  fi
  keepalived_text
  [ -n "$text" ] || return 0
  copy=$run_directory/keepalived.running
  facts_before=$(keepalived_lines "$text" | keepalived_facts)
  rm -f -- "$copy"
  cat "$text" >"$copy"
  keepalived_run "$copy"
  rm -f -- "$copy"
  known=$words
}

# keepalived_run FILE [COMMAND…]: its own test of that file; what it said, without passwords, is in $words.
keepalived_run() {
  local program status tested
  program_of keepalived /usr/sbin/keepalived || return 1
  # shellcheck disable=SC2034 # for eval
  tested=$1
  shift
  eval "set -- \"\$@\" \"\$program\" -t -f \"\$tested\" $arguments"
  # shellcheck disable=SC2016 # to be expanded by the shell that is started
  limited "$test_timeout" sh -c 'cd "$1" && shift && exec "$@"' sh "$directory" "$@"
  status=$?
  words=$(printf '%s\n' "$words" | keepalived_hide)
  return "$status"
}

# keepalived_hide: in its lines, what may be a password of either configuration: it quotes what it does not understand.
keepalived_hide() {
  {
    printf '%s\n' "$facts" "$facts_before" | sed -n 's/^secret //p'
    echo
    cat
  } | awk '
seen_all { for (i = 1; i <= count; i++) { left = $0; done = ""
while ((at = index(left, secret[i])) > 0) { done = done substr(left, 1, at - 1) "***"; left = substr(left, at + length(secret[i])) }
$0 = done left }
print; next }
$0 == "" { seen_all = 1; next }
length($0) > 2 { secret[++count] = $0 }'
}

# keepalived_new_lines: fails, with them in $words, if what it said in $said has lines that are new, or that are deadly. A line is the
# same wherever it is said to be. That scripts run without script_security is no mistake of a push.
keepalived_new_lines() {
  words=$(
    printf '%s\n' "$known" '' "$said" | awk '
function bare(line) { sub(/^\([^()]*Line [0-9]+\) /, "", line); return line }
!told && $0 != "" { known[bare($0)] = 1; next }
$0 == "" { told = 1; next }
{ line = bare($0)
deadly = line ~ /Non-existent interface|Unknown interface|duplicate VRID|virtual router id must be set|VRID .* not valid|Unterminated quote|Config files missing|not a regular non-executable file/
harmless = line ~ /^SECURITY VIOLATION|default user .keepalived_script. for script execution does not exist/
if ((deadly || !(harmless || line in known)) && !(line in shown)) { shown[line] = 1; print } }'
  )
  [ -z "$words" ]
}
