# The health check: the last word on whether the new configuration serves.

# health_check: HEALTHCHECK, run by a shell of its own until it succeeds or its time is over. Fails with what it printed
# last in $words. Old workers that still finish requests are of no concern to it.
health_check() {
  local seconds until limited_mark
  recall health
  [ -n "$recalled" ] || return 0
  decode "$recalled"
  recall health-timeout 10
  seconds=$recalled
  say step health
  arm $((seconds + step_timeout)) HEALTHCHECK_TIMEOUT+STEP_TIMEOUT 'the health check'
  now
  until=$((now + seconds * 100))
  limited_mark=NGINX_SYNC_CHECK=$id
  # Every user sees a program's arguments, and the check may hold a password: it goes by the environment.
  NGINX_SYNC_HEALTHCHECK=$decoded
  export NGINX_SYNC_HEALTHCHECK
  while :; do
    # A check that hangs must not hang the push, nor one that leaves something behind hold the lock.
    # shellcheck disable=SC2016 # the shell that is started expands it
    limited $(((until - now + 99) / 100)) env "$limited_mark" sh -c 'eval "unset NGINX_SYNC_HEALTHCHECK
$NGINX_SYNC_HEALTHCHECK"' && break
    pause 0.2
    now
    if [ "$now" -ge "$until" ]; then
      words="HEALTHCHECK did not succeed within $seconds s (HEALTHCHECK_TIMEOUT)${words:+; it said last:
}$words"
      unset NGINX_SYNC_HEALTHCHECK
      return 1
    fi
  done
  unset NGINX_SYNC_HEALTHCHECK
}
