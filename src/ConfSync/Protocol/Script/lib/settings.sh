# The settings that every mode has, and where this script keeps its own files. Each is checked for its type before it is used.

run_directory=/run/nginx-sync

state_directory=/var/lib/nginx-sync
# shellcheck disable=SC2034 # not every mode has one
journal=$state_directory/transaction

defaults() {
  nginx=/usr/sbin/nginx pid_file='' backup_directory=$state_directory test_timeout=60 step_timeout=120
  paths='' settings=$newline
  further_defaults
}

# note_setting NAME VALUE: the value is percent-encoded. Fails, with the reason in $words, if it is none of the setting's
# type. A setting that a mode has no use for is only noted, in $settings: for the journal, since an undo has to know them all, and
# where no link may lead away.
note_setting() {
  local type
  case $1 in
    nginx | *-file | backup | path) type=path ;;
    *-timeout | keep | rollback) type=number ;;
    reload* | failpoints) type='yes|no' ;;
    digest* | known*) type=digest ;;
    health | who | run | own-*) type=text ;;
    *)
      words="not a setting: $1"
      return 1
      ;;
  esac
  check "$type" "$2" || return 1
  settings="$settings$1 $2$newline"
  decode "$2"
  # shellcheck disable=SC2034 # not every mode reads all of them
  case $1 in
    nginx) nginx=$decoded ;;
    pid-file) pid_file=$decoded ;;
    backup) backup_directory=$decoded ;;
    test-timeout) test_timeout=$decoded ;;
    step-timeout) step_timeout=$decoded ;;
    path)
      quote_word "$decoded"
      paths="$paths $quoted"
      ;;
    *) further_setting "$1" "$2" ;;
  esac
}
