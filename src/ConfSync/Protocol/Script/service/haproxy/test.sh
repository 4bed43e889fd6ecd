# HAProxy's test: haproxy -c, and then a trial: it is started for a moment where nobody sees it, because -c passes what ends it
# (a chroot that is missing) or stops all traffic for two seconds (a port that is taken). See docs/services.md.

# shellcheck disable=SC2120 # it sets its arguments itself
haproxy_test() {
  local program arguments directory environment said NGINX_SYNC_ENVIRONMENT
  program_of haproxy /usr/sbin/haproxy || return 1
  haproxy_arguments
  master_environment
  # Its quotes are for eval.
  NGINX_SYNC_ENVIRONMENT=$(printf '%s' "$environment")
  export NGINX_SYNC_ENVIRONMENT
  eval "set -- $arguments"
  limited "$test_timeout" sh -c "$as_master" sh "$directory" "$program" -c "$@"
  case $? in
    0) ;;
    124)
      words="haproxy -c did not end within $test_timeout s (TEST_TIMEOUT)${words:+; it said last:
$words}"
      return 1
      ;;
    *) return 1 ;;
  esac
  said=$words
  haproxy_trial "$@" || return 1
  words=$said${words:+$newline$words}
}

# haproxy_trial ARGUMENT…: fails where the new configuration cannot be started, with what HAProxy says of it in $words. Otherwise
# these have what is to be known of it.
haproxy_trial() {
  local own own_sockets
  has unshare || {
    words='the start was not tried: unshare(1) is not there'
    return 0
  }
  haproxy_sockets
  limited "$test_timeout" unshare -n -m sh -c "$trial" sh "$as_master" "$run_directory" "$(haproxy_limit Hard)" "$(haproxy_limit Soft)" \
    "$own_sockets" "$directory" "$program" -db -dr "$@"
  case $? in
    80) haproxy_listeners ;;
    90)
      words="haproxy -c accepts the configuration, but HAProxy does not start with it:
$words"
      return 1
      ;;
    124)
      words="the trial start of HAProxy did not end within $test_timeout s (TEST_TIMEOUT)"
      return 1
      ;;
    *) words="the start was not tried: there can be no namespace for it on this node${words:+ ($words)}" ;;
  esac
}

# The trial, in namespaces of its own: sh -c "$trial" sh AS_MASTER DIRECTORY HARD SOFT SOCKETS CWD PROGRAM ARGUMENT…. HAProxy renames
# its sockets over those that are there: what it writes to /run, and to the other directories where it has sockets now, goes to
# memory. Names do not resolve in there (-dr), any address can be listened on, and nothing reaches the log. It has 0.4 s after it
# listens. Exits with 80 if it lived then, and prints "listen ADDRESS:PORT", in hexadecimal, for each socket.
# shellcheck disable=SC2016 # to be expanded by the shell that is started
trial='as_master=$1 base=$2 hard=$3 soft=$4 sockets=$5
shift 5
mount --make-rprivate / || exit 1
ip link set lo up 2>/dev/null
for setting in /proc/sys/net/ipv4/ip_nonlocal_bind /proc/sys/net/ipv6/ip_nonlocal_bind; do echo 1 2>/dev/null >$setting; done
mount -t tmpfs -o mode=0700 nginx-sync "$base" || exit 1
# By a name that stays when /run is laid over.
cd "$base" || exit 1
n=0
for place in /run $sockets; do
[ -d "$place" ] || continue
n=$((n + 1))
mkdir "$base/u$n" "$base/w$n" || exit 1
done
n=0
for place in $sockets /run; do
[ -d "$place" ] || continue
n=$((n + 1))
mount -t overlay -o "lowerdir=$place,upperdir=$base/u$n,workdir=$base/w$n" nginx-sync "$place" || exit 1
done
[ ! -e /dev/log ] || mount --bind /dev/null /dev/log
(
ulimit -H -n "$hard"
ulimit -S -n "$soft"
exec sh -c "$as_master" sh "$@"
) >out 2>&1 &
listening() {
sed -n "s/^ *[0-9]*: \([0-9A-F]*:[0-9A-F]*\) [0-9A-F:]* 0A .*/listen \1/p" /proc/net/tcp /proc/net/tcp6 2>/dev/null
}
since=
i=0
while kill -0 $! 2>/dev/null && [ $i -lt 150 ]; do
if [ -z "$since" ] && [ -n "$(listening)" ]; then since=$i; fi
[ -z "$since" ] || [ $((i - since)) -lt 20 ] || break
sleep 0.02 2>/dev/null || { sleep 1; i=$((i + 49)); }
i=$((i + 1))
done
if kill -0 $! 2>/dev/null; then
listening
kill -KILL $!
exit 80
fi
wait $!
head -c 8192 out
exit 90'

# haproxy_limit Hard|Soft: the master's on open files, or that of this shell.
haproxy_limit() {
  local limit
  # shellcheck disable=SC3045 # in every sh that is in use
  case $1 in Hard) limit=$(ulimit -H -n) ;; *) limit=$(ulimit -S -n) ;; esac
  if [ -n "$found" ]; then
    # "Max open files  SOFT  HARD  files"
    # shellcheck disable=SC2046 # five words
    set -- "$1" $(sed -n 's/^Max open files//p' "/proc/$found/limits" 2>/dev/null)
    case $#:$1 in
      4:Hard) limit=$3 ;;
      4:Soft) limit=$2 ;;
    esac
  fi
  printf '%s' "$limit"
}
