#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs all sweeps of this folder and draws doc/schedulers.md and its figures from the database: draw.sh DATABASE [OPTION_OF_SWEEP...]
# What the database holds already is not run again. FOLDER=doc, where page and figures go.

cd "$(dirname "$0")/../.." || exit 1
[ $# -ge 1 ] || { echo "usage: draw.sh DATABASE [OPTION_OF_SWEEP...]" >&2; exit 2; }
db=$1 folder=${FOLDER:-doc} build=${BUILD:-build} here=experiments/schedulers
shift
drawn=$(mktemp -d)
trap 'rm -rf "$drawn"' EXIT
for sweep in $here/*-sweep.yaml; do
    "$build/mptcp-lab" sweep "$sweep" --db "$db" "$@" >&2 || exit
done
"$build/mptcp-lab" export --db "$db" > "$drawn/values.csv" || exit

remark() { # SWEEP: the lines at its head
    sed -n '2,/^name:/{s/^# //p}' "$here/$1-sweep.yaml"
}

table() { # SWEEP AXIS METRIC...
    awk -v campaign="schedulers-$1" -v axis="$2" -v metrics="${*:3}" -f $here/table.awk "$drawn/values.csv"
}

pairs() { # SWEEP AXIS A/B TITLES METRIC...
    printf '| %s | %s |\n| --- |%s\n' "$2" "${4//,/ |}" "$(sed 's/[^,]*,\{0,1\}/ --- |/g' <<<"$4")"
    awk -v campaign="schedulers-$1" -v axis="$2" -v pair="$3" -v metrics="${*:5}" -f $here/table.awk "$drawn/values.csv"
}

{
    echo '# Schedulers, measured'
    echo
    echo "Made by \`$here/draw.sh\`; [$here](../$here/README.md) says what the published figures are, and why ours differ where they do. A cell is a mean over"
    echo 'seeds, ± half of its 95 % interval. Delay: from write to read. Behind holes: bytes that wait at the receiver, mean over time. Sent twice: on another path.'
    echo
    awk -F, 'NR > 1 && $6 == 1 { print $2 ($3 == 1 ? " (changed)" : "") }' "$drawn/values.csv" | sort -u | sed 's/^/Core: commit /'
    echo
    echo '## BLEST beside the path of least RTT'
    echo
    remark blest
    echo
    echo 'BLEST by the path of least RTT, seed by seed (published: goodput +12 %, spurious retransmissions -80 %):'
    echo
    pairs blest buffer_bytes blest/minrtt 'goodput,sent twice,delay of the median,behind holes' goodput bytes_reinjected app_delay_p50 reorder_mean
    echo
    table blest buffer_bytes goodput app_delay_p50 app_delay_p95 reorder_mean bytes_reinjected bytes_duplicate
    echo
    echo '![Delay from write to read by scheduler](figures/schedulers-delay.png)'
    echo
    echo '## ECF beside the path of least RTT'
    echo
    remark ecf
    echo
    echo 'ECF by the path of least RTT, seed by seed (published: downloads 13 % shorter):'
    echo
    pairs ecf download ecf/minrtt 'completion time,sent twice' completion_time bytes_reinjected
    echo
    table ecf download completion_time bytes_reinjected bytes_duplicate reorder_mean
    for part in 'rtt rtt_ratio RTT ratio' 'rate rate_ratio Rate ratio' 'loss loss Loss' 'buffer buffer_bytes Buffers'; do
        read -r sweep axis title <<<"$part"
        printf '\n## %s\n\n' "$title"
        remark "$sweep"
        printf '\n![Goodput and what waits behind holes](figures/schedulers-%s.png)\n\n' "$sweep"
        table "$sweep" "$axis" goodput app_delay_p50 app_delay_p95 reorder_mean bytes_reinjected bytes_duplicate
    done
} > "$drawn/page" || exit
for figure in $here/figures/*.yaml; do
    "$build/mptcp-figures" "$figure" --db "$db" --out "$drawn" >&2 || exit
done
mkdir -p "$folder/figures"
"$build/mptcp-validate" "$db" --figures "$drawn" >&2 || exit
mv "$drawn/page" "$folder/schedulers.md"
cp "$drawn"/*.png "$folder/figures/"
