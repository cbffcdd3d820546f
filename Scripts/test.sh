#!/bin/bash
# test.sh [release|debug]: setup and all tests.
#
# Two runs, because they find different things. In release: every suite, the golden ones among them, on the code that
# users run. In debug: everything but the long suites (names with Golden or Fuzz), where arithmetic overflow and
# exclusive access are checked. Both use public and package API only; without testable imports the release run is built
# as `swift build -c release` builds, so that neither undoes the other's work.
#
# The last line is `N passed, M failed`; the exit status says the same. TINKERKIT_WARNINGS_AS_ERRORS=1 makes warnings
# errors. Golden suites over genuine tokenizers say themselves how they are enabled.
set -uo pipefail
cd "$(dirname "$0")/.."

Scripts/setup.sh || exit 1
which=${1:-both}
passed=0
failed=0

# bounded SECONDS COMMAND…: stopped when it takes longer (not where there is no `timeout`, as on macOS).
bounded() {
  if command -v timeout >/dev/null 2>&1; then
    timeout -k 30 "$@"
  else
    shift
    "$@"
  fi
}

# run NAME SECONDS ARGUMENTS…: one `swift test`, counted from its xUnit report.
run() {
  local name=$1 limit=$2 status tests failures
  shift 2
  local report=.build/tests-$name
  rm -f "$report.xml" "$report-swift-testing.xml"
  mkdir -p .build
  echo "test: $name"
  bounded "$limit" swift test "$@" --xunit-output "$report.xml" </dev/null
  status=$?
  tests=0
  failures=0
  for file in "$report.xml" "$report-swift-testing.xml"; do
    [ -f "$file" ] || continue
    tests=$((tests + $(sed -n 's/.*<testsuite [^>]* tests="\([0-9]*\)".*/\1/p' "$file" | paste -sd+ - | sed 's/^$/0/')))
    failures=$((failures + $(sed -n 's/.*<testsuite [^>]* failures="\([0-9]*\)".*/\1/p' "$file" | paste -sd+ - | sed 's/^$/0/')))
  done
  # A run that broke off has failed, whatever its report says.
  if [ "$status" -ne 0 ] && [ "$failures" -eq 0 ]; then failures=1; fi
  if [ "$status" -eq 124 ]; then echo "test: $name was stopped after $limit s"; fi
  if [ "$tests" -eq 0 ] && [ "$failures" -eq 0 ]; then echo "test: $name ran no test"; failures=1; fi
  if [ "$tests" -lt "$failures" ]; then tests=$failures; fi
  echo "test: $name: $((tests - failures)) passed, $failures failed"
  passed=$((passed + tests - failures))
  failed=$((failed + failures))
}

# Suites that wait for answers run by themselves: beside suites that compute, an answer stands in the task pool's line
# behind all of them, longer than a client waits.
waiting='TinkerServerTests|TinkerClientTests'
if [ "$which" != debug ]; then
  run release 1800 -c release --disable-testable-imports --skip "$waiting"
  run release-waiting 900 -c release --disable-testable-imports --filter "$waiting"
fi
if [ "$which" != release ]; then
  run debug 1200 --skip "Golden|Fuzz|$waiting"
  run debug-waiting 900 --filter "$waiting" --skip 'Golden|Fuzz'
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
