#compdef nginx-sync nginx-sync.sh
# Completion of nginx-sync in zsh. nginx-sync itself knows what may follow: a candidate a line, then a tab and what it is.

_nginx_sync() {
  local line
  local -a lines described
  lines=("${(@f)$(_call_program candidates ${(q)words[1]} __complete -- "${(@q)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $lines == ':files' ]]; then
    _files
    return
  fi
  for line in $lines; do
    described+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
  done
  _describe nginx-sync described
}

if [[ $funcstack[1] == _nginx_sync || $funcstack[1] == _nginx-sync ]]; then
  _nginx_sync "$@"
else
  compdef _nginx_sync nginx-sync nginx-sync.sh
fi
