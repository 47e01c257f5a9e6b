#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs that one process does after each other, of more configurations than it remembers: they give what a process of their own
# gives, and a configuration that was asked for before is not read again.

cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
points=1100 # mptcp-run --serve remembers 1024

fail() {
    echo "served: $*"
    exit 1
}
query() { sqlite3 "$dir/served.db" "$1"; }

cat >"$dir/served.yaml" <<END
name: served
scenario: $PWD/experiments/bench/link.yaml
seeds: {first: 1, count: 3}
set: ["flows.bulk.bytes=3000", "flows.bulk.start_s=0"]
grid:
  - {key: paths.one.delay_ms, range: {from: 1, to: $points, step: 1}}
END
build/mptcp-lab sweep "$dir/served.yaml" --db "$dir/served.db" -j 1 2>"$dir/said" || fail "the sweep failed: $(tail -1 "$dir/said")"
[ "$(query "SELECT count(*) FROM run WHERE status = 'ok'")" = $((3 * points)) ] || fail "not all runs are ok"
for run in $(query "SELECT run_id FROM run JOIN point USING (point_id) WHERE seed = 2 AND position IN (0, 500, 1022, 1023, 1024, 1098, 1099)"); do
    said=$(build/mptcp-lab repro "$run" --db "$dir/served.db" --exec 2>&1)
    [[ $said == *"same result"* ]] || fail "run $run: $said"
done
read -r first later < <(query "SELECT avg(cpu_s) FILTER (WHERE seed = 1) * 1e6, avg(cpu_s) FILTER (WHERE seed > 1) * 1e6 FROM run" | tr '|' ' ')
awk -v first="$first" -v later="$later" 'BEGIN { exit !(later < 0.7 * first) }' || fail "a run takes $later us, the first of its configuration $first us"
echo "$points configurations: $later us a run, $first us the first one of each"
