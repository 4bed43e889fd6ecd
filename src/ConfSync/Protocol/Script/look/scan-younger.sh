# The scan where the primary knows what an earlier one hashed. It is sent only then.

# scan_gnu PATH... EXPRESSION: as in look/scan-all.sh. With the request "scan identified SINCE", the clock comes first, and only
# files are hashed that were changed after that time (seconds since 1970). Other requests hash everything: $request and $value
# are those of run.
scan_gnu() {
  local since
  since=
  case $request in scan) since=$value ;; esac
  if [ -n "$since" ]; then
    check number "$since" || return
    printf 'clock %s\n' "$(date +%s)"
  fi
  within find "$@" -printf "@%y:%m:%U:%u:%G:%g:%s:%T@${identified:+:%D:%i:%C@}\\0%p\\0%l\\0" -type f ${since:+-newerct "@$since"} -exec sha256sum {} +
}
