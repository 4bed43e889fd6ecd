# Where each script begins: the greeting. Every mode has its own set of parts (ScriptParts.cs). This part comes after all that it
# uses, since it begins: last, where the script does not start itself again.

# set_environment: what programs here are, and what they do, must not depend on what the login sets for people.
set_environment() {
  # tar, gzip and the coreutils read options from these; nginx takes NGINX for the sockets that it inherits.
  unset IFS CDPATH ENV BASH_ENV POSIXLY_CORRECT _POSIX2_VERSION TAR_OPTIONS GZIP NGINX
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  LC_ALL=C
  export PATH LC_ALL
  umask 077
}

# know_machine: in $machine what tells this machine from all others, with a blank before it; nothing where it is not known.
# Containers have their host's boot in common, machines that were copied all but a boot; a copy made of a machine that ran
# differs in its name at most. The machine-id is no help: images share it.
know_machine() {
  local name place
  machine=
  { [ -n "$boot" ] && read -r name </proc/sys/kernel/hostname; } 2>/dev/null || return 0
  place=$(stat -L -c '%d:%i' / /proc/self/ns/pid 2>/dev/null) || return 0
  # shellcheck disable=SC2086 # two lines
  set -- "$boot" $place "$name"
  machine=" $*"
}

# name_system: the kernel's name in $system. Only where that does not say it itself, it costs a process.
name_system() {
  { read -r system </proc/sys/kernel/ostype; } 2>/dev/null || system=$(uname -s 2>/dev/null)
}

# main: the first line says who speaks: hello VERSION NONCE MODE ID WHO
main() {
  local greeting version nonce who_encoded machine system
  set_environment
  # A lost session must not end who still has to undo.
  trap '' PIPE
  read -r greeting version nonce mode id who_encoded || exit 1
  know_machine
  name_system
  # Start-up files may have printed anything before this, without a newline at its end.
  printf '\n%s%s\n' "$nonce" "$machine"
  if [ "$greeting $version" != 'hello 1' ]; then
    refuse version "this is protocol 1, not $greeting $version"
  elif ! { check hex "$nonce" && check hex "$id" && check text "$who_encoded"; }; then
    refuse protocol "$words"
  elif [ "$system" != Linux ]; then
    refuse prerequisite "nodes must run Linux, and this is ${system:-a system without a name}"
  else
    # It ends with the session.
    ! is_own_mode "$mode" || start_session
    refuse protocol "this script is not for mode $mode"
  fi
  exit 1
}

# Without an argument a primary has started it, with one it starts itself again (push/parent.sh).
[ $# -gt 0 ] || main
