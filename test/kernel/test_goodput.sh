#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# test_goodput.sh BUILD_DIR [RUNS [WORD]]: flows of the core against the kernel, and of two kernels, over the same emulated paths with the
# same seeds: the goodput may differ by 10 %, each direction by itself. WORD selects rows whose name contains it. JOBS=N: runs at once;
# KEEP=FOLDER: every run's rate stays there. beside_linux.sh has more rows and is more exact.
# A table goes to standard output; last line: N passed, N failed, N skipped. Exit status 77 where the machine cannot do it.
#
# What is judged is the median of core / Linux over RUNS seeds (default 9; without faults one run says it all). In a pair the same packets are
# lost, and all rows and senders take turns. Over 18 seeds the logarithms of a pair's rates have a correlation of 0.94 to 0.99 under loss,
# that of their ratio a standard deviation of at most 0.051 about a mean of at most 0.033: the median of 9 has a standard error of
# 1.25 * 0.051 / 3 = 0.021, that of 27 one of 0.012. A row outside the bounds (0.095) goes on to three times as many, which count alone: it
# would have to be off by five standard errors by chance, less than 1 in 10^6, and by eight where the mean is 0.
set -u

build=${1:?usage: test_goodput.sh BUILD_DIR [RUNS [WORD]]}
runs=${2:-9}
word=${3:-}
here=$(dirname "$0")
. "$here/kernel_lib.sh"
. "$here/goodput_lib.sh"

reason=$(kernel_skip_reason)
if [ -n "$reason" ]; then
    echo "skip: $reason"
    exit 77
fi

jobs_max=${JOBS:-$(($(nproc) == 1 ? 12 : 24))}
work=${KEEP:-$(mktemp -d)} || exit 2
mkdir -p "$work"
trap '[ -n "${KEEP:-}" ] || rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

# ---- Rows ----

ONE='rate_mbps=10,delay_ms=20,queue_packets=50'
ROWS=()
for congestion in reno cubic; do # CUBIC like for like
    like='cubic_alpha_one=false'
    ROWS+=("clean|tcp|$congestion|20000000|1|$like|$ONE"
        "loss 1 %|tcp|$congestion|5000000|$runs|$like|$ONE,loss_percent=1"
        "loss 3 %|tcp|$congestion|3000000|$runs|$like|$ONE,loss_percent=3"
        "reordering|tcp|$congestion|5000000|$runs|$like|$ONE,reorder_percent=2,reorder_ms=10")
done
ROWS+=("two paths|mptcp|reno|10000000|3|$LIKE_LINUX|$ONE|rate_mbps=5,delay_ms=50,queue_packets=50"
    "a lossy one|mptcp|cubic|10000000|3|$LIKE_LINUX|$ONE,loss_percent=2|rate_mbps=5,delay_ms=50,queue_packets=50"
    "bbr|tcp|bbr|10000000|1|$LIKE_LINUX|$ONE")
# As RFC 9438 has it the core is faster than Linux by intent: told to those who ask for it, not judged.
TOLD=("rfc9438 1 %|tcp|cubic|5000000|$runs|cubic_alpha_one=true|$ONE,loss_percent=1"
    "rfc9438 3 %|tcp|cubic|3000000|$runs|cubic_alpha_one=true|$ONE,loss_percent=3")

chosen() { # ROW
    [ -z "${1%%*"$word"*|*tcp|*}" ]
}

# ---- Results ----

# Print a row's two lines. @return 0: both are within the bounds; how many are not is in $outside
tell() { # ROW VERDICT_WITHIN VERDICT_OUTSIDE
    local one core linux ratio count least most verdict
    outside=0
    split "$1"
    for one in core kernel; do
        read -r core linux ratio count _ _ least most < <(medians $one "$results")
        verdict=$2
        awk -v r="$ratio" 'BEGIN { exit r >= 0.9 && r <= 1.1 }' && verdict=$3 outside=$((outside + 1))
        printf '%-12s %-6s %-14s %8s %8s %6s %4s..%s %3s %s\n' "$name" "$congestion" "$one sends" "$core" "$linux" "$ratio" "$least" "$most" \
            "$count" "$verdict"
    done
    awk 'NF != 4' "$results" >&2 # why a run failed
    [ $outside = 0 ]
}

rows=() told=() again=() failed_count=0
for row in "${ROWS[@]}"; do
    chosen "$row" && rows+=("$row")
done
for row in "${TOLD[@]}"; do
    [ -n "$word" ] && chosen "$row" && told+=("$row")
done
run_rows 1 "$runs" ${rows+"${rows[@]}"} ${told+"${told[@]}"}
printf '%-12s %-6s %-14s %8s %8s %6s %10s %3s\n' link cc '' 'core Mb/s' Linux ratio 'from to' n
for row in ${rows+"${rows[@]}"}; do
    tell "$row" ok more || again+=("$row")
done
for row in ${told+"${told[@]}"}; do
    tell "$row" told told
done
run_rows $((runs + 1)) $((runs * 3)) ${again+"${again[@]}"}
for row in ${again+"${again[@]}"}; do
    tell "$row" ok FAILED || failed_count=$((failed_count + outside))
done
passed=$((2 * (${#rows[@]} + ${#told[@]}) - failed_count))
echo "$passed passed, $failed_count failed, 0 skipped"
[ $failed_count = 0 ] && [ $passed -gt 0 ]
