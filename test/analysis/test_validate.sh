#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Fairness from a sweep to its page: test_validate.sh BUILD_FOLDER. LIA and uncoupled Reno against four TCP flows, two seeds
# over the link engine, predictions stored by the sweep: mptcp-validate prints rows whose verdicts follow from the numbers, the
# measured ones are within 10 % of the ideal senders' (the full sweep, experiments/fairness/validate.sh, judges by 7 % over longer
# runs and more seeds) and of those that test/analysis/fairness-small.csv keeps.

cd "$(dirname "$0")/../.." || exit 1
build=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

check() { # NAME COMMAND...
    if "${@:2}"; then
        passed=$((passed + 1))
    else
        echo "FAILED: $1"
        failed=$((failed + 1))
    fi
}

cat > "$scratch/sweep.yaml" <<SWEEP
name: fairness-small
scenario: $PWD/experiments/fairness/fairness.yaml
seeds: {first: 1, count: 2}
timeout_s: 300
memory_mib: 2048
predict: true
set: ["engine=link", "duration_s=60"]
grid:
  - key: congestion_control
    variants:
      - {value: lia, set: ["flows.multi.congestion_control=lia"]}
      - {value: reno, set: ["flows.multi.congestion_control=reno"]}
      - {value: jitter, set: ["paths.bottleneck.jitter_ms=0.1", "sampling.series=[goodput, queue]"]}
      - {value: link, set: ["paths.bottleneck.jitter_ms=0.1", "sampling.series=[goodput, queue]", "links=[{name: far, rate_mbps: 24}]", "paths.bottleneck.links=[far]"]}
SWEEP
"$build/mptcp-lab" sweep "$scratch/sweep.yaml" --db "$scratch/results.db" > "$scratch/log" 2>&1 || cat "$scratch/log"

# In the order of the log: before the predictions, which come after the last run.
check "what cannot be predicted is told before the runs" [ "$(grep -n 'predict: 2 of 4 points cannot be predicted, such as .congestion_control=jitter.: jitter_ms, reorder' "$scratch/log" | cut -d: -f1)" = 1 ]

lab() {
    "$build/mptcp-lab" "$@" >> "$scratch/log" 2>&1
}

cell() { # COLUMN POINT QUANTITY: the number, without its interval
    awk -F ' *[|] *' -v c="$1" -v p="congestion_control=$2" -v q="$3" '$2 == p && $3 == q { print $c + 0 }' "$scratch/page"
}

near() { # VALUE WANTED PERCENT
    awk -v v="$1" -v w="$2" -v p="$3" 'BEGIN { exit !(v != "" && v / w - 1 <= p / 100 && 1 - v / w <= p / 100) }'
}

printf '%s\n' experiment,point,quantity,value,source 'small,congestion_control=lia,ratio to TCP,1.12,a Monte Carlo' > "$scratch/targets.csv"
"$build/mptcp-validate" --targets "$scratch/targets.csv" "$scratch/results.db" > "$scratch/page" || failed=$((failed + 1))
check "the scenario's remark is there" grep -q '^One MPTCP connection with two subflows' "$scratch/page"
check "a published figure stands in its row" [ "$(cell 4 lia 'ratio to TCP')" = 1.12 ]
check "flows that are alike are told one by one, the least and the greatest" awk -v l="$(cell 7 lia 'least goodput of a single, Mb/s')" \
    -v m="$(cell 7 lia 'goodput of single, Mb/s')" -v g="$(cell 7 lia 'greatest goodput of a single, Mb/s')" 'BEGIN { exit !(l > 0 && l < m && m < g && g < 1.5 * m) }'
check "fluid: two TCPs' part less the options" near "$(cell 5 reno 'ratio to TCP')" 1.967 0.3
while IFS=, read -r point quantity value; do # the stored reference
    case $point in '#'*) continue ;; esac
    check "$point, $quantity: $(cell 7 "$point" "$quantity"), stored $value" near "$(cell 7 "$point" "$quantity")" "$value" 10
    check "$point, $quantity: beside the ideal senders" near "$(cell 7 "$point" "$quantity")" "$(cell 6 "$point" "$quantity")" 10
done < test/analysis/fairness-small.csv
# Each verdict follows from the numbers of its row.
awk -F ' *[|] *' '$2 ~ /^congestion_control=(lia|reno)/ && $10 != "told" {
        split($9, off, " "); within = off[1] + 0 <= off[3] + 0 && -off[1] <= off[3] + 0
        if ($10 != (within ? "within" : "**outside**")) wrong++
        rows++ }
    END { exit !(rows == 8 && wrong + 0 == 0) }' "$scratch/page"
check "verdicts follow from the numbers" [ $? = 0 ]
check "what is not predicted is told" grep -q '^- congestion_control=jitter: .*jitter_ms, reorder, duplicate' "$scratch/page"
check "and gets no verdict" [ "$(grep -c '^| congestion_control=jitter .*| not predicted |' "$scratch/page")" = 4 ]
check "a queue that was sampled is told, within RED's bounds" near "$(cell 7 jitter 'queue of bottleneck, packets')" 60 66
check "and what it took" near "$(cell 7 jitter 'loss of bottleneck, part')" 0.02 95
check "without a verdict" [ "$(grep -c '^| congestion_control=jitter | \(queue\|loss\) of bottleneck.*| told |$' "$scratch/page")" = 2 ]
check "so is that of a link which paths share, drop-tail of 100 packets and never empty" near "$(cell 7 link 'queue of far, packets')" 75 40
check "and what that took" [ "$(grep -c '^| congestion_control=link | loss of far, part .*| told |$' "$scratch/page")" = 1 ]
# What the whole page is made of says of each bottleneck how long its queue was, and what it lost.
unsampled() { grep -L 'sampling.series=.*queue' $(grep -l '^predict: true' experiments/fairness/*-sweep.yaml); }
check "each experiment samples its queues" [ -z "$(unsampled)" ]
check "the verdicts are counted" grep -qE '^[0-9]+ within, [0-9]+ outside, 8 not predicted, 14 told\.$' "$scratch/page"

echo 'small,congestion_control=lia,ratio to UDP,1,nowhere' >> "$scratch/targets.csv"
"$build/mptcp-validate" --targets "$scratch/targets.csv" "$scratch/results.db" > "$scratch/none" 2> "$scratch/error"
check "a target that no row has" [ "$?:$(grep -c 'ratio to UDP' "$scratch/error")" = 1:1 ]
"$build/mptcp-lab" sweep "$scratch/sweep.yaml" --db "$scratch/results.db" > "$scratch/again" 2>&1
check "what is predicted is not predicted again" bash -c '! grep -q predicted "$0"' "$scratch/again"
sed '/^predict/d; s/small/plain/; s/count: 2/count: 1/; s/60/20.5/' "$scratch/sweep.yaml" > "$scratch/plain.yaml"
check "a sweep without predictions" lab sweep "$scratch/plain.yaml" --db "$scratch/plain.db"
"$build/mptcp-validate" "$scratch/plain.db" > "$scratch/none" 2> "$scratch/error"
check "is refused" [ "$?:$(grep -c 'no prediction is stored' "$scratch/error")" = 1:4 ]
check "until they are made" lab predict --db "$scratch/plain.db"
check "then it has a page" "$build/mptcp-validate" "$scratch/plain.db" > "$scratch/none"
"$build/mptcp-validate" "$scratch/log" > "$scratch/none" 2> "$scratch/error"
check "what is no database is refused" [ $? = 1 ]
check "with one line" [ "$(wc -l < "$scratch/error")" = 1 ]
[ "$failed" = 0 ] || cat "$scratch/page" "$scratch/log"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
