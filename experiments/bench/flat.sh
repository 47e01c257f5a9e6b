#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# flat.sh [PROGRAM]: does what a byte costs the link engine depend on how many paths, or connections, there are (doc/performance.md)? Steady state: each
# number is the difference of two lengths. Instructions a data segment with one to eight paths (valgrind), then user time a GB with 1 to 10,000
# connections, the median of five rounds. Some ten minutes.

cd "$(dirname "$0")/../.." || exit 1
program=${1:-build/mptcp-run}
scenario=$(mktemp --suffix=.yaml) || exit 1
trap 'rm -f "$scenario"' EXIT
TIMEFORMAT=%U

with_paths() { # COUNT BYTES: instructions of a run
    local list='{name: cable, type: ethernet, hosts: [server], rate_mbps: 100000, delay_ms: 0, queue_packets: 10000}'
    for ((i = 1; i <= $1; i++)); do list+=", {name: path$i, type: ethernet, hosts: [client], rate_mbps: 100, delay_ms: 1}"; done
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" experiments/bench/link.yaml --seed 1 --set "paths=[$list]" \
        --set "flows.bulk.bytes=$2" 2>&1 >/dev/null | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

with_connections() { # COUNT BYTES BUFFER_BYTES: user seconds of a run of so many bytes in all
    {
        echo 'engine: link'
        echo 'duration_s: 1000000'
        echo 'hosts: [{name: client}, {name: server}]'
        echo 'paths:'
        echo '  - {name: one, type: ethernet, hosts: [client], rate_mbps: 100000, delay_ms: 20, queue_packets: 1000000}'
        echo '  - {name: cable, type: ethernet, hosts: [server], rate_mbps: 200000, delay_ms: 0, queue_packets: 1000000}'
        echo 'flows:'
        for ((i = 0; i < $1; i++)); do
            printf '  - {name: f%d, client: client, server: server, direction: upload, bytes: %d, start_s: 0.%06d, send_buffer_bytes: %d, receive_buffer_bytes: %d}\n' \
                $i $(($2 / $1)) $((100000 + i * 400000 / $1)) "$3" "$3"
        done
        echo 'sampling: {interval_ms: 1000, series: []}'
    } >"$scenario"
    { time "$program" "$scenario" --seed 1 >/dev/null; } 2>&1
}

for count in 1 2 4 8; do
    short=$(with_paths $count 10000000) long=$(with_paths $count 30000000)
    echo "$count paths: $(((long - short) * 1432 / 20000000)) instructions a data segment"
done
for buffer_bytes in 65536 16384; do
    for count in 1 10 100 1000 10000; do
        for _ in 1 2 3 4 5; do
            short=$(with_connections $count 500000000 $buffer_bytes) long=$(with_connections $count 2000000000 $buffer_bytes)
            awk "BEGIN { print ($long - $short) / 1.5 }"
        done | sort -n | sed -n "3s/^/$count connections, buffers of $buffer_bytes bytes, CPU seconds a GB: /p"
    done
done
