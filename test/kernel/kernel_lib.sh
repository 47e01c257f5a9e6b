# SPDX-License-Identifier: GPL-2.0-or-later
# kernel_lib.sh: sourced by the tests against the kernel: namespaces, programs, captures and what is wanted of their results.
# A case runs in a subshell of its own, in a folder and with namespaces of its own; whatever it starts ends with it.

# ---- Can this machine do it? ----

# kernel_skip_reason: print why not, or nothing.
kernel_skip_reason() {
    local command probe=mpt-probe-$$
    [ "$(id -u)" = 0 ] || { echo "not root"; return; }
    [ -c /dev/net/tun ] || { echo "no /dev/net/tun"; return; }
    for command in ip nstat tcpdump tshark; do
        command -v $command >/dev/null || { echo "$command is not installed"; return; }
    done
    [ "$(cat /proc/sys/net/mptcp/enabled 2>&1)" = 1 ] || { echo "the kernel has no MPTCP, or it is off"; return; }
    ip netns add $probe 2>/dev/null || { echo "no network namespaces here"; return; }
    ip -n $probe mptcp limits >/dev/null 2>&1 || echo "ip has no mptcp command"
    ip -n $probe tuntap add dev probe mode tun 2>/dev/null || echo "no TUN devices here"
    ip netns del $probe
}

# ---- What a case starts, and its end ----

case_begin() { # FOLDER: called first in the case's subshell
    dir=$1 namespaces= failed=0
    trap case_end EXIT
    trap 'exit 1' INT TERM HUP
}

case_end() {
    local one
    trap '' INT TERM HUP # the end is not cut short
    for one in $(jobs -rp); do
        kill "$one" 2>/dev/null # it may just have ended
    done
    wait
    for one in $namespaces; do
        ip netns del "$one"
    done
}

# start NAME COMMAND...: run it in the background, output to NAME.out; its process number is in $pid_NAME.
start() {
    local name=$1
    shift
    "$@" >"$dir/$name.out" 2>"$dir/$name.err" &
    eval "pid_$name=$!"
}

# finish NAME: wait for its end. @return its exit status
finish() {
    local pid
    eval "pid=\$pid_$1"
    wait "$pid"
}

# wait_for SECONDS COMMAND...: until the command succeeds; otherwise the case ends.
wait_for() {
    local tries=$(($1 * 20))
    shift
    until "$@"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || { fail "in vain: $*"; exit 1; }
        sleep 0.05
    done
}

is_ready() { grep -qs '^ready' "$dir/$1.out"; }

# ---- Namespaces ----

# A namespace NS without devices.
netns_new() { # NS
    ip netns add "$1" || exit 1
    namespaces="$namespaces $1"
    ip -n "$1" link set lo up
    # no source validation: both paths lead to the same host; no memory of earlier connections; no strangers' packets
    ip netns exec "$1" sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 net.ipv4.tcp_no_metrics_save=1 \
        net.ipv6.conf.default.router_solicitations=0 net.ipv6.conf.default.accept_dad=0
    ip -n "$1" mptcp limits set subflow 4 add_addr_accepted 4
}

# A namespace NS with TUN devices k1, k2 and the kernel's addresses on them: 10.77.N.1 and fd77:N::1.
netns_up() { # NS
    netns_new "$1"
    local i
    for i in 1 2; do
        ip -n "$1" tuntap add dev k$i mode tun
        ip -n "$1" addr add "10.77.$i.${2:-1}/24" dev k$i
        ip -n "$1" addr add "fd77:$i::${2:-1}/64" dev k$i nodad
        ip -n "$1" link set k$i up
    done
}

# What the kernel sends from its second address leaves by the second device, wherever it goes.
route_by_source() { # NS
    ip -n "$1" rule add from 10.77.2.1 table 2
    ip -n "$1" route add default dev k2 table 2
    ip -n "$1" -6 rule add from fd77:2::1 table 2
    ip -n "$1" -6 route add default dev k2 table 2
}

# ---- Captures ----

capture_start() { # NS
    local i
    for i in 1 2; do
        start capture$i ip netns exec "$1" tcpdump -i k$i -s 2000 -B 16384 -U --immediate-mode -w "$dir/k$i.pcap"
        wait_for 10 grep -qs 'listening on' "$dir/capture$i.err"
    done
}

capture_bytes() { stat -c %s "$dir"/k?.pcap | xargs; }

# The end comes 1.5 s after the last packet: tcpdump gets them late.
capture_stop() {
    local before= quiet=0
    while [ $quiet -lt 5 ]; do
        sleep 0.3
        [ "$(capture_bytes)" = "$before" ] && quiet=$((quiet + 1)) || quiet=0
        before=$(capture_bytes)
    done
    kill "$pid_capture1" "$pid_capture2"
    finish capture1
    finish capture2
    grep -h '[1-9][0-9]* packets dropped' "$dir"/capture?.err >&2
}

# ---- What is wanted ----

fail() {
    echo "  $*"
    failed=1
}

# value FILE KEY: the last word of `KEY=...' or, from nstat, the second of `KEY ...'; 0 when there is none.
value() {
    awk -v key="$2" '$1 == key { found = $2 }
        { for (i = 1; i <= NF; i++) if (index($i, key "=") == 1) found = substr($i, length(key) + 2) }
        END { print found == "" ? 0 : found }' "$dir/$1.out"
}

# want FILE KEY OPERATOR VALUE: an operator of test(1).
want() {
    local is
    is=$(value "$1" "$2")
    [ "$is" "$3" "$4" ] || fail "$1: $2 is $is, wanted $3 $4"
}

# MPTCP's counters of the kernel that say that something went wrong; a case names those it is about.
KERNEL_TROUBLE='MPCapableFallbackACK MPCapableFallbackSYNACK MPCapableSYNTXDrop MPFallbackTokenInit MPJoinNoTokenFound
    MPJoinSynAckHMacFailure MPJoinAckHMacFailure MPJoinRejected DSSNotMatching DSSCorruptionFallback DSSCorruptionReset InfiniteMapTx
    InfiniteMapRx DSSNoMatchTCP DataCsumErr NoDSSInWindow AddAddrDrop AddAddrTxDrop EchoAddTxDrop RmAddrDrop RmAddrTxDrop MPFailTx
    MPFailRx MPFastcloseTx MPFastcloseRx MPJoinSynTxBindErr MPJoinSynTxConnectErr MismatchPortSynRx MismatchPortAckRx
    Blackhole MPCapableDataFallback DssFallback SimultConnectFallback FallbackFailed'
CORE_TROUBLE='MPCapableFallbackACK MPCapableFallbackSYNACK MPCapableSYNTXDrop MPFallbackTokenInit MPJoinNoTokenFound
    MPJoinSynAckHMacFailure MPJoinAckHMacFailure MPJoinRejected DSSNotMatching DSSCorruptionFallback DSSCorruptionReset InfiniteMapTx
    InfiniteMapRx DSSNoMatchTCP DataCsumErr NoDSSInWindow AddAddrDrop AddAddrHMacFailure RmAddrDrop MPFailTx MPFailRx MPFastcloseTx
    MPFastcloseRx InErrs NoMemory'

want_no_trouble() { # NS [COUNTER...]: none but those named
    local one allowed
    ip netns exec "$1" nstat -asz >"$dir/kernel.out"
    shift
    allowed=" $* "
    for one in $KERNEL_TROUBLE; do
        [ -n "${allowed##* $one *}" ] && want kernel "MPTcpExt$one" -eq 0
    done
    for one in $CORE_TROUBLE; do
        [ -n "${allowed##* $one *}" ] && want core "$one" -eq 0
    done
    want kernel TcpInCsumErrors -eq 0
    want kernel TcpInErrs -eq "$(value kernel TcpExtTCPSYNChallenge)" # a SYN/ACK that came again counts as both
    want core bad_checksums -eq 0
}

want_good_capture() {
    "$build/mptcp-capture-check" --content "$dir/k1.pcap" "$dir/k2.pcap" >"$dir/check.out" 2>"$dir/check.err" ||
        fail "the capture is wrong: $(head -n 3 "$dir/check.err")"
}

# count KEY of the summary of the capture's check
want_captured() { # TEXT OPERATOR NUMBER
    local is
    is=$(sed -n "s/^\([0-9]*\)  *$1\$/\1/p" "$dir/check.out")
    [ "${is:-0}" "$2" "$3" ] || fail "capture: ${is:-0} $1, wanted $2 $3"
}
