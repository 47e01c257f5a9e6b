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
    for file in "$dir/out/$1".{pdf,svg,png,csv,gpv}; do
        [ -s "$file" ] || { echo "$file is missing or empty"; return 1; }
    done
    head -c 5 "$dir/out/$1.pdf" | grep -q '%PDF-' && head -c 4 "$dir/out/$1.png" | grep -q 'PNG' || return
    [ -z "$(find "$dir/out" -name '.?*')" ] || { echo "left behind: $(ls -A "$dir/out")"; return 1; }
}
repeats() { # FIGURE: the same bytes again
    figures "$1" --db "$dir/all.db" --out "$dir/again" || return
    cmp "$dir/out/$1.svg" "$dir/again/$1.svg" && cmp "$dir/out/$1.png" "$dir/again/$1.png" && cmp "$dir/out/$1.csv" "$dir/again/$1.csv"
}
redraws() { # FIGURE: from the files beside it, with gnuplot alone
    gnuplot -d -c "analysis/gp/$1.gp" analysis/gp "$dir/out/$1" svg "$dir/redrawn.svg" && cmp "$dir/out/$1.svg" "$dir/redrawn.svg"
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
    got=$(awk -F, '$2 == "goodput" && $5 == "mobility.phone.speed_mps=2 transport=mptcp" { printf "%.6f", $6 }' "$dir/out/table.csv")
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
check 'all leaves as many files' test "$(find "$dir/every" -type f | wc -l)" = 25
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
check 'an unknown figure' refuses 2 "no figure 'speed'" speed --db "$dir/all.db" --out "$dir/none"
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
check 'gnuplot draws nothing' fails_with_gnuplot ': >"$7"' 'drew nothing'
check 'gnuplot warns' fails_with_gnuplot 'echo x >"$7"; echo "warning: empty range" >&2' 'empty range'
check 'a failure keeps the old figure' keeps_old_figure

check 'table writes files' figures table --db "$dir/all.db" --campaign handover --out "$dir/out"
check 'the mean is the mean, of the newest build' column_mean
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
check 'verify fails on wrong ratios' verify_says 1 '^20 passed, 2 failed, 0 skipped$' "$dir/bad.db"
sqlite3 "$dir/bad.db" "DELETE FROM metric_value WHERE $ratios"
check 'verify fails on missing ratios' verify_says 1 'FAIL  lia-4-flows' "$dir/bad.db"
sqlite3 "$dir/bad.db" "UPDATE campaign SET name = name || '2'"
check 'verify fails when nothing was compared' verify_says 1 '^0 passed, 0 failed, 11 skipped$' "$dir/bad.db"

# Any y over any x by any series.
plot() { # NAME ARGUMENT...: the figure is drawn, all its files are there
    local name=$1 file
    shift
    figures plot --db "$dir/all.db" --out "$dir/plot" --name "$name" "$@" || return
    for file in "$dir/plot/$name".{pdf,svg,png,csv,gp,txt}; do
        [ -s "$file" ] || { echo "$file is missing or empty"; return 1; }
    done
}
repeats_plot() { # NAME ARGUMENT...: the same bytes again, PDF too, and drawn again by its script alone
    local name=$1 suffix
    shift
    plot "$name" "$@" && mv "$dir/plot" "$dir/plot1" && plot "$name" "$@" || return
    for suffix in pdf svg png csv gp txt; do
        cmp "$dir/plot1/$name.$suffix" "$dir/plot/$name.$suffix" || return
    done
    rm -r "$dir/plot1"
    (cd "$dir/plot" && gnuplot -d -c "$name.gp" png again.png && cmp "$name.png" again.png)
}
walk=(--campaign handover --x speed_mps --series transport)
check 'lines' repeats_plot lines "${walk[@]}" --y stall_max --log x,y
check 'bars of two metrics' plot bars --kind bars "${walk[@]}" --y goodput_in_range,goodput_out_of_range
check 'dots with panels' plot dots --kind dots --campaign handover --x transport --y goodput --panel speed_mps --width two
check 'differences' plot difference --kind difference "${walk[@]}" --y goodput --baseline transport=tcp-lte
check 'differences are corrected after Holm' grep -q "after Holm's correction" "$dir/plot/difference.txt"
check 'TeX' plot tex "${walk[@]}" --y goodput --format tex,pdf,svg,png
check 'an axis that the figure does not show' refuses 4 'varies more than the figure shows: mobility.phone.speed_mps' \
    plot --db "$dir/all.db" --campaign handover --x transport --y goodput --out "$dir/none"
check 'parts of a flow' refuses 4 'choose with --entity' plot --db "$dir/all.db" --campaign fairness --x congestion_control --y goodput --out "$dir/none"
check 'an unknown metric' refuses 4 'there are bytes_reinjected, goodput' plot --db "$dir/all.db" "${walk[@]}" --y speed --out "$dir/none"
check 'an unknown axis' refuses 4 'it has mobility.phone.speed_mps, transport' plot --db "$dir/all.db" --campaign handover --x speed --y goodput --out "$dir/none"
check 'a missing option' refuses 2 '--y METRIC,... is missing' plot --db "$dir/all.db" --x transport --out "$dir/none"

echo "$passed passed, $failed failed"
[ $failed = 0 ]
