#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Compares the cost of MPTCP with that of ns-3's own TCP (TcpLinuxReno) for the same bytes on the same paths: one MPTCP
# connection with one subflow against one TCP connection (one), and with two subflows on two paths against two TCP
# connections with half the bytes each (two). Everything is measured in this one run, on this machine.
#
#   user time     of the simulation alone; the least of ROUNDS alternating runs of LONG bytes
#   instructions  by callgrind; runs of two sizes, their difference: start-up, handshake and close cancel out
#   peak memory   of the process, in the runs of LONG bytes
#   events        as the instructions, by difference
#
# The last line is `RATIO one=X two=Y`, of the instructions.

cd "$(dirname "$0")/../.." || exit 1
program=build/mptcp-bench
long=${LONG:-200000000} rounds=${ROUNDS:-5} size_small=4000000 size_large=20000000

fail() {
    echo "bench: $*" >&2
    exit 1
}
[ -x "$program" ] || fail "$program is missing; run ./waf build"
command -v valgrind >/dev/null || fail "valgrind is missing; run ./waf setup"

results=$(mktemp -d) && trap 'rm -rf "$results"' EXIT

transfer() { # TRANSPORT PATHS BYTES
    "$program" --transport="$1" --paths="$2" --bytes="$3"
}

# Writes events and instructions of one size to $results/TRANSPORT-PATHS-BYTES.
count_instructions() { # TRANSPORT PATHS BYTES
    local out=$results/$1-$2-$3
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" --transport="$1" --paths="$2" --bytes="$3" \
        >"$out" 2>"$out.log" || { cat "$out.log" >&2; return 1; }
    sed -n 's/.*Collected : \([0-9]*\).*/instructions=\1/p' "$out.log" >>"$out"
}

value() { # NAME FILE...: every value of NAME=value in the files, one a line
    local name=$1
    shift
    sed -n "s/.*\b$name=\([0-9.]*\).*/\1/p" "$@"
}

echo "bench: counting instructions, $size_small and $size_large bytes"
pids=() running=0
for bytes in "$size_large" "$size_small"; do
    for transport in ns3-tcp mptcp; do
        for paths in 1 2; do
            count_instructions "$transport" "$paths" "$bytes" &
            pids+=($!)
            running=$((running + 1))
            if [ "$running" -ge "$(nproc)" ]; then
                wait "${pids[0]}" || fail "callgrind failed"
                pids=("${pids[@]:1}")
                running=$((running - 1))
            fi
        done
    done
done
for pid in "${pids[@]}"; do wait "$pid" || fail "callgrind failed"; done

echo "bench: measuring time and memory, $rounds rounds of $long bytes"
for ((round = 1; round <= rounds; round++)); do
    for paths in 1 2; do
        for transport in ns3-tcp mptcp; do
            transfer "$transport" "$paths" "$long" >>"$results/$transport-$paths-long" || fail "a transfer failed"
        done
    done
done

# What one case costs: user seconds, instructions a kilobyte, peak memory, events a kilobyte.
cost() { # TRANSPORT PATHS
    local small=$results/$1-$2-$size_small large=$results/$1-$2-$size_large runs=$results/$1-$2-long
    value user_s "$runs" | sort -g | head -n 1
    for name in instructions events; do
        awk -v a="$(value $name "$small")" -v b="$(value $name "$large")" -v bytes=$((size_large - size_small)) \
            'BEGIN { printf "%.3f\n", (b - a) / (bytes / 1000) }'
    done
    value peak_kib "$runs" | sort -g | head -n 1
}

ratios=()
printf '%-34s %12s %12s %8s\n' "" "MPTCP" "ns-3 TCP" "ratio"
for paths in 1 2; do
    mapfile -t ours < <(cost mptcp "$paths")
    mapfile -t theirs < <(cost ns3-tcp "$paths")
    labels=("user time (s)" "instructions a kB" "events a kB" "peak memory (KiB)")
    for i in 0 1 2 3; do
        ratio=$(awk -v a="${ours[i]}" -v b="${theirs[i]}" 'BEGIN { printf "%.3f", a / b }')
        printf '%-34s %12s %12s %8s\n' "$paths path$([ "$paths" = 1 ] || echo s), ${labels[i]}" "${ours[i]}" "${theirs[i]}" "$ratio"
        [ "$i" != 1 ] || ratios+=("$ratio")
    done
done
echo "RATIO one=${ratios[0]} two=${ratios[1]}"
