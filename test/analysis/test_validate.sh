#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Fairness from a sweep to its page: test_validate.sh BUILD_FOLDER. LIA and uncoupled Reno against four TCP flows, two seeds
# over the link engine: mptcp-validate prints a row for goodput and ratio of each, and the measured ones are within 10 % of
# the ideal senders' (the full sweep, experiments/fairness/validate.sh, judges by 7 % over longer runs and more seeds).

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
set: ["engine=link", "duration_s=60"]
grid:
  - key: congestion_control
    variants:
      - {value: lia, set: ["flows.multi.congestion_control=lia"]}
      - {value: reno, set: ["flows.multi.congestion_control=reno"]}
SWEEP
"$build/mptcp-lab" sweep "$scratch/sweep.yaml" --db "$scratch/results.db" > "$scratch/log" 2>&1 || cat "$scratch/log"
"$build/mptcp-validate" "$scratch/results.db" > "$scratch/page" || failed=$((failed + 1))
rows() {
    awk -F ' *[|] *' '$2 == "small" && $8 == 2 { off = $9 + 0; if (off >= -10 && off <= 10) n++ } END { print n + 0 }' "$scratch/page"
}
check "four rows of two seeds within 10 %: $(rows)" [ "$(rows)" = 4 ]
check "the verdicts are counted" grep -qE '^[0-4] within, [0-4] outside\.$' "$scratch/page"
"$build/mptcp-validate" "$scratch/log" > "$scratch/none" 2> "$scratch/error"
check "what is no database is refused" [ $? = 1 ]
check "with one line" [ "$(wc -l < "$scratch/error")" = 1 ]
[ "$failed" = 0 ] || cat "$scratch/page"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
