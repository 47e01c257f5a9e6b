#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# core_bench.sh [BUILD]: instructions of the core alone for a data segment, both ends, its share of an acknowledgement included, and the memory of
# a connection. Counted by callgrind inside the core's entry points, in runs of two lengths: their difference leaves handshake and close out.
# Repeatable for one binary; doc/performance.md holds the figures.

cd "$(dirname "$0")/../.." || exit 1
program=${1:-build}/test/bench/core_bench
short=20000 long=60000

[ -x "$program" ] || { echo "core_bench: $program is missing; run ./waf build" >&2; exit 1; }
command -v valgrind >/dev/null || { echo "core_bench: valgrind is missing; run ./waf setup" >&2; exit 1; }

entries=$(printf -- '--toggle-collect=%s ' mpt_stack_receive mpt_stack_transmit mpt_stack_timer mpt_stack_poll \
    mpt_stack_deadline mpt_conn_write mpt_conn_consume mpt_connect mpt_conn_shutdown mpt_conn_release)

count() { # SUBFLOWS CONNECTIONS WINDOW SEGMENTS LOSS: "instructions data_segments"
    local out
    # shellcheck disable=SC2086  # a list of words
    out=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null $entries "$program" "$@" 2>&1) || { echo "$out" >&2; exit 1; }
    echo "$(sed -n 's/.*Collected : \([0-9]*\).*/\1/p' <<<"$out") $(sed -n 's/.*data_segments=\([0-9]*\).*/\1/p' <<<"$out")"
}

row() { # NAME SUBFLOWS CONNECTIONS WINDOW LOSS
    local a b
    read -r -a a < <(count "$2" "$3" "$4" $short "$5")
    read -r -a b < <(count "$2" "$3" "$4" $long "$5")
    printf '%-44s %7d instructions a data segment\n' "$1" $(((b[0] - a[0]) / (b[1] - a[1])))
}

row '1 subflow, window of 100 segments' 1 1 100 0
row '1 subflow, window of 1,000' 1 1 1000 0
row '1 subflow, window of 10,000' 1 1 10000 0
row '1 subflow, window of 1,000, 1 % loss' 1 1 1000 10
row '8 subflows, window of 1,000' 8 1 1000 0
row '32 subflows, window of 1,000' 32 1 1000 0
row 'plain TCP, window of 1,000' 0 1 1000 0
row '100 connections, window of 100 each' 1 100 100 0
echo "memory of a plain TCP connection that sends 4 segments: $("$program" 0 10000 4 40000 0 | sed 's/.*bytes_per/bytes_per/')"
