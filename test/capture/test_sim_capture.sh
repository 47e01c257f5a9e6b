#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# test_sim_capture.sh BUILD_DIR: the checker of captures against captures of the link simulator: two interfaces, IPv4 and
# IPv6, checksums, ADD_ADDR, losses, 4-byte DSNs that wrap. Last line: N passed, N failed, N skipped.
set -u

build=${1:?usage: test_sim_capture.sh BUILD_DIR}
here=$(dirname "$0")
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
command -v tshark >/dev/null || {
    echo "tshark is not installed"
    exit 77
}

for kind in checksum wrap; do
    "$build/test/sim/sim_capture" "$kind" "$work/$kind" || exit 1
    "$here/test_capture.sh" "$build" --content "$work/$kind-0.pcap" "$work/$kind-1.pcap"
done >"$work/log"
grep -v ' passed, ' "$work/log"
awk '/ passed, / { passed += $1; failed += $3; skipped += $5 }
     END { print passed " passed, " failed " failed, " skipped " skipped"; exit failed > 0 || passed == 0 }' "$work/log"
