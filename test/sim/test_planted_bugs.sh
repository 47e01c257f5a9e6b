#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# test_planted_bugs.sh: the simulator notices bugs. Each row plants one in a copy of the core (file, text, what it becomes)
# and names the program that must fail then. Needs a compiler and nettle. Last line: N passed, N failed.
set -u

cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cc=${CC:-cc}
flags="-std=c11 -O1 -Imodel/core"
passed=0
failed=0

compile() { # FILE OBJECT
    $cc $flags -c "$1" -o "$2" || exit 2
}

link() { # PROGRAM: test/sim's shared files and its own, with the core
    others=$(for object in "$work"/sim_*.o "$work"/cases_*.o; do
        case $object in */sim_random.o | */sim_loss.o | */sim_speed.o | */sim_seeds.o | */sim_capture.o) ;; *) echo "$object" ;; esac
    done)
    $cc "$work/$1.o" $(for object in $others; do [ "$object" = "$work/$1.o" ] || echo "$object"; done) "$work"/mpt_*.o \
        -lnettle -lm -o "$work/$1" || exit 2
}

run() { # PROGRAM
    case $1 in
    sim_random) "$work/sim_random" --from 1 --to 300 --check-every 8 ;;
    *) "$work/$1" ;;
    esac >/dev/null 2>&1
}

plant() { # NAME FILE OLD NEW PROGRAM
    grep -qF -- "$3" "model/core/$2" || {
        echo "FAILED   $1: $2 has no \"$3\""
        failed=$((failed + 1))
        return
    }
    OLD=$3 NEW=$4 awk 'BEGIN { old = ENVIRON["OLD"]; new = ENVIRON["NEW"] }
        !done && (at = index($0, old)) { $0 = substr($0, 1, at - 1) new substr($0, at + length(old)); done = 1 }
        { print }' "model/core/$2" >"$work/$2"
    compile "$work/$2" "$work/${2%.c}.o"
    link "$5"
    if run "$5"; then
        echo "FAILED   $1: $5 does not notice"
        failed=$((failed + 1))
    else
        echo "ok       $1"
        passed=$((passed + 1))
    fi
    compile "model/core/$2" "$work/${2%.c}.o"
}

for file in model/core/*.c test/sim/*.c; do
    compile "$file" "$work/$(basename "${file%.c}").o"
done
for program in sim_random test_sim_cases; do
    link $program
    if run $program; then
        echo "ok       $program passes without a bug"
        passed=$((passed + 1))
    else
        echo "FAILED   $program fails without a bug"
        failed=$((failed + 1))
    fi
done

plant "MP_JOIN's HMAC is not looked at" mpt_subflow.c 'if (!mpt_crypto_equal(hmac, w->join.hmac, 20)) {' 'if (0) {' test_sim_cases
plant "a lost subflow's data stay lost" mpt_subflow.c 'mpt_conn_reinject_from(c, sf);' ';' test_sim_cases
plant "a lost DATA_FIN stays lost" mpt_conn_close.c 'c->data_fin_wanted = true;' ';' sim_random
plant "bytes are stored at the wrong place" mpt_conn_recv.c 'offset < c->rx.next ? c->rx.next - offset : 0' '0' sim_random
plant "memory leaks" mpt_conn.c 'mpt_reasm_free(&c->rx, &st->mem);' ';' sim_random
plant "a closed window is not probed" mpt_conn_close.c 'c->probe_wanted = true;' ';' test_sim_cases
plant "the send store is dropped too early" mpt_conn.c 'needed < low)' '0)' sim_random
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
