# shellcheck shell=bash
# Completion of nginx-sync in bash. nginx-sync itself knows what may follow: a candidate a line, then a tab and what it is.

_nginx_sync() {
  local line word words=() candidates=()
  # COMP_WORDS is split at "=" and ":" too, and nodes and options have those.
  IFS=$' \t\n' read -ra words <<<"${COMP_LINE:0:COMP_POINT}"
  if [[ ${COMP_LINE:0:COMP_POINT} == *[[:space:]] ]]; then words+=(''); fi
  word=${words[-1]}
  while IFS= read -r line; do candidates+=("${line%%$'\t'*}"); done < <("$1" __complete -- "${words[@]:1}" 2>/dev/null)
  COMPREPLY=()
  if [[ ${candidates[*]} == ':files' ]]; then
    compopt -o default
    return
  fi
  # bash replaces only what follows the last of these.
  local kept=${word%"${word##*[=:]}"}
  COMPREPLY=("${candidates[@]#"$kept"}")
}

complete -F _nginx_sync nginx-sync nginx-sync.sh
