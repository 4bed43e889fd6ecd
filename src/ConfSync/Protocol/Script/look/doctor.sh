# For a doctor: what a push would need of this node, and what is there. Nothing that is found here is a reason to refuse, since
# the primary says of each thing what to do about it. Only looks.

# doctor_answer: a line or a text for each fact.
doctor_answer() {
  doctor_programs
  doctor_disks
  doctor_view
  doctor_lock
  doctor_nginx
  doctor_others
  say ok doctor
}

# doctor_programs: whom the work is done as, and "lacks PROGRAM" for each that some push uses and that is not here.
doctor_programs() {
  local tool
  case ${SUDO_UID:-} in *[!0-9]*) SUDO_UID= ;; esac
  say login "$own_user" ${SUDO_UID:+"$SUDO_UID"}
  for tool in find stat sha256sum readlink dd sed sort tail date cat tar mkdir mv cp ln rm chmod chown chgrp sync grep tr \
    timeout flock unshare mount gzip lsattr; do
    has "$tool" || say lacks "$tool"
  done
}

# doctor_disks: "text disk" for each place that a push writes to, in five lines: the path, the directory of it that is there,
# whether that can be written to, and what df says of its room and of its inodes.
# shellcheck disable=SC2120 # it sets its arguments itself
doctor_disks() {
  local path place may
  eval "set -- $paths"
  for path in "$@" "$backup_directory" "$state_directory" "$run_directory"; do
    place=$path
    until [ -d "$place/" ]; do place=${place%/*}; done
    may=yes
    [ -w "$place/" ] || may=no
    text disk "$path
${place:-/}
$may
$(within df -Pk "$place/" 2>/dev/null | tail -n 1)
$(within df -Pi "$place/" 2>/dev/null | tail -n 1)"
  done
}

# doctor_view: whether the test before a change has a view of its own here; "text no-view" says why not.
# shellcheck disable=SC2120 # it sets its arguments itself
doctor_view() {
  local place
  eval "set -- $paths"
  place=${1:-/etc}
  until [ -d "$place" ]; do place=${place%/*}; done
  if ! has unshare; then
    text no-view 'unshare(1) is not there'
  elif words=$(lay_nothing "$place" 2>&1 </dev/null); then
    say view
  else
    text no-view "$words"
  fi
}

# lay_nothing DIRECTORY: lays an empty overlay over it, in a namespace that ends with that, so nobody else sees it.
# With -n, mount(8) does not note what it does in /run/mount.
# shellcheck disable=SC2016 # expanded by the shell that it starts
lay_nothing() {
  within unshare -m sh -c 'if [ ! -e "/proc/$1/ns/mnt" ] || [ /proc/self/ns/mnt -ef "/proc/$1/ns/mnt" ]; then
echo "unshare gave no namespace"
exit 1
fi
mount -n --make-rprivate / && mount -n -t tmpfs -o mode=0700 nginx-sync /run && mkdir /run/lower /run/upper /run/work &&
mount -n --rbind "$2" /run/lower && mount -n -t overlay -o lowerdir=/run/lower,upperdir=/run/upper,workdir=/run/work nginx-sync "$2"' \
    nginx-sync "$$" "$1"
}

# doctor_lock: whether a push is at work, or has left something.
doctor_lock() {
  if ! guard "$run_directory" "$state_directory" "$journal"; then
    text unseen "$words"
  elif lock_is_held; then
    say locked
  elif unfinished; then
    text unfinished "$words"
  fi
}

# doctor_others: programs that are there beside nginx on many nodes: "text beside" with the name, whether it runs ("no
# PROGRAM" names none), what its own test of its configuration said, and its exit status.
doctor_others() {
  doctor_other haproxy /etc/haproxy/haproxy.cfg -c -q -f
  doctor_other keepalived /etc/keepalived/keepalived.conf -t -f
}

# doctor_other NAME FILE OPTION…: which test its configuration.
doctor_other() {
  local name file found comm runs status
  name=$1 file=$2
  shift 2
  if ! has "$name" || [ ! -e "$file" ]; then return; fi
  runs=no
  for found in /proc/[0-9]*; do
    { read -r comm <"$found/comm"; } 2>/dev/null || continue
    # shellcheck disable=SC3013 # in POSIX since 2024, and in every sh that is in use
    if [ "$comm" = "$name" ] && [ "$found/ns/pid" -ef /proc/self/ns/pid ]; then runs=yes; fi
  done
  words=$(within "$name" "$@" "$file" 2>&1 </dev/null)
  status=$?
  text beside "$name
$runs
$status
$words"
}
