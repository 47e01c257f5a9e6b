#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What mptcp-run writes with --pcap: the same bytes and the same results for the same seed, other bytes for another; and
# MPTCP that the checker accepts, and of which it rejects every corruption (test_capture.sh).

cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT

fail() {
    echo "capture of a run: $*"
    exit 1
}
run() { # FOLDER SEED
    build/mptcp-run test/capture/two_paths.yaml --seed "$2" --pcap "$dir/$1" >"$dir/$1.out" || fail "mptcp-run failed"
}

run first 1
run again 1
run other 2
diff -r "$dir/first" "$dir/again" >/dev/null || fail "two runs with one seed differ in their captures"
cmp "$dir/first.out" "$dir/again.out" || fail "two runs with one seed differ in their results"
diff -r "$dir/first" "$dir/other" >/dev/null && fail "runs with different seeds do not differ"
test/capture/test_capture.sh build --content=zero "$dir"/first/phone*.pcap
