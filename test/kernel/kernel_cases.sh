# SPDX-License-Identifier: GPL-2.0-or-later
# kernel_cases.sh: sourced by test_kernel.sh: the cases, and with which roles of the core each runs.
# In a case: $role is the core's, $ns the namespace, $dir the folder. The client's address says which path a segment takes.

CASES='
    two_links:client,server
    loss_and_reordering:client,server
    join_announced_by_kernel:client,server
    join_announced_by_core:client,server
    join_announced_with_port:client
    join_to_initial_address_refused:client
    backup_by_core:client,server
    backup_by_kernel:client,server
    address_removed_by_core:client,server
    address_removed_by_kernel:client,server
    abort_by_core:client,server
    abort_by_kernel:client,server
    checksums_asked_by_kernel:client,server
    checksums_asked_by_core:client,server
    ipv6:client,server
    ipv6_joins_ipv4:client,server
    peer_is_tcp:client,server
    options_stripped_from_syn:client,server
    options_stripped_from_synack:client,server
    options_stripped_from_data:client,server
    checksum_wrong_for_kernel:client,server
    checksum_wrong_for_core:client,server
    half_close:client,server
    first_data_lost:client,server
    third_ack_and_first_data_lost:client,server
    third_ack_and_first_flight_lost:client,server
    many_connections_at_once:client,server
    path_breaks_and_returns:client,server
    path_breaks_with_backup:client,server
'

PORT=5000
SLOW1='device=k1,kernel=10.77.1.1,core=10.77.1.2,rate_mbps=10,delay_ms=20'
SLOW2='device=k2,kernel=10.77.2.1,core=10.77.2.2,rate_mbps=5,delay_ms=50'
NONE2='device=k2' # nothing lives on the second path

# The variables that say what a transfer is like, with their defaults.
bytes=5000000           # each way
path1=$SLOW1 path2=$SLOW2
core_options= peer_options=
peer_address=0.0.0.0 core_address=10.77.1.2
trouble=                # counters of trouble that are wanted
outcome_core=closed outcome_peer=closed
mode_core=mptcp mode_peer=mptcp
has_mptcp=true          # as the kernel's interfaces see it
note=                   # what the summary shall say besides
during=:                # a command to run while the transfer runs

start_core() {
    local verb=--connect
    [ $role = server ] && verb=--listen
    # options are words
    # shellcheck disable=SC2086
    start core "$build/test/kernel/kernel_host" --netns "$ns" --path "$path1" --path "$path2" $verb $PORT --bytes $bytes \
        --timeout 60 $core_options
}

start_peer() { # [NAME PORT]
    local where="--listen $peer_address/${2:-$PORT}"
    [ $role = server ] && where="--connect $core_address/$PORT"
    # shellcheck disable=SC2086
    start "${1:-peer}" ip netns exec "$ns" "$build/test/kernel/kernel_peer" $where --bytes $bytes --timeout 60 --congestion cubic \
        $peer_options
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
    want core mode = "$mode_core"
    want core MPCurrEstab -eq 0
    want peer mode = "$mode_peer"
    if [ "$outcome_core$outcome_peer" = closedclosed ]; then
        want core read -eq $bytes
        want peer read -eq $bytes
    fi
    # shellcheck disable=SC2086
    want_no_trouble "$ns" $trouble
    if $has_mptcp; then
        want_good_capture
    fi
}

# The same where no segment without payload is lost: options that are sent but once arrive.
transfer_of_options() {
    path1=$path1,acks_pass path2=$path2,acks_pass
    transfer
}

summary() {
    echo ": $(value core seconds) s and $(value peer seconds) s, longest gaps $(value core gap_ms) ms and $(value peer gap_ms) ms$note"
}

# ---- Joins ----

# As a client the core joins from its second address by itself, the kernel does by an endpoint.
both_join() {
    if [ $role = server ]; then
        kernel_endpoint_add 10.77.2.1 subflow
        route_by_source "$ns"
    fi
}

kernel_endpoint_add() { # ADDRESS FLAG...
    ip -n "$ns" mptcp endpoint add "$1" dev k2 id 2 "${@:2}"
}

path2_carries() { # BYTES: each way
    local one
    for one in rx tx; do
        [ "$(ip netns exec "$ns" cat /sys/class/net/k2/statistics/${one}_bytes)" -ge "$1" ] || return
    done
}

# Not only has the handshake begun: data go both ways.
wait_for_join() { wait_for 10 path2_carries 50000; }

want_joins() { # NUMBER: all by the client
    if [ $role = client ]; then
        want core MPJoinSynAckRx -eq "$1"
        want kernel MPTcpExtMPJoinAckRx -eq "$1"
    else
        want core MPJoinAckRx -eq "$1"
        want kernel MPTcpExtMPJoinSynAckRx -eq "$1"
    fi
}

# ---- Data over two paths ----

case_two_links() {
    bytes=20000000
    both_join
    transfer
    want_joins 1
    want core path1_to_bytes -ge 4000000
    want core path2_to_bytes -ge 2000000
    want core path1_from_bytes -ge 4000000
    want core path2_from_bytes -ge 2000000
}

case_loss_and_reordering() {
    bytes=2000000
    path1=$SLOW1,loss_percent=2,reorder_percent=2,reorder_ms=10
    path2=$SLOW2,loss_percent=1,reorder_percent=5,reorder_ms=30
    both_join
    transfer
    want_joins 1
    want core path1_to_lost -ge 10
    want core path2_from_lost -ge 3
}

case_ipv6() {
    path1=device=k1,kernel=fd77:1::1,core=fd77:1::2,rate_mbps=10,delay_ms=20
    path2=device=k2,kernel=fd77:2::1,core=fd77:2::2,rate_mbps=5,delay_ms=50
    peer_address=:: core_address=fd77:1::2
    if [ $role = server ]; then
        kernel_endpoint_add fd77:2::1 subflow
        route_by_source "$ns"
    fi
    transfer
    want_joins 1
    want core path2_to_bytes -ge 500000
    want core path2_from_bytes -ge 500000
}

# The kernel joins by IPv6 only from a socket of that family, which speaks IPv4 by mapped addresses.
case_ipv6_joins_ipv4() {
    path2=device=k2,kernel=fd77:2::1,core=fd77:2::2,rate_mbps=5,delay_ms=50
    peer_address=:: core_address=::ffff:10.77.1.2
    if [ $role = client ]; then
        kernel_endpoint_add fd77:2::1 signal
    else
        path2=$path2,signal
    fi
    transfer
    want_joins 1
    want core path2_to_bytes -ge 500000
    want core path2_from_bytes -ge 500000
}

case_half_close() {
    bytes=2000000
    both_join
    [ $role = client ] && peer_options=--respond || core_options=--respond
    transfer
}

# ---- The begin is lost ----

# The client's packets are its SYN, its third ACK and data. Linux falls back where the first to arrive after the SYN has no keys.
begin_is_lost() { # FIRST LAST
    local way=to
    [ $role = server ] && way=from
    bytes=1000000
    path1=$SLOW1,$way.lose=$1-$2
    both_join
    transfer
    want_joins 1
    want core path1_${way}_lost -eq $(($2 - $1 + 1))
}

case_first_data_lost() { begin_is_lost 3 3; }

case_third_ack_and_first_data_lost() { begin_is_lost 2 3; }

# All ten segments of the first window: the first to arrive is a loss probe.
case_third_ack_and_first_flight_lost() { begin_is_lost 2 12; }

# A queue that holds the SYNs of all, but not their first windows: of two kernels' 64 connections 11 to 23 fall back.
case_many_connections_at_once() {
    local i count=64 how_many
    path1=device=k1,kernel=10.77.1.1,core=10.77.1.2,rate_mbps=20,delay_ms=20,queue_packets=$count path2=$NONE2
    bytes=100000
    core_options="--connections $count"
    if [ $role = server ]; then
        start_core
        wait_for 10 is_ready core
    fi
    for i in $(seq $count); do
        start_peer peer$i $((PORT + i - 1))
    done
    if [ $role = client ]; then
        for i in $(seq $count); do
            wait_for 10 is_ready peer$i
        done
        start_core
    fi
    finish core || fail "the core's side ends with status $?"
    for i in $(seq $count); do
        finish peer$i || fail "the kernel's side of connection $i ends with status $?"
    done
    cat "$dir"/peer[0-9]*.out >"$dir/peer.out"
    for i in core peer; do
        how_many=$(grep -c "mode=mptcp outcome=closed .* read=$bytes " "$dir/$i.out")
        [ "$how_many" = $count ] || fail "$i: $how_many connections of $count stayed MPTCP and closed"
    done
    want_no_trouble "$ns"
    want core path1_to_queue_drops -ge 200
}

# ---- Addresses ----

# want_announced SENDER RECEIVER PREFIX PREFIX: announced until echoed. How often is the machine's: an echo may take longer than the sender waits.
want_announced() {
    want "$2" "$4AddAddr" -ge 1
    want "$1" "$3AddAddrTx" -eq "$(value "$2" "$4AddAddr")"
    want "$2" "$4EchoAddTx" -ge 1
    want "$1" "$3EchoAdd" -eq "$(value "$2" "$4EchoAddTx")"
}

# With a port: the kernel takes joins there by a listener of its own.
case_join_announced_with_port() {
    ip -n "$ns" mptcp endpoint add 10.77.2.1 dev k2 id 2 signal port 6000
    transfer_of_options
    want_announced kernel core MPTcpExt ''
    want core PortAdd -ge 1
    want_joins 3
    want kernel MPTcpExtMPJoinPortAckRx -eq 2
    want core path2_to_bytes -ge 500000
    want core path2_from_bytes -ge 500000
}

# Flag C of MP_CAPABLE: the core joins what is announced, and nothing else.
case_join_to_initial_address_refused() {
    ip netns exec "$ns" sysctl -qw net.mptcp.allow_join_initial_addr_port=0
    kernel_endpoint_add 10.77.2.1 signal
    transfer_of_options
    want_announced kernel core MPTcpExt ''
    want_joins 2
    want kernel MPTcpExtMPJoinSynRx -eq 2
    want core path2_to_bytes -ge 500000
    want core path2_from_bytes -ge 500000
}

# The core goes to every address announced to it. To a client's it does not: nobody listens there.
case_join_announced_by_kernel() {
    kernel_endpoint_add 10.77.2.1 signal
    transfer_of_options
    want_announced kernel core MPTcpExt ''
    [ $role = client ] && want_joins 3
}

# The kernel goes to every address announced to it, also as a server, but not before its application has accepted the connection.
case_join_announced_by_core() {
    path2=$SLOW2,signal,nosubflow,later
    core_options='--at 0.5:up:2'
    transfer_of_options
    want_announced core kernel '' MPTcpExt
    want core MPJoinAckRx -eq 1
    want kernel MPTcpExtMPJoinSynAckRx -eq 1
    want core path2_to_bytes -ge 500000
    want core path2_from_bytes -ge 500000
}

# The second subflow is that of the core's second address, in both roles.
core_has_second_address() {
    [ $role = client ] || path2=$SLOW2,signal
}

# A backup subflow carries nothing new while another works; both sides keep to it, whoever asked: once MP_PRIO has passed the kernel's
# interface only what was under way follows.
want_idle() { # ADDRESS of the subflow
    local since end is under_way=250000
    since=$(tshark -r "$dir/k2.pcap" -Y 'tcp.options.mptcp.subtype == 5' -T fields -e frame.time_epoch 2>/dev/null | head -n 1)
    [ -n "$since" ] || { fail 'no MP_PRIO in the capture'; return; }
    # What was sent before may have to be sent again: how far the numbers go on counts.
    for end in src dst; do
        is=$(tshark -r "$dir/k2.pcap" -Y "ip.$end == $1 && tcp.len > 0" -T fields -e frame.time_epoch -e tcp.nxtseq 2>/dev/null |
            awk -v since="$since" '$1 <= since && $2 > before { before = $2 } $2 > after { after = $2 } END { print after - before }')
        [ "$is" -le $under_way ] || fail "$is new bytes with ip.$end $1 after MP_PRIO, wanted -le $under_way"
    done
}

case_backup_by_core() {
    core_has_second_address
    core_options='--subflows 2 --at 0.7:backup:2'
    transfer_of_options
    want core MPPrioTx -eq 1
    want kernel MPTcpExtMPPrioRx -eq 1
    want_idle 10.77.2.2
}

make_backup() {
    wait_for_join
    ip -n "$ns" mptcp endpoint change id 2 backup
}

case_backup_by_kernel() {
    if [ $role = server ]; then
        both_join
    else
        kernel_endpoint_add 10.77.2.1 signal
        path1=$SLOW1,nosubflow
    fi
    during=make_backup
    transfer_of_options
    want core MPPrioRx -ge 1
    want kernel MPTcpExtMPPrioTx -ge 1
    want_idle 10.77.2.1
}

# It comes back, and so does the subflow. Who may join ends it at once; a server, which may not, keeps it until the peer ends it.
# The kernel has closed its end of the first subflow of the second path: what the core still sends there is answered by a RST, and the core
# believes it. In which state it finds the core depends on whether the kernel's FIN got through.
want_refused_subflow() {
    local last
    last=$(tshark -r "$dir/k2.pcap" -Y 'tcp.stream == 0' -T fields -e ip.src -e tcp.flags.reset 2>/dev/null | tail -n 1)
    case $last in
        10.77.2.1[[:space:]]1 | 10.77.2.1[[:space:]]True) ;;
        *) fail "the removed subflow ends with ${last:-nothing}, wanted the kernel's RST" ;;
    esac
}

case_address_removed_by_core() {
    core_has_second_address
    core_options='--subflows 2 --at 1:down:2 --at 1.8:up:2'
    transfer_of_options
    want_joins 2
    want core RmAddrTx -eq 1
    if [ $role = client ]; then
        want core RmSubflow -eq 1
    else
        want core RmSubflow -eq 0
        want core SubflowStale -ge 1
        want_refused_subflow
    fi
    want kernel MPTcpExtRmAddr -eq 1
}

remove_endpoint() {
    wait_for_join
    ip -n "$ns" mptcp endpoint del id 2
}

case_address_removed_by_kernel() {
    if [ $role = server ]; then
        both_join
    else
        kernel_endpoint_add 10.77.2.1 signal
    fi
    during=remove_endpoint
    transfer_of_options
    want core RmAddr -eq 1
    want kernel MPTcpExtRmAddrTx -eq 1
}

# ---- Aborts ----

case_abort_by_core() {
    both_join
    core_options='--subflows 2 --at 1:abort'
    outcome_core=MPT_ERR_ABORTED outcome_peer=ECONNRESET
    trouble='MPFastcloseTx MPFastcloseRx'
    transfer_of_options
    want core MPFastcloseTx -ge 1
    want kernel MPTcpExtMPFastcloseRx -ge 1
    want_captured 'MP_FASTCLOSE keys' -ge 1
}

abort_peer() {
    wait_for_join
    kill -USR1 "$pid_peer"
}

case_abort_by_kernel() {
    both_join
    during=abort_peer
    outcome_core=MPT_ERR_RESET outcome_peer=aborted
    trouble='MPFastcloseTx MPFastcloseRx'
    transfer_of_options
    want core MPFastcloseRx -ge 1
    want kernel MPTcpExtMPFastcloseTx -ge 1
    want_captured 'MP_FASTCLOSE keys' -ge 1
}

# ---- Checksums ----

want_checksums() {
    both_join
    transfer
    want_captured 'DSS checksums' -ge 3000
}

case_checksums_asked_by_kernel() {
    ip netns exec "$ns" sysctl -qw net.mptcp.checksum_enabled=1
    want_checksums
}

case_checksums_asked_by_core() {
    core_options='--set dss_checksum=true'
    want_checksums
}

# ---- Broken paths ----

# Longest pauses of the readers: of the kernel's data 1.1 to 1.5 s between two kernels; the core's own shall be no longer. On a machine
# that held packets up they say nothing.
want_gaps() { # OF_KERNELS_DATA_MS OF_CORES_DATA_MS
    if [ "$(value core late_permille)" -ge 5 ]; then
        note=" (not judged: $(value core late_permille) of 1000 packets late by more than 2 ms)"
        return
    fi
    want core gap_ms -le "$1"
    want peer gap_ms -le "$2"
}

# The timeouts on the broken path double: it is tried again after at most as long as it was broken.
case_path_breaks_and_returns() {
    bytes=9000000
    both_join
    core_options='--subflows 2 --at 2:break:1 --at 5:mend:1'
    transfer
    want_gaps 2000 1500
    want core path1_to_back_ms -le 3000
    want core path1_from_back_ms -le 3000
    want core path1_to_back_ms -ge 1
    want core path1_from_back_ms -ge 1
}

case_path_breaks_with_backup() {
    if [ $role = server ]; then
        kernel_endpoint_add 10.77.2.1 subflow backup
        route_by_source "$ns"
    else
        path2=$SLOW2,backup
    fi
    core_options='--subflows 2 --at 2:break:1 --at 5:mend:1'
    transfer
    want_gaps 1500 900
    want core path2_to_bytes -ge 200000
    want core path2_from_bytes -ge 200000
}

# ---- Fallback ----

case_peer_is_tcp() {
    bytes=2000000
    path2=$NONE2
    peer_options=--tcp
    mode_core=fallback mode_peer=tcp
    [ $role = server ] && has_mptcp=false
    trouble=MPCapableFallbackSYNACK
    transfer
    [ $role = server ] || want core MPCapableFallbackSYNACK -eq 1
}

fall_back() {
    bytes=2000000
    path2=$NONE2
    mode_core=fallback mode_peer=fallback
    transfer
}

case_options_stripped_from_syn() {
    path1=$SLOW1,strip=syn
    trouble=MPCapableFallbackSYNACK
    [ $role = client ] && has_mptcp=false
    fall_back
    if [ $role = client ]; then
        want core MPCapableFallbackSYNACK -eq 1
        want kernel MPTcpExtMPCapableSYNRX -eq 0
    else
        want kernel MPTcpExtMPCapableFallbackSYNACK -eq 1
        want core MPCapableSYNRX -eq 0
    fi
}

# The server has seen MP_CAPABLE and hears from the third ACK that the client has not.
case_options_stripped_from_synack() {
    path1=$SLOW1,strip=synack
    trouble='MPCapableFallbackSYNACK MPCapableFallbackACK'
    [ $role = client ] && has_mptcp=false
    fall_back
    if [ $role = client ]; then
        want core MPCapableFallbackSYNACK -eq 1
        want kernel MPTcpExtMPCapableFallbackACK -eq 1
    else
        want kernel MPTcpExtMPCapableFallbackSYNACK -eq 1
        want core MPCapableFallbackACK -eq 1
    fi
}

# DSS checksums on the only path are spoilt (the payload is not): MP_FAIL, its answer, TCP in both directions.
case_checksum_wrong_for_kernel() {
    core_options='--set dss_checksum=true'
    path1=$SLOW1,to.badsum=50,acks_pass
    trouble='DataCsumErr DSSCorruptionFallback DssFallback MPFailTx MPFailRx InfiniteMapTx InfiniteMapRx'
    has_mptcp=false # the capture's checksum is wrong, and its end is TCP's
    fall_back
    want core MPFailRx -ge 1
    want core MPFailTx -ge 1
    want core InfiniteMapTx -eq 1
    want kernel MPTcpExtDataCsumErr -ge 1
    want kernel MPTcpExtMPFailTx -ge 1
    want kernel MPTcpExtMPFailRx -ge 1
    want kernel MPTcpExtInfiniteMapRx -ge 1
}

# The same from the kernel. Its segments with an infinite mapping are by the option longer than its MSS allows, and do not pass its own interface
# (IpFragFails, also between two kernels), but where the peer's MSS leaves room.
case_checksum_wrong_for_core() {
    core_options='--set dss_checksum=true --set mss_bytes_max=1400'
    path1=$SLOW1,from.badsum=50,acks_pass
    trouble='DataCsumErr DSSCorruptionFallback DssFallback MPFailTx MPFailRx InfiniteMapTx InfiniteMapRx'
    has_mptcp=false
    fall_back
    want core DataCsumErr -ge 1
    want core DSSCorruptionFallback -eq 1
    want core MPFailTx -ge 1
    want core MPFailRx -ge 1
    want core InfiniteMapTx -eq 1
    want kernel MPTcpExtMPFailRx -ge 1
    want kernel MPTcpExtMPFailTx -ge 1
    want kernel MPTcpExtInfiniteMapRx -ge 1
    want kernel IpFragFails -eq 0
}

case_options_stripped_from_data() {
    path1=$SLOW1,strip=data
    trouble='MPCapableFallbackACK MPCapableDataFallback DssFallback DSSNoMatchTCP InfiniteMapTx'
    fall_back
}
