#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# test_questions.sh BUILD: from an idea to a figure in two commands and a file of at most 25 lines, with the questions of
# experiments/questions/; and what is bundled does it all again with the same numbers.

cd "$(dirname "$0")/../.." || exit 1
build=$(realpath "${1:-build}")
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
passed=0 failed=0
unset CDPATH

check() { # NAME COMMAND...: the command ends with 0
    local name=$1
    shift
    if "$@" >"$dir/said" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $name"
        tail -n 20 "$dir/said" | sed 's/^/    /'
    fi
}
is_short() { [ "$(wc -l <"experiments/questions/$1.yaml")" -le 25 ]; }
answers() { # QUESTION ARGUMENT...: swept and drawn, with a number in each line and nothing said
    local question=$1
    shift
    "$build/mptcp-lab" sweep "experiments/questions/$question.yaml" --db "$dir/$question.db" -j 2 || return
    "$build/mptcp-figures" plot --db "$dir/$question.db" --name "$question" --out "$dir/figures" "$@" || return
    [ -s "$dir/figures/$question.png" ]
}
column() { awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i; next } { print $at }' "$dir/figures/$1.csv"; }
again() { # the bundle, unpacked elsewhere, gives the same numbers
    "$build/mptcp-figures" bundle --db "$dir/receive-buffer.db" --out "$dir/artifact.tar.gz" || return
    mkdir "$dir/elsewhere" && tar -xzf "$dir/artifact.tar.gz" -C "$dir/elsewhere" || return
    JOBS=2 MPTCP_LAB=$build/mptcp-lab MPTCP_FIGURES=$build/mptcp-figures "$dir/elsewhere/artifact/run.sh"
}
repeats() { # the same archive from the same database
    mkdir -p "$dir/second"
    "$build/mptcp-figures" bundle --db "$dir/receive-buffer.db" --out "$dir/second/artifact.tar.gz" && cmp "$dir/artifact.tar.gz" "$dir/second/artifact.tar.gz"
}
notices() { # a number that is not the same is told, with exit status 1
    sed -i '2s/5,5,5/5,5,6/; 2s/^[a-z]*/other/' "$dir/elsewhere/artifact/figures/"receive-buffer-goodput.csv
    ! JOBS=2 MPTCP_LAB=$build/mptcp-lab MPTCP_FIGURES=$build/mptcp-figures "$dir/elsewhere/artifact/run.sh" >"$dir/told" &&
        grep '^DIFFERS figures/receive-buffer-goodput.csv' "$dir/told"
}

for question in receive-buffer completion second-path two-paths; do
    check "$question is short" is_short $question
done
check 'goodput against receive buffer by scheduler' answers receive-buffer --x receive_buffer_bytes --y goodput --series scheduler
check 'has its ten points' test "$(column receive-buffer mean | grep -c .)" = 10
check 'a distribution of completion times' answers completion --kind cdf --y completion_time --series transport
check 'has its 120 runs' test "$(column completion value | grep -c .)" = 120
check 'a heat map of what a second path is worth' answers second-path --kind heat --x far.rate_mbps --series far.delay_ms --y goodput
check 'has its 25 cells' test "$(column second-path mean | grep -c .)" = 25
# Runs that one process did after each other are what each of them is alone.
alone() {
    cp experiments/questions/two-paths.yaml "$dir"
    cat >"$dir/mixed.yaml" <<'Y'
name: mixed
scenario: two-paths.yaml
seeds: {first: 1, count: 2}
set: ["duration_s=2", "paths.near.loss_down=0.01", "counters=[all]", "sampling.series=[goodput, cwnd, rtt]"]
grid:
  - {key: paths.near.queue_discipline, values: [drop-tail, red, codel, fq-codel]}
  - {key: paths.far.hosts, values: ["[phone]", "[phone, phone]"]}
Y
    "$build/mptcp-lab" sweep "$dir/mixed.yaml" --db "$dir/mixed.db" -j 1 || return
    for run in $(seq 16); do "$build/mptcp-lab" repro "$run" --exec --db "$dir/mixed.db" || return; done
}
check 'runs of one process are what they are alone' alone
# Also when it has seen more configurations than it remembers, and each of them twice.
remembered() {
    cat >"$dir/many.yaml" <<'Y'
name: many
scenario: two-paths.yaml
seeds: {first: 1, count: 2}
set: ["duration_s=0.5", "paths.near.loss_down=0.01"]
grid:
  - {key: paths.near.rate_mbps, range: {from: 1, to: 300, step: 1}}
Y
    "$build/mptcp-lab" sweep "$dir/many.yaml" --db "$dir/many.db" -j 1 || return
    for run in 1 2 256 257 300 301 302 556 557 600; do "$build/mptcp-lab" repro "$run" --exec --db "$dir/many.db" || return; done
    [ "$(sqlite3 "$dir/many.db" 'SELECT count(DISTINCT result_hash) > 500 FROM run')" = 1 ]
}
check 'runs of configurations that are remembered, or forgotten, too' remembered
# Elements of lists, in axes: links, paths and flows by name, and whatever is in a list by its number.
chooses() {
    cat >"$dir/parts.yaml" <<'Y'
engine: link
duration_s: 3
hosts: [{name: phone}, {name: server}]
links: [{name: left, rate_mbps: 20}, {name: right, rate_mbps: 20}]
paths:
  - name: line
    type: ethernet
    hosts: [phone]
    links: [left, right]
    middleboxes: [{type: nat}, {name: cutter, type: splitter, payload_max_bytes: 900}]
  - {name: cable, type: ethernet, hosts: [server]}
flows: [{name: download, client: phone, server: server}]
mobility: [{name: phone, waypoints: [{time_s: 0, x_m: 0}, {name: corner, time_s: 1, x_m: 5}, {time_s: 2, x_m: 9}]}]
events: [{time_s: 1, path: line, link: down}, {name: back, time_s: 2, path: line, link: up}]
Y
    cat >"$dir/parts-sweep.yaml" <<'Y'
name: parts
scenario: parts.yaml
seeds: {first: 1, count: 1}
grid:
  - {key: links.left.rate_mbps, values: [5, 10]}
  - {key: links.1.rate_mbps, values: [6]}
  - {key: paths.line.middleboxes.cutter.payload_max_bytes, values: [500, 600]}
  - {key: last, sets: [events.back.time_s, events.1.rate_mbps], values: [2.5]}
  - {key: mobility.phone.waypoints.corner.x_m, values: [7]}
  - {key: mobility.0.waypoints.2.y_m, values: [3]}
  - {key: boxes, sets: [paths.0.middleboxes], values: ["[{type: nat}, {type: splitter, payload_max_bytes: 700}]"], when: {links.left.rate_mbps: 10}}
exclude: [{links.left.rate_mbps: 10, paths.line.middleboxes.cutter.payload_max_bytes: 600}]
Y
    "$build/mptcp-lab" sweep "$dir/parts-sweep.yaml" --db "$dir/parts.db" -j 1 || return
    [ "$(sqlite3 "$dir/parts.db" "SELECT json_extract(json, '$.links[0].rate_mbps'), json_extract(json, '$.links[1].rate_mbps'),
        json_extract(json, '$.paths[0].middleboxes[1].payload_max_bytes'), json_extract(json, '$.events[1].time_s'),
        json_extract(json, '$.events[1].rate_mbps'), json_extract(json, '$.mobility[0].waypoints[1].x_m'), json_extract(json, '$.mobility[0].waypoints[2].y_m') FROM config JOIN point USING (config_id) ORDER BY position")" = "5|6|500|2.5|2.5|7|3
5|6|600|2.5|2.5|7|3
10|6|700|2.5|2.5|7|3" ] || { sqlite3 "$dir/parts.db" 'SELECT json FROM config'; return 1; }
    sed -i 's/links.1.rate/links.2.rate/' "$dir/parts-sweep.yaml"
    ! "$build/mptcp-lab" sweep "$dir/parts-sweep.yaml" --db "$dir/parts2.db" 2>"$dir/told" && grep 'parts-sweep.yaml:6.*2: expected the name of an element of links, or its number from 0; it has 2 (left, right)' "$dir/told" || return
    sed -i 's/links.2.rate/links.1.rate/; s/events.back/events.bak/' "$dir/parts-sweep.yaml"
    ! "$build/mptcp-lab" sweep "$dir/parts-sweep.yaml" --db "$dir/parts2.db" 2>"$dir/told" && grep 'bak: expected the name of an element of events, or its number from 0; it has 2 (back)' "$dir/told" || return
    sed -i 's/events.bak/events.back/; s/waypoints.corner/waypoints.edge/' "$dir/parts-sweep.yaml"
    ! "$build/mptcp-lab" sweep "$dir/parts-sweep.yaml" --db "$dir/parts2.db" 2>"$dir/told" && grep 'parts-sweep.yaml:9.*edge: expected the name of an element of waypoints, or its number from 0; it has 3 (corner)' "$dir/told"
}
check 'axes choose boxes, links, events and waypoints by name and by number' chooses
# What is shown of two flows is of each flow: a point is its measured and its predicted goodput, a sum is of both.
two_flows() {
    cat >"$dir/two.yaml" <<'Y'
engine: link
duration_s: 2
hosts: [{name: a}, {name: b}, {name: server}]
paths:
  - {name: shared, type: ethernet, hosts: [a, b], rate_mbps: 20}
  - {name: own, type: ethernet, hosts: [a], rate_mbps: 8}
  - {name: cable, type: ethernet, hosts: [server], rate_mbps: 1000}
flows:
  - {name: wide, client: a, server: server, start_jitter_s: 0.1}
  - {name: narrow, client: b, server: server, protocol: tcp, start_jitter_s: 0.1}
Y
    cat >"$dir/two-sweep.yaml" <<'Y'
name: two
scenario: two.yaml
seeds: {first: 1, count: 4}
predict: true
grid: [{key: paths.shared.rate_mbps, values: [10, 20]}]
Y
    "$build/mptcp-lab" sweep "$dir/two-sweep.yaml" --db "$dir/two.db" -j 2 || return
    "$build/mptcp-figures" plot --db "$dir/two.db" --kind scatter --x predicted_packets --y goodput --series flow --pool rate_mbps --name two --out "$dir/figures" || return
    sqlite3 -csv "$dir/two.db" "SELECT substr(y.entity, 6), printf('%.9g', x.value), printf('%.9g', y.value), y.run_id FROM metric y JOIN metric x USING (run_id, entity)
        WHERE y.name = 'goodput' AND x.name = 'predicted_packets' AND y.entity NOT LIKE '% %'" | sort >"$dir/two.expected"
    awk -F, 'NR > 1 { print $1 "," $5 "," $6 "," $8 }' "$dir/figures/two.csv" | sort | diff "$dir/two.expected" -
}
sums() { # a run that lacks the value of one of them has no sum
    sqlite3 "$dir/two.db" "DELETE FROM metric_value WHERE run_id = (SELECT min(run_id) FROM run) AND quantity_id =
        (SELECT quantity_id FROM quantity WHERE name = 'goodput' AND entity = 'flow:narrow')"
    "$build/mptcp-figures" plot --db "$dir/two.db" --kind dots --x rate_mbps --y goodput --combine sum --name sum --out "$dir/figures" &&
        [ "$(column sum values | sort | tr '\n' ' ') $(column sum runs | tr '\n' ' ')" = '3 4  4 4 ' ]
}
check 'a scatter pairs what is of one flow' two_flows
check 'a sum of flows is of all of them' sums
# From nothing: three commands, and files that say themselves what to change.
starts() {
    (cd "$dir" && "$build/mptcp-lab" new mine && "$build/mptcp-lab" sweep mine-sweep.yaml --db mine.db -j 2 &&
        "$build/mptcp-figures" plot --db mine.db --x receive_buffer_bytes --y goodput --series transport --out mine) &&
        [ -s "$dir/mine/lines-goodput-receive_buffer_bytes-transport.png" ] && [ "$(cat "$dir/mine.yaml" "$dir/mine-sweep.yaml" | grep -c '#')" -ge 10 ]
}
leaves_alone() { # what is there already
    cp "$dir/mine.yaml" "$dir/before.yaml"
    ! "$build/mptcp-lab" new "$dir/mine" && rm "$dir/mine-sweep.yaml" && ! "$build/mptcp-lab" new "$dir/mine" &&
        cmp "$dir/mine.yaml" "$dir/before.yaml" && ! [ -e "$dir/mine-sweep.yaml" ] && ! "$build/mptcp-lab" new "$dir/a b"
}
check 'a scenario and a sweep to start from' starts
check 'that replace nothing' leaves_alone
check 'a bundle does it again' again
check 'a bundle is the same again' repeats
check 'a bundle tells what differs' notices
check 'a bundle has its versions' grep -q "commit $(git rev-parse HEAD 2>/dev/null || echo unknown)\|^build" "$dir/elsewhere/artifact/versions.txt"

echo "$passed passed, $failed failed"
[ $failed = 0 ]
