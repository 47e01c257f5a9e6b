# SPDX-License-Identifier: GPL-2.0-only
# kernel_cases.sh: sourced by test_kernel.sh: the cases, and with which roles of the core each runs.
# In a case: $role is the core's, $ns the namespace, $dir the folder. The client's address says which path a segment takes.

CASES='
    two_links:client,server
'

PORT=5000
SLOW1='device=k1,kernel=10.77.1.1,core=10.77.1.2,rate_mbps=10,delay_ms=20'
SLOW2='device=k2,kernel=10.77.2.1,core=10.77.2.2,rate_mbps=5,delay_ms=50'

# The variables that say what a transfer is like, with their defaults.
bytes=6000000           # each way
path1=$SLOW1 path2=$SLOW2
core_options= peer_options=
peer_address=10.77.1.1 core_address=10.77.1.2
trouble=                # counters of trouble that are wanted
outcome_core=closed outcome_peer=closed
mode=mptcp
during=:                # a command to run while the transfer runs

start_core() {
    local verb=--connect
    [ $role = server ] && verb=--listen
    # options are words
    # shellcheck disable=SC2086
    start core "$build/test/kernel/kernel_host" --netns "$ns" --path "$path1" --path "$path2" $verb $PORT --bytes $bytes \
        --timeout 60 $core_options
}

start_peer() {
    local where="--listen $peer_address/$PORT"
    [ $role = server ] && where="--connect $core_address/$PORT"
    # shellcheck disable=SC2086
    start peer ip netns exec "$ns" "$build/test/kernel/kernel_peer" $where --bytes $bytes --timeout 60 $peer_options
}

# One connection from its start to its end, and what is wanted of every one.
transfer() {
    local server=peer client=core
    [ $role = server ] && server=core client=peer
    capture_start "$ns"
    start_$server
    wait_for 10 is_ready $server
    start_$client
    $during
    finish core || fail "the core's side ends with status $?"
    finish peer || fail "the kernel's side ends with status $?"
    capture_stop
    want core outcome = "$outcome_core"
    want peer outcome = "$outcome_peer"
    want core mode = "$mode"
    want peer mode = "$mode"
    if [ "$outcome_core$outcome_peer" = closedclosed ]; then
        want core read -eq $bytes
        want peer read -eq $bytes
    fi
    # shellcheck disable=SC2086
    want_no_trouble "$ns" $trouble
    want_good_capture
}

summary() {
    echo ": $(value core seconds) s and $(value peer seconds) s, longest gaps $(value core gap_ms) ms and $(value peer gap_ms) ms"
}

# As a client the core joins from its second address by itself, the kernel does by an endpoint.
both_join() {
    if [ $role = server ]; then
        ip -n "$ns" mptcp endpoint add 10.77.2.1 dev k2 subflow
        route_by_source "$ns"
    fi
}

want_join() {
    if [ $role = client ]; then
        want core MPJoinSynAckRx -eq 1
        want kernel MPTcpExtMPJoinAckRx -eq 1
    else
        want core MPJoinAckRx -eq 1
        want kernel MPTcpExtMPJoinSynAckRx -eq 1
    fi
}

# ---- Cases ----

case_two_links() {
    bytes=20000000
    both_join
    transfer
    want_join
    want core path1_to_bytes -ge 4000000
    want core path2_to_bytes -ge 2000000
    want core path1_from_bytes -ge 4000000
    want core path2_from_bytes -ge 2000000
}
