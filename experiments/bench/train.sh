#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# train.sh PROGRAM RESULTS: the runs by which the build learns what mptcp-run executes often (wscript, doc/performance.md). PROGRAM is mptcp-run,
# compiled to count; RESULTS a folder for what it prints and captures. A little of everything, so that nothing passes for rare that is merely not
# what a bench does, and always the same. The build looks here for the scenarios' names, and trains again when one of them changes.

cd "$(dirname "$0")/../.." || exit 1
program=$1 results=$2 number=0
bulk=experiments/bench/link.yaml
shared=experiments/fairness/fairness.yaml
unlike=experiments/schedulers/two-paths.yaml
lines=experiments/middleboxes/middleboxes.yaml
pairs=experiments/path-managers/path-managers.yaml

run() { # SCENARIO [KEY=VALUE...]
    local scenario=$1 sets=() said
    shift
    for set in "$@"; do sets+=(--set "$set"); done
    number=$((number + 1))
    said=$("$program" "$scenario" --seed 1 --engine link "${sets[@]}" "${options[@]}" 2>&1 >"$results/$number") && return
    echo "train.sh: $scenario $*: $said" >&2
    exit 1
}

# So many paths of 100 Mb/s, and the server's.
paths() { # COUNT
    local list='{name: cable, type: ethernet, hosts: [server], rate_mbps: 100000, delay_ms: 0, queue_packets: 10000}'
    for ((i = 1; i <= $1; i++)); do list+=", {name: path$i, type: ethernet, hosts: [client], rate_mbps: 100, delay_ms: $i}"; done
    echo "paths=[$list]"
}

# So many flows of so many bytes, one every tenth of a millisecond.
flows() { # COUNT BYTES
    local list=
    for ((i = 1; i <= $1; i++)); do
        list+="{name: flow$i, client: client, server: server, bytes: $2, start_s: $(printf '0.%04d' $((i + 100)))}, "
    done
    echo "flows=[${list%, }]"
}

rm -rf "$results" && mkdir -p "$results" || exit 1
options=()
for count in 1 2 4 8; do run $bulk "$(paths $count)" flows.bulk.bytes=6000000; done
run $bulk flows.bulk.bytes=2000000 flows.bulk.direction=download flows.bulk.protocol=tcp
run $bulk "$(flows 200 10000)"
run $bulk "$(flows 20 300000)"
run $shared duration_s=8 measure_from_s=2
for discipline in drop-tail codel fq-codel; do
    run $shared duration_s=4 measure_from_s=1 paths.bottleneck.queue_discipline=$discipline paths.bottleneck.queue_packets=100
done

for scheduler in earliest minrtt roundrobin redundant blest ecf linux primary weighted; do
    run $unlike duration_s=3 measure_from_s=1 flows.download.scheduler=$scheduler paths.far.loss_down=0.005
done
for control in reno cubic lia lia-rfc olia balia ewtcp coupled wvegas bbr; do
    run $unlike duration_s=3 measure_from_s=1 flows.download.congestion_control=$control paths.near.loss_down=0.002
done
run $unlike duration_s=3 measure_from_s=1 flows.download.congestion_control=dctcp 'flows.download.settings=[Ecn=true]' \
    paths.near.queue_discipline=red paths.near.ecn=true paths.far.queue_discipline=codel paths.far.ecn=true
run $unlike duration_s=4 measure_from_s=1 'flows.download.settings=[Pacing=true, DssChecksum=true]' paths.near.jitter_ms=2 paths.near.reorder=0.01 \
    paths.far.duplicate=0.01 'sampling.series=[goodput, cwnd, rtt, queue]' sampling.interval_ms=10 \
    'events=[{time_s: 1.5, path: near, link: down}, {time_s: 2.5, path: near, link: up}, {time_s: 3, path: far, rate_mbps: 5}]'
for manager in fullmesh ndiffports linux none; do run $pairs duration_s=3 measure_from_s=1 flows.upload.path_manager=$manager; done

options=(--pcap "$results/captures")
run $lines duration_s=2 measure_from_s=1 flows.download.check_content=true \
    'paths.line1.middleboxes=[{type: splitter, payload_max_bytes: 536}, {type: coalescer, payload_max_bytes: 1460}]' \
    'paths.line2.middleboxes=[{type: nat}, {type: sequence-rewriter}]'
run $lines duration_s=2 measure_from_s=1 'flows.download.settings=[DssChecksum=true]' flows.download.check_content=true \
    'paths.line1.middleboxes=[{type: option-filter, segments: data, probability: 0.1}, {type: reset-injector, after_bytes: 500000}]' \
    'paths.line2.middleboxes=[{type: payload-rewriter, interval_bytes: 100000}]'
