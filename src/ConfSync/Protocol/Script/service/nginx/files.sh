# What nginx reads: which of several masters is meant, and whether a test proved anything, follow from that.

# see_files: what the running master's configuration, as it is on the disk, reads: a line "file PATH" each in $facts, and the
# first of them, its main file, in $test_file. Only that one where the configuration is wrong. What nginx says besides is for
# run_test to tell.
see_files() {
  local try options globals directory
  test_arguments
  eval "set -- -T $options"
  for try in 1 2 3; do
    facts=$(
      exec </dev/null 9>&-
      [ -z "$directory" ] || cd "$directory" || exit
      if has timeout; then set -- timeout -s KILL "$test_timeout" "$nginx" "$@"; else set -- "$nginx" "$@"; fi
      {
        "$@" 2>&1
        echo "status $?"
      } | sed -nE 's|^# configuration file (/.*):$|file \1|p
s/^[a-z]+: (the )?configuration file (.*) (syntax is ok|test failed)$/file \2/p
s/^[a-z]+: invalid option: "T"/old/p
/^status [0-9]+$/p'
    )
    # An editor that saves renames: a file is away for an instant. Before 1.9.2, nginx only said which its main file is.
    case $facts in
      *'status 0') break ;;
      old*) shift && set -- -t "$@" ;;
      *) [ "$try" = 3 ] || pause 0.1 ;;
    esac
  done
  test_file=
  case $facts in *'file /'*)
    test_file=${facts#*"file "}
    test_file=${test_file%%"$newline"*}
    ;;
  esac
}

# test_arguments: those of the running master, as words for eval, in $options; the value of its -g in $globals, and in
# $directory where it was started if a path of these is relative to that.
# shellcheck disable=SC2034 # run_test asks for $globals
test_arguments() {
  local option value args title
  globals='' directory='' options='' arguments_cut=no
  [ -n "$master" ] || return 0
  args=" ${master_title#*master process}"
  # As angie has them.
  case $args in *' ['*']') args=" ${args#*\[}" args=${args%]} ;; esac
  title=$master_title
  if title_is_cut "$master"; then arguments_cut=yes; fi
  for option in c p g e; do
    # nginx takes "-c FILE" and "-cFILE".
    case $args in
      *" -$option"*) ;;
      *) continue ;;
    esac
    value=${args#*" -$option"}
    value=${value# }
    case $value in
      # The value of -g has spaces: it ends where the next option begins.
      *" -"[cpgetq]*) value=${value%%" -"[cpgetq]*} ;;
      # Where the title was cut, nobody knows the rest of it.
      *) [ "$arguments_cut" = no ] || continue ;;
    esac
    value=${value% }
    case $option$value in
      g*) globals=$value ;;
      p[!/]*) directory=$(readlink "/proc/$master/cwd") ;;
    esac
    quote_word "$value"
    options="$options -$option $quoted"
  done
}

# reads_paths: nginx read a file of CONFPATHS in its last test.
reads_paths() {
  local path fact facts_left
  eval "set -- $paths"
  facts_left=$facts
  while :; do
    fact=${facts_left%%"$newline"*}
    for path; do
      case $fact in "file $path" | "file $path"/*) return 0 ;; esac
    done
    case $facts_left in *"$newline"*) facts_left=${facts_left#*"$newline"} ;; *) return 1 ;; esac
  done
}
