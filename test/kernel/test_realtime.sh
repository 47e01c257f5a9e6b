#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# test_realtime.sh BUILD_DIR: ns-3 in real time against this machine's kernel: an ns-3 host with the module and the kernel of a
# namespace send each other known bytes over two paths that ns-3 emulates (realtime-host.cc has a picture).
# Last line: N passed, N failed, N skipped; exit status 77 where the machine cannot do it.
set -u

build=${1:?usage: test_realtime.sh BUILD_DIR}
. "$(dirname "$0")/kernel_lib.sh"

bytes=5000000
reason=$(kernel_skip_reason)
[ -x "$build/mptcp-realtime-host" ] || reason='this ns-3 has no fd-net-device'
if [ -n "$reason" ]; then
    echo "skip: $reason"
    exit 77
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

# A namespace with taps k1, k2 and the kernel's addresses 10.1.1.2, 10.2.1.2 on them; ns-3's gateways lead to its host.
taps_up() {
    netns_new "$ns"
    local i
    for i in 1 2; do
        ip -n "$ns" tuntap add dev k$i mode tap
        ip -n "$ns" addr add 10.$i.1.2/24 dev k$i
        ip -n "$ns" link set k$i up
        ip -n "$ns" route add 10.$i.0.0/24 via 10.$i.1.1
    done
}

start_ns3() {
    # without priority two busy cores make it late by milliseconds
    start core chrt -f 20 "$build/mptcp-realtime-host" --netns="$ns" --bytes=$bytes "$@"
}

start_kernel() {
    start peer ip netns exec "$ns" "$build/test/kernel/kernel_peer" "$@" --bytes $bytes --timeout 60
}

case_client() { # the kernel announces its second address, ns-3 joins
    ip -n "$ns" mptcp endpoint add 10.2.1.2 dev k2 signal
    start_kernel --listen 0.0.0.0/5001
    wait_for 10 is_ready peer
    start_ns3
}

case_server() { # ns-3 announces its second address, the kernel joins
    start_ns3 --server
    wait_for 20 is_ready core
    start_kernel --connect 10.1.0.2/5001
}

run_case() { # ROLE of ns-3
    case_begin "$work/$1"
    mkdir -p "$dir"
    ns=mpt-$$-rt
    taps_up
    capture_start "$ns"
    "case_$1"
    local status
    finish core
    status=$?
    [ $status != 77 ] || exit 77
    [ $status = 0 ] || fail "the core's side ends with status $status"
    finish peer || fail "the kernel's side ends with status $?"
    capture_stop
    want peer outcome = closed
    want peer mode = mptcp
    want peer read -eq $bytes
    want core read -eq $bytes
    [ "$(($(value core MPJoinSynAckRx) + $(value core MPJoinAckRx)))" -gt 0 ] || fail 'no second subflow'
    [ "$(stat -c %s "$dir/k2.pcap")" -gt $((bytes / 5)) ] || fail 'little on the second path'
    want_no_trouble "$ns"
    want_good_capture
    [ $failed = 0 ] || tail -n 3 "$dir"/{core,peer,check}.{out,err}
    exit $failed
}

passed=0 failed=0 skipped=0
for role in client server; do
    name="ns-3 in real time is $role"
    (run_case $role) >"$work/said" 2>&1
    case $? in
    0) passed=$((passed + 1)); echo "passed: $name" ;;
    77) skipped=$((skipped + 1)); echo "skip: $name: the simulation fell behind the clock" ;;
    *) failed=$((failed + 1)); echo "FAILED: $name"; cat "$work/said" ;;
    esac
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
