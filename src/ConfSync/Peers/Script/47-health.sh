# The health check: the last word on whether the new configuration serves.

# health_check: HEALTHCHECK, run by a shell of its own until it succeeds or its time is over. Fails with what it printed
# last in $words. Old workers that still finish requests are of no concern to it.
health_check() {
  [ -n "$health" ] || return 0
  say step health
  now
  health_until=$((now + health_timeout * 100))
  while :; do
    # A check that hangs must not hang the push, nor one that leaves something behind hold the lock.
    words=$(timeout "$health_timeout" sh -c "$health" 2>&1 9>&- </dev/null) && return 0
    now
    if [ "$now" -ge "$health_until" ]; then
      words="HEALTHCHECK did not succeed within $health_timeout s${words:+; it said last:
}$words"
      return 1
    fi
    sleep 0.2 2>/dev/null || sleep 1
  done
}
