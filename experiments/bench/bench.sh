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
# The link engine (experiments/link) carries the same bytes over the same paths; it is measured in the same way.
#
# The last line is `RATIO one=X two=Y link=Z`: X and Y of the instructions, Z how many times the user time of ns-3's TCP is that
# of the link engine, with two paths.

cd "$(dirname "$0")/../.." || exit 1
program=build/mptcp-bench
long=${LONG:-200000000} rounds=${ROUNDS:-5} size_small=4000000 size_large=20000000

fail() {
    echo "bench: $*" >&2
    exit 1
}
link=build/mptcp-run
[ -x "$link" ] || fail "$link is missing; run ./waf build"
[ -x "$program" ] || fail "$program is missing; run ./waf build"
command -v valgrind >/dev/null || fail "valgrind is missing; run ./waf setup"

results=$(mktemp -d) && trap 'rm -rf "$results"' EXIT

transfer() { # TRANSPORT PATHS BYTES
    "$program" --transport="$1" --paths="$2" --bytes="$3"
}

# The command that transfers so many bytes in the link engine.
link_command() { # PATHS BYTES
    local sets=(--set "flows.bulk.bytes=$2")
    [ "$1" = 2 ] || sets+=(--set 'flows.bulk.paths=[one]')
    echo "$link" experiments/bench/link.yaml --seed 1 "${sets[@]}"
}

transfer_link() { # PATHS BYTES: prints user_s and peak_kib of the whole process
    python3 - $(link_command "$1" "$2") <<'END'
import os, subprocess, sys
run = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True)
out = run.stdout.read()
used = os.wait4(run.pid, 0)[2]
assert out.endswith('end\tok\n') and 'closed\tflow:bulk\tbool\t1' in out
print('user_s=%.3f peak_kib=%d' % (used.ru_utime, used.ru_maxrss))
END
}

# Writes events and instructions of one size to $results/TRANSPORT-PATHS-BYTES.
count_instructions() { # TRANSPORT PATHS BYTES
    local out=$results/$1-$2-$3
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" --transport="$1" --paths="$2" --bytes="$3" \
        >"$out" 2>"$out.log" || { cat "$out.log" >&2; return 1; }
    sed -n 's/.*Collected : \([0-9]*\).*/instructions=\1/p' "$out.log" >>"$out"
}

count_link() { # PATHS BYTES
    local out=$results/link-$1-$2
    valgrind --tool=callgrind --callgrind-out-file=/dev/null $(link_command "$1" "$2") >/dev/null 2>"$out.log" ||
        { cat "$out.log" >&2; return 1; }
    sed -n 's/.*Collected : \([0-9]*\).*/instructions=\1/p' "$out.log" >"$out"
    echo events=0 >>"$out"
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
for paths in 1 2; do
    for bytes in "$size_large" "$size_small"; do count_link "$paths" "$bytes" || fail "callgrind failed"; done
done

echo "bench: measuring time and memory, $rounds rounds of $long bytes"
for ((round = 1; round <= rounds; round++)); do
    for paths in 1 2; do
        for transport in ns3-tcp mptcp; do
            transfer "$transport" "$paths" "$long" >>"$results/$transport-$paths-long" || fail "a transfer failed"
        done
        transfer_link "$paths" "$long" >>"$results/link-$paths-long" || fail "a transfer failed"
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
printf '%-34s %12s %12s %8s %12s\n' "" "MPTCP" "ns-3 TCP" "ratio" "link engine"
for paths in 1 2; do
    mapfile -t ours < <(cost mptcp "$paths")
    mapfile -t theirs < <(cost ns3-tcp "$paths")
    mapfile -t links < <(cost link "$paths")
    labels=("user time (s)" "instructions a kB" "events a kB" "peak memory (KiB)")
    for i in 0 1 2 3; do
        ratio=$(awk -v a="${ours[i]}" -v b="${theirs[i]}" 'BEGIN { printf "%.3f", a / b }')
        printf '%-34s %12s %12s %8s %12s\n' "$paths path$([ "$paths" = 1 ] || echo s), ${labels[i]}" "${ours[i]}" "${theirs[i]}" \
            "$ratio" "$([ $i = 2 ] && echo - || echo "${links[i]}")"
        [ "$i" != 1 ] || ratios+=("$ratio")
    done
done
speed=$(awk -v a="${theirs[0]}" -v b="${links[0]}" 'BEGIN { printf "%.1f", a / b }')
echo "RATIO one=${ratios[0]} two=${ratios[1]} link=$speed"
