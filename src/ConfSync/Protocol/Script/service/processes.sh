# The children of a process.

# children_of PID: in $children.
children_of() {
  children=
  { read -r children <"/proc/$1/task/$1/children"; } 2>/dev/null || [ -n "$children" ] || same_named "$1"
}

# same_named PID: for kernels built without CONFIG_PROC_CHILDREN, its children that bear its name.
same_named() {
  local name process process_name
  [ ! -e "/proc/$1/task/$1/children" ] || return 0
  { read -r name <"/proc/$1/comm"; } 2>/dev/null || return 0
  for process in /proc/[0-9]*; do
    { read -r process_name <"$process/comm"; } 2>/dev/null || continue
    [ "$process_name" = "$name" ] || continue
    if see_process "${process#/proc/}" && [ "$process_parent" = "$1" ]; then children="$children ${process#/proc/}"; fi
  done
}
