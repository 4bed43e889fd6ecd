# The health check: the last word on whether the new configuration serves.

# health_check: HEALTHCHECK, run by a shell of its own until it succeeds or its time is over. Fails with what it printed
# last in $words. Old workers that still finish requests are of no concern to it.
health_check() {
  [ -n "$health" ] || return 0
  say step health
  arm $((health_timeout + step_timeout)) HEALTHCHECK_TIMEOUT+STEP_TIMEOUT 'the health check'
  now
  health_until=$((now + health_timeout * 100))
  limited_mark=NGINX_SYNC_CHECK=$id
  # Every user sees a program's arguments, and the check may hold a password: it goes by the environment.
  NGINX_SYNC_HEALTHCHECK=$health
  export NGINX_SYNC_HEALTHCHECK
  while :; do
    # A check that hangs must not hang the push, nor one that leaves something behind hold the lock.
    # shellcheck disable=SC2016 # the shell that is started expands it
    limited $(((health_until - now + 99) / 100)) env "$limited_mark" sh -c 'eval "unset NGINX_SYNC_HEALTHCHECK
$NGINX_SYNC_HEALTHCHECK"' && break
    pause 0.2
    now
    if [ "$now" -ge "$health_until" ]; then
      words="HEALTHCHECK did not succeed within $health_timeout s (HEALTHCHECK_TIMEOUT)${words:+; it said last:
}$words"
      unset NGINX_SYNC_HEALTHCHECK
      return 1
    fi
  done
  limited_mark=
  unset NGINX_SYNC_HEALTHCHECK
}
