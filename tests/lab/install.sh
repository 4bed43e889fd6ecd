# shellcheck shell=bash
# What test.sh and demo.sh need on a fresh Debian or Ubuntu machine: root, the .NET SDK, packages. Sourced by them.

sdk_major=10
policy=/usr/sbin/policy-rc.d
made_policy=''

need_root() { # WHAT FOR
  ((EUID == 0)) || { echo "${0##*/}: $1: run it as root" >&2; exit 1; }
}

need_sdk() {
  local found='' advice="https://dotnet.microsoft.com/download/dotnet/$sdk_major.0 has it"
  if ! command -v dotnet >/dev/null; then
    echo "${0##*/}: the .NET $sdk_major SDK is missing (there is no dotnet in PATH): $advice" >&2
    exit 1
  fi
  found=$(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' ')
  [[ " $found" == *" $sdk_major."* ]] || {
    echo "${0##*/}: the .NET $sdk_major SDK is missing (dotnet has: ${found:-no SDK at all}): $advice" >&2
    exit 1
  }
}

# What links the published nginx-sync, which is native code.
# shellcheck disable=SC2034 # for those who source this
native_compiler=(gcc:gcc libc6-dev:/usr/include/stdlib.h)

# nginx and sshd run in the lab's own nodes; installing them must not start them on this host.
install_missing() { # PACKAGE[:PROGRAM|:FILE]…
  local package missing=()
  for package; do
    command -v "${package#*:}" >/dev/null || [[ -e ${package#*:} ]] || missing+=("${package%:*}")
  done
  if ((${#missing[@]} == 0)); then return; fi
  echo "== installing ${missing[*]}"
  need_root "these packages are missing: ${missing[*]}"
  command -v apt-get >/dev/null || {
    echo "${0##*/}: missing: ${missing[*]}; only Debian's and Ubuntu's apt-get is known here, please install them yourself" >&2
    exit 1
  }
  if [[ ! -e $policy ]]; then
    made_policy=yes
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
  elif "$policy" nginx start >/dev/null || (($? != 101)); then
    echo "missing: ${missing[*]}; $policy would let them start services, so please install them yourself" >&2
    exit 1
  fi
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "${missing[@]}" >/dev/null
  restore_policy
}

# To be called at the end in any case: an installation may have been interrupted.
restore_policy() {
  if [[ $made_policy != '' ]]; then rm -f "$policy"; fi
  made_policy=''
}

# A build server would outlive its caller and hold on to its output.
quiet_builds() {
  export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_CLI_USE_MSBUILD_SERVER=0
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
}
