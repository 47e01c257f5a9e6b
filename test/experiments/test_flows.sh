#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# test_flows.sh [MPTCP_RUN]: what is reported of flows that do not go as usual, by both engines: the first path down at the
# start, no connection at all, no time to complete, an end before the measurement, a path that goes, flows of one host
# with different paths; events, round-trip times, retransmissions, counters. And a printed configuration is a scenario that
# gives the same result. Ends with "N passed, N failed".

run=$(realpath "${1:-$(dirname "$0")/../../build/mptcp-run}")
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT && cd "$dir" || exit 1
passed=0 failed=0

cat >flows.yaml <<'END'
duration_s: 4
hosts: [{name: client}, {name: server}]
paths:
  - {name: a, type: ethernet, hosts: [client], rate_mbps: 10, delay_ms: 5}
  - {name: b, type: ethernet, hosts: [client], rate_mbps: 10, delay_ms: 5}
  - {name: core, type: ethernet, hosts: [server], rate_mbps: 100}
flows:
  - {name: f, client: client, server: server, start_s: 1}
events:
  - {time_s: 0.5, path: a, link: down}
END
check() { # NAME COMMAND...
    local name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $name"
    fi
}
value() { # METRIC [ENTITY]: value of the flow, and the mark of a lower bound
    awk -F'\t' -v name="$1" -v entity="${2:-flow:f}" '$1 == "metric" && $2 == name && $3 == entity { print $5 $6 }' out
}
events() { # NAME...: times in s of events of these names, names and entities, in a line
    awk -F'\t' -v names=" $* " '$1 == "event" && index(names, " " $3 " ") { printf "%s%s %s %s", n++ ? "; " : "", $2 / 1e6, $3, $4 }' out
}
simulate() { "$run" flows.yaml --seed 1 --set "engine=$engine" "$@" >out 2>err; }
is() { [ "$1" = "$2" ] || { echo "  expected '$2', got '$1'"; false; }; }
is_between() { is_above "$1" "$2" && is_above "$3" "$1"; }
is_above() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a != "" && a + 0 > b) }' || { echo "  expected above $2, got '$1'"; false; }; }

for engine in ns3 link; do
    simulate
    check "$engine: mptcp begins on the first path that is up" is "$(value connected) $(value fell_back)" "1 0"
    check "$engine: it has that path's rate" is_above "$(value goodput)" 7
    simulate --set 'events=[{time_s: 0.5, path: core, link: down}]'
    check "$engine: a flow that never connects says so" is "$(value connected)" 0
    simulate --set flows.f.bytes=100000000
    check "$engine: a time of completion that was not seen is a lower bound" is "$(value completion_time)" '3>'
    simulate --set flows.f.bytes=100000 --set measure_from_s=3
    check "$engine: a flow that ended before the measurement has no goodput" is "$(value goodput)$(value closed)" 1
    simulate --set measure_from_s=3 --set events=[] --set "flows=[{name: f, bytes: 100000, client: client, server: server, paths: [b]}, {name: g, client: client, server: server, paths: [a]}, {name: h, protocol: tcp, client: client, server: server, paths: [b]}]"
    check "$engine: nor does it count in Jain's index, or as a flow to compare with" is "$(awk -F'\t' '$2 == "jain" || $2 == "ratio_to_tcp" { printf "%.9g ", $5 }' out)" \
        "$(awk -v g="$(value goodput flow:g)" -v h="$(value goodput flow:h)" 'BEGIN { printf "%.9g %.9g ", (g + h) ^ 2 / (2 * (g * g + h * h)), g / h }')"
    simulate --set flows.f.bytes=4000000 --set 'events=[{time_s: 2, path: a, link: down}]'
    check "$engine: events have their times" is "$(events link_down subflow_up subflow_down connected handover completed | sed 's/[0-9.]* \(subflow_up\|connected\|handover\|completed\)/\1/g')" \
        "subflow_up flow:f path:a; connected flow:f; subflow_up flow:f path:b; 2 link_down path:a; 2 subflow_down flow:f path:a; handover flow:f path:b; completed flow:f"
    check "$engine: what is reinjected is an event" is "$(events reinjected | sed 's/^2\.[0-9]* //')" "reinjected flow:f"
    check "$engine: of all those bytes" is "$(awk -F'\t' '$3 == "reinjected" { print $5 + 0 }' out)" "$(value bytes_reinjected)"
    check "$engine: each path had a subflow" is "$(value subflows) $(value subflows 'flow:f path:a') $(value subflows 'flow:f path:b')" "2 1 1"
    simulate --set paths.b.enabled=false --set flows.f.protocol=tcp --set paths.a.queue_packets=1000 --set 'events=[]' --set flows.f.receive_buffer_bytes=20000
    check "$engine: the round-trip time is that of the path" is_between "$(value rtt_mean)" 12 20
    check "$engine: its 95th percentile is, too" is_between "$(value rtt_p95 'flow:f path:a')" 12 20
    check "$engine: nothing was sent twice" is "$(value bytes_retransmitted) $(value timeouts) $(value RetransSegs host:server)" "0 0 0"
    simulate --set paths.b.enabled=false --set 'events=[{time_s: 2, path: a, link: down}, {time_s: 2.1, path: a, rate_mbps: 5}, {time_s: 2.5, path: a, link: up}]' --set 'counters=[all]' --set duration_s=6
    check "$engine: a silent path has timeouts" is_above "$(value timeouts)" 0
    check "$engine: what was lost is sent again" is_above "$(value bytes_retransmitted)" 1000
    check "$engine: the host counts it, too" is "$(value TCPTimeouts host:server)" "$(value timeouts)"
    check "$engine: all counters of both ends are there" is "$(grep -c '^metric.*host:client' out)" "$(grep -c '^metric.*host:server' out)"
    check "$engine: changes of the path are events" is "$(events link_down rate link_up)" "2 link_down path:a; 2.1 rate path:a; 2.5 link_up path:a"
    check "$engine: the flow goes on over the same path" is "$(events recovered | cut -d' ' -f2-)" "recovered flow:f path:a"
    simulate --set 'events=[]' --set 'flows=[{name: f, client: client, server: server, paths: [b]}, {name: g, client: client, server: server}, {name: h, client: client, server: server, paths: [a]}]'
    check "$engine: each flow has the paths that it names" is "$(value path_share 'flow:f path:a')$(value path_share 'flow:f path:b') $(value path_share 'flow:h path:a')$(value path_share 'flow:h path:b')" "1 1"
    check "$engine: one that names none has all" is "$(value subflows 'flow:g path:a') $(value subflows 'flow:g path:b')" "1 1"
    simulate --set events=[] --set "flows=[{name: f, bytes: 1000000, client: client, server: server}, {name: g, client: client, server: server, stop_s: 2, send_buffer_bytes: 65536}, {name: h, client: client, server: server}]" \
        --set 'sampling={interval_ms: 100, series: [cwnd, rtt]}'
    last_sample() { awk -F'\t' -v of="flow:$1 " '$1 == "sample" && index($2, of) && $3 > last { last = $3 } END { print last / 1e6 }' out; }
    check "$engine: a flow that is over has no window any more" is_between "$(last_sample f)" "$(value completion_time | awk '{ print 1 + $1 - 0.15 }')" "$(value completion_time | awk '{ print 1 + $1 + 0.001 }')"
    check "$engine: nor has one that has closed" is_between "$(last_sample g)" 1.9 3
    check "$engine: others have one" is_above "$(last_sample h)" 3.8
    # x T sqrt(p) of all wires on the way: 2 (5 + 20 + 1) ms, 0.01 + 0.005
    law=(--set flows.f.protocol=tcp --set 'flows.f.paths=[b]' --set 'links=[{name: l, delay_ms: 20, loss_down: 0.01}]' --set 'paths.b.links=[l]' --set paths.b.loss_down=0.005)
    simulate --set events=[] "${law[@]}"
    check "$engine: the square-root law is of the whole way" is "$(value sqrt_law_k | awk '{ printf "%.9g", $1 }')" \
        "$(value goodput | awk '{ printf "%.9g", $1 / 8e-6 / 1448 * 0.052 * sqrt(0.015) }')"
    simulate --set events=[] "${law[@]}" --set 'paths.core.hosts=[server, other]' --set 'hosts=[{name: client}, {name: server}, {name: other}]'
    check "$engine: whoever else is on the server's path" is "$(value sqrt_law_k | awk '{ printf "%.9g", $1 }')" \
        "$(value goodput | awk '{ printf "%.9g", $1 / 8e-6 / 1448 * 0.052 * sqrt(0.015) }')"
    simulate --set 'events=[{time_s: 2, path: l, loss_down: 0.04}]' "${law[@]}"
    check "$engine: there is none of a way that changes" is "$(value sqrt_law_k)" ""
    # All that the server sends crosses the path that both ends are on: what the client has over b does, too.
    for direction in download upload; do
        simulate --set events=[] --set 'paths.a.hosts=[client, server]' --set paths.core.enabled=false --set paths.a.access_rate_mbps=20 --set "flows.f.direction=$direction"
        check "$engine: paths of both ends bring what arrives, once, $direction" \
            is_between "$(awk -v a="$(value goodput 'flow:f path:a')" -v b="$(value goodput 'flow:f path:b')" -v all="$(value goodput)" 'BEGIN { print (a + b) / all }')" 0.99 1.1
        check "$engine: by these are their shares, $direction" is_between \
            "$(awk -v a="$(value goodput 'flow:f path:a')" -v b="$(value goodput 'flow:f path:b')" -v share="$(value path_share 'flow:f path:b')" 'BEGIN { print share / b * (a + b) }')" 0.999 1.001
    done
    simulate --set events.0.time_s=2.5 --set 'paths.0.delay_ms=7'
    check "$engine: elements of lists have numbers" is "$(events link_down) $(head -1 out | grep -o '"delay_ms":7,' | wc -l)" "2.5 link_down path:a 1"
    simulate --set flows.f.start_jitter_s=0.2
    cp out first
    head -1 first | cut -f2 | "$run" - --seed 1 >out
    check "$engine: a printed configuration is a scenario of the same result" cmp first out
done

# What only the link engine tells. Pieces of 16 KiB are written as soon as a send buffer of 64 KiB has room, which leaves 56 KiB before
# the mean byte. They are acknowledged at the goodput r, so that it takes 56 KiB / r from write to
# acknowledgement, which is on its way for 6 ms after the read.
is_near() { awk -v a="$1" -v b="$2" -v p="$3" 'BEGIN { exit !(a != "" && a / b - 1 < p / 100 && 1 - a / b < p / 100) }' || { echo "  expected $2, got '$1'"; false; }; }
engine=link sampled='sampling={interval_ms: 100, series: [app_delay, reorder, queue]}'
simulate --set events=[] --set flows.f.protocol=tcp --set flows.f.send_buffer_bytes=65536 --set measure_from_s=2 --set "$sampled"
check "the delay from write to read is that of the send buffer" is_near "$(value app_delay_p50)" \
    "$(awk -v r="$(value goodput)" 'BEGIN { print 57.344 * 8 / r - 6 }')" 10
check "quantiles rise" is_above "$(value app_delay_p99)" "$(value app_delay_p05)"
check "nothing waits for what is lost where nothing is" is "$(value reorder_max)$(value bytes_duplicate)" 00
check "a queue that never fills drops nothing" is "$(awk -F'\t' '$2 == "drop_rate_down" && $3 == "path:a" { print $5 }' out)" 0
simulate --set events=[] --set flows.f.scheduler=roundrobin --set paths.b.delay_ms=100 --set "$sampled"
check "unlike paths reorder" is_above "$(value reorder_max)" 10000
check "no more than they have in flight" is_above 1000000 "$(value reorder_max)"
check "the mean is below the greatest" is_above "$(value reorder_max)" "$(value reorder_mean)"
check "samples are those of the metric" is_above 1 "$(awk -F'\t' -v most="$(value reorder_max)" '$1 == "sample" && $2 ~ /^reorder/ && $4 > most { n++ } END { print n + 0 }' out)"
simulate --set events=[] --set paths.a.loss_down=0.05 --set paths.b.enabled=false --set "$sampled"
check "losses are counted where they happen" is_near "$(awk -F'\t' '$2 == "drop_rate_down" && $3 == "path:a" { print $5 }' out)" 0.05 30
simulate --set 'events=[{time_s: 2, path: a, loss_down: 0}]' --set paths.a.loss_down=0.3 --set paths.b.enabled=false --set measure_from_s=3 --set "$sampled"
check "those before the measurement are not" is "$(value drop_rate_down path:a)" 0
simulate --set events=[] --set paths.a.loss_down=0.05 --set paths.b.enabled=false --set flows.f.bytes=100000 --set measure_from_s=5 --set "$sampled"
check "nor those of a run that ends before it" is "$(value drop_rate_down path:a)" ""
simulate --set events=[] --set 'links=[{name: l, rate_mbps: 5, delay_ms: 1}]' --set 'paths.a.links=[l]' --set paths.b.enabled=false --set "$sampled"
check "the queue of a link is sampled, too" is_above "$(value queue_mean link:l)" 10
check "and its losses" is_above "$(value drop_rate_down link:l)" 0
check "which the path before it does not have" is "$(value drop_rate_down path:a)" 0
simulate --set events=[] --set paths.a.loss_down=0.05 --set 'paths.a.middleboxes=[{type: nat}]' --set paths.b.enabled=false --set "$sampled"
boxed=$(value drop_rate_down path:a)
simulate --set events=[] --set paths.a.loss_down=0.2 --set paths.a.duplicate=1 --set 'paths.a.middleboxes=[{type: nat}]' --set paths.b.enabled=false --set flows.f.congestion_control=bbr --set "$sampled"
check "of copies, too" is_near "$(value drop_rate_down path:a)" 0.2 10
check "losses behind a box are the path's" is_near "$boxed" 0.05 30
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
