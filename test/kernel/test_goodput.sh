#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# test_goodput.sh BUILD_DIR [RUNS [WORD]]: single-path flows of the core against the kernel, and of two kernels, over the same emulated link
# with the same seeds: the goodput may differ by 10 %, each direction by itself. WORD selects rows whose name contains it. JOBS=N: runs at
# once; KEEP=FOLDER: every run's rate stays there.
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

# ---- Rows: NAME:CONGESTION:FAULTS OF THE LINK:BYTES:RUNS AT FIRST:SETTING OF THE CORE ----

PORT=5000
LINK='device=k1,kernel=10.77.1.1,core=10.77.1.2,rate_mbps=10,delay_ms=20,queue_packets=50'
ROWS=()
for congestion in reno cubic; do # CUBIC like for like
    ROWS+=("clean:$congestion::20000000:1:cubic_alpha_one=false"
        "loss 1 %:$congestion:,loss_percent=1:5000000:$runs:cubic_alpha_one=false"
        "loss 3 %:$congestion:,loss_percent=3:3000000:$runs:cubic_alpha_one=false"
        "reordering:$congestion:,reorder_percent=2,reorder_ms=10:5000000:$runs:cubic_alpha_one=false")
done
# As RFC 9438 has it the core is faster than Linux by intent: told to those who ask for it, not judged.
TOLD=("rfc9438 1 %:cubic:,loss_percent=1:5000000:$runs:cubic_alpha_one=true"
    "rfc9438 3 %:cubic:,loss_percent=3:3000000:$runs:cubic_alpha_one=true")

split() { # ROW: into variables
    IFS=: read -r name congestion faults bytes first setting <<<"$1"
    results="$work/$name $congestion.rates"
}

chosen() { # ROW
    [ -z "$word" ] || [ -z "${1%%*"$word"*:*:*:*:*:*}" ]
}

# ---- Runs ----

# A run in namespaces of its own. The sender is the client: core, kernel, or the one of two kernels that takes the place of the core
# (as_core) or of the kernel (as_kernel), so that the same packets of a seed are lost. Prints Mb/s.
one_run() { # SENDER CONGESTION SEED LINK BYTES SETTING
    local congestion=$2 seed=$3 link=$4 bytes=$5 setting=$6
    case_begin "$work/$1-$2-$3-$BASHPID"
    mkdir -p "$dir"
    local ns=mpg-$BASHPID-a far=mpg-$BASHPID-b
    local peer="ip netns exec $ns $build/test/kernel/kernel_peer --tcp --congestion $congestion --timeout 100"
    local core="$build/test/kernel/kernel_host --netns $ns --path $link --seed $seed --set mptcp=false --set $setting \
        --set congestion_control=$congestion --timeout 100" listen='--listen ' connect='--connect '
    netns_up "$ns"
    case $1 in
    as_*)
        netns_up "$far" 2
        start bridge "$build/test/kernel/kernel_bridge" --netns "$ns" --netns "$far" --path "$link" --seed "$seed"
        wait_for 10 is_ready bridge
        core=${peer/$ns/$far} listen='--listen 10.77.1.2/' connect='--connect 10.77.1.1/'
        ;;
    esac
    # commands are words
    # shellcheck disable=SC2086
    case $1 in
    *core)
        start receiver $peer --listen 10.77.1.1/$PORT
        wait_for 10 is_ready receiver
        start sender $core $connect$PORT --bytes "$bytes"
        ;;
    *kernel)
        start receiver $core $listen$PORT
        wait_for 10 is_ready receiver
        start sender $peer --connect 10.77.1.2/$PORT --bytes "$bytes"
        ;;
    esac
    finish sender || fail "the sender ends with status $?"
    finish receiver || fail "the receiver ends with status $?"
    want receiver read -eq "$bytes"
    [ $failed = 0 ] && awk -v b="$bytes" -v s="$(value receiver seconds)" 'BEGIN { printf "%.3f\n", b * 8 / s / 1e6 }'
    exit $failed
}

# A line SEED SENDER Mb/s, or with the reason why there is none, joins the row's results.
note_run() { # ROW SENDER SEED
    local said
    split "$1"
    said=$(one_run "$2" "$congestion" "$3" "$LINK$faults" "$bytes" "$setting")
    echo "$3 $2" $said >>"$results"
}

# All rows take turns, so that whatever else the machine does meets all alike.
run_rows() { # SEED SEED ROW...
    local seed row sender from=$1 to=$2
    shift 2
    for seed in $(seq "$from" "$to"); do
        for row in "$@"; do
            split "$row"
            [ "$from" = 1 ] && [ "$seed" -gt "$first" ] && continue
            for sender in core as_core kernel as_kernel; do
                while [ "$(jobs -rp | wc -l)" -ge "$jobs_max" ]; do
                    wait -n
                done
                note_run "$row" $sender "$seed" &
            done
        done
    done
    wait
}

# ---- Results ----

# Medians of core's and Linux's rates and of their ratios, their number, the least and the greatest ratio; 0 when a run failed.
medians() { # core|kernel
    awk -v one="$1" '
        function sort(v, n, i, j, x) {
            for (i = 2; i <= n; i++)
                for (j = i; j > 1 && v[j - 1] > v[j]; j--) { x = v[j]; v[j] = v[j - 1]; v[j - 1] = x }
        }
        function median(v, n) { sort(v, n); return (v[int((n + 1) / 2)] + v[int(n / 2) + 1]) / 2 }
        $2 == one || $2 == "as_" one { rate[$1, $2] = NF == 3 ? $3 : 0; if ($1 > n) n = $1 }
        END {
            for (i = 1; i <= n; i++) {
                a[i] = rate[i, one]; b[i] = rate[i, "as_" one]
                if (a[i] * b[i] == 0) { print 0, 0, 0, n, 0, 0; exit }
                r[i] = a[i] / b[i]
            }
            printf "%.2f %.2f %.3f %d %.2f %.2f\n", median(a, n), median(b, n), median(r, n), n, r[1], r[n]
        }' "$results"
}

# Print a row's two lines. @return 0: both are within the bounds; how many are not is in $outside
tell() { # ROW VERDICT_WITHIN VERDICT_OUTSIDE
    local one core linux ratio count least most verdict
    outside=0
    split "$1"
    for one in core kernel; do
        read -r core linux ratio count least most < <(medians $one)
        verdict=$2
        awk -v r="$ratio" 'BEGIN { exit r >= 0.9 && r <= 1.1 }' && verdict=$3 outside=$((outside + 1))
        printf '%-12s %-6s %-14s %8s %8s %6s %4s..%s %3s %s\n' "$name" "$congestion" "$one sends" "$core" "$linux" "$ratio" "$least" "$most" \
            "$count" "$verdict"
    done
    awk 'NF != 3' "$results" >&2 # why a run failed
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
