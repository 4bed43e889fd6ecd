# nginx: its master process, its test, its reload, and how to see that a reload took effect. Processes decide, the log
# explains: nginx -t and the signal both succeed for a configuration under which no worker survives.

# What is kept of the configuration that nginx -T prints: a line "file PATH" for each file that it read, "pid PATH", and in
# the end "status N".
test_filter='s|^# configuration file (/.*):$|file \1|p
s/^([^#]*[;{}])?[[:space:]]*pid[[:space:]]+["'\'']?([^;"'\'' ]*)["'\'']?[[:space:]]*;.*/pid \2/p
/^status [0-9]+$/p'

# nginx_test: the test command. Its words are in $words, what it tested in $test_file.
nginx_test() {
  run_test && concerns_paths && default_test
}

# concerns_paths: fails if the test proved nothing: nginx read no file of CONFPATHS, nor does its configuration speak of one.
concerns_paths() {
  if [ "$arguments_cut" = yes ] && ! pid_file_names_master; then
    words="the title of nginx's master (PID $master) is cut, so that its -c, -p and -g are not known, and the pid file of \
$test_file does not name it. Start nginx with a longer environment"
    return 1
  fi
  if reads_paths || mentions_paths; then return 0; fi
  tested_master="no master of it runs"
  [ -z "$master" ] || tested_master="the master is PID $master"
  words="the test proves nothing: nginx reads no file of CONFPATHS. $nginx was tested with ${test_file:-a file that it did not name}; \
$tested_master. Set NGINX, PIDFILE or CONFPATHS"
  return 1
}

# default_test: where the master has a configuration of its own, the one that nginx takes by itself may be the one that is
# pushed, and its nginx only be stopped. Fails if it is of CONFPATHS, and wrong.
default_test() {
  case " ${master_title#*master process}" in *' -'[cp]*) [ -z "$pid_file" ] || return 0 ;; *) return 0 ;; esac
  tested_words=$words tested_facts=$test_facts
  if ! limited "$test_timeout" "$nginx" -t; then
    test_facts="file ${words##*configuration file }"
    test_facts=${test_facts%% test failed*}
    if reads_paths; then
      words="$words
The running nginx (PID $master) uses $test_file and passed. If no nginx is to use the other one, set PIDFILE"
      return 1
    fi
  fi
  words=$tested_words test_facts=$tested_facts
}

# run_test [FILTER]: nginx -T with the running master's own -c, -p, -g and -e, since another configuration than it runs would prove
# nothing. The configuration that it prints goes no further than to $test_facts.
run_test() {
  test_sed=${1:-$test_filter}
  set --
  test_globals='' test_directory='' arguments_cut=no
  if [ -n "$master" ]; then
    arguments=" ${master_title#*master process}"
    # As angie has them.
    case $arguments in *' ['*']') arguments=" ${arguments#*\[}" arguments=${arguments%]} ;; esac
    title=$master_title
    if title_is_cut "$master"; then arguments_cut=yes; fi
    for option in c p g e; do
      # nginx takes "-c FILE" and "-cFILE".
      case $arguments in
        *" -$option"*) ;;
        *) continue ;;
      esac
      value=${arguments#*" -$option"}
      value=${value# }
      case $value in
        # The value of -g has spaces: it ends where the next option begins.
        *" -"[cpgetq]*) value=${value%%" -"[cpgetq]*} ;;
        # Where the title was cut, nobody knows the rest of it.
        *) [ "$arguments_cut" = no ] || continue ;;
      esac
      value=${value% }
      case $option$value in
        g*) test_globals=$value ;;
        p[!/]*) test_directory=$(readlink "/proc/$master/cwd") ;;
      esac
      set -- "$@" "-$option" "$value"
    done
  fi
  for test_try in 1 2 3; do
    # What nginx says is cut off there. The facts are as long as the configuration has files.
    most_held=8388608
    limited "$test_timeout" sh -c "$test_shell" nginx-sync "$test_globals" "$test_sed" "nginx-sync-$id" "$test_directory" "$most_words" \
      "$nginx" -T "$@"
    most_held=$most_words
    split_test && count_words "$most_words"
    if [ "$limit_over" = yes ]; then
      words="nginx -t did not end within $test_timeout s (TEST_TIMEOUT)${words:+; it said last:
$words}"
      return 1
    fi
    [ "${test_facts##*status }" = 0 ] && return 0
    # An editor that saves renames: a file is away for an instant.
    case $words in
      *'failed (2: No such file or directory)'*) [ "$test_try" = 3 ] || pause 0.1 ;;
      *) break ;;
    esac
  done
  case $words in
    # As before nginx 1.9.2.
    *'invalid option: "T"'*) ;;
    *'configuration file '*' test failed'*)
      test_file=${words##*configuration file }
      test_file=${test_file% test failed*}
      test_facts="file $test_file"
      return 1
      ;;
    *) return 1 ;;
  esac
  limited "$test_timeout" "$nginx" -t "$@" || return 1
  test_file=${words#*configuration file }
  test_file=${test_file%% syntax is ok*}
  test_facts="file $test_file"
}

# test_shell: GLOBALS FILTER MARK DIRECTORY MOST COMMAND…: prints the facts, the line MARK, what dd counted, and the last MOST bytes
# of what nginx says. In this order, since sed holds open what dd reads from, and dd what tail does.
# shellcheck disable=SC2016 # to be expanded by the shell that it starts
test_shell='globals=$1 filter=$2 mark=$3 directory=$4 most=$5
shift 5
[ -z "$directory" ] || cd "$directory" || exit
{
  {
    {
      printf "%s\n" "$globals"
      "$@" 2>&3 3>&- 4>&-
      echo "status $?"
    } | {
      sed -nE "$filter"
      printf "%s\n" "$mark"
    } >&4
  } 3>&1 | {
    dd bs=65536 2>&4
    :
  } | tail -c "$most"
} 4>&1'

# split_test: takes the facts and the line MARK from the beginning of $words. Fails if there is no such line.
split_test() {
  case $words in
    *"nginx-sync-$id$newline"*) ;;
    *)
      test_facts='' test_file='' test_pid_file=''
      return 1
      ;;
  esac
  test_facts=${words%%"nginx-sync-$id$newline"*}
  test_facts=${test_facts%"$newline"}
  words=${words#*"nginx-sync-$id$newline"}
  test_file='' test_pid_file=''
  case $test_facts in *'file /'*)
    test_file=${test_facts#*"file "}
    test_file=${test_file%%"$newline"*}
    ;;
  esac
  case $test_facts in *'pid '*)
    test_pid_file=${test_facts##*"pid "}
    test_pid_file=${test_pid_file%%"$newline"*}
    ;;
  esac
  return 0
}

# reads_paths: nginx read a file of CONFPATHS in its last test.
reads_paths() {
  eval "set -- $paths"
  facts_left=$test_facts
  while :; do
    fact=${facts_left%%"$newline"*}
    for path; do
      case $fact in "file $path" | "file $path"/*) return 0 ;; esac
    done
    case $facts_left in *"$newline"*) facts_left=${facts_left#*"$newline"} ;; *) return 1 ;; esac
  done
}

# mentions_paths: nginx read a file that is really in one of CONFPATHS, through a link; or a directive speaks of one of
# CONFPATHS (a certificate, a script), or of a directory above it (a root). Asked where reads_paths says no.
mentions_paths() {
  eval "set -- $paths"
  mention_names='' mention_above=''
  for path; do
    shift
    really "$path"
    set -- "$@" "$really"
    mention_names="$mention_names$path$newline"
    case $path in "${test_file%/*}"/*) mention_names="$mention_names${path#"${test_file%/*}/"}$newline" ;; esac
    while path=${path%/*} && [ -n "$path" ]; do mention_above="$mention_above$path$newline"; done
  done
  facts_left=$test_facts
  while [ -n "$facts_left" ]; do
    fact=${facts_left%%"$newline"*}
    case $fact in 'file '*) really "${fact#file }" ;; *) really= ;; esac
    for path; do
      case $really in "$path" | "$path"/*) return 0 ;; esac
    done
    case $facts_left in *"$newline"*) facts_left=${facts_left#*"$newline"} ;; *) break ;; esac
  done
  mention_words=$words mention_facts=$test_facts mention_file=$test_file mention_pid_file=$test_pid_file
  mention_names=$(alternatives "$mention_names")
  run_test "/^[[:space:]]*#/d
/^status [0-9]+\$/p
s,^(.*[[:space:]\"'=:(])?($mention_names)([[:space:]\"'/;:?)].*)?\$,mentioned,p
s,^(.*[[:space:]\"'=])?($(alternatives "$mention_above"))/?[[:space:]\"';].*\$,mentioned,p"
  mentioned=$test_facts
  words=$mention_words test_facts=$mention_facts test_file=$mention_file test_pid_file=$mention_pid_file
  case $mentioned in *mentioned*) return 0 ;; *) return 1 ;; esac
}

# really PATH: where it leads to, in $really; empty if it is not there.
really() {
  really=
  if [ -L "$1" ]; then
    really=$(readlink -f "$1")
  elif [ -d "$1" ]; then
    real_directory "$1" && really=$real_directory
  elif real_directory "${1%/*}"; then
    really=${real_directory%/}/${1##*/}
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

# is_worker PID: by its title, one that takes new connections. Where titles are cut, by its sockets.
is_worker() {
  title=
  { IFS= read -r title <"/proc/$1/cmdline"; } 2>/dev/null
  case $title in
    *': worker process is shutting down'*) return 1 ;;
    *': worker process'*) return 0 ;;
    *': '*' process'*) return 1 ;;
    *) title_is_cut "$1" && listens "$1" ;;
  esac
}

# listens PID: it has a listening socket, which a worker that is shutting down and a cache manager have not.
listens() {
  listening=$(sed -n -e 's/^ *[0-9]*: [^ ]* [^ ]* 0A *\([^ ]* *\)\{5\}\([0-9]*\) .*/[\2]/p' \
    -e 's/^[0-9a-fA-F]*: [^ ]* [^ ]* 00010000 [^ ]* [^ ]* *\([0-9]*\).*/[\1]/p' \
    "/proc/$1/net/tcp" "/proc/$1/net/tcp6" "/proc/$1/net/unix" 2>/dev/null)
  # shellcheck disable=SC2010,SC2012 # the only way to read many links with one process in every system
  [ -n "$listening" ] && ls -l "/proc/$1/fd" 2>/dev/null | grep -qF "$listening"
}

# workers: the master's children under the title of a current worker, as " PID:START" each, in $workers. One that is
# shutting down has another title, a zombie has none. Whoever was in $workers before is not looked at again: the shell
# reads a byte at a time, and this is asked often while nginx reloads. A child that is a master is in $successor.
workers() {
  workers_known="$workers "
  workers=
  children_of "$master"
  # shellcheck disable=SC2086 # numbers
  set -- $children
  for child; do
    if ! is_worker "$child"; then
      case $title in *': master process'*) ! has_worker "$child" || successor=$child ;; esac
      continue
    fi
    case $workers_known in
      *" $child:"*)
        process_start=${workers_known#*" $child:"}
        process_start=${process_start%% *}
        ;;
      *)
        process_state "$child" || continue
        if [ "$process_state" = Z ] || [ "$process_parent" != "$master" ]; then continue; fi
        ;;
    esac
    workers="$workers $child:$process_start"
  done
}

# serving_since_record: the recorded state is still the one that runs: the same master, and one of the workers that
# were seen then. A reload by anybody replaces all workers; then it is not known what they read.
serving_since_record() {
  [ -n "$master" ] || return 1
  { read -r served_digest served_master served_workers <"$state_directory/served"; } 2>/dev/null || return 1
  read -r served_boot </proc/sys/kernel/random/boot_id
  process_state "$master" || return 1
  [ "$served_master" = "$master:$process_start:$served_boot" ] || return 1
  workers=
  workers
  any_of "$served_workers" "$workers"
}

# any_of SOME OTHERS: a worker is in both lists.
any_of() {
  for any_worker in $1; do
    case "$2 " in *" $any_worker "*) return 0 ;; esac
  done
  return 1
}

# record_served DIGEST: what serves from now on, seen to do so.
record_served() {
  read -r served_boot </proc/sys/kernel/random/boot_id
  process_state "$master" || return 1
  served_start=$process_start
  workers
  [ -d "$state_directory" ] || mkdir -p "$state_directory" || return 1
  # Torn by a loss of power it is no record, which costs a reload and no more.
  printf '%s %s %s\n' "$1" "$master:$served_start:$served_boot" "$workers" >"$state_directory/served"
}
