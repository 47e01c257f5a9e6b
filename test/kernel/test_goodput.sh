#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# test_goodput.sh BUILD_DIR [RUNS [WORD]]: single-path flows of the core against the kernel, and of two kernels, over the same emulated link
# with the same seeds: the goodput may differ by 10 %. Each direction by itself; the median of RUNS (default 9) where there is chance.
# WORD selects links whose name contains it.
# A table goes to standard output; last line: N passed, N failed, N skipped. Exit status 77 where the machine cannot do it.
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

LINK='device=k1,kernel=10.77.1.1,core=10.77.1.2,rate_mbps=10,delay_ms=20,queue_packets=50'
PORT=5000
work=${KEEP:-$(mktemp -d)} || exit 2
mkdir -p "$work"
trap '[ -n "${KEEP:-}" ] || rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

# A run in namespaces of its own. The sender is the client: core, kernel, or the one of two kernels that takes the place of the core
# (as_core) or of the kernel (as_kernel), so that the same packets of a seed are lost. Prints Mb/s.
one_run() { # SENDER CONGESTION SEED LINK BYTES
    local congestion=$2 seed=$3 link=$4 bytes=$5
    case_begin "$work/$1-$2-$3-$BASHPID"
    mkdir -p "$dir"
    local ns=mpg-$BASHPID-a far=mpg-$BASHPID-b
    local peer="ip netns exec $ns $build/test/kernel/kernel_peer --tcp --congestion $congestion --timeout 100"
    local core="$build/test/kernel/kernel_host --netns $ns --path $link --seed $seed --set mptcp=false \
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

median() { sort -n | awk '{ v[NR] = $1 } END { print NR ? v[int((NR + 1) / 2)] : 0 }'; }

goodput() { # SENDER CONGESTION LINK BYTES RUNS: median of the runs, which take place at once
    local seed
    for seed in $(seq "$5"); do
        (one_run "$1" "$2" "$seed" "$3" "$4") &
    done | median
    wait
}

passed=0 failed_count=0
compare() { # WHAT CONGESTION LINK BYTES RUNS
    local one two is said
    [ -n "$word" ] && [ -n "${1##*$word*}" ] && return
    for one in core kernel as_core as_kernel; do
        goodput $one "$2" "$3" "$4" "$5" >"$work/$one" &
    done
    wait
    for one in core kernel; do
        is=$(cat "$work/$one")
        two=$(cat "$work/as_$one")
        said=$(awk -v a="$is" -v b="$two" \
            'BEGIN { r = b > 0 ? a / b : 0; printf "%6.3f %s", r, (r >= 0.9 && r <= 1.1) ? "ok" : "FAILED" }')
        printf '%-12s %-6s %-14s %8.2f %8.2f %s\n' "$1" "$2" "$one sends" "$is" "$two" "$said"
        [ -n "${said##*ok}" ] && failed_count=$((failed_count + 1)) || passed=$((passed + 1))
    done
}

printf '%-12s %-6s %-14s %8s %8s %6s\n' link cc '' 'core Mb/s' 'Linux' ratio
for congestion in reno cubic; do
    compare clean $congestion "$LINK" 20000000 1
    compare 'loss 1 %' $congestion "$LINK,loss_percent=1" 5000000 "$runs"
    compare 'loss 3 %' $congestion "$LINK,loss_percent=3" 3000000 "$runs"
    compare reordering $congestion "$LINK,reorder_percent=2,reorder_ms=10" 5000000 "$runs"
done
echo "$passed passed, $failed_count failed, 0 skipped"
[ $failed_count = 0 ] && [ $passed -gt 0 ]
