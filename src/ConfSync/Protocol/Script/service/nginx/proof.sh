# Whether a test of nginx's configuration that passed proves anything.

# concerns_paths: fails if the test proved nothing: nginx read no file of CONFPATHS, nor does its configuration speak of one.
concerns_paths() {
  local whose
  if [ "$arguments_cut" = yes ] && ! pid_file_names_master; then
    words="the title of nginx's master (PID $master) is cut, so that its -c, -p and -g are not known, and the pid file of \
$test_file does not name it. Start nginx with a longer environment"
    return 1
  fi
  if reads_paths || mentions_paths; then return 0; fi
  whose="no master of it runs"
  [ -z "$master" ] || whose="the master is PID $master"
  words="the test proves nothing: nginx reads no file of CONFPATHS. $nginx was tested with ${test_file:-a file that it did not name}; \
$whose. Set NGINX, PIDFILE or CONFPATHS"
  return 1
}

# default_test: where the master has a configuration of its own, the one that nginx takes by itself may be the one that is
# pushed, and its nginx only be stopped. Fails if it is of CONFPATHS, and wrong.
default_test() {
  local tested_words facts
  if ! has_own_configuration || [ -n "$pid_file" ]; then return 0; fi
  tested_words=$words
  if ! limited "$test_timeout" "$nginx" -t; then
    facts="file ${words##*configuration file }"
    facts=${facts%% test failed*}
    if reads_paths; then
      words="$words
The running nginx (PID $master) uses $test_file and passed. If no nginx is to use the other one, set PIDFILE"
      return 1
    fi
  fi
  words=$tested_words
}

# mentions_paths: nginx read a file that is really in one of CONFPATHS, through a link; or a directive speaks of one of
# CONFPATHS (a certificate, a script), or of a directory above it (a root). Asked where reads_paths says no.
mentions_paths() {
  local path really names above fact facts_left
  eval "set -- $paths"
  names='' above=''
  for path; do
    shift
    really "$path"
    set -- "$@" "$really"
    names="$names$path$newline"
    case $path in "${test_file%/*}"/*) names="$names${path#"${test_file%/*}/"}$newline" ;; esac
    while path=${path%/*} && [ -n "$path" ]; do above="$above$path$newline"; done
  done
  facts_left=$facts
  while [ -n "$facts_left" ]; do
    fact=${facts_left%%"$newline"*}
    case $fact in 'file '*) really "${fact#file }" ;; *) really= ;; esac
    for path; do
      case $really in "$path" | "$path"/*) return 0 ;; esac
    done
    case $facts_left in *"$newline"*) facts_left=${facts_left#*"$newline"} ;; *) break ;; esac
  done
  names=$(alternatives "$names")
  above=$(alternatives "$above")
  directive_matches "s,^(.*[[:space:]\"'=:(])?($names)([[:space:]\"'/;:?)].*)?\$,mentioned,p
s,^(.*[[:space:]\"'=])?($above)/?[[:space:]\"';].*\$,mentioned,p"
}

# directive_matches COMMANDS: one of these commands of sed says "mentioned" of a line that is no comment. The results of the last
# test stay as they are.
# shellcheck disable=SC2034 # run_test sets them
directive_matches() {
  local words facts test_file test_pid_file arguments_cut
  run_test "/^[[:space:]]*#/d
/^status [0-9]+\$/p
$1"
  case $facts in *mentioned*) return 0 ;; *) return 1 ;; esac
}

# really PATH: where it leads to, in $really; empty if it is not there.
really() {
  really=
  if [ -L "$1" ]; then
    really=$(readlink -f "$1")
  elif [ -d "$1" ]; then
    resolve "$1" && really=$resolved
  elif resolve "${1%/*}"; then
    really=${resolved%/}/${1##*/}
  fi
}

# alternatives TEXT: its lines as an expression that finds any of them. For a subshell.
alternatives() {
  set -f
  IFS=$newline
  # shellcheck disable=SC2046 # a word for each line
  set -- $(printf '%s' "$1" | sed 's#[][\.*^$+?(){}|,]#\\&#g')
  IFS='|'
  printf '%s' "$*"
}

# say_master: which nginx was tested: its PID, program and configuration file.
say_master() {
  text master "${master:--}
$nginx
$test_file"
}

# pid_file_names_master: does the pid file of the tested configuration name it; else what reads that file would signal another
# process, or none. Fails with what to say of it in $words.
pid_file_names_master() {
  local pid_found
  # Where the configuration names none, only nginx -V says which it is.
  [ -n "$test_pid_file" ] || test_pid_file=$("$nginx" -V 2>&1 | sed -n 's/.*--pid-path=\([^ ]*\).*/\1/p')
  case $test_pid_file in /*) ;; *) return 0 ;; esac
  if read_pid "$test_pid_file" && [ "$pid_found" = "$master" ]; then return 0; fi
  words="the pid file $test_pid_file does not name nginx's master (PID $master): nginx -s, and services that read it, do not \
reach this nginx"
  return 1
}
