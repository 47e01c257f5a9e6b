#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of the sweep runner: test_lab.sh BUILD_DIR, where BUILD_DIR holds mptcp-lab. Prints one line a case, then
# `N passed, N failed`. The runs are done by fake_run.c, compiled here with ${CC:-cc}.
set -u
here=$(cd "$(dirname "$0")" && pwd)
lab=$(cd "${1:?usage: test_lab.sh BUILD_DIR}" && pwd)/mptcp-lab
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
"${CC:-cc}" -std=gnu11 -O1 -o mptcp-run "$here/fake_run.c" || exit 1
echo "# the fake does not read it" > scenario.yaml
passed=0
failed=0

. "$here/common.sh"

sweep() { # FILE DB [OPTION...]: exit status in $status, output in out and err
    local file=$1 db=$2
    shift 2
    "$lab" sweep "$file" --db "$db" --run-binary "$work/mptcp-run" "$@" > out 2> err
    status=$?
}

runs_in() { query "$1" 'SELECT count(*) FROM run' 2> query.err || echo 0; }
wait_for_runs() { # DB COUNT PID: until so many runs are stored, or the process has ended
    while [ "$(runs_in "$1")" -lt "$2" ] && kill -0 "$3" 2> query.err; do sleep 0.01; done
}
status_is() { equals "$status" "$1"; }
err_has() { grep -qF -- "$1" err; }
err_is_one_line() { equals "$(wc -l < err)" 1; }

cat > grid.yaml <<'Y'
name: grid
scenario: scenario.yaml
seeds: {first: 7, count: 3}
timeout_s: 20
set: ["duration_s=60"]
grid:
  - key: mobility.phone.speed_mps
    values: [1, 2, 4]
  - key: transport
    variants:
      - {value: mptcp, set: ["flows.download.protocol=mptcp"]}
      - {value: tcp-wifi, set: ["flows.download.protocol=tcp", "flows.download.paths=[wifi]"]}
Y

# Looked at in the end: a run of two times the interval of progress lines, to a file.
cat > silent.yaml <<'Y'
name: silent
scenario: scenario.yaml
seeds: {first: 1, count: 1}
set: ["sleep_ms=22000"]
Y
"$lab" sweep silent.yaml --db silent.db --run-binary ./mptcp-run > silent.out 2> silent.err &
silent_pid=$!
# Likewise: configurations that take long to find, by a runner that is killed before it has them all.
cp scenario.yaml finding-scenario.yaml
cat > finding.yaml <<'Y'
name: finding
scenario: finding-scenario.yaml
seeds: {first: 1, count: 1}
grid: [{key: a, range: {from: 1, to: 60, step: 1}}]
Y
FAKE_LOG=finding.log FAKE_CONFIG_MS=400 timeout -s KILL 16 \
    "$lab" sweep finding.yaml --db finding.db --run-binary ./mptcp-run -j 1 > finding.out 2> finding.err &
finding_pid=$!

# --- a whole sweep ---
sweep grid.yaml grid.db -j 2
check full_sweep_exits_0 status_is 0
check progress_ends_with_a_summary err_has "grid: all 18 runs are done, 18 ok, 0 failed"
check full_sweep_has_every_point_and_seed \
    equals "$(query grid.db "SELECT count(*), count(DISTINCT point_id), min(seed), max(seed) FROM run WHERE status = 'ok'")" "18|6|7|9"
check samples_and_metrics_are_stored \
    equals "$(query grid.db 'SELECT (SELECT count(*) FROM sample), (SELECT count(*) FROM metric)')" "1800|36"
check label_and_axes_hold_the_swept_keys \
    equals "$(query grid.db "SELECT label, count(*) FROM point JOIN point_axis USING (point_id) WHERE label LIKE '%=4 %wifi' GROUP BY 1")" \
    "mobility.phone.speed_mps=4 transport=tcp-wifi|2"
check config_hash_is_sha256_of_json \
    equals "$(query grid.db 'SELECT hash FROM config LIMIT 1')" \
    "$(query grid.db 'SELECT json FROM config LIMIT 1' | tr -d '\n' | sha256sum | cut -d' ' -f1)"
check seeds_are_the_outer_loop \
    equals "$("$lab" sweep grid.yaml --db none.db --run-binary ./mptcp-run -n 2> err | head -6 | grep -c -- '--seed 7')" 6
check dry_run_makes_no_file test ! -e none.db
check build_row_is_filled \
    equals "$(query grid.db 'SELECT commit_id, dirty, ns3_version, compiler, length(binary_hash) FROM build')" \
    "0123456789abcdef|0|3.37|fake 1|64"
sweep grid.yaml one.db -j 1
check jobs_do_not_change_results same_results grid.db one.db

sweep grid.yaml caught.db -j 3 --pcap captures
check captures_do_not_change_results same_results caught.db one.db
check each_run_has_its_capture equals "$(for run in $(query caught.db 'SELECT run_id FROM run'); do cat "captures/run-$run/phone-wifi.pcap"; done)" \
    "$(query caught.db "SELECT 'seed ' || seed FROM run ORDER BY run_id")"
check nothing_else_is_kept equals "$(find captures -mindepth 1 -maxdepth 1 | wc -l)" 18
sweep grid.yaml caught2.db --pcap captures
check captures_are_not_mixed equals "$status $(grep -c 'cannot be renamed to' err) $(runs_in caught2.db)" "1 1 1"

# --- done work is not done again ---
before=$(query grid.db 'SELECT sum(run_id * wall_s) FROM run')
sweep grid.yaml grid.db
check second_sweep_says_done err_has "all 18 runs are done already"
check second_sweep_prints_one_line err_is_one_line
check second_sweep_runs_nothing equals "$(query grid.db 'SELECT sum(run_id * wall_s) FROM run')" "$before"
FAKE_LOG=asked.log sweep grid.yaml grid.db
check second_sweep_asks_for_no_configuration test ! -e asked.log
echo "# changed" >> scenario.yaml
FAKE_LOG=asked.log sweep grid.yaml grid.db
check changed_scenario_is_asked_again equals "$(wc -l < asked.log)" 6
sed 's/count: 3/count: 4/' grid.yaml > more.yaml
sweep more.yaml grid.db
check more_seeds_add_only_the_new_runs \
    equals "$(query grid.db 'SELECT count(*) FROM run'; query grid.db 'SELECT sum(run_id * wall_s) FROM run WHERE seed < 10')" \
    "24
$before"
cp mptcp-run other-run && printf 'x' >> other-run
"$lab" sweep grid.yaml --db grid.db --run-binary ./other-run 2> err
check another_build_runs_again equals "$(query grid.db 'SELECT count(*) FROM run')" 42

# --- wrong command lines say what was expected ---
usage() { # TEXT ARGUMENT...
    local text=$1
    shift
    "$lab" "$@" > out 2> err
    equals "$? $(head -1 err | grep -cF -- "$text")" "2 1"
}
for command in status export predict migrate; do
    check "a_database_without_db_$command" usage "'a.db': expected options only; the result file is given as --db FILE" $command a.db
done
check a_database_without_db_sweep usage "got 'a.db' too; the result file is given as --db FILE" sweep grid.yaml a.db
check an_option_before_the_command usage "the command comes first: mptcp-lab COMMAND --db a.db" --db a.db status
check no_command usage "expected a command, such as"

# --- a run's build is what its engine loads ---
mkdir engines
cp mptcp-run scenario.yaml engines
cat > engines/link.yaml <<'Y'
name: link
scenario: scenario.yaml
seeds: {first: 1, count: 2}
set: ["engine=link"]
grid: [{key: a, values: [1, 2]}]
Y
sed 's/name: link/name: both/; s/^set.*//; s/^grid.*/grid: [{key: engine, values: [link, ns3]}]/' engines/link.yaml > engines/both.yaml
engine_sweep() { "$lab" sweep "engines/$1.yaml" --db engines.db --run-binary engines/mptcp-run > out 2> err; }
builds_of() { query engines.db "SELECT count(DISTINCT build_id), count(*) FROM run_named WHERE campaign = '$1'"; }
engine_sweep link
cp mptcp-run engines/mptcp-run-ns3
engine_sweep link
check runs_without_ns3_are_done_when_it_was_built equals "$(cat err) $(builds_of link)" "link: all 4 runs are done already, 4 ok, 0 failed: engines.db 1|4"
engine_sweep both
check each_engine_has_its_build equals "$(query engines.db "SELECT json_extract(json, '$.engine'), count(*), (SELECT group_concat(name) FROM
    (SELECT name FROM build_file f WHERE f.build_id = r.build_id AND name LIKE 'mptcp%')) FROM run_named r JOIN config USING (config_id) WHERE campaign = 'both' GROUP BY 1")" \
    "link|2|mptcp-run
ns3|2|mptcp-run,mptcp-run-ns3"
"$lab" status --db engines.db > out 2> err
check status_counts_the_points_of_each_engine equals "$(grep '^both' out | cut -d, -f1-3,5-)" "both: 2/2 done, 2 ok, 0 failed, commit 0123456789ab, link engine
both: 2/2 done, 2 ok, 0 failed, commit 0123456789ab, ns-3 3.37"
printf 'x' >> engines/mptcp-run-ns3
engine_sweep both
check another_ns3_runs_only_its_own_again equals "$(query engines.db "SELECT json_extract(json, '$.engine'), count(*), count(DISTINCT build_id) FROM run_named
    JOIN config USING (config_id) WHERE campaign = 'both' GROUP BY 1")" "link|2|1
ns3|4|2"
"$lab" repro 1 --db engines.db --exec > out 2> err
check repro_compares_what_the_engine_loads equals "$(cut -d: -f1 out)" "same result"
query engines.db "INSERT INTO build SELECT 99, commit_id, dirty, ns3_version, compiler, 'x' FROM build LIMIT 1;
    INSERT INTO build_file SELECT 99, name, hash FROM build_file WHERE build_id = (SELECT build_id FROM run WHERE run_id = 1);
    INSERT INTO build_file VALUES (99, 'mptcp-run-ns3', 'y'); UPDATE run SET build_id = 99 WHERE run_id = 1"
"$lab" repro 1 --db engines.db --exec > out 2> err
check a_build_of_both_engines_is_told_to_be_the_same equals "$(cut -d: -f1 out | xargs)" "another build every file that such a run loads is the same same result"

# --- failures are rows ---
cat > bad.yaml <<'Y'
name: bad
scenario: scenario.yaml
seeds: {first: 1, count: 1}
timeout_s: 6
memory_mib: 100
grid:
  - key: mode
    values: [ok, fail, abort, hang, eat, rubbish, nan, twice, cut, behind]
Y
sweep bad.yaml bad.db -j 4
row() { query bad.db "SELECT status, exit_code FROM run JOIN point USING (point_id) WHERE label = 'mode=$1'"; }
last_stderr() { query bad.db "SELECT stderr_end FROM run JOIN point USING (point_id) WHERE label = 'mode=$1'" | grep . | tail -1; }
check failed_runs_exit_1 status_is 1
check other_runs_go_on equals "$(row ok)" "ok|0"
check exit_row equals "$(row fail)" "exit|1"
check signal_row equals "$(row abort)" "signal|6"
check timeout_row equals "$(row hang)" "timeout|9"
check oom_row equals "$(row eat)" "oom|9"
for mode in rubbish nan twice cut behind; do
    check "bad_output_row_$mode" equals "$(row $mode)" "bad-output|0"
done
check bad_output_says_why \
    equals "$(last_stderr nan)" "mptcp-lab: output line 104: expected 'metric', name, entity, unit, finite number, and '>' or nothing"
check stderr_end_is_kept equals "$(last_stderr fail)" "check failed: bytes differ"
check stderr_end_is_4096_bytes \
    equals "$(query bad.db "SELECT length(CAST(stderr_end AS BLOB)) FROM run WHERE status = 'exit'")" 4096
check failed_runs_have_no_results \
    equals "$(query bad.db "SELECT count(*) FROM metric JOIN run USING (run_id) WHERE status <> 'ok'")" 0
check argv_is_the_command_line \
    equals "$(query bad.db "SELECT argv FROM run WHERE status = 'signal'")" \
    "$(realpath mptcp-run) $(realpath scenario.yaml) --seed 1 --set mode=abort"
"$lab" status --db bad.db > out 2> err
status=$?
check status_leaves_one_file equals "$(ls bad.db*)" bad.db
check status_exits_1_with_failures status_is 1
check status_counts equals "$(head -1 out | cut -d, -f1-3)" "bad: 10/10 done, 1 ok, 9 failed"
check status_lists_failures equals "$(grep -c '^run ' out)" 9
before=$(query bad.db 'SELECT sum(run_id * wall_s) FROM run')
sweep bad.yaml bad.db
check failed_runs_are_not_repeated equals "$status $(query bad.db 'SELECT sum(run_id * wall_s) FROM run')" "1 $before"
sweep bad.yaml bad.db -j 4 --retry-failed
check retry_failed_replaces_rows \
    equals "$(query bad.db "SELECT count(*), sum(run_id > 10) FROM run")" "10|9"

# --- one process for all runs that come after each other: the same rows ---
"${CC:-cc}" -std=gnu11 -O1 -DWITH_SERVE -I"$here/../../experiments/command" -o serving "$here/fake_run.c" \
    "$here/../../experiments/command/serve.c" || exit 1
"$lab" sweep bad.yaml --db served.db --run-binary ./serving -j 3 > out 2> err
rows() { query "$1" "SELECT label, status, exit_code, stderr_end, CASE status WHEN 'ok' THEN result_hash END FROM run_named ORDER BY label, seed"; }
check served_runs_fail_as_others equals "$(rows served.db)" "$(rows bad.db)"
check served_runs_have_costs equals "$(query served.db "SELECT min(memory_kib) > 500, max(memory_kib) < 300000, max(cpu_s) > 0 FROM run")" "1|1|1"
"$lab" sweep grid.yaml --db served-grid.db --run-binary ./serving -j 2 > out 2> err
check served_results_are_the_same equals "$(rows served-grid.db)" "$(rows one.db)"
FAKE_SERVE_LOG=serve.log "$lab" sweep grid.yaml --db served2.db --run-binary ./serving -j 1 > out 2> err
check one_process_asks_and_one_runs equals "$(wc -l < serve.log)" 2
# Requests wait in their server: what ends it is the end of one run, and what it wrote is that run's.
sed 's/values: .*/values: [ok, fail, abort, rubbish, cut]/; s/count: 1/count: 30/; s/name: bad/name: queue/' bad.yaml > queue.yaml
"$lab" sweep queue.yaml --db queue.db --run-binary ./mptcp-run -j 2 > out 2> err
"$lab" sweep queue.yaml --db served-queue.db --run-binary ./serving -j 2 > out 2> err
check runs_that_wait_are_not_those_that_fail equals "$(rows served-queue.db)" "$(rows queue.db)"
sed 's/count: 1/count: 1000/; s/values: .*/values: [ok]/; s/name: bad/name: many/' bad.yaml > many.yaml
"$lab" sweep many.yaml --db many.db --run-binary ./serving -j 1 2> err
check many_runs_are_all_there equals "$(query many.db 'SELECT count(*), count(DISTINCT seed), max(wall_s) < 1, min(wall_s) > 0 FROM run')" "1000|1000|1|1"
cat > mixed.yaml <<'Y'
name: mixed
scenario: scenario.yaml
seeds: {first: 1, count: 12}
grid: [{key: sleep_ms, values: [0, 1, 2, 3, 700, 4, 5]}]
Y
"$lab" sweep mixed.yaml --db mixed.db --run-binary ./serving -j 3 > out 2> err
check long_runs_among_short_ones_are_all_done equals "$(query mixed.db "SELECT count(*), sum(wall_s > 0.65), sum(wall_s > 1.5) FROM run WHERE status = 'ok'")" "84|12|0"
sed 's/values: .*/values: [hang]/; s/timeout_s: 6/timeout_s: 60/; s/name: bad/name: late/' bad.yaml > late.yaml
"$lab" sweep late.yaml --db late.db --run-binary ./serving -j 1 > out 2> err &
sweep_pid=$!
for ((i = 0; i < 200; i++)); do [ "$(pgrep -c -P $sweep_pid)" = 1 ] && break; sleep 0.05; done
server=$(pgrep -P $sweep_pid)
kill -KILL $sweep_pid
wait $sweep_pid 2> /dev/null
for ((i = 0; i < 100; i++)); do kill -0 "$server" 2> /dev/null || break; sleep 0.05; done
check server_dies_with_the_runner equals "$(kill -0 "$server" 2> /dev/null && echo server)" ""

query bad.db "INSERT INTO prediction SELECT run_id, 'x', '' FROM run WHERE status = 'exit'"
sweep bad.yaml bad.db -j 4 --retry-failed
check replaced_runs_take_along_what_refers_to_them equals "$(query bad.db 'SELECT count(*) FROM prediction')" 0
check references_are_whole equals "$(for db in bad.db served.db served-grid.db one.db; do query $db 'PRAGMA foreign_key_check'; done)" ""

# --- repro ---
id=$(query grid.db 'SELECT max(run_id) FROM run')
"$lab" repro "$id" --db grid.db > out 2> err
check repro_prints_a_command_that_gives_the_result \
    equals "$(cd / && bash "$work/out" | sha256sum | cut -d' ' -f1)" "$(query grid.db "SELECT result_hash FROM run WHERE run_id = $id")"
check repro_says_the_command_line_of_then err_has "$(query grid.db "SELECT argv FROM run WHERE run_id = $id")"
check repro_config_is_the_stored_one equals "$("$lab" repro "$id" --db grid.db --config)" \
    "$(query grid.db "SELECT json FROM run_named JOIN config USING (config_id) WHERE run_id = $id")"
(cd / && "$lab" repro "$id" --db "$work/grid.db" --exec > "$work/out" 2> "$work/err")
status=$?
check repro_exec_finds_the_same_result equals "$status $(cut -d: -f1 out)" "0 same result"
"$lab" repro 1 --db grid.db --exec --run-binary ./other-run > out 2> err
status=$?
check repro_names_the_files_that_differ equals "$status $(grep -c '^another build' out) $(grep -c '^  other-run: ' out)" "0 1 1"
cat > differs.yaml <<'Y'
name: differs
scenario: scenario.yaml
seeds: {first: 1, count: 1}
set: ["mode=differs"]
Y
sweep differs.yaml differs.db
check empty_grid_is_one_point equals "$status $(query differs.db 'SELECT count(*), label FROM point')" "0 1|"
"$lab" repro 1 --db differs.db --exec > out 2> err
status=$?
check repro_exec_finds_a_different_result status_is 1
query differs.db "UPDATE metric_value SET value = 7 WHERE quantity_id = (SELECT quantity_id FROM quantity WHERE name = 'stall_max')"
"$lab" repro 1 --db differs.db --exec > out 2> err
check repro_says_which_metric_differs equals "$(grep -c '^  stall_max : .* s now, 7 then' out) $(tail -1 out)" "1 1 of 2 metrics differ, 2 are there now"
query differs.db "UPDATE run SET argv = replace(argv, '$work', '/not/here')"
"$lab" repro 1 --db differs.db > out 2> err
check repro_elsewhere_takes_the_program_that_is_there equals "$? $(grep -c "/not/here/mptcp-run is not here, $(dirname "$lab")/mptcp-run is taken" err) $(grep -c "| $(dirname "$lab")/mptcp-run - --seed 1" out)" "0 1 1"
"$lab" repro 99 --db differs.db > out 2> err
status=$?
check repro_of_no_run status_is 2

# --- a scenario that is edited while the sweep runs ---
echo 'a: 1' > edited-scenario.yaml
cat > edited.yaml <<'Y'
name: edited
scenario: edited-scenario.yaml
seeds: {first: 1, count: 6}
set: ["sleep_ms=20"]
Y
"$lab" sweep edited.yaml --db edited.db -j 1 --run-binary ./mptcp-run 2> err &
pid=$!
wait_for_runs edited.db 1 $pid
echo 'a: 2' > edited-scenario.yaml
wait $pid
status=$?
check edit_of_the_scenario_does_not_reach_the_runs equals "$status $(query edited.db "SELECT count(*), count(DISTINCT config_id), min(status) FROM run_named")" "0 6|1|ok"

# --- seeds without effect, ignored and forgotten runs ---
cat > same.yaml <<'Y'
name: same
scenario: scenario.yaml
seeds: {first: 1, count: 3}
grid:
  - {key: seed_matters, values: [yes, no]}
Y
sweep same.yaml same.db
check seeds_without_effect_are_told equals "$status $(grep -c 'seeds gave the same' err) $(grep -cF 'same: all 3 seeds gave the same result at seed_matters=no: they count as one' err)" "0 1 1"
sed 's/count: 3/count: 2/' same.yaml > same-fewer.yaml
check seeds_of_the_sweep_alone_are_no_news equals "$(grep -c 'no longer has' err)" 0
cp same.db same-fewer.db
sweep same-fewer.yaml same-fewer.db
check seeds_that_are_left_are_told err_has "same: 2 runs of seeds that the sweep no longer has count in tables and figures, too"
"$lab" ignore 2 3 --db same.db --because "host was busy" > out 2> err
check ignored_runs_have_a_reason equals "$(query same.db "SELECT group_concat(run_id) FROM run WHERE ignored = 'host was busy'")" "2,3"
"$lab" ignore 2 --undo --db same.db > out 2> err
check ignored_runs_count_again equals "$(query same.db "SELECT group_concat(run_id) FROM run WHERE ignored <> ''")" 3
"$lab" ignore 2 99 --db same.db > out 2> err
status=$?
check ignore_of_no_run_changes_nothing equals "$status $(query same.db "SELECT group_concat(run_id) FROM run WHERE ignored <> ''") $(cat err)" "2 3 mptcp-lab: same.db: there is no run 99"
"$lab" forget 1 --db same.db > out 2> err
sweep same.yaml same.db
check forgotten_run_is_run_again equals "$status $(query same.db 'SELECT count(*), max(run_id) FROM run')" "0 6|7"
sed 's/yes, no/yes/' same.yaml > less.yaml
sweep less.yaml same.db
check status_counts_the_sweep_as_it_is equals "$("$lab" status --db same.db | sed 's/, [0-9]* s of runs.*3.37//')" \
    "same: 3/3 done, 3 ok, 0 failed, 3 runs more of points that the sweep no longer has"
"$lab" forget --outdated --db same.db > out 2> err
check outdated_points_are_forgotten equals "$(cat out) $(query same.db 'SELECT group_concat(label), (SELECT count(*) FROM config) FROM point')" "same.db: 3 runs forgotten seed_matters=yes|1"
"$lab" forget --campaign same --db same.db > out 2> err
check campaign_is_forgotten equals "$(query same.db 'SELECT (SELECT count(*) FROM campaign), (SELECT count(*) FROM point), (SELECT count(*) FROM run), (SELECT count(*) FROM metric_value), (SELECT count(*) FROM build)')" "0|0|0|0|0"

# --- export ---
"$lab" export --db bad.db > out
check export_metric_header \
    equals "$(head -1 out)" "campaign,commit,dirty,build_hash,config_hash,is_current,seed,mode,name,entity,unit,value,is_censored"
check export_metric_rows equals "$(wc -l < out)" 3
"$lab" export --db bad.db --table run > out
check export_quotes_csv \
    equals "$(python3 -c 'import csv; r = list(csv.DictReader(open("out"))); print(len(r), {x["mode"]: x["status"] for x in r}["hang"])')" \
    "10 timeout"
cp bad.db column.db
sqlite3 column.db "UPDATE point_axis SET key = 'value' WHERE key = (SELECT min(key) FROM point_axis)"
check export_axis_of_a_columns_name equals "$("$lab" export --db column.db | head -1 | tr , '\n' | grep -c -e '^value$' -e '^value (axis)$')" 2
check export_sample_rows equals "$("$lab" export --db one.db --table sample | wc -l)" 1801

# --- shards and merge ---
for i in 1 2 3; do sweep grid.yaml "shard$i.db" --shard $i/3; done
check shard_has_its_part equals "$(query shard2.db 'SELECT count(*) FROM run')" 6
"$lab" merge --db merged.db shard1.db shard2.db shard3.db shard1.db > out 2> err
status=$?
check merge_exits_0 status_is 0
check merged_shards_equal_one_sweep same_results merged.db one.db
sweep grid.yaml merged.db
check merged_file_is_done err_has "all 18 runs are done already"
cat > points.yaml <<'Y'
name: points
scenario: scenario.yaml
seeds: {first: 1, count: 1}
grid:
  - {key: a, values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]}
Y
for i in 1 2; do FAKE_LOG=shard$i.log sweep points.yaml "part$i.db" --shard $i/2; done
check shards_of_many_points_ask_for_their_own_only equals "$(wc -l < shard1.log) $(wc -l < shard2.log)" "9 8"
sweep points.yaml parts-one.db
"$lab" merge --db parts.db part2.db part1.db part2.db > out 2> err
check shards_of_points_equal_one_sweep same_results parts.db parts-one.db
sweep points.yaml part1.db --shard 2/2
check shards_in_one_file_equal_one_sweep same_results part1.db parts-one.db
sed 's/16, 17/16/' points.yaml > fewer.yaml
sweep fewer.yaml fewer.db
"$lab" merge --db parts.db fewer.db > out 2> err
check merge_of_two_sweeps_of_one_name_is_told err_has "campaign points is of another sweep file or scenario in fewer.db than in parts.db: the points of fewer.db count"
check merge_of_two_sweeps_keeps_the_current_points_apart equals "$(query parts.db 'SELECT is_current, count(*) FROM point GROUP BY 1')" "0|1
1|16"
"$lab" merge --db one.db one.db > out 2> err
status=$?
check merge_with_itself_is_refused equals "$status $(cat err)" "2 mptcp-lab: one.db: is the file to merge into, expected another one"
"$lab" merge --db none.db gone.db > out 2> err
status=$?
check failed_merge_makes_no_file equals "$status $(ls none.db 2> /dev/null)" "2 "

# --- kill -9 at ten random moments ---
cat > long.yaml <<'Y'
name: long
scenario: scenario.yaml
seeds: {first: 1, count: 20}
set: ["sleep_ms=40"]
grid:
  - {key: speed, values: [1, 2, 3, 4]}
  - {key: mode, values: [ok, fail]}
Y
sweep long.yaml whole.db -j 2
RANDOM=20250101
counts=
orphans=0
for _ in 1 2 3 4 5 6 7 8 9 10; do
    "$lab" sweep long.yaml --db killed.db -j 2 --run-binary ./mptcp-run 2> err &
    pid=$!
    wait_for_runs killed.db $(($(runs_in killed.db) + RANDOM % 10)) $pid
    sleep "0.$(printf %03d $((RANDOM % 100)))"
    kill -9 $pid
    wait $pid 2> kill.err
    sleep 0.01
    pgrep -f "^$(realpath mptcp-run) .*--seed" > pids && orphans=$((orphans + 1))
    counts="$counts $(query killed.db 'SELECT count(*) FROM run' 2>> kill.err)"
done
echo "     runs done at each kill:$counts"
check kills_hit_the_sweep_at_work test "$(tr ' ' '\n' <<< "$counts" | sort -un | wc -l)" -ge 6
check children_die_with_the_runner equals "$orphans" 0
check file_is_whole_after_kills equals "$(query killed.db 'PRAGMA integrity_check')" ok
sweep long.yaml killed.db -j 2
check resumed_sweep_equals_an_undisturbed_one same_results killed.db whole.db

# --- stop signals ---
for pair in INT:130 TERM:143; do
    rm -f stopped.db
    setsid "$lab" sweep long.yaml --db stopped.db -j 2 --run-binary ./mptcp-run 2> err &
    pid=$!
    wait_for_runs stopped.db 2 $pid
    kill -${pair%:*} $pid
    wait $pid
    status=$?
    check "sig${pair%:*}_exits_${pair#*:}" status_is "${pair#*:}"
    check "sig${pair%:*}_says_how_to_go_on" err_has "the same command continues from there"
    check "sig${pair%:*}_leaves_whole_runs_only" \
        equals "$(query stopped.db "SELECT count(*) > 0, sum(exit_code NOT IN (0, 1)) FROM run")" "1|0"
done

# One run is stopped, not the sweep: a batch system may reach the run first.
cat > one_stops.yaml <<'Y'
name: one-stops
scenario: scenario.yaml
seeds: {first: 1, count: 2}
grid: [{key: sleep_ms, values: [20, 20000]}]
Y
"$lab" sweep one_stops.yaml --db one_stops.db -j 4 --run-binary ./mptcp-run 2> err &
pid=$!
wait_for_runs one_stops.db 2 $pid
pkill -TERM -P $pid
wait $pid
status=$?
check stopped_runs_end_the_sweep_with_1 status_is 1
check stopped_runs_are_told equals "$(grep -c 'stopped from outside by signal 15, not recorded: sleep_ms=20000 seed' err)" 2
check stopped_runs_are_not_recorded equals "$(query one_stops.db 'SELECT count(*), sum(status = '"'ok'"') FROM run')" "2|2"

# --- a second runner ---
"$lab" sweep long.yaml --db busy.db -j 1 --run-binary ./mptcp-run 2> first.err &
pid=$!
wait_for_runs busy.db 1 $pid
sweep long.yaml busy.db
check second_runner_is_refused equals "$status $(cat err)" "2 mptcp-lab: busy.db: another mptcp-lab is writing this file"
"$lab" status --db busy.db > out 2> err
check status_works_beside_a_sweep grep -q '^long: [0-9]*/160 done' out
kill $pid
wait $pid

# --- grids of many forms ---
points() { # SWEEP_FILE_TEXT: the labels of its points, one a line
    printf 'name: form\nscenario: scenario.yaml\nseeds: {first: 1, count: 1}\n%s\n' "$1" > form.yaml
    rm -f form.db
    sweep form.yaml form.db
    query form.db 'SELECT label FROM point ORDER BY position' 2> query.err
}
check range_by_step equals "$(points 'grid: [{key: a, range: {from: 0, to: 0.3, step: 0.1}}]' | xargs)" "a=0 a=0.1 a=0.2 a=0.3"
check range_by_count equals "$(points 'grid: [{key: a, range: {from: 1, to: 2, count: 3}}]' | xargs)" "a=1 a=1.5 a=2"
check range_of_logarithms equals "$(points 'grid: [{key: a, range: {from: 1, to: 1000, count: 4, scale: log, whole: true}}]' | xargs)" "a=1 a=10 a=100 a=1000"
check zipped_axes_go_on_together equals "$(points 'grid: [{zip: [{key: a, values: [1, 2]}, {key: b, values: [5, 5]}]}, {key: c, values: [7, 8]}]' | xargs)" \
    "a=1 b=5 c=7 a=1 b=5 c=8 a=2 b=5 c=7 a=2 b=5 c=8"
points 'grid: [{key: buffer, sets: [x.send, x.receive], values: [10, 20]}]' > out
check one_axis_sets_several_keys equals "$(xargs < out) $(query form.db "SELECT json FROM config JOIN point USING (config_id) WHERE label = 'buffer=20'")" \
    'buffer=10 buffer=20 {"x.receive":"20","x.send":"20"}'
check excluded_points_are_left_out equals "$(points 'grid: [{key: a, values: [1, 2, 3]}, {key: b, values: [1, 2]}]
exclude: [{a: [1, 2], b: 2}]' | xargs)" "a=1 b=1 a=2 b=1 a=3 b=1 a=3 b=2"
check axis_with_a_condition equals "$(points 'grid: [{key: t, values: [mptcp, tcp]}, {key: s, values: [x, y], when: {t: mptcp}}]' | xargs)" "t=mptcp s=x t=mptcp s=y t=tcp"
points 'grids: [{grid: [{key: a, values: [1, 2]}]}, {set: ["b=1"], grid: [{key: a, values: [1, 2]}]}, {grid: [{key: a, values: [2, 3]}]}]' > out
check union_of_grids equals "$(xargs < out) $(head -1 err)" "a=1 a=2 a=1 a=2 a=3 form: 1 points of later grids are points of earlier ones, too, and count once"
"$lab" status --db form.db > out 2>> err
check status_counts_points_of_two_grids_once equals "$(cut -d, -f1-3 out)" "form: 5/5 done, 5 ok, 0 failed"
check points_of_one_label_are_told equals "$(sed -n 2p err)" \
    "form: 2 points have the label of another one, such as 'a=2': figures cannot tell them apart; give the grids an axis that does"
check sobol_design equals "$(points 'design: {kind: sobol, points: 4}
grid: [{key: a, between: {from: 0, to: 8}}, {key: b, between: {from: 1, to: 16, scale: log}}]' | xargs)" "a=4 b=4 a=6 b=2 a=2 b=8 a=3 b=2.828427125"
points 'design: {kind: latin-hypercube, points: 5, seed: 3}
grid: [{key: a, between: {from: 0, to: 5}}, {key: b, between: {from: 0, to: 5}}, {key: c, values: [1, 2]}]' > out
check latin_hypercube_has_a_point_in_each_slice \
    equals "$(query form.db "SELECT key, count(DISTINCT CAST(value AS INTEGER)), count(*) FROM point_axis WHERE key < 'c' GROUP BY 1")" "a|5|10
b|5|10"
cp out first.out
points 'design: {kind: latin-hypercube, points: 5, seed: 3}
grid: [{key: a, between: {from: 0, to: 5}}, {key: b, between: {from: 0, to: 5}}, {key: c, values: [1, 2]}]' > out
check design_is_the_same_again cmp out first.out
form_says() { # NAME EXPECTED_TEXT SWEEP_FILE_TEXT
    points "$3" > out
    check "$1" err_has "$2"
}
form_says zip_of_unlike_lists 'b: expected 2 values, as many as' 'grid: [{zip: [{key: a, values: [1, 2]}, {key: b, values: [5]}]}]'
form_says range_of_both 'range: expected either step or count' 'grid: [{key: a, range: {from: 0, to: 1, step: 1, count: 2}}]'
form_says range_backwards 'to: expected a number above from' 'grid: [{key: a, range: {from: 2, to: 1, step: 1}}]'
form_says range_of_logarithms_from_0 'from: expected a number above 0 with scale: log' 'grid: [{key: a, range: {from: 0, to: 1, count: 3, scale: log}}]'
form_says between_without_design 'design: expected together with axes that have between' 'grid: [{key: a, between: {from: 0, to: 1}}]'
form_says condition_on_an_axis_below 'when: expected axes that stand above this one' 'grid: [{key: a, values: [1], when: {b: 1}}, {key: b, values: [1]}]'
form_says exclude_of_no_axis "exclude: expected an axis of the grid, not 'z'" 'grid: [{key: a, values: [1]}]
exclude: [{z: 1}]'
form_says exclude_of_no_value "exclude: expected a value of the axis 'a', not '1.0'" 'grid: [{key: a, values: [1]}]
exclude: [{a: [1, 1.0]}]'
form_says condition_of_no_value "when: expected a value of the axis 'a', not 'twoo'" 'grid: [{key: a, values: [one, two]}, {key: b, values: [1], when: {a: twoo}}]'
form_says grid_and_grids 'grid: expected either grid, with exclude and design, or grids' 'grids: [{grid: []}]
grid: [{key: a, values: [1]}]'
form_says wrong_value_names_its_line "form.yaml:7: point 'b=1 mode=unknown'" 'grid:
  - {key: b, values: [1]}
  - key: mode
    values: [unknown]'

form_says wrong_fixed_value_names_its_line "form.yaml:5: point 'b=1'" 'set: [a=1,
  "mode=unknown"]
grid: [{key: b, values: [1]}]'
form_says wrong_value_of_a_grid_names_its_line "form.yaml:6: point 'b=1'" 'grids:
  - grid: [{key: c, values: [1]}]
  - {set: ["mode=unknown"], grid: [{key: b, values: [1]}]}'

# --- as many runs as the interval needs ---
cat > until.yaml <<'Y'
name: until
scenario: scenario.yaml
seeds: {first: 1, count: 15, until: {metric: goodput, entity: "flow:download", half_width: 0.2, relative: true, max: 60}}
grid: [{key: a, values: [1, 2, 3]}]
Y
sweep until.yaml until.db -j 1
check adaptive_sweep_says_what_it_reached err_has "until: the interval is narrow enough at 3 of 3 points"
rule() { # DB: points where the runs are not the fewest of 15, 20, ... whose interval is narrow enough
    sqlite3 "$1" "SELECT label, value FROM run_named JOIN metric USING (run_id) WHERE metric.name = 'goodput' ORDER BY label, seed" |
        python3 -c "
import statistics as st, sys
points = {}
for line in sys.stdin:
    label, value = line.split('|')
    points.setdefault(label, []).append(float(value))
t = {15: 2.1448, 20: 2.0930, 25: 2.0639, 30: 2.0452, 35: 2.0322, 40: 2.0227, 45: 2.0154, 50: 2.0096, 55: 2.0049, 60: 2.0010}
def is_narrow(v): return t[len(v)] * st.stdev(v) / len(v) ** 0.5 <= 0.2 * st.mean(v)
print(sum(not is_narrow(v) or any(is_narrow(v[:n]) for n in range(15, len(v), 5)) for v in points.values()), len(points))"
}
check adaptive_sweep_runs_no_more_than_needed equals "$(rule until.db)" "0 3"
sed 's/metric: goodput/metric: goodputt/' until.yaml > nothing.yaml
sweep nothing.yaml nothing.db -j 1
check metric_that_no_run_has_is_told err_has "until: no run has a value of the metric 'goodputt' of 'flow:download' at 3 of 3 points"
check it_is_an_error equals "$status" 1
check more_runs_are_not_made_for_it equals "$(query nothing.db 'SELECT count(*) FROM run')" 45
check points_differ_in_their_runs test "$(query until.db 'SELECT count(DISTINCT n) FROM (SELECT count(*) AS n FROM run GROUP BY point_id)')" -gt 1
sweep until.yaml until2.db -j 4
check jobs_do_not_change_adaptive_results same_results until.db until2.db
sweep until.yaml until.db
check adaptive_sweep_is_done err_has "runs are done already"
sed 's/half_width: 0.2/half_width: 1e-9/; s/max: 60/max: 22/' until.yaml > most.yaml
sweep most.yaml most.db
check adaptive_sweep_stops_at_the_most equals "$(query most.db 'SELECT DISTINCT count(*) FROM run GROUP BY point_id') $(grep -c '0 of 3 points; the others stopped at the most runs' err)" "22 1"
sed 's/count: 15/count: 14/' until.yaml > few.yaml
sweep few.yaml few.db
check adaptive_sweep_of_few_runs_is_refused err_has "count: expected at least 15 with until"

# --- order, time, first failure ---
sed 's/values: \[ok.*/values: [ok, fail, abort]/' bad.yaml > first.yaml
sweep first.yaml first.db -j 1 --stop-at-first-failure
check sweep_stops_at_the_first_failure equals "$status $(query first.db 'SELECT count(*) FROM run')" "1 2"
cat > slow.yaml <<'Y'
name: slow
scenario: scenario.yaml
seeds: {first: 1, count: 1}
grid: [{key: sleep_ms, values: [1, 100, 300]}]
Y
sweep slow.yaml slow.db -j 1
sed 's/count: 1/count: 2/' slow.yaml > slower.yaml
"$lab" sweep slower.yaml --db slow.db --run-binary ./mptcp-run -j 1 -n > out 2> err
check longest_runs_come_first equals "$(sed 's/.*sleep_ms=//' out | xargs)" "300 100 1"
check dry_run_says_how_long grep -qE "3 runs to do, 3 ok and 0 failed already; time they take, 1 at a time: [0-9]+ s" err

# --- limits ---
cat > garbage.yaml <<'Y'
name: garbage
scenario: scenario.yaml
seeds: {first: 1, count: 1}
timeout_s: 100
set: ["mode=garbage"]
Y
sweep garbage.yaml garbage.db
check wrong_output_ends_the_run equals "$status $(query garbage.db 'SELECT status, wall_s < 50 FROM run')" "1 bad-output|1"
sed 's/sleep_ms=20/sleep_ms=30/' edited.yaml > one-cpu.yaml
taskset -c "$(taskset -cp $$ | sed 's/.*: //; s/[,-].*//')" "$lab" sweep one-cpu.yaml --db one-cpu.db --run-binary ./mptcp-run 2> err
check jobs_follow_the_processors_that_may_be_used \
    equals "$(query one-cpu.db "SELECT count(*) FROM run a JOIN run b ON b.started_at > a.started_at
        AND julianday(b.started_at) < julianday(a.started_at) + 0.03 / 86400")" 0

# --- wrong inputs ---
wrong() { # NAME EXPECTED_TEXT SED_EXPRESSION: grid.yaml changed so must be refused with that text in one line
    sed "$3" grid.yaml > wrong.yaml
    rm -f wrong.db
    sweep wrong.yaml wrong.db
    check "$1" err_has "$2"
    check "$1_is_one_line_and_exit_2" equals "$status $(wc -l < err) $(ls wrong.db 2> /dev/null)" "2 1 "
}
wrong unknown_key "wrong.yaml:4:1: timeout: unknown key, expected one of: name, scenario" 's/^timeout_s/timeout/'
wrong unknown_key_in_axis "wrong.yaml:8:5: vals: unknown key, expected one of: key, values, variants" 's/ values/ vals/'
wrong wrong_number "wrong.yaml:3:26: count: expected a whole number from 1 to 1000000, got '3x'" 's/count: 3/count: 3x/'
wrong negative_number "wrong.yaml:3:16: first: expected a whole number from 1" 's/first: 7/first: -7/'
wrong zero_timeout "wrong.yaml:4:12: timeout_s: expected seconds" 's/timeout_s: 20/timeout_s: 0/'
wrong wrong_type "wrong.yaml:8:13: values: expected a list with at least one entry, got a single value" 's/values: .*/values: 3/'
wrong missing_key "wrong.yaml:1:1: seeds: missing" '/^seeds/d'
wrong missing_key_in_seeds "wrong.yaml:3:8: count: missing in seeds" 's/, count: 3//'
wrong key_twice "wrong.yaml:4:1: seeds: is given twice" 's/^timeout_s.*/seeds: {first: 1, count: 1}/'
wrong value_twice "wrong.yaml:8:17: values: '1' given twice" 's/\[1, 2, 4\]/[1, 1, 4]/'
wrong bad_set "wrong.yaml:5:7: set: expected a text 'path.key=value'" 's/duration_s=60/duration/'
wrong not_yaml "not valid YAML: did not find expected" 's/count: 3}/count: 3/'
wrong empty_file "wrong.yaml:1:1: expected a value" '/./d'
wrong number_in_quotes 'wrong.yaml:3:26: count: expected a whole number from 1 to 1000000, got "3"' 's/count: 3/count: "3"/'
wrong seconds_in_quotes 'wrong.yaml:4:12: timeout_s: expected seconds, a number above 0 and up to 1e+08, got "20"' 's/timeout_s: 20/timeout_s: "20"/'
wrong alias "wrong.yaml:8:14: aliases are not supported" 's/first: 7/first: \&seven 7/; s/.1, 2, 4./[*seven]/'
wrong nul_in_a_text "wrong.yaml:1:7: expected text without NUL" 's/^name: grid/name: "a\\0b"/'
wrong deep_nesting "nested deeper than 16 levels" 's/.1, 2, 4./[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]/'
wrong second_document "wrong.yaml:13:1: expected the end of the file" '$a\\--- {}'
wrong text_behind_the_document "expected the end of the file" '$a\\...\ngrid: []'
wrong missing_scenario "wrong.yaml:2:11: scenario: expected a file that can be read" 's/scenario.yaml/gone.yaml/'
wrong scenario_refused "expected one that is known" 's/duration_s=60/mode=unknown/'
wrong same_configuration_twice "have the same configuration" 's/"flows.download.protocol=tcp", .*\]\"\]/"flows.download.protocol=mptcp"]/'

sweep gone.yaml wrong.db
check missing_sweep_file equals "$status $(cat err)" "2 gone.yaml: cannot be read: No such file or directory"
sweep grid.yaml no/such/folder.db
check unwritable_db equals "$status $(cat err)" "2 mptcp-lab: cannot write no/such/folder.db: No such file or directory"
echo "some text that is long enough to be no database at all, whatever one does" > text.db
sweep grid.yaml text.db
check text_file_as_db err_has "text.db: file is not a database"
query foreign.db 'CREATE TABLE t (x); PRAGMA application_id = 77'
sweep grid.yaml foreign.db
check foreign_db err_has "foreign.db: not a result store: expected application_id 1297110083, got 77"
check foreign_db_is_left_alone equals "$(query foreign.db 'SELECT group_concat(name) FROM sqlite_schema')" t
cp one.db newer.db && query newer.db 'PRAGMA user_version = 99'
sweep grid.yaml newer.db
check newer_db err_has "newer.db: made by a newer mptcp-lab: expected user_version 2, got 99"
"$lab" sweep grid.yaml --db x.db --run-binary ./gone > out 2> err
status=$?
check missing_run_binary equals "$status $(grep -c 'cannot run ./gone' err)" "2 1"
"$lab" status --db gone.db > out 2> err
status=$?
check missing_db equals "$status $(cat err)" "2 mptcp-lab: cannot read gone.db: No such file or directory"
for arguments in "sweep" "sweep grid.yaml" "sweep grid.yaml --db x.db -j 0" "sweep grid.yaml --db x.db --shard 3/2" \
    "export --db one.db --table t" "repro x --db one.db" "merge --db one.db" "nothing" ""; do
    # shellcheck disable=SC2086 # words on purpose
    "$lab" $arguments > out 2> err
    status=$?
    check "command_line_refused: mptcp-lab $arguments" status_is 2
done
for command in "" sweep status repro export merge migrate forget ignore; do
    # shellcheck disable=SC2086
    "$lab" $command --help > out 2> err
    status=$?
    check "help: mptcp-lab $command" test $status -eq 0 -a -s out
done

# --- points belong to campaigns ---
sed 's/^name: grid/name: other/; s/value: mptcp,/value: "two paths",/; s/mobility.phone.speed_mps/&/' grid.yaml > other.yaml
sweep grid.yaml named1.db
sweep grid.yaml named.db
sweep other.yaml named.db
check second_campaign_keeps_its_own_names \
    equals "$(query named.db "SELECT name, value, count(*) FROM point_axis JOIN point USING (point_id) JOIN campaign USING (campaign_id)
        WHERE key = 'transport' GROUP BY 1, 2")" "grid|mptcp|3
grid|tcp-wifi|3
other|tcp-wifi|3
other|two paths|3"
check configurations_are_shared equals "$(query named.db 'SELECT count(*) FROM config')" 6
before=$(query named.db 'SELECT sum(run_id * wall_s) FROM run')
sed 's/value: mptcp,/value: renamed,/; s/values: .1, 2, 4./values: [1, 2]/' grid.yaml > renamed.yaml
sweep renamed.yaml named.db
check renaming_a_variant_runs_nothing equals "$(query named.db 'SELECT sum(run_id * wall_s) FROM run')" "$before"
check renamed_variant_has_its_new_name \
    equals "$(query named.db "SELECT label, is_current FROM point JOIN campaign USING (campaign_id) WHERE name = 'grid' ORDER BY is_current, point.position")" \
    "mobility.phone.speed_mps=4 transport=mptcp|0
mobility.phone.speed_mps=4 transport=tcp-wifi|0
mobility.phone.speed_mps=1 transport=renamed|1
mobility.phone.speed_mps=1 transport=tcp-wifi|1
mobility.phone.speed_mps=2 transport=renamed|1
mobility.phone.speed_mps=2 transport=tcp-wifi|1"
"$lab" merge --db named1.db named.db > out 2> err
check merge_takes_the_names_of_the_later_sweep same_results named1.db named.db
check runs_have_time_and_host \
    equals "$(query named.db "SELECT DISTINCT host, started_at GLOB '20[0-9][0-9]-*T*Z' FROM run")" "$(hostname)|1"
check build_lists_every_library \
    equals "$(query named.db "SELECT name FROM build_file WHERE name LIKE 'libc.so%' OR name = 'mptcp-run' ORDER BY 1" | wc -l)" 2

# --- files of version 1 ---
sqlite3 old.db < "$here/version-1.sql"
cp old.db read.db
"$lab" status --db read.db > out 2> err
status=$?
check old_file_is_not_read equals "$status $(cat err)" "2 mptcp-lab: read.db: made by an older mptcp-lab: expected user_version 2, got 1; \`mptcp-lab migrate --db FILE' brings the file, or a copy of it, up to date"
check old_file_is_left_alone cmp read.db old.db
"$lab" migrate --db read.db > out 2> err
status=$?
check migrate_exits_0 status_is 0
check migrated_file_is_whole equals "$(query read.db 'PRAGMA integrity_check; PRAGMA foreign_key_check; PRAGMA user_version')" "ok
2"
sweep grid.yaml read.db
check migrated_file_is_written_on err_has "all 18 runs are done"
v1_rows() { query "$1" "SELECT run_id, c.name, hash, seed, status, argv, result_hash, label FROM run JOIN campaign c USING (campaign_id) JOIN config USING (config_id) ORDER BY 1;
    SELECT run_id, name, entity, unit, value FROM metric ORDER BY 1, 2, 3; SELECT run_id, series, time_us, value FROM sample ORDER BY 1, 2, 3"; }
v2_rows() { query "$1" "SELECT run_id, campaign, config_hash, seed, status, argv, result_hash, label FROM run_named WHERE campaign <> 'grid' ORDER BY 1;
    SELECT run_id, m.name, entity, unit, value FROM metric m JOIN run_named USING (run_id) WHERE campaign <> 'grid' ORDER BY 1, 2, 3;
    SELECT run_id, s.name || ' ' || entity || ' ' || unit, time_us, value FROM sample s JOIN run_named USING (run_id) WHERE campaign <> 'grid' ORDER BY 1, 2, 3"; }
v1_rows old.db > a.dump
v2_rows read.db > b.dump
check migration_keeps_every_row cmp a.dump b.dump
check migration_finds_the_current_points \
    equals "$(query read.db "SELECT name, is_current, count(*), count(DISTINCT label) FROM point JOIN campaign USING (campaign_id) WHERE name <> 'grid' GROUP BY 1, 2")" \
    "second|1|2|2
tiny|0|4|4
tiny|1|4|4"
"$lab" merge --db read.db old.db > out 2> err
check old_source_is_refused err_has "old.db: made by an older mptcp-lab"

# --- files that may not be written ---
check no_log_is_left_behind equals "$(ls grid.db*) $(head -c 20 grid.db | tail -c 2 | od -An -tx1)" "grid.db  01 01"
mkdir locked && cp named.db locked/named.db && chmod a-w locked locked/named.db
as_nobody=
[ "$(id -u)" = 0 ] && as_nobody="setpriv --reuid=65534 --regid=65534 --clear-groups" && chmod a+rx "$work"
$as_nobody "$lab" status --db locked/named.db > out 2> err
status=$?
check read_only_file_is_read equals "$status $(grep -c done out) $(cat err)" "0 2 "
chmod u+w locked

# --- a disk that is full ---
(trap '' XFSZ; ulimit -f 300; exec "$lab" sweep long.yaml --db full.db -j 2 --run-binary ./mptcp-run) > out 2> err
status=$?
check full_disk_exits_1 status_is 1
check full_disk_is_told err_has "mptcp-lab: full.db: "
check full_disk_leaves_a_whole_file equals "$(query full.db 'PRAGMA integrity_check')" ok
sweep long.yaml full.db -j 2
check sweep_goes_on_after_a_full_disk same_results full.db whole.db

# --- speed when there is nothing to do ---
cat > many.yaml <<'Y'
name: many
scenario: scenario.yaml
seeds: {first: 1, count: 3}
grid:
  - {key: a, values: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]}
  - {key: b, values: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]}
Y
sweep many.yaml many.db
start=$(date +%s%N)
FAKE_LOG=many.log sweep many.yaml many.db
took_ms=$((($(date +%s%N) - start) / 1000000))
echo "     100 points done already: $took_ms ms"
check done_sweep_of_100_points_asks_and_runs_nothing test ! -e many.log -a "$(wc -l < err)" = 1

# --- the tests that README.md names ---
missing_tests() {
    awk -F'|' '/\.sh`/ { gsub(/[` ]/, "", $3); n = split($4, name, "`"); for (i = 2; i < n; i += 2) print $3 "\t" name[i] }' "$here/README.md" |
        while IFS=$'\t' read -r file name; do grep -qF -- "$name" "$here/../$file" || echo "$file: $name"; done
}
check tests_that_are_named_exist equals "$(missing_tests)" ""

# --- progress and memory ---
cat > long.yaml <<'Y'
name: a-name-that-is-longer-than-the-whole-line-of-this-terminal
scenario: scenario.yaml
seeds: {first: 1, count: 3}
set: ["sleep_ms=300"]
Y
script -qec "stty cols 60; '$lab' sweep long.yaml --db long.db --run-binary ./mptcp-run -j 1" /dev/null < /dev/null > long.out 2>&1
check progress_is_shown_on_a_terminal grep -q '1/3 done' long.out
check progress_fits_the_line test "$(tr '\r' '\n' < long.out | sed 's/\x1b\[K//g' | grep ETA | awk '{ print length }' | sort -n | tail -1)" -lt 60
script -qec "stty cols 30; '$lab' sweep long.yaml --db narrow.db --run-binary ./mptcp-run -j 1" /dev/null < /dev/null > long.out 2>&1
check progress_fits_a_line_shorter_than_its_numbers test "$(tr '\r' '\n' < long.out | sed 's/\x1b\[K//g' | grep 'failed,' | grep -v '^a-name.*: all' | awk '{ print length }' | sort -n | tail -1)" -lt 30
{ printf 'name: large\nscenario: scenario.yaml\nseeds: {first: 1, count: 2}\nset: ["sleep_ms=200"]\n' && yes "# $(printf '%1000s' x)" | head -50000; } > large.yaml
sweep large.yaml large.db -j 2
check memory_is_not_that_of_a_large_runner equals "$status $(query large.db 'SELECT max(memory_kib) BETWEEN 100 AND 20000 FROM run')" "0 1"
wait $finding_pid 2> /dev/null
check finding_configurations_shows_its_progress grep -qE '^finding: [1-9][0-9]? of 60 configurations found$' finding.err
kept=$(query finding.db 'SELECT count(*) FROM config_known')
check configurations_that_were_found_outlive_a_kill test "$kept" -gt 10 -a "$kept" -lt 60
FAKE_LOG=finding2.log sweep finding.yaml finding.db
check and_are_not_asked_again equals "$status $(wc -l < finding2.log)" "0 $((60 - kept))"
wait $silent_pid
check no_progress_line_without_progress equals "$? $(grep -c '0/1 done' silent.err)" "0 0"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
