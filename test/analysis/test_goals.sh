#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# RFC 6356's three goals: test_goals.sh BUILD_FOLDER [SEEDS]. Over the link engine, paired by seed, Student's intervals of 95 %:
#
# 1. Improve throughput: at least what one TCP gets on the best path. Beside a crowded link: no less than 0.93 of it (24 bytes of options
#    a segment cost 2 %, the mean of few seeds spreads by 3 %), and more than one TCP on the worst path. Under random loss ideal senders,
#    in whole packets, get 0.93 (LIA, in real and in whole numbers) and 0.91 (BALIA) of it, options counted (mptcp-lab fluid): 0.95 of that at least.
# 2. Do no harm: where all subflows share a bottleneck, no more than one TCP in the connection's place. The sum of two windows has a
#    shallower sawtooth, which gives ideal senders up to 1.12 of it: the interval must reach below that, and end far from two TCPs.
# 3. Balance congestion: a smaller part on the crowded path than uncoupled subflows have there, and an interval of the difference
#    without 0.
#
# Uncoupled Reno must miss the second goal (two of six flows by one of five: 1.64), and EWTCP the third, or the test could not tell.

cd "$(dirname "$0")/../.." || exit 1
build=$1 seeds=${2:-5}
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

sweep() { # NAME SCENARIO SETS CONTROL|tcp-PATH...: a connection with that control, or one TCP over the path in its place
    local what
    cat > "$scratch/$1.yaml" <<SWEEP
name: $1
scenario: $PWD/experiments/fairness/$2
seeds: {first: 1, count: $seeds}
timeout_s: 300
set: ["engine=link", "duration_s=70", $3]
grid:
  - key: transport
    variants:
SWEEP
    for what in "${@:4}"; do
        case $what in
        tcp-*) echo "      - {value: $what, set: [\"flows.multi.protocol=tcp\", \"flows.multi.paths=[${what#tcp-}]\"]}" ;;
        *) echo "      - {value: $what, set: [\"flows.multi.congestion_control=$what\"]}" ;;
        esac
    done >> "$scratch/$1.yaml"
    "$build/mptcp-lab" sweep "$scratch/$1.yaml" --db "$scratch/results.db" > "$scratch/log" 2>&1 || cat "$scratch/log"
}

half='"paths.left.rate_mbps=12", "paths.right.rate_mbps=12"'
sweep crowded disjoint-1-4.yaml "$half" lia lia-rfc olia balia reno ewtcp tcp-left tcp-right
sweep loss random-loss.yaml '"paths.right.loss_down=0.0025"' lia lia-rfc balia tcp-right
sweep shared fairness.yaml '"paths.bottleneck.rate_mbps=24"' lia lia-rfc olia balia reno tcp-bottleneck
"$build/mptcp-lab" export --db "$scratch/results.db" > "$scratch/values.csv"

# Mean and interval of A by B (or A less B), seed by seed: of goodput, or of the part that a path has.
paired() { # ratio|difference SWEEP A B METRIC ENTITY
    awk -F, -v how="$1" -v sweep="$2" -v a="$3" -v b="$4" -v metric="$5" -v entity="$6" '
        BEGIN { split("12.706 4.303 3.182 2.776 2.571 2.447 2.365 2.306 2.262", t, " ") } # of 1 to 9 degrees of freedom
        $1 == sweep && $9 == metric && $10 == entity { value[$8, $7] = $12; seed[$7] = 1 }
        END {
            for (s in seed) {
                v = how == "ratio" ? value[a, s] / value[b, s] : value[a, s] - value[b, s]
                sum += v; squares += v * v; n++
            }
            mean = sum / n; half = t[n - 1] * sqrt((squares / n - mean * mean) / (n - 1))
            printf "%.4f %.4f %.4f\n", mean, mean - half, mean + half
        }' "$scratch/values.csv"
}

is_within() { # MEAN LOW HIGH CONDITION
    awk -v mean="$1" -v low="$2" -v high="$3" "BEGIN { exit !($4) }"
}

judge() { # NAME CONDITION MEAN LOW HIGH
    printf '%-60s %6.3f [%.3f, %.3f]\n' "$1" "$3" "$4" "$5"
    check "$1: $2" is_within "$3" "$4" "$5" "$2"
}

for control in lia lia-rfc olia balia; do
    # words are three numbers
    # shellcheck disable=SC2046
    {
        judge "goal 1: $control by one TCP, crowded path beside" 'mean >= 0.93' $(paired ratio crowded $control tcp-left goodput flow:multi)
        judge "        $control by one TCP on the crowded path" 'low > 1' $(paired ratio crowded $control tcp-right goodput flow:multi)
        judge "goal 2: $control by one TCP in its place" 'low < 1.12 && high < 1.4' $(paired ratio shared $control tcp-bottleneck goodput flow:multi)
        judge "goal 3: $control's part there, less uncoupled" 'high < 0' $(paired difference crowded $control reno path_share 'flow:multi path:right')
    }
done
# shellcheck disable=SC2046
{
    judge "goal 1: lia by one TCP, random loss" 'mean >= 0.95 * 0.93' $(paired ratio loss lia tcp-right goodput flow:multi)
    judge "goal 1: lia-rfc by one TCP, random loss" 'mean >= 0.95 * 0.93' $(paired ratio loss lia-rfc tcp-right goodput flow:multi)
    judge "goal 1: balia by one TCP, random loss" 'mean >= 0.95 * 0.91' $(paired ratio loss balia tcp-right goodput flow:multi)
    judge "uncoupled misses goal 2" 'low > 1.3' $(paired ratio shared reno tcp-bottleneck goodput flow:multi)
    judge "EWTCP misses goal 3" 'low > -0.07' $(paired difference crowded ewtcp reno path_share 'flow:multi path:right')
}
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
