#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mptcp-oracle from the command line: test_oracle.sh BUILD_FOLDER. Both predictions of the fairness scenario, as a table
# and as metrics; the same again by mptcp-lab fluid; and scenarios it refuses, each with one line that says why.

cd "$(dirname "$0")/../.." || exit 1
oracle=$1/mptcp-oracle
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
scenario=experiments/fairness/fairness.yaml
passed=0 failed=0

check() { # NAME COMMAND...
    if "${@:2}"; then
        passed=$((passed + 1))
    else
        echo "FAILED: $1"
        failed=$((failed + 1))
    fi
}

# Field FIELD of the table's line that begins with ENTITY.
cell() {
    awk -v entity="$1" -v field="$2" '$1 == entity && $2 !~ /^path/ { print $field }' "$scratch/table"
}

between() { # VALUE LOW HIGH
    awk -v v="$1" -v low="$2" -v high="$3" 'BEGIN { exit !(v >= low && v <= high) }'
}

refuses() { # PATTERN ARGUMENTS...
    "$oracle" "${@:2}" > "$scratch/out" 2> "$scratch/err"
    [ $? = 2 ] && [ ! -s "$scratch/out" ] && [ "$(wc -l < "$scratch/err")" = 1 ] && grep -q -- "$1" "$scratch/err" ||
        { cat "$scratch/err"; return 1; }
}

short=(--runs 2 -s duration_s=40 -s measure_from_s=10)
"$oracle" "${short[@]}" "$scenario" > "$scratch/table" || failed=$((failed + 1))
check "a fifth of 4000 by the fixed point" between "$(cell flow:multi 2)" 795 805
check "a fifth of 4000 by the equations" between "$(cell flow:multi 3)" 795 805
check "LIA's packets take a TCP's part or little more" between "$(cell flow:multi 4)" 720 960
"$oracle" "${short[@]}" "$scenario" | cmp -s - "$scratch/table"
check "same seeds, same bytes" [ $? = 0 ]
"$1/mptcp-lab" fluid "${short[@]}" "$scenario" | cmp -s - "$scratch/table"
check "mptcp-lab fluid says the same" [ $? = 0 ]

"$oracle" "${short[@]}" -m -s flows.multi.congestion_control=reno "$scenario" > "$scratch/metrics"
value=$(awk -F '\t' '$1 == "metric" && $2 == "predicted_fluid" && $3 == "flow:multi" && $4 == "Mb/s" { print $5 }' "$scratch/metrics")
check "uncoupled: a third of 4000 packets of 1424 bytes" between "$value" 15.1 15.3

# Fair queues: a sixth of 4000 packets/s for each of six subflows, whatever the algorithm; LIA's senders are idle now and then, and get a little less.
"$oracle" "${short[@]}" -s paths.bottleneck.queue_discipline=fq-codel "$scenario" > "$scratch/table" 2> "$scratch/err"
check "fair queueing" between "$(cell flow:multi 2)" 1333 1334
check "packets" between "$(cell flow:multi 4)" 1200 1330
dctcp=(-s paths.bottleneck.ecn=true)
for flow in multi single1 single2 single3 single4; do
    dctcp+=(-s "flows.$flow.congestion_control=dctcp" -s "flows.$flow.settings=[DelayedAck=false, Ecn=true]")
done
"$oracle" "${short[@]}" "${dctcp[@]}" "$scenario" > "$scratch/table"
check "DCTCP: two subflows are two flows" between "$(cell flow:multi 2)" 1333 1334
check "by the equations" between "$(cell flow:multi 3)" 1333 1334
check "packets" between "$(cell flow:multi 4)" 1150 1500
check "DCTCP that nothing is marked for" refuses 'settings: the oracles know Ecn=true' -s flows.multi.congestion_control=dctcp "$scenario"
check "marks by another queue" refuses 'ecn: the oracles know' "${dctcp[@]}" -s paths.bottleneck.queue_discipline=codel "$scenario"
"$oracle" "${short[@]}" -s paths.bottleneck.queue_discipline=codel "$scenario" > "$scratch/table"
check "CoDel: the same shares in the fluid" between "$(cell flow:multi 2)" 795 805
check "CoDel: packets" between "$(cell flow:multi 4)" 720 1000

# Links that paths share: OLIA's scenario B, whose red users have a path through both.
"$oracle" --each --runs 2 --first-seed 4 -s duration_s=30 -s measure_from_s=10 experiments/fairness/olia-b.yaml > "$scratch/each"
sum_of() { # METHOD PATTERN
    awk -F '\t' -v m="predicted_$1" -v p="$2" '$3 == m && $4 ~ p { s += $6 } END { print s }' "$scratch/each"
}
x=$(sum_of fluid 'path:(blue-x|red-xt)$') t=$(sum_of fluid 'path:(blue-t|red-t|red-xt)$')
check "X is full of payload: $x" between "$x" 25.3 26
check "T is full of payload: $t" between "$t" 33.7 34.6
check "seeds are those asked for" [ "$(cut -f 2 "$scratch/each" | sort -u | xargs)" = "0 4 5" ]

check "unknown algorithm" refuses 'fairness.yaml:[0-9]*:[0-9]*: congestion_control: .*hybla' -s flows.multi.congestion_control=hybla "$scenario"
check "a flow that ends" refuses 'bytes:' -s flows.multi.bytes=1000 "$scenario"
check "Wi-Fi" refuses 'type: the oracles know ethernet' experiments/handover/handover.yaml
check "client and server behind one switch" refuses 'paths: multi and server are both on bottleneck' -s "paths.bottleneck.hosts=[multi, multi, single1, single2, single3, single4, server]" "$scenario"
check "a scheduler that fills one path" refuses 'scheduler:' -s flows.multi.scheduler=primary "$scenario"
"$oracle" "${short[@]}" -s flows.multi.receive_buffer_bytes=20000 "$scenario" > "$scratch/table" 2> "$scratch/err"
check "buffers that limit a flow" grep -q 'larger buffers' "$scratch/err"
check "without figures" [ "$(cell flow:multi 2)" = nan ]
"$oracle" "${short[@]}" -s paths.bottleneck.queue_discipline=drop-tail -s paths.bottleneck.queue_packets=50 "$scenario" > "$scratch/packets"
"$oracle" "${short[@]}" -s paths.bottleneck.queue_discipline=drop-tail -s paths.bottleneck.queue_bytes=75000 "$scenario" > "$scratch/table"
check "a queue's limit in bytes is one in packets" cmp -s "$scratch/packets" "$scratch/table"
check "jitter" refuses 'jitter_ms, reorder, duplicate:' -s engine=link -s paths.bottleneck.jitter_ms=1 "$scenario"
check "bursts of losses" refuses 'loss_burst_packets:' -s engine=link -s paths.bottleneck.loss_burst_packets=3 "$scenario"
check "a flow that stops while it is measured" refuses 'stop_s:' -s flows.single1.stop_s=50 "$scenario"
check "a wrong key" refuses 'nothing: expected a key of flows' -s flows.multi.nothing=1 "$scenario"
check "no scenario" bash -c '"$0" > /dev/null 2>&1; [ $? = 2 ]' "$oracle"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
