# Which worker processes serve now, and whether they are still those that were seen to serve a state.

# workers: the master's children under the title of a current worker, as " PID:START" each, in $workers. One that is
# shutting down has another title, a zombie has none. A process that was in $workers before is not looked at again: the shell
# reads a byte at a time, and this is asked often while nginx reloads. A child that is a master is in $successor.
# shellcheck disable=SC2034 # only a push asks for $successor
workers() {
  local known child children
  known="$workers "
  workers=
  children_of "$master"
  # shellcheck disable=SC2086 # numbers
  set -- $children
  for child; do
    if ! is_worker "$child"; then
      case $title in *': master process'*) ! has_worker "$child" || successor=$child ;; esac
      continue
    fi
    case $known in
      *" $child:"*)
        process_start=${known#*" $child:"}
        process_start=${process_start%% *}
        ;;
      *)
        see_process "$child" || continue
        [ "$process_parent" = "$master" ] || continue
        ;;
    esac
    workers="$workers $child:$process_start"
  done
}

# serving_since_record: what is recorded is still what runs: the same master, and one of the workers that were seen then. A
# reload by anybody replaces all workers; then it is not known what they read. The recorded states are in $served_digest, with
# a blank before each (record.sh).
serving_since_record() {
  local then_master then_workers workers master_name digest words
  [ -n "$master" ] || return 1
  {
    {
      read -r then_master then_workers
      while read -r digest _; do
        ! check digest "$digest" || served_digest="$served_digest $digest"
      done
    } <"$state_directory/served"
  } 2>/dev/null || return 1
  if ! name_master || [ "$then_master" != "$master_name" ]; then return 1; fi
  workers=
  workers
  any_of "$then_workers" "$workers"
}

# name_master: what tells the running master from all others, before and after, in $master_name.
name_master() {
  see_process "$master" && master_name=$master:$process_start:$boot
}

# any_of SOME OTHERS: a worker is in both lists.
any_of() {
  local worker
  for worker in $1; do
    case "$2 " in *" $worker "*) return 0 ;; esac
  done
  return 1
}
