#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A small sweep of the handover experiment through to its figures, in a temporary folder: the runs end well, a second
# start has nothing left to do, and every figure is there as PDF, SVG and PNG.

cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT

fail() {
    echo "sweep: $*"
    exit 1
}
runs() { # what of the runs
    sqlite3 "$dir/results.db" "SELECT $1 FROM run"
}

sweep=(build/mptcp-lab sweep experiments/handover/small.yaml --db "$dir/results.db" -j 2)
"${sweep[@]}" || fail "the sweep failed"
[ "$(runs "count(*) > 0 AND sum(status = 'ok') = count(*)")" = 1 ] || fail "not all runs are ok: $(runs "group_concat(status)")"
before=$(runs "count(*), max(rowid), sum(wall_s)")
"${sweep[@]}" || fail "the second start failed"
[ "$(runs "count(*), max(rowid), sum(wall_s)")" = "$before" ] || fail "the second start did work again"

build/mptcp-figures all --db "$dir/results.db" --out "$dir/figures" || fail "no figures"
for figure in handover-timeline handover-stall handover-goodput; do
    for kind in pdf svg png; do
        [ -s "$dir/figures/$figure.$kind" ] || fail "$figure.$kind is missing or empty; there are: $(ls "$dir/figures")"
    done
done
