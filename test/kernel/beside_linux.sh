#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# beside_linux.sh BUILD_DIR RESULTS.csv [RUNS [WORD]]: transfers of the core and of the kernel over the same emulated paths, paired by seed:
# core to kernel beside kernel to kernel, and kernel to core beside kernel to kernel. RUNS seeds a row (9); a row whose median is more than
# 5 % off gets three times as many. WORD selects rows whose name contains it. The results of the rows that ran take the place of the
# former ones in RESULTS.csv. JOBS=N: runs at once. Exit status 77 where the machine cannot do it.
# beside_linux.sh --page RESULTS.csv: print doc/beside_linux.md.
#
# What is compared is the sender (above) and the receiver (below); the other end of the pair is the kernel of the same namespace each time.
set -u

here=$(dirname "$0")
. "$here/kernel_lib.sh"
. "$here/goodput_lib.sh"

# ---- Rows: two congestion controls and Linux's scheduler over two paths, three over one ----

rows=()
one() { # NAME BYTES PATH CONGESTION...
    local congestion
    for congestion in "${@:4}"; do
        rows+=("$1|tcp|$congestion|$2|0|$LIKE_LINUX|$3")
    done
}
two() { # NAME BYTES PATH PATH [SETTING]
    local settings="$LIKE_LINUX${5:+ $5}"
    rows+=("$1|mptcp|reno|$2|0|$settings|$3|$4" "$1|mptcp|cubic|$2|0|$settings|$3|$4")
}
link() { # Mb/s ONE-WAY_ms QUEUE [LOSS_%]
    echo "rate_mbps=$1,delay_ms=$2,queue_packets=$3${4:+,loss_percent=$4}"
}
one clean 10000000 "$(link 10 20 50)" reno cubic bbr
one 'faster and shorter' 20000000 "$(link 40 5 60)" reno cubic bbr
one 'shallow queue' 10000000 "$(link 10 40 15)" reno cubic bbr
one 'deep queue' 10000000 "$(link 10 20 300)" reno cubic bbr
one 'some losses' 10000000 "$(link 10 25 50 0.3)" reno cubic bbr
one 'many losses' 5000000 "$(link 10 20 50 2)" reno cubic bbr
two alike 15000000 "$(link 10 20 50)" "$(link 10 20 50)"
two unlike 12000000 "$(link 10 20 50)" "$(link 5 50 50)"
two 'unlike delays' 15000000 "$(link 10 10 50)" "$(link 10 80 100)"
two 'unlike rates' 15000000 "$(link 20 20 60)" "$(link 2 20 30)"
two 'both lossy' 8000000 "$(link 10 20 50 1)" "$(link 10 20 50 1)"
two 'one lossy' 12000000 "$(link 20 10 50 2)" "$(link 10 40 100)"
two 'shallow queues' 12000000 "$(link 10 20 15)" "$(link 5 40 10)"
two 'deep queues' 12000000 "$(link 10 20 300)" "$(link 5 40 300)"
two short 1000000 "$(link 10 20 50)" "$(link 10 20 50)"
# Linux gives a path more than its window takes, the core never does. With this the kernel gives it 16 kB and a burst more at most.
two 'unlike rates bound late' 15000000 "$(link 20 20 60)" "$(link 2 20 30)" net.ipv4.tcp_notsent_lowat=16384
two 'shallow queues bound late' 12000000 "$(link 10 20 15)" "$(link 5 40 10)" net.ipv4.tcp_notsent_lowat=16384
two 'deep queues bound late' 12000000 "$(link 10 20 300)" "$(link 5 40 300)" net.ipv4.tcp_notsent_lowat=16384
two fast 30000000 "$(link 30 10 80)" "$(link 15 30 80)"

# ---- Results: "# kernel VERSION", "# commit HASH" and lines SHAPE,CONGESTION,SEED,SENDER,Mb/s,LATE_PERMILLE (or ,, of a run that failed) ----

# Each row's results as run_rows leaves them.
unpack() { # CSV
    local row
    for row in "${rows[@]}"; do
        split "$row"
        awk -F, -v name="$name" -v congestion="$congestion" '$1 == name && $2 == congestion { print $3, $4, $5, $6 }' "$1" >"$results"
    done
}

pack() { # into $csv, in the order of the rows
    local row
    printf '%s\n' "# kernel $(uname -r)" "# commit $(git -C "$here" rev-parse --short=10 HEAD)" "shape,congestion,seed,sender,mbps,late_permille" >"$csv"
    for row in "${rows[@]}"; do
        split "$row"
        sort -n -k 1,1 -k 2,2 "$results" | awk -v key="$name,$congestion" '{ print key "," $1 "," $2 "," (NF == 4 ? $3 "," $4 : ",") }' >>"$csv"
    done
}

# A row's medians and the verdict, for the core as the sender and as the receiver.
is_outside() { # core|kernel
    read -r core linux ratio count low high _ < <(medians "$1" "$results")
    awk -v r="$ratio" -v limit="$LIMIT" 'BEGIN { exit r >= 1 - limit && r <= 1 + limit }'
}

words_of() { # KEY=VALUE,...: a path in words
    local rate=${1#*rate_mbps=} delay=${1#*delay_ms=} queue=${1#*queue_packets=} loss=
    [ -z "${1##*loss_percent=*}" ] && loss=", ${1##*loss_percent=} % lost"
    echo "${rate%%,*} Mb/s, $((${delay%%,*} * 2)) ms, ${queue%%,*} packets$loss"
}

# ---- The page ----

page() { # CSV
    local row one who verdict outside=0 compared=0 held table= shapes whole
    for row in "${rows[@]}"; do
        split "$row"
        [ -s "$results" ] || continue
        for one in core kernel; do
            is_outside $one && verdict=outside outside=$((outside + 1)) || verdict=within
            compared=$((compared + 1))
            [ $one = core ] && who=sends || who=receives
            table+="| $name | $(words_of "${links[0]}")${links[1]:+; $(words_of "${links[1]}")} | $congestion | $who | $count | $core | $linux | $ratio [$low, $high] | $verdict |
"
        done
    done
    shapes=$(cut -d '|' -f 2 <<<"$table" | sort -u | grep -c .)
    whole=$((shapes - $(grep '| outside |$' <<<"$table" | cut -d '|' -f 2 | sort -u | grep -c .)))
    held=$(awk -F, -v most=$LATE_PERMILLE_MAX '$6 > most' "$1" | wc -l)
    cat <<END
# Beside Linux

Made by \`test/kernel/beside_linux.sh --page\` of \`${1#"$here"/}\`; [test/kernel](../test/kernel/README.md) says how it is measured, and why a row is outside. The core
takes the place of one of two kernels and does the same transfer over the same emulated paths, where with the same seed the same packets are lost: rate, round-trip time, queue and losses
both ways. One path: TCP. Two: MPTCP with Linux's scheduler, \`scheduler=linux\` of the core, and a congestion control that is not coupled. Rates: medians in Mb/s of what the
application got, from the connection on. Ratio: the median of core / Linux of a seed, with an interval of 95 %. Within: 5 %.

Kernel $(sed -n 's/^# kernel //p' "$1"); core: commit $(sed -n 's/^# commit //p' "$1"). $((compared - outside)) of $compared rows within, $outside outside; of $shapes shapes $whole have all rows within. In $held of $(grep -c ',[0-9]*$' "$1") runs
more than $LATE_PERMILLE_MAX of 1000 packets were delivered over 2 ms late by the machine.

| shape | paths | control | the core | n | core | Linux | ratio | verdict |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
END
    printf '%s' "$table"
}

# ---- The command ----

LIMIT=0.05
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

if [ "${1:-}" = --page ]; then
    unpack "${2:?RESULTS.csv}"
    page "$2"
    exit
fi

build=${1:?usage: beside_linux.sh BUILD_DIR RESULTS.csv [RUNS [WORD]]}
csv=${2:?RESULTS.csv}
runs=${3:-9}
word=${4:-}
jobs_max=${JOBS:-12}
reason=$(kernel_skip_reason)
if [ -n "$reason" ]; then
    echo "skip: $reason"
    exit 77
fi

again=() chosen=()
[ -f "$csv" ] || : >"$csv"
unpack "$csv"
for row in "${rows[@]}"; do
    split "$row"
    [ -n "${name##*"$word"*}" ] && continue
    : >"$results"
    chosen+=("${row/|0|/|$runs|}")
done
run_rows 1 "$runs" "${chosen[@]}"
for row in "${chosen[@]}"; do
    split "$row"
    if is_outside core || is_outside kernel; then
        again+=("$row")
    fi
done
[ ${#again[@]} = 0 ] || run_rows $((runs + 1)) $((runs * 3)) "${again[@]}"
awk 'NF != 4' "$work"/*.rates >&2 # why a run failed
pack
