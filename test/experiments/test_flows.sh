#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# test_flows.sh [MPTCP_RUN]: what is reported of flows that do not go as usual, by both engines: the first path down at the
# start, no connection at all, no time to complete, an end before the measurement. And a printed configuration is a
# scenario that gives the same result. Ends with "N passed, N failed".

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
value() { # METRIC: value of the flow, and the mark of a lower bound
    awk -F'\t' -v name="$1" '$1 == "metric" && $2 == name && $3 == "flow:f" { print $5 $6 }' out
}
simulate() { "$run" flows.yaml --seed 1 --set "engine=$engine" "$@" >out 2>err; }
is() { [ "$1" = "$2" ] || { echo "  expected '$2', got '$1'"; false; }; }
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
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
