#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# recorded.sh [OPTION=VALUE...]: how much of a handover is in a recorded trace: for each seed the run with radios, and that of
# the link engine over what was recorded of them with the same seed. Goodput and longest stall of both go to
# OUT/recorded.csv, and side by side to OUT/recorded.svg and .pdf; the last lines say the means, and how far apart the two of a seed are.
# Options: out=out/recorded  seeds=20  jobs=1  set="" (changes to handover.yaml, as for mptcp-run --set, by blanks)

cd "$(dirname "$0")/../.." || exit 1
out=out/recorded seeds=20 jobs=1 set=''
for option in "$@"; do
    [[ $option =~ ^(out|seeds|jobs|set)= ]] || { echo "recorded.sh: expected out=, seeds=, jobs= or set=, not '$option'" >&2; exit 2; }
    declare "$option"
done
mkdir -p "$out" || exit 1
export out set

one() { # SEED: prints a row
    local seed=$1 folder=$out/$1 sets=() s
    for s in $set; do sets+=(--set "$s"); done
    [ -s "$folder/ns3" ] || {
        mkdir -p "$folder"
        build/mptcp-run experiments/handover/handover.yaml --seed "$seed" "${sets[@]}" --record "$folder" &&
            build/mptcp-run experiments/handover/handover.yaml --seed "$seed" "${sets[@]}" >"$folder/part" &&
            mv "$folder/part" "$folder/ns3"
    } || return 1
    build/mptcp-run "$folder/scenario.yaml" --seed "$seed" >"$folder/link" || return 1
    value() { awk -F '\t' -v name="$1" '$1 == "metric" && $2 == name && $3 == "flow:download" { print $5 }' "$folder/$2"; }
    echo "$seed,$(value goodput ns3),$(value goodput link),$(value stall_max ns3),$(value stall_max link)"
}
export -f one

echo seed,goodput_radio_mbps,goodput_trace_mbps,stall_radio_s,stall_trace_s >"$out/recorded.csv"
seq "$seeds" | xargs -P "$jobs" -I N bash -c 'one N' | sort -n >>"$out/recorded.csv"
[ "$(wc -l <"$out/recorded.csv")" = $((seeds + 1)) ] || { echo "recorded.sh: not all runs ended well" >&2; exit 1; }

plot() { # TERMINAL FILE
    gnuplot <<END
set terminal $1
set output '$2'
set datafile separator ','
set key autotitle columnhead off
set multiplot layout 1,2 title '$seeds seeds: a handover over radios, and over what was recorded of them'
set xlabel 'seed'
set xrange [0:$((seeds + 1))]
set key below
set yrange [0:*]
set title 'goodput (Mb/s)'
plot '$out/recorded.csv' using 1:2 with points pt 7 ps 0.6 lc rgb '#0072B2' title 'radios', \
     '' using 1:3 with points pt 6 ps 0.9 lc rgb '#D55E00' title 'recorded traces'
set title 'longest stall (s)'
plot '$out/recorded.csv' using 1:4 with points pt 7 ps 0.6 lc rgb '#0072B2' title 'radios', \
     '' using 1:5 with points pt 6 ps 0.9 lc rgb '#D55E00' title 'recorded traces'
END
}
plot "svg size 720,380 font 'Liberation Sans,12'" "$out/recorded.svg"
plot "pdfcairo size 17cm,9cm font 'Liberation Sans,9'" "$out/recorded.pdf"
awk -F , 'function off(a, b) { return a > b ? a / b - 1 : b / a - 1 }
    NR > 1 { n++; for (i = 2; i <= 5; i++) s[i] += $i
        g = off($2, $3) > g ? off($2, $3) : g; l = off($4, $5) > l ? off($4, $5) : l }
    END { printf "goodput: %.2f Mb/s with radios, %.2f over traces; of one seed by %.1f %% at most\n", s[2] / n, s[3] / n, 100 * g
          printf "longest stall: %.3f s with radios, %.3f over traces; of one seed by %.1f %% at most\n", s[4] / n, s[5] / n, 100 * l }' \
    "$out/recorded.csv"
