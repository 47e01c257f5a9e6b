#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# test_figures.sh BUILD: draws every figure from a database of invented numbers and looks at what comes out, right and
# wrong input alike. Ends with "N passed, N failed".

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
        sed 's/^/    /' "$dir/said"
    fi
}
figures() { "$build/mptcp-figures" "$@"; }
make_db() { "$build/test/analysis/make_synthetic_db" experiments/schema.sql "$@"; }

draws() { # FIGURE: all files are there, not empty, and nothing else is left behind
    local file
    figures "$1" --db "$dir/all.db" --out "$dir/out" || return
    for file in "$dir/out/$1".{pdf,svg,png,csv,gp,txt}; do
        [ -s "$file" ] || { echo "$file is missing or empty"; return 1; }
    done
    head -c 5 "$dir/out/$1.pdf" | grep -q '%PDF-' && head -c 4 "$dir/out/$1.png" | grep -q 'PNG' || return
    [ -z "$(find "$dir/out" -name '.?*')" ] || { echo "left behind: $(ls -A "$dir/out")"; return 1; }
}
repeats() { # FIGURE: the same bytes again, the PDF's too
    local suffix
    figures "$1" --db "$dir/all.db" --out "$dir/again" || return
    for suffix in pdf svg png csv gp txt; do
        cmp "$dir/out/$1.$suffix" "$dir/again/$1.$suffix" || return
    done
}
redraws() { # FIGURE: from the script beside it, with gnuplot alone
    (cd "$dir/out" && gnuplot -d -c "$1.gp" png ../redrawn.png) && cmp "$dir/out/$1.png" "$dir/redrawn.png"
}
refuses() { # STATUS TEXT ARGUMENT...: that exit status, one line with the text (besides notes), and no file
    local status=$1 text=$2 got said
    shift 2
    rm -rf "$dir/none"
    said=$(figures "$@" 2>&1 >/dev/null | grep -v ': note: '; exit "${PIPESTATUS[0]}")
    got=$?
    echo "exit status $got: $said"
    [ $got = "$status" ] && [[ $said == *"$text"* ]] && [ "$(wc -l <<<"$said")" = 1 ] && [ -z "$(ls -A "$dir/none" 2>/dev/null)" ]
}
refuses_without() { # NAME FIGURE: the error names what is missing
    make_db "$dir/lacking.db" --without "$1" && refuses 4 "$1" "$2" --db "$dir/lacking.db" --out "$dir/none"
}
draws_without_gnuplot() {
    PATH="$dir/empty" refuses 5 gnuplot handover-stall --db "$dir/all.db" --out "$dir/none"
}
fails_with_gnuplot() { # SCRIPT TEXT: a gnuplot that does this
    mkdir -p "$dir/bin"
    printf '#!/bin/sh\n%s\n' "$1" >"$dir/bin/gnuplot"
    chmod +x "$dir/bin/gnuplot"
    PATH="$dir/bin:$PATH" refuses 5 "$2" handover-stall --db "$dir/all.db" --out "$dir/none"
}
keeps_old_figure() {
    cp -r "$dir/out" "$dir/none.kept" &&
        ! PATH="$dir/bin:$PATH" figures handover-stall --db "$dir/all.db" --out "$dir/none.kept" &&
        diff -r "$dir/out" "$dir/none.kept"
}
column_mean() { # the known mean of a row of the table: goodput of the five seeds, as SQL sees it
    local expected got
    expected=$(sqlite3 "$dir/all.db" "SELECT printf('%.6f', avg(metric.value)) FROM metric JOIN run USING (run_id) JOIN point USING (point_id)
        WHERE metric.name = 'goodput' AND build_id = 2 AND label = 'mobility.phone.speed_mps=2 transport=mptcp'")
    got=$(awk -F, '$2 == "goodput" && $5 == "mobility.phone.speed_mps=2 transport=mptcp" { printf "%.6f", $8 }' "$dir/out/table.csv")
    echo "expected $expected, got $got"
    [ -n "$got" ] && [ "$expected" = "$got" ]
}
table_says() { # TEXT ARGUMENT...
    local text=$1
    shift
    figures table --db "$dir/all.db" --campaign handover "$@" | grep -F -- "$text"
}
verify_says() { # STATUS TEXT DB
    local got said
    said=$(figures verify --db "$3")
    got=$?
    echo "$said"
    [ $got = "$1" ] && grep -q -- "$2" <<<"$said"
}

check 'the synthetic database is made' make_db "$dir/all.db"
for figure in handover-timeline handover-stall handover-goodput fairness single-sqrt-law; do
    check "$figure is drawn" draws $figure
    check "$figure has the same bytes twice" repeats $figure
    check "$figure is redrawn from its files" redraws $figure
done
check 'all draws every figure' figures all --db "$dir/all.db" --out "$dir/every"
check 'all leaves as many files' test "$(find "$dir/every" -type f | wc -l)" = 30
check 'one seed of the timeline' figures handover-timeline --db "$dir/all.db" --out "$dir/one" --seed 3 --where mobility.phone.speed_mps=2
check '--list names a figure' grep -q handover-stall <(figures --list)

check 'missing in_range series' refuses_without in_range handover-timeline
check 'missing goodput series' refuses_without goodput handover-timeline
check 'missing stall_max' refuses_without stall_max handover-stall
check 'missing goodput_out_of_range' refuses_without goodput_out_of_range handover-goodput
check 'missing ratio_to_tcp' refuses_without ratio_to_tcp fairness
check 'missing sqrt_law_k' refuses_without sqrt_law_k single-sqrt-law

echo 'this is no database, but it is long enough to be looked at by SQLite: it reads 100 bytes first of all' >"$dir/text.db"
sqlite3 "$dir/other.db" 'CREATE TABLE t (x)'
check 'no such database' refuses 3 'no such file' handover-stall --db "$dir/nowhere.db" --out "$dir/none"
check 'a text file as database' refuses 3 'not a database' handover-stall --db "$dir/text.db" --out "$dir/none"
check 'a foreign database' refuses 3 "isn't a result database" handover-stall --db "$dir/other.db" --out "$dir/none"
check 'an unknown figure' refuses 2 "no command or figure 'speed'" speed --db "$dir/all.db" --out "$dir/none"
check 'an unknown campaign' refuses 4 "no campaign 'x'" handover-stall --db "$dir/all.db" --out "$dir/none" --campaign x
check 'a value that was not swept' refuses 4 'the values swept are 1, 2, 4, 8' handover-stall --db "$dir/all.db" --out "$dir/none" \
    --where mobility.phone.speed_mps=3
check 'an axis that there is not' refuses 4 "no axis 'speed'" handover-stall --db "$dir/all.db" --out "$dir/none" --where speed=3
check 'a folder that cannot be made' refuses 6 text.db handover-stall --db "$dir/all.db" --out "$dir/text.db/out"
check 'a wrong --data' refuses 6 'expected a folder' handover-stall --db "$dir/all.db" --out "$dir/none" --data "$dir"
mkdir "$dir/empty"
grep=$(command -v grep) wc=$(command -v wc) ls=$(command -v ls) rm=$(command -v rm)
ln -s "$grep" "$wc" "$ls" "$rm" "$dir/empty/"
check 'gnuplot is missing' draws_without_gnuplot
check 'gnuplot fails' fails_with_gnuplot 'echo "line 7: no such thing" >&2; exit 1' 'line 7: no such thing'
check 'gnuplot dies' fails_with_gnuplot 'kill -9 $$' 'signal 9'
check 'gnuplot draws nothing' fails_with_gnuplot ': >"$5"' 'drew nothing'
check 'gnuplot warns' fails_with_gnuplot 'echo x >"$5"; echo "warning: empty range" >&2' 'empty range'
check 'a failure keeps the old figure' keeps_old_figure

check 'table writes files' figures table --db "$dir/all.db" --campaign handover --out "$dir/out"
check 'the mean is the mean, of the newest build' column_mean
older_build() { # the one that --build names, whichever ran last; and it is told
    local hash
    hash=$(sqlite3 "$dir/all.db" "SELECT binary_hash FROM build WHERE build_id = 1")
    figures table --db "$dir/all.db" --campaign handover --build "$hash" --out "$dir/older" >"$dir/older.txt" || return
    grep -F "$(sqlite3 "$dir/all.db" "SELECT substr(commit_id, 1, 12) FROM build WHERE build_id = 1")" "$dir/older.txt" &&
        [ "$(awk -F, '$2 == "goodput" { print $5 "=" $8 }' "$dir/older/table.csv")" = 'mobility.phone.speed_mps=8 transport=tcp-lte=1e+09' ]
}
check 'another build can be chosen' older_build
cp "$dir/all.db" "$dir/ignored.db"
sqlite3 "$dir/ignored.db" "UPDATE run SET ignored = 'x' WHERE build_id = 2"
check 'why no run counts is told' refuses 4 'has no completed run that counts (1 failed, 60 to be ignored, 1 of other builds, 0 of points' \
    table --db "$dir/ignored.db" --campaign handover
width_of_names() { # in characters, not bytes
    cp "$dir/all.db" "$dir/wide.db"
    sqlite3 "$dir/wide.db" "UPDATE point_axis SET value = 'Über äöü' WHERE value = 'mptcp'; UPDATE point_axis SET value = 'Uber aou' WHERE value = 'tcp-lte'"
    [ "$(figures table --db "$dir/wide.db" --campaign handover --metric goodput | grep '[UÜ]ber' | python3 -c 'import sys; print(len({len(line) for line in sys.stdin}))')" = 1 ]
}
check 'columns stand below each other whatever the names' width_of_names
# Half of the points are simulated without ns-3: those have a build of their own, and both count.
cp "$dir/all.db" "$dir/engines.db"
sqlite3 "$dir/engines.db" "INSERT INTO build SELECT 9, 'feedface', 0, 'none', compiler, 'feedface' FROM build WHERE build_id = 1;
    UPDATE config SET json = json_set(json, '\$.engine', 'link') WHERE config_id IN (SELECT config_id FROM point JOIN campaign USING (campaign_id)
        WHERE name = 'handover' AND label LIKE '%transport=mptcp');
    UPDATE run SET build_id = 9 WHERE build_id = 2 AND point_id IN (SELECT point_id FROM point WHERE label LIKE '%transport=mptcp')"
both_engines() {
    figures table --db "$dir/engines.db" --campaign handover --out "$dir/engines" >"$dir/engines.txt" 2>"$dir/engines.err" || return
    cat "$dir/engines.err"
    cut -d, -f1-8 "$dir/engines/table.csv" | cmp - <(cut -d, -f1-8 "$dir/out/table.csv") &&
        grep 'commit feedface, link engine;' "$dir/engines.txt" && grep 'commit .*, ns-3 3.37; ' "$dir/engines.txt" && grep 'other builds left out: 1$' "$dir/engines.err"
}
check 'each engine has its build' both_engines
engines_named() { # where a database is reported or bundled
    sqlite3 "$dir/engines.db" "UPDATE build SET ns3_version = '3.37' WHERE build_id = 9" # was there when it was built, and is not used
    figures report --db "$dir/engines.db" --out "$dir/engines.html" >/dev/null 2>&1 && figures bundle --db "$dir/engines.db" --out "$dir/engines.tar.gz" >/dev/null 2>&1 || return
    grep -o '<td>feedface.*' "$dir/engines.html" | grep -F 'link engine' &&
        tar -xOzf "$dir/engines.tar.gz" --wildcards '*/versions.txt' | grep -E 'commit feedface, link engine, '
}
check 'a build without ns-3 is said to be of the link engine' engines_named
two_of_a_commit() { # each may be meant
    local commit
    commit=$(sqlite3 "$dir/all.db" "SELECT commit_id FROM build WHERE build_id = 2")
    cp "$dir/all.db" "$dir/two.db"
    sqlite3 "$dir/two.db" "UPDATE build SET commit_id = '$commit'"
    refuses 4 "builds have a commit or hash that begins with '$commit', expected one of the hashes $(sqlite3 "$dir/two.db" \
        "SELECT substr(binary_hash, 1, 8) FROM build WHERE build_id = 2"), $(sqlite3 "$dir/two.db" "SELECT substr(binary_hash, 1, 8) FROM build WHERE build_id = 1")" \
        table --db "$dir/two.db" --campaign handover --build "$commit"
}
check 'builds of one commit are named' two_of_a_commit
check 'LaTeX table' grep -q '\\bottomrule' "$dir/out/table.tex"
check 'table says how to reproduce' table_says 'mptcp-lab repro RUN'
check 'table counts failed runs' table_says 'failed runs: 1'
check 'table with a baseline' table_says 'less transport=tcp-lte' --metric goodput --baseline transport=tcp-lte
check 'table of a missing metric' refuses 4 "no metric 'speed'" table --db "$dir/all.db" --campaign handover --metric speed
check 'table of an unclear campaign' refuses 4 'choose one with --campaign' table --db "$dir/all.db"

check 'verify passes' verify_says 0 '^22 passed, 0 failed, 0 skipped$' "$dir/all.db"
cp "$dir/all.db" "$dir/bad.db"
ratios="quantity_id IN (SELECT quantity_id FROM quantity WHERE name = 'ratio_to_tcp')"
sqlite3 "$dir/bad.db" "UPDATE metric_value SET value = 1.5 * value WHERE $ratios"
cp "$dir/all.db" "$dir/one.db"
sqlite3 "$dir/one.db" "DELETE FROM run WHERE seed > 1"
check 'verify does not pass on one seed' verify_says 1 'n = 1: at least two seeds are needed' "$dir/one.db"
check 'verify fails on wrong ratios' verify_says 1 '^20 passed, 2 failed, 0 skipped$' "$dir/bad.db"
sqlite3 "$dir/bad.db" "DELETE FROM metric_value WHERE $ratios"
check 'verify fails on missing ratios' verify_says 1 'FAIL  lia-4-flows' "$dir/bad.db"
sqlite3 "$dir/bad.db" "UPDATE campaign SET name = name || '2'"
check 'verify fails when nothing was compared' verify_says 1 '^0 passed, 0 failed, 11 skipped$' "$dir/bad.db"

# Tables: axes, not labels, tell which point is the baseline; what is missing is said.
check 'a baseline with a blank in its name' grep -q 'less variant=two words: paired by seed' \
    <(figures table --db "$dir/all.db" --campaign zoo --metric goodput --baseline 'variant=two words')
check 'a baseline that was not swept' refuses 4 'the values swept are plain, two words' \
    table --db "$dir/all.db" --campaign zoo --metric goodput --baseline variant=two
check 'a baseline of no axis' refuses 4 "no axis 'x' for --baseline" table --db "$dir/all.db" --campaign zoo --baseline x=1
check 'a table says 2 of 4' grep -Eq 'variant=plain paths.line.delay_ms=1 .* 2 of 4 ' \
    <(figures table --db "$dir/all.db" --campaign zoo --metric completion_time)
# No run of one place has a completion time: a line of the table all the same, and said beside a figure.
cp "$dir/all.db" "$dir/gap.db"
sqlite3 "$dir/gap.db" "DELETE FROM metric_value WHERE quantity_id IN (SELECT quantity_id FROM quantity WHERE name = 'completion_time') AND run_id IN
    (SELECT run_id FROM run JOIN point_axis USING (point_id) WHERE key = 'paths.line.delay_ms' AND value = '10')"
check 'a table says 0 of 4' grep -Eq 'variant=plain paths.line.delay_ms=10 +- +- +- +0 of 4 +[0-9]+$' \
    <(figures table --db "$dir/gap.db" --campaign zoo --metric completion_time)
gap_is_told() {
    figures plot --db "$dir/gap.db" --campaign zoo --kind dots --x delay_ms --y completion_time --where variant=plain --out "$dir/gap" --name gap &&
        grep -F 'No run has a value at 1 further points, which are not shown.' "$dir/gap/gap.txt"
}
check 'places without a value are told' gap_is_told
zoo_table() { figures table --db "$dir/all.db" --campaign zoo --out "$dir/zoo"; }
check 'a table of the zoo' zoo_table
check 'a column for each axis' grep -q '^campaign,metric,entity,unit,point,variant,paths.line.delay_ms,mean,' "$dir/zoo/table.csv"
check 'in the order of the sweep' test "$(awk -F, '$2 == "goodput" && $6 == "plain" { printf "%s ", $7 }' "$dir/zoo/table.csv")" = '1 3 10 30 100 '
check 'LaTeX with every special character escaped' grep -qF 'under\_score\textasciicircum{}\{x\}' "$dir/zoo/table.tex"

# Exports, as SQL sees the same.
export_rows() { # EXPECTED ARGUMENT...: so many lines besides the head, each with as many fields
    local expected=$1
    shift
    figures export --db "$dir/all.db" --out "$dir/export.csv" "$@" && [ "$(($(wc -l <"$dir/export.csv") - 1))" = "$expected" ] &&
        python3 -c 'import csv, sys; sys.exit(len({len(r) for r in csv.reader(open(sys.argv[1]))}) != 1)' "$dir/export.csv"
}
count() { sqlite3 "$dir/all.db" "SELECT count($1) FROM run_named JOIN metric USING (run_id) WHERE campaign = 'zoo' AND $2"; }
check 'a long export' export_rows "$(count '*' 1)" --campaign zoo
check 'a long export of one metric' export_rows "$(count '*' "name = 'goodput'")" --campaign zoo --metric goodput
check 'a wide export has a line a run' export_rows "$(count 'DISTINCT run_id' 1)" --campaign zoo --wide
check 'a wide export of some runs' export_rows 20 --campaign zoo --wide --where 'variant=two words'
check 'an export of no metric' refuses 4 "no metric 'x'" export --db "$dir/all.db" --campaign zoo --metric x

# One run.
timeline_says() { figures timeline "$1" --db "$dir/all.db" | grep -E -- "$2"; }
check 'a run of MPTCP has its events' timeline_says 1 '80.000 s  subflow_down +flow:download path:wifi +address is gone'
check 'a run of TCP has its stall' timeline_says 6 '80.000 to 202.* s  stall +flow:download'
check 'a run is drawn' figures timeline 1 --db "$dir/all.db" --out "$dir/timeline"
check 'with all its files' test "$(ls "$dir/timeline" | tr '\n' ' ')" = 'timeline-1.csv timeline-1.gp timeline-1.pdf timeline-1.png timeline-1.svg timeline-1.txt '
check 'a run that there is not' refuses 4 'no run 9999' timeline 9999 --db "$dir/all.db"
check 'no number of a run' refuses 2 'expected the number of a run' timeline --db "$dir/all.db"

# Every command tells of itself, and bash completes what it tells.
tells() { # COMMAND...: help with an example, ending with 0
    figures "$@" --help >"$dir/help" && grep -q 'Usage:' "$dir/help" && grep -q 'Example:' "$dir/help"
}
check 'help' tells
for command in plot timeline table report bundle export verify; do
    check "help of $command" tells $command
done
program_tells() { # PROGRAM: help with an example, and its version
    "$build/$1" --help >"$dir/help" && grep -q 'Usage:' "$dir/help" && grep -q 'Example:' "$dir/help" && "$build/$1" --version | grep -Ex "$1 [0-9.]+"
}
for program in mptcp-figures mptcp-lab mptcp-run mptcp-oracle mptcp-validate; do
    check "help and version of $program" program_tells $program
done
completes() { # EXPECTED WORD...: one of the completions of the last word
    local expected=$1
    shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    _mptcp && printf '%s\n' "${COMPREPLY[@]}" && [[ " ${COMPREPLY[*]} " == *" $expected "* ]]
}
source doc/completion.bash
check 'completion of a command' completes plot "$build/mptcp-figures" pl
check 'completion of a figure' completes handover-stall "$build/mptcp-figures" hand
check 'completion of an option' completes --series "$build/mptcp-figures" plot --se
check 'completion of a sweep' completes sweep "$build/mptcp-lab" sw
check 'completion of a prediction' completes --metrics "$build/mptcp-oracle" --met

# Any y over any x by any series.
formats='pdf svg png'
plot() { # NAME ARGUMENT...: the figure is drawn, all its files are there
    local name=$1 file
    shift
    figures plot --db "$dir/all.db" --out "$dir/plot" --name "$name" "$@" || return
    for file in $formats csv gp txt; do
        file=$dir/plot/$name.$file
        [ -s "$file" ] || { echo "$file is missing or empty"; return 1; }
    done
}
repeats_plot() { # NAME ARGUMENT...: the same bytes again, and drawn again by its script alone
    local name=$1 suffix
    shift
    rm -rf "$dir/plot1"
    plot "$name" "$@" && mv "$dir/plot" "$dir/plot1" && plot "$name" "$@" || return
    for suffix in pdf svg png csv gp txt; do
        cmp "$dir/plot1/$name.$suffix" "$dir/plot/$name.$suffix" || return
    done
    (cd "$dir/plot" && gnuplot -d -c "$name.gp" png again.png && cmp "$name.png" again.png)
}
csv_says() { # FIGURE LINE: the line, as an extended pattern, is among its numbers
    grep -Ex "$2" "$dir/plot/$1.csv" || { head -5 "$dir/plot/$1.csv"; false; }
}
caption_says() { # FIGURE TEXT
    grep -F "$2" "$dir/plot/$1.txt" || { cat "$dir/plot/$1.txt"; false; }
}
walk=(--campaign handover --x speed_mps --series transport)
check 'lines' repeats_plot lines "${walk[@]}" --y stall_max --log x,y
check 'bars of two metrics' plot bars --kind bars "${walk[@]}" --y goodput_in_range,goodput_out_of_range
check 'dots with panels' plot dots --kind dots --campaign handover --x transport --y goodput --panel speed_mps --width two
check 'differences' plot difference --kind difference "${walk[@]}" --y goodput --baseline transport=tcp-lte
check 'differences are corrected after Holm' grep -q "after Holm's correction" "$dir/plot/difference.txt"
check 'boxes' plot box --kind box "${walk[@]}" --y stall_max --log y
check 'a distribution' plot cdf --kind cdf --campaign handover --series transport --y stall_max --pool speed_mps --log x
check 'the caption says what is counted together' caption_says cdf 'Runs of every walking speed count together.'
check 'a heat map' plot heat --kind heat "${walk[@]}" --y goodput
check 'prediction and simulation' plot scatter --kind scatter --campaign zoo --x prediction --y goodput --series variant --pool delay_ms
check 'a series over time' plot time --kind time --campaign handover --y goodput --series path --panel transport --where speed_mps=@min \
    --shade 'in_range path:wifi'
# Both flows of each run were up: the sum is 2, of one of two the mean is a half; neither is a share of runs.
cp "$dir/all.db" "$dir/bools.db"
sqlite3 "$dir/bools.db" "INSERT INTO quantity (name, entity, unit) VALUES ('were_up', 'flow:one', 'bool'), ('were_up', 'flow:two', 'bool');
    INSERT INTO metric_value SELECT run_id, quantity_id, entity = 'flow:one' OR label LIKE '%plain%', 0
        FROM run_named JOIN quantity ON quantity.name = 'were_up' AND quantity.entity IN ('flow:one', 'flow:two') WHERE campaign = 'zoo'"
combined_is() { # HOW PLAIN WORDS UNIT: the means
    figures plot --db "$dir/bools.db" --campaign zoo --x delay_ms --series variant --y were_up --combine "$1" --out "$dir/plot" --name bools &&
        [ "$(awk -F, '$1 == "plain" || $1 == "two words" { print $1, $5, $6 }' "$dir/plot/bools.csv" | sort -u | tr '\n' ' ')" = "plain $4 $2 two words $4 $3 " ] ||
        { cat "$dir/plot/bools.csv"; false; }
}
check 'a sum of what is true or false' combined_is sum 2 1 count
check 'a mean of what is true or false' combined_is mean 1 0.5 fraction
check 'the worst of what is true or false is true or false' combined_is min 1 0 bool
sqlite3 "$dir/bools.db" "UPDATE point_axis SET key = 'value' WHERE key = 'variant'; UPDATE point_axis SET key = 'n' WHERE key = 'paths.line.delay_ms'"
head_is() { # FILE COLUMNS
    [ "$(head -1 "$1" | cut -d, -f "1-$(tr -cd , <<<"$2," | wc -c)")" = "$2" ] || { head -1 "$1"; false; }
}
axes_and_columns() { # an axis is never taken for another column
    figures export --db "$dir/bools.db" --campaign zoo --out "$dir/plot/export.csv" && figures table --db "$dir/bools.db" --campaign zoo --out "$dir/plot" &&
        figures plot --db "$dir/bools.db" --campaign zoo --x n --y goodput --where value=plain --out "$dir/plot" --name own &&
        head_is "$dir/plot/export.csv" 'campaign,run,seed,value (axis),n,metric' &&
        head_is "$dir/plot/table.csv" 'campaign,metric,entity,unit,point,value,n (axis),mean' &&
        head_is "$dir/plot/own.csv" 'n (axis),value,metric'
}
check 'an axis with the name of a column' axes_and_columns
check 'a greatest of words is refused' refuses 4 "variant=@max: expected an axis of numbers, it has the value '" \
    table --db "$dir/all.db" --campaign zoo --where variant=@max
check 'a mean over two speeds is refused' refuses 4 'varies more than the figure shows: mobility.phone.speed_mps (1, 2 ...)' \
    plot --db "$dir/all.db" --out "$dir/none" --kind time --campaign handover --y goodput --entity flow:download --series transport
shades() { # a run that is always out of range makes all of its panel grey, by one fifth
    cp "$dir/all.db" "$dir/shade.db"
    sqlite3 "$dir/shade.db" "UPDATE sample_value SET value = 0 WHERE run_id = 1 AND
        quantity_id = (SELECT quantity_id FROM quantity WHERE name = 'in_range')"
    figures plot --db "$dir/shade.db" --out "$dir/shade" --kind time --campaign handover --y goodput --series path --panel transport \
        --where speed_mps=@min --shade 'in_range path:wifi' --name shade && grep -q "fillcolor rgb '#F9F9F9'" "$dir/shade/shade.gp" &&
        grep -q "fillcolor rgb '#DDDDDD'" "$dir/shade/shade.gp"
}
narrow() { # places that are narrower than the samples are apart
    figures plot --db "$dir/all.db" --campaign handover --kind time --y goodput --entity flow:download --series transport --where speed_mps=@max --bin 0.05 \
        --out "$dir/narrow" --format svg 2>&1 | grep -F 'samples are up to 0.1 s apart: at places 0.05 s wide some have none'
}
check 'samples further apart than the places are told' narrow
check 'shading is of all runs, by share' shades
check 'bands of few curves are as dark as ever' grep -qx 'band_opacity = 0.25' "$dir/plot/time.gp"
bands12() { # of twelve curves, paler: what lies on each other stays to be seen
    cp "$dir/all.db" "$dir/bands.db"
    sqlite3 "$dir/bands.db" "INSERT INTO quantity (name, entity, unit) SELECT 'goodput', 'flow:' || value, 'Mb/s' FROM generate_series(1, 12);
        INSERT INTO sample_value SELECT run_id, quantity_id, time_us, value + substr(entity, 6) FROM
        (SELECT run_id, time_us, value FROM sample WHERE name = 'goodput' AND entity = 'flow:download'), quantity WHERE entity GLOB 'flow:[0-9]*' AND name = 'goodput'"
    figures plot --db "$dir/bands.db" --out "$dir/bands" --kind time --campaign handover --y goodput --series flow --where speed_mps=@min \
        --where transport=mptcp --name bands && grep -qx 'band_opacity = 0.0577' "$dir/bands/bands.gp"
}
check 'bands of many curves are paler' bands12
zeros() { # have no place on a logarithmic axis, whose ticks are at least two
    figures plot --db "$dir/all.db" "${walk[@]}" --y goodput_out_of_range --log y --out "$dir/zeros" --name zeros 2>&1 |
        grep -F 'zeros: 4 values are not above 0 and have no place on a logarithmic axis' || return
    grep -F 'Not shown: 4 values that are not above 0' "$dir/zeros/zeros.txt" &&
        grep -q "^set label 11 'Goodput out of Wi-Fi range \[Mb/s\], log scale'" "$dir/zeros/zeros.gp" &&
        grep -E "^set ytics \('[0-9]+' [0-9]+, '[0-9]+' [0-9]+" "$dir/zeros/zeros.gp" || { grep ytics "$dir/zeros/zeros.gp"; false; }
}
check 'zeros on a logarithmic axis are told' zeros
check 'the baseline is not in the key' test -z "$(grep "'TCP over LTE'" "$dir/plot/difference.gp")"
check 'each run over time' plot runs --kind time --campaign handover --y goodput --entity flow:download --series transport --runs \
    --where speed_mps=@max --width two
gap() { # where nothing was sampled there is no line, of a run as of a mean
    cp "$dir/all.db" "$dir/gap.db"
    sqlite3 "$dir/gap.db" "DELETE FROM sample_value WHERE time_us BETWEEN 10000000 AND 14000000"
    for runs in --runs ''; do
        figures plot --kind time --campaign handover --y goodput --entity flow:download --where transport=mptcp --where speed_mps=@max $runs --bin 0.5 \
            --db "$dir/gap.db" --out "$dir/gap" --name gap --format svg >/dev/null || return
        awk '/<< END/ { last = "" } NF == 0 && last != "" { breaks++; last = "" } NF != 6 || $1 !~ /^[0-9.]+$/ { next }
            last != "" && $1 - last > 1 { bridged++ } { last = $1 } END { print breaks + 0 " breaks, " bridged + 0 " gaps bridged"; exit !breaks || bridged }' \
            "$dir/gap/gap.gp" || return
    done
}
check 'a gap is no line' gap
check '@min is the slowest' caption_says time 'mobility.phone.speed_mps=1;'

# Curves with any name and any number of them, in each kind; TeX typesets what it is given.
zoo=(--campaign zoo --y goodput --format svg,tex) formats=svg
check 'twelve curves' plot lines12 "${zoo[@]}" --x delay_ms --series variant
check 'twelve curves of bars' plot bars12 "${zoo[@]}" --kind bars --x delay_ms --series variant --width two
check 'twelve places of dots' plot dots12 "${zoo[@]}" --kind dots --x variant --where delay_ms=30
check 'twelve boxes' plot box12 "${zoo[@]}" --kind box --x variant --pool delay_ms
whiskers() { # five far values of twenty: the quartile is between them and the others, and the whisker does not turn into the box
    cp "$dir/all.db" "$dir/far.db"
    sqlite3 "$dir/far.db" "UPDATE metric_value SET value = 10 WHERE quantity_id = (SELECT quantity_id FROM quantity WHERE name = 'goodput' AND entity = 'flow:download');
        UPDATE metric_value SET value = 1 WHERE quantity_id = (SELECT quantity_id FROM quantity WHERE name = 'goodput' AND entity = 'flow:download')
        AND run_id IN (SELECT run_id FROM run JOIN point_axis USING (point_id) WHERE key = 'variant' AND value = 'plain' ORDER BY run_id LIMIT 5)"
    figures plot --db "$dir/far.db" --out "$dir/far" --campaign zoo --y goodput --kind box --x variant --pool delay_ms --format svg --name far
    grep -x 'plain,goodput,flow:download,Mb/s,10,7.75,10,7.75,10,1,10,20,20' "$dir/far/far.csv" || { head -2 "$dir/far/far.csv"; false; }
}
check 'whiskers do not go into the box' whiskers
slanted() { # the same long name further left has less room, and begins on the paper
    printf 'labels:\n  two words: %s\n  -1e3 {braces}: %s\n' 'a long name of one place' 'a long name of one place' >"$dir/slanted.yaml"
    figures plot --db "$dir/all.db" --out "$dir/slanted" --campaign zoo --y goodput --kind box --x variant --pool delay_ms --format svg --name slanted \
        --style "$dir/slanted.yaml" || return
    grep '^set xtics (' "$dir/slanted/slanted.gp"
    local left right
    left=$(grep -o "'a long name[^']*'" "$dir/slanted/slanted.gp" | head -1) right=$(grep -o "'a long name[^']*'" "$dir/slanted/slanted.gp" | tail -1)
    [ "${#left}" -lt "${#right}" ]
}
check 'slanted names begin on the paper' slanted
check 'twelve distributions' plot cdf12 "${zoo[@]}" --kind cdf --series variant --pool delay_ms
check 'twelve rows of heat' plot heat12 "${zoo[@]}" --kind heat --x delay_ms --series variant
check 'twelve panels' plot panels12 "${zoo[@]}" --x delay_ms --panel variant --width two
check 'one curve' plot lines1 "${zoo[@]}" --x delay_ms --where variant=plain
check 'one point' plot point1 "${zoo[@]}" --x delay_ms --where variant=plain --where delay_ms=10
check 'one point of one seed' plot point11 "${zoo[@]}" --x delay_ms --where variant=plain --where delay_ms=10 --seed 1
check 'a heat map of one cell' plot heat1 "${zoo[@]}" --kind heat --x delay_ms --series variant --where variant=plain --where delay_ms=10
check 'a blank in a name cuts nothing' grep -q "set label [0-9]* 'two words' at" "$dir/plot/lines12.gp"
check 'TeX gets its own characters escaped' grep -qF '100 \% \$ \& \# \textbackslash{}\textasciitilde{}' "$dir/plot/lines12.gp"
check 'TeX has the text size that there is room for' grep -qF '\fontsize{7}{8.4}' "$dir/plot/lines12-tex.tex"
typesets() { # FIGURE...: LaTeX takes them without an error
    { echo '\documentclass{article}\usepackage[T1]{fontenc}\usepackage[utf8]{inputenc}\usepackage{graphicx,color}\begin{document}'
        printf '\\input{%s-tex}\n' "$@"
        echo '\end{document}'; } >"$dir/plot/document.tex"
    (cd "$dir/plot" && pdflatex -interaction=nonstopmode -halt-on-error document.tex)
}
if command -v pdflatex >/dev/null; then
    check 'LaTeX typesets any name' typesets lines12 heat12 dots12 bars12 cdf12
else
    echo "SKIPPED: no pdflatex (Debian's package texlive-latex-base): the TeX figures were not typeset"
fi
check 'a difference from a long name' plot long "${zoo[@]}" --kind difference --x delay_ms --series variant \
    --baseline 'variant=a name so long that nobody could ever fit it into the key of a figure of one column'
check 'has a title that fits, with its unit' grep -q "^set label 11 T('Goodput − a name so[^']*….*\[Mb/s\]'" "$dir/plot/long.gp"
no_font() { # has a character of nobody's
    cp "$dir/all.db" "$dir/font.db"
    sqlite3 "$dir/font.db" "UPDATE point_axis SET value = 'a' || char(983041) || 'b' WHERE value = 'plain'"
    figures plot --db "$dir/font.db" --campaign zoo --y goodput --x delay_ms --series variant --format svg --out "$dir/font" 2>&1 >"$dir/drawn" |
        grep -c "note: no font here has '.*' (U+F0001): the figure is spoiled" | grep -x 1
}
if command -v fc-list >/dev/null; then
    check 'a character that no font has is told, once' no_font
else
    echo "SKIPPED: no fc-list (Debian's package fontconfig): nobody knows which characters the fonts have"
fi
check 'an empty cell breaks the line, and is said' caption_says lines12 'No run has a value at 1 of 60 points.'
check 'seeds without effect count once' csv_says lines12 'two words,1,goodput,flow:download,Mb/s,10,,,10,1,4,4,,[0-9]+'
chance() { # three of four runs of a point are alike, as nothing happened in them: the mean is of all four
    cp "$dir/all.db" "$dir/chance.db"
    sqlite3 "$dir/chance.db" "CREATE TEMP TABLE of AS SELECT run_id, seed FROM run JOIN point USING (point_id) JOIN campaign USING (campaign_id)
            WHERE name = 'zoo' AND label = (SELECT label FROM point JOIN point_axis USING (point_id) WHERE key = 'variant' AND value = 'plain' LIMIT 1);
        UPDATE run SET result_hash = 'nothing happened' WHERE run_id IN (SELECT run_id FROM of WHERE seed < 4);
        UPDATE metric_value SET value = CASE WHEN (SELECT seed FROM of WHERE of.run_id = metric_value.run_id) < 4 THEN 1 ELSE 9 END WHERE run_id IN (SELECT run_id FROM of)
            AND quantity_id = (SELECT quantity_id FROM quantity WHERE name = 'goodput' AND entity = 'flow:download')"
    figures table --db "$dir/chance.db" --campaign zoo --metric goodput --out "$dir/chance" >/dev/null 2>&1 &&
        grep plain "$dir/chance/table.csv" | head -1 | tee /dev/stderr | cut -d, -f8- | grep -E '^3,.*,4,4,'
}
check 'runs that are alike by chance count, each of them' chance
pools() { # several keys, by options of their own, each by the end of its name
    figures plot --db "$dir/all.db" --campaign handover --kind cdf --y goodput --pool phone.speed_mps --pool transport --out "$dir/pools" --name pools --format svg &&
        [ "$(tail -n +2 "$dir/pools/pools.csv" | wc -l)" = 60 ]
}
check 'several axes are pooled' pools
check 'an unknown axis is not pooled' refuses 4 "has no axis 'speeds' to pool" plot --db "$dir/all.db" --campaign handover --kind cdf --y goodput \
    --pool transport,speeds --out "$dir/none"
check 'and are told' caption_says lines12 'at 5 of 60 points all seeds gave the same result, which counts once'
formats='pdf svg png'
check 'the mean of those that completed says of how many' plot partly --campaign zoo --kind bars --x delay_ms --y completion_time --where variant=plain
check 'it is 2 of 4 in the file' csv_says partly '1,plain,completion_time,flow:download,s,.*,2,2,4,t,[0-9]+'
check 'a share stays within 0 and 1' plot share --campaign zoo --kind dots --x delay_ms --y connected --where variant='two words' --interval wilson
check 'its interval is that of Wilson' csv_says share '1,two words,connected,flow:download,bool,1,0.2065.*,1,1,1,4,4,wilson,[0-9]+'
check "and of shares alone" refuses 2 'expected a metric of unit bool, not goodput [Mb/s]' \
    plot --db "$dir/all.db" --campaign zoo --kind dots --x delay_ms --y goodput --where variant=plain --interval wilson --out "$dir/none"
units() { # of a metric are one
    cp "$dir/all.db" "$dir/units.db"
    sqlite3 "$dir/units.db" "INSERT INTO quantity (name, entity, unit) VALUES ('goodput', 'flow:download', 'kb/s');
        UPDATE metric_value SET quantity_id = last_insert_rowid() WHERE run_id = 1 AND quantity_id =
            (SELECT quantity_id FROM quantity WHERE name = 'goodput' AND entity = 'flow:download' AND unit = 'Mb/s')"
    refuses 4 "'goodput' in kb/s and in Mb/s" plot --db "$dir/units.db" "${walk[@]}" --y goodput --out "$dir/none"
}
check 'a metric in two units is refused' units
# Of a censored value only a bound is known: no dot is drawn there.
censored() {
    cp "$dir/all.db" "$dir/censored.db"
    sqlite3 "$dir/censored.db" "UPDATE metric_value SET is_censored = 1, value = 987 WHERE run_id = 1"
    figures plot --db "$dir/censored.db" "${walk[@]}" --kind dots --y goodput --out "$dir/censored" --name dots &&
        figures plot --db "$dir/censored.db" --campaign handover --kind scatter --x stall_max --y goodput --pool speed_mps --series transport \
            --out "$dir/censored" --name scatter && ! grep -w 987 "$dir/censored/"*.gp
}
check 'a censored value is no dot' censored
# Differences of points taken together are of runs that differ in the baseline's axis alone.
pairs() {
    figures plot --db "$dir/all.db" --campaign handover --kind difference --x transport --y stall_max --pool speed_mps --baseline transport=tcp-lte \
        --out "$dir/pairs" --name pairs || return
    local median
    median=$(sqlite3 "$dir/all.db" "WITH v AS (SELECT seed, value, (SELECT value FROM point_axis a WHERE a.point_id = run.point_id AND key = 'transport') AS t,
            (SELECT value FROM point_axis a WHERE a.point_id = run.point_id AND key LIKE '%speed_mps') AS speed
            FROM metric JOIN run USING (run_id) JOIN point USING (point_id) WHERE campaign_id = 1 AND build_id = 2 AND name = 'stall_max' AND status = 'ok')
        SELECT a.value - b.value FROM v a JOIN v b USING (seed, speed) WHERE a.t = 'tcp-wifi' AND b.t = 'tcp-lte' ORDER BY 1" |
        python3 -c 'import statistics, sys; print("%.6f" % statistics.median(map(float, sys.stdin)))')
    echo "expected the median $median"
    awk -F, -v median="$median" '$1 == "tcp-wifi" { d = $8 - median; found = d < 1e-5 && d > -1e-5; print } END { exit !found }' "$dir/pairs/pairs.csv"
}
check 'differences of pooled points are paired point by point' pairs
check 'an axis that the figure does not show' refuses 4 'varies more than the figure shows: mobility.phone.speed_mps' \
    plot --db "$dir/all.db" --campaign handover --x transport --y goodput --out "$dir/none"
cp "$dir/all.db" "$dir/alike.db"
sqlite3 "$dir/alike.db" "UPDATE point_axis SET value = 'plain' WHERE value = 'two words'"
for pool in '' '--pool delay_ms'; do
    # shellcheck disable=SC2086 # words on purpose
    check "two points of the same values $pool" refuses 4 'two different points of the same values on all axes' \
        plot --db "$dir/alike.db" --campaign zoo --kind dots --x variant --y goodput --out "$dir/none" ${pool:---where delay_ms=10} $pool
done
check 'parts of a flow' refuses 4 'choose with --entity' plot --db "$dir/all.db" --campaign fairness --x congestion_control --y goodput --out "$dir/none"
check 'an unknown metric' refuses 4 'there are bytes_reinjected, goodput' plot --db "$dir/all.db" "${walk[@]}" --y speed --out "$dir/none"
check 'an unknown axis' refuses 4 'it has mobility.phone.speed_mps, transport' plot --db "$dir/all.db" --campaign handover --x speed --y goodput --out "$dir/none"
# Files of styles and figures are read by the rules of all files: what is wrong is told with its place.
refuses_file() { # TEXT CONTENT: a figure's file
    printf "$2" >"$dir/wrong.yaml" && refuses 6 "$1" "$dir/wrong.yaml" --db "$dir/all.db" --out "$dir/none"
}
refuses_style() { # TEXT CONTENT
    printf "$2" >"$dir/wrong.yaml" &&
        refuses 6 "$1" plot --db "$dir/all.db" "${walk[@]}" --y goodput --style "$dir/wrong.yaml" --out "$dir/none"
}
check 'a figure with an unknown key' refuses_file 'wrong.yaml:2:9: colour: unknown key' 'kind: lines\ncolour: red\n'
check 'a figure with an unknown kind' refuses_file 'wrong.yaml:1:7: kind: expected' 'kind: pie\n'
check 'a figure with a key twice' refuses_file 'wrong.yaml:2:1: x: is given twice' 'x: a\nx: b\n'
check 'a figure with a list for one value' refuses_file 'wrong.yaml:1:4: x: expected a single value' 'x: [a, b]\n'
check 'a figure of two documents' refuses_file 'wrong.yaml:2:1: expected the end of the file' 'x: a\n--- {}\n'
check 'a figure that is no YAML' refuses_file 'wrong.yaml:2:1: not valid YAML' 'x: [a\n'
check 'a figure without keys' refuses_file 'wrong.yaml:1:1: expected lines of KEY: VALUE' 'lines\n'
check 'a figure with an alias' refuses_file 'wrong.yaml:2:4: aliases are not supported' 'x: &a b\ny: *a\n'
check 'a filter that is a list' refuses_file 'wrong.yaml:1:8: where: expected lines of KEY: VALUE' 'where: [a]\n'
check 'a style with an unknown key' refuses_style 'wrong.yaml:1:10: colours: expected one of labels' 'colours: {a: b}\n'
check 'a style with a look of no number' refuses_style 'wrong.yaml:1:12: a: expected a number from 1 to 14' 'looks: {a: 15}\n'
check 'a style with a look in quotes' refuses_style 'wrong.yaml:1:12: a: expected a number from 1 to 14' 'looks: {a: "2"}\n'
check 'a style with a name of two lines' refuses_style 'wrong.yaml:1:13: a: expected a text on one line' 'labels: {a: "b\\nc"}\n'
check 'a style with an order that is no list' refuses_style 'wrong.yaml:1:8: order: expected one of' 'order: a\n'
usage() { # TEXT ARGUMENT...: a wrong command line, with this said in its first line besides notes
    local text=$1 got said
    shift
    said=$(figures "$@" 2>&1 | grep -v ': note: ' | head -1; exit "${PIPESTATUS[0]}")
    got=$?
    echo "exit status $got: $said"
    [ $got = 2 ] && [[ $said == *"$text"* ]]
}
for command in plot table report bundle export verify; do
    check "a database without --db: $command" usage "'all.db': expected options only; the result database is given as --db FILE" $command all.db
done
check 'a database without --db: a figure' usage 'the result database is given as --db FILE' handover-stall all.db
check 'an option before the command' usage 'the command comes first: mptcp-figures COMMAND --db all.db' --db all.db plot
tells_names() { figures plot --db "$dir/all.db" --campaign handover 2>&1 | grep -F 'its axes are mobility.phone.speed_mps, transport; its metrics are bytes_reinjected, goodput'; }
check 'what could be drawn is told where nothing was asked for' tells_names
check 'a missing option' refuses 2 '--y METRIC,... is missing' plot --db "$dir/all.db" --x transport --out "$dir/none"

echo "$passed passed, $failed failed"
[ $failed = 0 ]
