#!/bin/bash
# Checks everything: format, build, shell scripts, unit tests, system tests. Needs Debian, root and the .NET SDK; what
# else is needed is installed. The last line is "N passed, N failed"; the exit status is 0 only if nothing failed.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
# shellcheck source=tests/lab/install.sh
. tests/lab/install.sh

usage() {
  cat <<'END'
./test.sh [--unit | --system] [--filter EXPRESSION]

  --unit                only the fast tests; the format and the shell scripts are not checked
  --system              only the tests against real peers
  --filter EXPRESSION   only these tests, as for "dotnet test --filter"; for example FullyQualifiedName~LabTests
END
}

projects=(tests/ConfSync.Tests tests/ConfSync.Cli.Tests tests/ConfSync.SystemTests)
everything=yes
filter=()
while (($# > 0)); do
  case $1 in
    --unit) projects=(tests/ConfSync.Tests tests/ConfSync.Cli.Tests); everything='' ;;
    --system) projects=(tests/ConfSync.SystemTests); everything='' ;;
    --filter) filter=(--filter "${2:?--filter needs an expression}"); shift ;;
    -h | --help) usage; exit ;;
    *) usage >&2; exit 1 ;;
  esac
  shift
done

quiet_builds
exec </dev/null

results=$(mktemp -d)
cleanup() {
  rm -rf "$results"
  restore_policy
}
trap cleanup EXIT

step() {
  echo "== $*"
}

check_shell_scripts() {
  local scripts
  # Of the peer's script only a whole makes sense, that of each mode: PeerScriptTests has them checked.
  mapfile -t scripts < <(git ls-files '*.sh' '*.bash' tests/lab .ci bench packaging/{build,check,release,test} packaging/debian/{postrm,prerm} ':!src/ConfSync/Protocol/Script' ':!*.c' ':!bench/*.py' ':!bench/*.yml' ':!bench/*.md')
  shellcheck "${scripts[@]}"
}

# Whether the pages that they refer to are installed here is no matter.
check_manual_pages() {
  local page
  for page in nginx-sync.8 nginx-sync.conf.5; do
    dotnet src/ConfSync.Cli/bin/Release/net10.0/nginx-sync.dll __manual "$page" >"$results/$page"
  done
  (cd "$results" && mandoc -T lint -W warning nginx-sync.8 nginx-sync.conf.5)
}

# One attribute of the counters that a test run left in its result file.
counter() { # FILE NAME
  sed -n "s/.*<Counters [^>]*\b$2=\"\([0-9]*\)\".*/\1/p" "$1"
}

need_sdk
if [[ ${projects[*]} == *System* ]]; then
  need_root "the system tests make network and mount namespaces"
  install_missing "${native_compiler[@]}" nginx:nginx haproxy keepalived unbound openssh-server:sshd openssh-client:ssh busybox fish tcsh sudo iproute2:ip shellcheck rsync patch git chromium prometheus:promtool zsh mandoc ansible-core:ansible-playbook
fi

checks_failed=0
if [[ $everything != '' ]]; then
  step "format"
  dotnet format --verify-no-changes || { echo "FAILED: format"; checks_failed=$((checks_failed + 1)); }
  step "shellcheck"
  check_shell_scripts || { echo "FAILED: shellcheck"; checks_failed=$((checks_failed + 1)); }
fi

step "build"
if ! dotnet build --configuration Release --verbosity quiet; then
  echo "FAILED: build"
  echo "0 passed, $((checks_failed + 1)) failed"
  exit 1
fi

if [[ $everything != '' ]]; then
  step "manual pages"
  check_manual_pages || { echo "FAILED: manual pages"; checks_failed=$((checks_failed + 1)); }
fi

passed=0 failed=$checks_failed skipped=0
run_tests() { # PROJECT [OPTION…]
  local project=$1 file=$results/${1##*/}.trx status=0 total=0 executed=0 ok=0
  shift
  rm -f "$file"
  dotnet test "$project" --configuration Release --no-build "$@" --results-directory "$results" \
    --logger "trx;LogFileName=${project##*/}.trx" --logger "console;verbosity=minimal" || status=$?
  if [[ -e $file ]]; then
    total=$(counter "$file" total) executed=$(counter "$file" executed) ok=$(counter "$file" passed)
  fi
  passed=$((passed + ok))
  failed=$((failed + executed - ok))
  skipped=$((skipped + total - executed))
  if ((status != 0 && executed == ok)); then
    echo "FAILED: the run of $project broke down"
    failed=$((failed + 1))
  fi
}

for project in "${projects[@]}"; do
  step "$project"
  run_tests "$project" "${filter[@]}"
done

# All tests of the command run with the default transport, and a sample of them with ssh alone.
if [[ ${projects[*]} == *System* && ${#filter[@]} == 0 ]]; then
  step "tests/ConfSync.SystemTests, a sample with TRANSPORT=ssh"
  sample='FullyQualifiedName~A_peer_ends_whole_and_the_next_push_converges&Name~KillSsh'
  for tests in SshConfigurationTests UnreachableTests InterruptTests PushedFilesTests; do sample+="|FullyQualifiedName~.$tests."; done
  NGINX_SYNC_TRANSPORT=ssh run_tests tests/ConfSync.SystemTests --filter "$sample"
fi

if ((skipped > 0)); then
  echo "$passed passed, $failed failed, $skipped skipped"
else
  echo "$passed passed, $failed failed"
fi
((failed == 0 && passed > 0))
