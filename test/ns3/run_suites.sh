#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run_suites.sh BUILD_DIR: every ns-3 test suite of the module, each in a process of its own (ns-3's runner of 3.43 and
# later takes no more than one at a time). Last line: N passed, N failed, counting the cases of the suites.

build=$(realpath "${1:?usage: run_suites.sh BUILD_DIR}") || exit 1
cd "$(dirname "$0")/../.." || exit 1 # a suite reads test/ns3/arrivals.csv
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
passed=0 failed=0

suites=$("$build/mptcp-ns3-test" --print-test-name-list) && [ -n "$suites" ] || {
    echo "run_suites.sh: no suites"
    exit 1
}
for suite in $suites; do
    "$build/mptcp-ns3-test" --test-name="$suite" --verbose >"$out" 2>&1
    status=$?
    cat "$out"
    passed=$((passed + $(grep -c '^  PASS' "$out")))
    bad=$(grep -c '^  \(FAIL\|CRASH\)' "$out")
    if [ $status -ne 0 ] && [ "$bad" -eq 0 ]; then
        echo "$suite: exit status $status"
        bad=1
    fi
    failed=$((failed + bad))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
