#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# test_profile.sh [BUILD [SEEDS]]: mptcp-run, which is optimised by a profile, gives the same results and captures as the same sources compiled
# without one: in the runs of its training, and in scenarios drawn at random that it was not trained with. Skipped where there is no profile.

cd "$(dirname "$0")/../.." || exit 1
top=$PWD
build=${1:-build} seeds=${2:-20}
optimised=$build/mptcp-run plain=$build/training/mptcp-run
train=experiments/bench/train.sh

[ -x "$plain" ] || { echo "test_profile: no profile in $build: skipped"; exit 77; }
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
export GCOV_PREFIX=$folder/counts # the build's own counts stay as they are

fail() {
    echo "test_profile: $*" >&2
    exit 1
}

alike() { # WHAT
    diff -rq "$folder/plain" "$folder/optimised" || fail "$1: other results with the profile"
}

$train "$optimised" "$folder/optimised" && $train "$plain" "$folder/plain" || exit 1
alike "runs of the training"
for ((seed = 1; seed <= seeds; seed++)); do
    python3 test/experiments/random_scenario.py $seed >"$folder/drawn.yaml" || exit 1
    for program in plain optimised; do
        out=$folder/$program/drawn$seed
        mkdir "$out"
        (cd "$out" && "$top/${!program}" ../../drawn.yaml --seed 1 --engine link --pcap . >out 2>&1; echo "exit $?" >>out)
    done
    alike "random_scenario.py $seed"
    grep -q '^exit 0' "$folder/plain/drawn$seed/out" || fail "random_scenario.py $seed failed"
done
echo "$(ls "$folder/plain" | wc -l) results alike"
