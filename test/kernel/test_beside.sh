#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# test_beside.sh BUILD_DIR [RUNS [WORD]]: MPTCP transfers of the core beside the kernel's own over the same two emulated links with the same
# seeds: Linux's default scheduler on both sides, no coupling (Reno, CUBIC), and BBR over one path where the core has it. The receiver is a
# kernel in each case. The median over RUNS seeds (default 3) of the ratio of both goodputs may be 5 % off; a row outside goes on to three
# times as many, which count alone. WORD selects rows whose name contains it. JOBS=N: runs at once (default 4: each is 4 processes in real time).
# A table goes to standard output; last line: N passed, N failed, N skipped. Exit status 77 where the machine cannot do it.
set -u

build=${1:?usage: test_beside.sh BUILD_DIR [RUNS [WORD]]}
runs=${2:-3}
word=${3:-}
here=$(dirname "$0")
. "$here/kernel_lib.sh"

reason=$(kernel_skip_reason)
if [ -n "$reason" ]; then
    echo "skip: $reason"
    exit 77
fi
grep -qw bbr /proc/sys/net/ipv4/tcp_available_congestion_control && has_bbr=true || has_bbr=false

jobs_max=${JOBS:-4}
work=${KEEP:-$(mktemp -d)} || exit 2
mkdir -p "$work"
trap '[ -n "${KEEP:-}" ] || rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

# ---- Rows: NAME:CONTROL:BYTES:FIRST LINK:SECOND LINK; a link is Mb/s, ms one way, packets, faults. ----

PORT=5000
ROWS=(
    'like:reno:6000000:10 20 50:10 20 50'
    'like:cubic:6000000:10 20 50:10 20 50'
    'unlike:reno:6000000:10 20 50:5 50 50'
    'unlike:cubic:6000000:10 20 50:5 50 50'
    'rates 3 to 1:reno:5000000:10 10 50:3 10 50'
    'rates 10 to 1:cubic:8000000:20 10 50:2 40 30'
    'delays 25 to 1:reno:6000000:8 1 30:8 25 50'
    'delays 10 to 1:cubic:8000000:15 5 50:15 50 100'
    'long first:reno:4000000:5 100 80:5 20 50'
    'shallow queues:cubic:5000000:10 20 20:5 50 20'
    'deep queue:reno:5000000:4 30 200:8 15 50'
    'deep queue:cubic:5000000:4 30 200:8 15 50'
    'loss 0.5 %:reno:4000000:10 20 50 ,loss_percent=0.5:10 40 50 ,loss_percent=0.5'
    'loss 1 % on one:cubic:4000000:10 20 50 ,loss_percent=1:5 50 50'
)
ONE_PATH=('one path:bbr:6000000:10 20 50:' 'one path, deep:bbr:6000000:10 20 300:' 'one path, loss:bbr:6000000:10 20 50 ,loss_percent=1:')

split() { # ROW: into variables
    local rate delay queue faults
    IFS=: read -r name congestion bytes first second <<<"$1"
    results="$work/$name $congestion.rates"
    links=()
    read -r rate delay queue faults <<<"$first"
    links+=("device=k1,kernel=10.77.1.1,core=10.77.1.2,rate_mbps=$rate,delay_ms=$delay,queue_packets=$queue$faults")
    [ -n "$second" ] || return 0
    read -r rate delay queue faults <<<"$second"
    links+=("device=k2,kernel=10.77.2.1,core=10.77.2.2,rate_mbps=$rate,delay_ms=$delay,queue_packets=$queue$faults")
}

# ---- Runs ----

# The kernel sends from its second address by the second device, and joins from there.
second_path_of() { # NS
    ip -n "$1" mptcp endpoint add 10.77.2.2 dev k2 id 2 subflow
    ip -n "$1" rule add from 10.77.2.2 table 2
    ip -n "$1" route add default dev k2 table 2
}

# A run in namespaces of its own. Prints Mb/s.
one_run() { # core|linux SEED
    local seed=$2 ns=mpb-$BASHPID-a far=mpb-$BASHPID-b link i=0 kind='' paths=()
    case_begin "$work/$1-$2-$BASHPID"
    mkdir -p "$dir"
    [ ${#links[@]} = 1 ] && kind=--tcp
    netns_up "$ns"
    for link in "${links[@]}"; do
        paths+=(--path "$link")
    done
    [ $1 = core ] || netns_up "$far" 2
    [ $1 = core ] || [ ${#links[@]} = 1 ] || second_path_of "$far"
    [ $1 = core ] || for link in "${links[@]}"; do
        start bridge$i "$build/test/kernel/kernel_bridge" --netns "$ns" --netns "$far" --path "$link" --seed "$seed" --index $i
        wait_for 10 is_ready bridge$i
        i=$((i + 1))
    done
    start receiver ip netns exec "$ns" "$build/test/kernel/kernel_peer" $kind --listen 10.77.1.1/$PORT --timeout 100
    wait_for 10 is_ready receiver
    if [ $1 = core ]; then
        start sender "$build/test/kernel/kernel_host" --netns "$ns" "${paths[@]}" --seed "$seed" --connect $PORT --bytes "$bytes" \
            --set mptcp=$([ -z "$kind" ] && echo true || echo false) --set congestion_control="$congestion" --set cubic_alpha_one=false \
            --set scheduler=$scheduler --timeout 100
    else
        start sender ip netns exec "$far" "$build/test/kernel/kernel_peer" $kind --congestion "$congestion" --timeout 100 \
            --connect 10.77.1.1/$PORT --bytes "$bytes"
    fi
    finish sender || fail "the sender ends with status $?: $(tail -n 1 "$dir/sender.err")"
    finish receiver || fail "the receiver ends with status $?"
    want receiver read -eq "$bytes"
    [ -n "$kind" ] || [ "$(value receiver mode)" = mptcp ] || fail "it is no MPTCP connection"
    [ ${#links[@]} = 1 ] || [ "$(ip netns exec "$ns" cat /sys/class/net/k2/statistics/rx_bytes)" -gt $((bytes / 50)) ] ||
        fail "the second path carried nothing"
    [ $failed = 0 ] && awk -v b="$bytes" -v s="$(value receiver seconds)" 'BEGIN { printf "%.3f\n", b * 8 / s / 1e6 }'
    exit $failed
}

note_run() { # ROW SENDER SEED
    local said
    split "$1"
    said=$(one_run "$2" "$3")
    echo "$3 $2" $said >>"$results"
}

run_rows() { # SEED SEED ROW...: all rows take turns
    local seed row sender from=$1 to=$2
    shift 2
    for seed in $(seq "$from" "$to"); do
        for row in "$@"; do
            for sender in core linux; do
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

# Medians of both rates and of their ratio, their number, least and greatest ratio; 0 when a run failed.
medians() {
    awk '
        function sort(v, n, i, j, x) {
            for (i = 2; i <= n; i++)
                for (j = i; j > 1 && v[j - 1] > v[j]; j--) { x = v[j]; v[j] = v[j - 1]; v[j - 1] = x }
        }
        function median(v, n) { sort(v, n); return (v[int((n + 1) / 2)] + v[int(n / 2) + 1]) / 2 }
        { rate[$1, $2] = NF == 3 ? $3 : 0; seed[$1] = 1 }
        END {
            for (i in seed) {
                n++; a[n] = rate[i, "core"]; b[n] = rate[i, "linux"]
                if (a[n] * b[n] == 0) { print 0, 0, 0, n, 0, 0; exit }
                r[n] = a[n] / b[n]
            }
            printf "%.2f %.2f %.3f %d %.2f %.2f\n", median(a, n), median(b, n), median(r, n), n, r[1], r[n]
        }' "$results"
}

tell() { # ROW VERDICT_WITHIN VERDICT_OUTSIDE
    local core linux ratio count least most verdict=$2
    split "$1"
    read -r core linux ratio count least most < <(medians)
    awk -v r="$ratio" 'BEGIN { exit r >= 0.95 && r <= 1.05 }' && verdict=$3
    printf '%-16s %-6s %8s %8s %6s %4s..%-4s %3s %s\n' "$name" "$congestion" "$core" "$linux" "$ratio" "$least" "$most" "$count" "$verdict"
    awk 'NF != 3' "$results" >&2 # why a run failed
    [ "$verdict" = "$2" ]
}

rows=() again=() failed_count=0 skipped=0
for row in "${ROWS[@]}"; do
    [ -n "$word" ] && [ -n "${row##*"$word"*}" ] || rows+=("$row")
done
core_knows() { # SETTING=VALUE
    ! "$build/test/kernel/kernel_host" --set "$1" 2>&1 | grep -q 'no such setting'
}
scheduler=linux
core_knows scheduler=linux || { scheduler=earliest; echo "told: the core has no scheduler of Linux's; its own stands in"; }
if ! $has_bbr || ! core_knows congestion_control=bbr; then
    skipped=${#ONE_PATH[@]}
    echo "skip: BBR over one path: $($has_bbr && echo the core || echo the kernel) has none"
else
    for row in "${ONE_PATH[@]}"; do
        [ -n "$word" ] && [ -n "${row##*"$word"*}" ] || rows+=("$row")
    done
fi
run_rows 1 "$runs" ${rows+"${rows[@]}"}
printf '%-16s %-6s %8s %8s %6s %10s %3s\n' links cc core Linux ratio 'from to' n
for row in ${rows+"${rows[@]}"}; do
    tell "$row" ok more || again+=("$row")
done
for row in ${again+"${again[@]}"}; do
    split "$row"
    rm -f "$results"
done
run_rows $((runs + 1)) $((runs * 4)) ${again+"${again[@]}"}
for row in ${again+"${again[@]}"}; do
    tell "$row" ok FAILED || failed_count=$((failed_count + 1))
done
passed=$((${#rows[@]} - failed_count))
echo "$passed passed, $failed_count failed, $skipped skipped"
[ $failed_count = 0 ] && [ $passed -gt 0 ]
