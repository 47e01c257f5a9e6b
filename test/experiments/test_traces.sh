#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# test_traces.sh: traces travel: a sweep keeps them in its database, from where runs are repeated when the files are gone;
# a changed file makes other configurations. With ns-3, --record makes a trace of a radio path that the link engine plays.
# Last line: N passed, N failed.

cd "$(dirname "$0")/../.." || exit 1
lab=$(realpath build/mptcp-lab) run=$(realpath build/mptcp-run)
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT && cd "$dir" || exit 1
passed=0 failed=0

check() { # NAME ACTUAL EXPECTED
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s\n  expected: %s\n  found:    %s\n' "$1" "$3" "$2"
    fi
}

mkdir study
printf 'time_s,rate_mbps,loss\n0,10,0\n1,5,0.01\n3,5,0\n' >study/rates.csv
printf '%s\n' 1 2 3 5 8 13 >study/opportunities
cat >study/scenario.yaml <<'END'
engine: link
duration_s: 3
hosts: [{name: client}, {name: server}]
paths:
  - {name: one, type: trace, hosts: [client], trace_down: rates.csv, trace_up: opportunities}
  - {name: cable, type: ethernet, hosts: [server]}
flows: [{name: download, client: client, server: server, start_s: 0.1}]
END
cat >study/sweep.yaml <<'END'
name: traced
scenario: scenario.yaml
seeds: {first: 1, count: 2}
grid: [{key: paths.one.delay_ms, values: [1, 20]}]
END
query() { # FILE SQL
    sqlite3 "$1" "$2"
}

"$lab" sweep study/sweep.yaml --db results.db 2>err || cat err
check 'a sweep from another folder runs' "$(query results.db "SELECT group_concat(DISTINCT status), count(*) FROM run")" 'ok|4'
check 'the traces are kept' "$(query results.db "SELECT count(*), sum(length(content)) FROM trace")" \
    "2|$(cat study/rates.csv study/opportunities | wc -c)"
check 'their hashes are those of the files' "$(query results.db "SELECT hash FROM trace ORDER BY hash")" \
    "$(sha256sum study/rates.csv study/opportunities | cut -d ' ' -f 1 | sort)"
"$lab" merge results.db --db merged.db >/dev/null
mv study/rates.csv study/opportunities .
for db in results merged; do
    "$lab" repro 1 --db $db.db --exec >out 2>err
    check "a run of $db.db is repeated without the files" "$? $(cut -d : -f 1 out)" '0 same result'
    bash -c "$("$lab" repro 1 --db $db.db 2>err)" >out 2>>err
    check "the command that repro prints does it, too" "$? $(tail -1 out) $(grep -c '^metric' out)" \
        "0 $(printf 'end\tok') $(query $db.db 'SELECT count(*) FROM metric WHERE run_id = 1')"
done
check 'nothing is left behind' "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'mptcp-lab-*' -newer study/sweep.yaml)" ''
mkdir folder
"$lab" repro 1 --db results.db --traces folder
check 'traces are written where they are wanted' "$(cd folder && sha256sum -- * | awk '$1 == $2' | wc -l)" 2
mv rates.csv opportunities study
echo 4,6,0 >>study/rates.csv
"$lab" sweep study/sweep.yaml --db results.db 2>err || cat err
check "a changed trace makes other points" "$(query results.db "SELECT count(*), sum(is_current) FROM point")" "4|2"
check "and runs of them" "$(query results.db "SELECT group_concat(DISTINCT status), count(*) FROM run")" "ok|8"

"$run" study/scenario.yaml --seed 1 --print-config | cut -f 2 >config.json
mv study/rates.csv study/other.csv
"$run" config.json --seed 1 >out 2>err
check 'a trace that is not there is told' "$? $(cut -d : -f 4- err)" '2  trace_down: cannot be opened: No such file or directory'

printf 'time_s,rate_mbps,delay_ms\n0,10,5\n4,10,5\n' >study/delays.csv
cp study/other.csv study/rates.csv
for engine in link $([ -x "$run-ns3" ] && echo ns3); do
    told=(--seed 1 --set engine=$engine --set 'events=[{time_s: 1, path: one, delay_ms: 50}]')
    "$run" study/scenario.yaml "${told[@]}" --set paths.one.trace_down=delays.csv >out 2>err
    check "$engine: an event does not change a delay that a trace says" "$? $(cat out; cut -d : -f 4- err)" \
        "2  trace_down: expected no delays in it, for an event changes the path's"
    "$run" study/scenario.yaml --seed 1 --set engine=$engine --set paths.one.loss_up=0.1 --set paths.one.trace_up=rates.csv >out 2>err
    check "$engine: nor are there losses of both" "$? $(cat out; cut -d : -f 4- err)" "2  trace_up: expected no losses in it, for loss_up is above 0"
    "$run" study/scenario.yaml "${told[@]}" --set paths.one.trace_down=opportunities >out 2>err
    check "$engine: it does one that none says" "$? $(grep -c '^event.*delay.*path:one' out)" '0 1'
done

# A phone that walks out of a Wi-Fi's range: what is recorded of it, played in the link engine.
cat >walk.yaml <<'END'
duration_s: 4
hosts: [{name: phone}, {name: server}]
paths:
  - {name: wifi, type: wifi, hosts: [phone], range_m: 20, delay_ms: 5}
  - {name: cable, type: ethernet, hosts: [server], rate_mbps: 1000, delay_ms: 2}
mobility: [{name: phone, x_m: 2, walk_to_x_m: 60, speed_mps: 30, leave_s: 2, come_back: false}]
flows: [{name: download, client: phone, server: server, start_s: 0.5}]
END
if [ -x "$run-ns3" ]; then
    "$run" walk.yaml --seed 1 --record recorded >out 2>err
    check 'a radio path is recorded' "$? $(cat out err)" '0 '
    check 'times are in order' "$(sort -nc recorded/wifi.trace 2>&1; tail -1 recorded/wifi.trace | awk '{ print ($1 > 2000 && $1 < 4000) }')" 1
    "$run" recorded/scenario.yaml --seed 1 >link.out
    "$run" walk.yaml --seed 1 >ns3.out
    for engine in ns3 link; do awk -F '\t' '$2 == "goodput" && $3 == "flow:download" { print $5 }' $engine.out; done >goodputs
    check 'goodputs are alike' "$(paste -s goodputs | awk '{ r = $2 / $1; print (r > 0.9 && r < 1.1) ? "alike" : $0 " " r }')" alike
fi

echo "$passed passed, $failed failed"
[ $failed = 0 ]
