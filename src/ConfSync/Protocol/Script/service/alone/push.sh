# What a push does with other services: nothing. It always affects nginx.

affects() {
  :
}

others() {
  :
}

was_reloaded() {
  [ "$served" = reloaded ]
}

# knows_services: of a push that an earlier run left: fails, with the reason in $words, if it affects another service.
knows_services() {
  # Each service that a push affects has a digest.
  case ${settings%%"${newline}digest-nginx "*}${settings#*"${newline}digest-nginx "} in *"${newline}digest-"*) ;; *) return 0 ;; esac
  words='that push reloads more than nginx'
  return 1
}
