# nginx: its master process, its test, its reload, and how to see that a reload took effect. Processes decide, the log
# explains: nginx -t and the signal both succeed for a configuration under which no worker survives.

# run_test [FILTER]: nginx -T with the running master's own -c, -p, -g and -e, since another configuration than it runs would
# prove nothing. The configuration that it prints goes no further than to $facts: what FILTER, for sed, keeps of it; otherwise a
# line "file PATH" for each file that it read, "pid PATH", and in the end "status N".
# shellcheck disable=SC2120 # it sets its arguments itself
run_test() {
  local filter try globals directory options most_held status
  filter=${1:-}
  [ -n "$filter" ] || filter='s|^# configuration file (/.*):$|file \1|p
s/^([^#]*[;{}])?[[:space:]]*pid[[:space:]]+["'\'']?([^;"'\'' ]*)["'\'']?[[:space:]]*;.*/pid \2/p
/^status [0-9]+$/p'
  test_arguments
  eval "set -- $options"
  for try in 1 2 3; do
    # What nginx says is cut off there. The facts are as long as the configuration has files.
    most_held=8388608
    limit_test "$nginx" -T "$@"
    status=$?
    most_held=
    split_test && count_words "$most_words"
    if [ "$status" -eq 124 ]; then
      words="nginx -t did not end within $test_timeout s (TEST_TIMEOUT)${words:+; it said last:
$words}"
      return 1
    fi
    [ "${facts##*status }" = 0 ] && return 0
    # An editor that saves renames: a file is away for an instant.
    case $words in
      *'failed (2: No such file or directory)'*) [ "$try" = 3 ] || pause 0.1 ;;
      *) break ;;
    esac
  done
  case $words in
    # As before nginx 1.9.2.
    *'invalid option: "T"'*) ;;
    *'configuration file '*' test failed'*)
      test_file=${words##*configuration file }
      test_file=${test_file% test failed*}
      facts="file $test_file"
      return 1
      ;;
    *) return 1 ;;
  esac
  limited "$test_timeout" "$nginx" -t "$@" || return 1
  test_file=${words#*configuration file }
  test_file=${test_file%% syntax is ok*}
  facts="file $test_file"
}

# limit_test COMMAND…: run by another shell, which prints the facts, a line that marks their end, what dd counted, and the last
# bytes of what nginx says. In this order, since sed holds open what dd reads from, and dd what tail does.
# shellcheck disable=SC2016 # to be expanded by the shell that it starts
limit_test() {
  limited "$test_timeout" sh -c 'globals=$1 filter=$2 mark=$3 directory=$4 most=$5
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
} 4>&1' nginx-sync "$globals" "$filter" "nginx-sync-$id" "$directory" "$most_words" "$@"
}

# split_test: takes the facts and the line MARK from the beginning of $words. Fails if there is no such line.
split_test() {
  local mark
  mark=nginx-sync-$id$newline
  facts='' test_file='' test_pid_file=''
  case $words in *"$mark"*) ;; *) return 1 ;; esac
  facts=${words%%"$mark"*}
  facts=${facts%"$newline"}
  words=${words#*"$mark"}
  case $facts in *'file /'*)
    test_file=${facts#*"file "}
    test_file=${test_file%%"$newline"*}
    ;;
  esac
  case $facts in *'pid '*)
    test_pid_file=${facts##*"pid "}
    test_pid_file=${test_pid_file%%"$newline"*}
    ;;
  esac
  return 0
}
