#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# test_planted_bugs.sh [WORD]: random simulations notice bugs. Each row plants one in a copy of the core: a file, a text in it, what it
# becomes; sim_random must fail within 10,000 seeds, and the seed at which it does is printed. With WORD only rows whose name has it.
#
# The bugs are texts here, not switches in the core: the core stays free of code that is wrong, and a row needs no build of its own.
# A row whose text is gone, or stands there more than once, fails, so that edits of the core cannot empty the test without a word.
#
# Not in the list: tokens that collide. Two keys with one token are one in 2^32; no number of seeds meets them.
# Needs a compiler and nettle. Last line: N passed, N failed.
set -u

cd "$(dirname "$0")/../.." || exit 2
word=${1:-}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cc=${CC:-cc}
flags="-std=c11 -O1 -Imodel/core -Itest/sim"
seeds=10000
passed=0
failed=0

# The simulator without a core, and the core.
mkdir "$work/core"
for file in test/sim/sim_*.c; do
    case $file in */sim_loss.c | */sim_speed.c | */sim_capture.c | */sim_seeds.c | */sim_case.c) ;; *) echo "$file $work" ;; esac
done >"$work/list"
for file in model/core/*/*.c; do
    echo "$file $work/core"
done >>"$work/list"
xargs -P 2 -L 1 sh -c "$cc $flags -c \$0 -o \$1/\$(basename \$0 .c).o" <"$work/list" || exit 2

plant() { # NAME FILE OLD NEW [FILE OLD NEW]: the second edit is of what would mend the first bug
    name=$1
    shift
    case $name in *"$word"*) ;; *) return ;; esac
    rm -rf "$work/planted"
    cp -r "$work/core" "$work/planted"
    while [ $# -ge 3 ]; do
        source=$(echo model/core/*/"$1")
        count=$(grep -cF -- "$2" "$source")
        if [ "$count" -ne 1 ]; then
            echo "FAILED   $name: \"$2\" stands $count times in $1"
            failed=$((failed + 1))
            return
        fi
        case $1 in
        *.h) folder=include/$(basename "$(dirname "$source")") files=$(echo model/core/*/*.c) ;; # the whole core has it
        *) folder=. files=$work/planted/$1 ;;
        esac
        edited=$work/planted/$folder/$1
        mkdir -p "$work/planted/$folder"
        [ -f "$edited" ] || cp "$source" "$edited"
        OLD=$2 NEW=$3 awk 'BEGIN { old = ENVIRON["OLD"]; new = ENVIRON["NEW"] }
            at = index($0, old) { $0 = substr($0, 1, at - 1) new substr($0, at + length(old)) }
            { print }' "$edited" >"$work/planted/new.c" && mv "$work/planted/new.c" "$edited"
        echo "$files" | xargs -P 2 -n 1 sh -c "$cc -I$work/planted/include $flags -c \$0 -o $work/planted/\$(basename \$0 .c).o" || {
            echo "FAILED   $name: does not compile any more"
            failed=$((failed + 1))
            return
        }
        shift 3
    done
    $cc "$work"/sim_*.o "$work"/planted/mpt_*.o -lnettle -lm -o "$work/sim_random" || exit 2
    "$work/sim_random" --from 1 --to "$seeds" --jobs 2 --check-every 8 --first >"$work/out" 2>"$work/err"
    status=$?
    seed=$(sed -n 's/^seed \([0-9]*\) fails$/\1/p' "$work/out" | head -n 1)
    if [ "$status" -ne 0 ] && [ -n "$seed" ]; then
        echo "ok       $name: seed $seed, $(grep -m 1 -v ^replay "$work/err" | sed 's/^seed [0-9]*: at [0-9.]* s: //; s|.*/core/||' | cut -c 1-90)"
        passed=$((passed + 1))
    else
        echo "FAILED   $name: not noticed in $seeds seeds"
        failed=$((failed + 1))
    fi
}

# Joins and addresses
plant "HMAC of the third ACK not looked at" mpt_subflow.c 'if (!mpt_crypto_equal(hmac, w->join.hmac, 20)) {' 'if (0) {'
plant "HMAC of the SYN/ACK not looked at" mpt_subflow.c 'if (!mpt_crypto_equal(hmac, w->join.hmac, 8)) {' 'if (0) {'
plant "HMAC of ADD_ADDR not looked at" mpt_addr_adv.c 'o->hmac != mpt_crypto_add_addr_hmac(' '0 != 0 * mpt_crypto_add_addr_hmac('
plant "REMOVE_ADDR ignored" mpt_addr_adv.c 'if (!mpt_pm_remote_remove(c, o->ids[n]) && !has_subflow)' 'if (!has_subflow)'
plant "key of MP_FASTCLOSE not looked at" mpt_subflow_in.c 'if (w->fastclose_key == c->key_local)' 'if (1)'
# The stream
plant "stale DATA_ACK believed" mpt_conn_send.c 'if (offset > c->snd_una && offset <= c->snd_nxt) {' 'if (offset <= c->snd_nxt) {' \
    mpt_conn_recv.c 'if (stream > c->snd_una || is_fin_acked)' 'if (1)'
plant "low half of a DSN extended without a wrap" mpt_conn_recv.c 'dsn = mpt_seq_expand((uint32_t)dsn, first + c->rx.next);' \
    'dsn = (first >> 32 << 32) | (uint32_t)dsn;'
plant "bytes stored at the wrong place" mpt_conn_recv.c 'offset < c->rx.next ? c->rx.next - offset : 0' '0'
plant "data beyond the window taken" mpt_conn_recv.c 'offset + bytes > c->rx_read + c->set.receive_buffer_bytes' '0'
plant "wrong DSS checksum taken for right" mpt_conn_recv.c 'if (is_complete && !is_right(m, map->sum)) {' 'if (0) {'
plant "window shrinks" mpt_conn_recv.c 'edge = c->rx_read + c->rcvbuf_bytes;' \
    'edge = c->rx_read + c->rcvbuf_bytes - c->rx.beyond.total;' mpt_conn_recv.c 'edge = c->rcv_edge; /* never' '; /* never'
plant "more written than the send buffer holds" mpt_conn.c 'c->sndbuf_bytes - held;' 'c->set.send_buffer_bytes - held;'
plant "lost DATA_FIN stays lost" mpt_conn_close.c 'c->fin_sent_count++;' 'c->fin_sent_count++, c->data_fin_wanted = false;'
plant "send store dropped too early" mpt_conn.c 'needed < low)' '0)'
plant "reinjections lost" mpt_copies.c 'if (c->reinject.count == 0 || path == v->count)' 'if (1)'
# One subflow's TCP
plant "RST in the window believed" mpt_subflow_in.c '!sf->is_fastclosing && !is_exact)' '0)'
plant "SACK blocks one number too long" mpt_tcp_out.c 't->irs + (uint32_t)blocks[i].end}' 't->irs + (uint32_t)blocks[i].end + 1}'
plant "retransmission timer not armed again" mpt_tcp_timer.c 't->rto_at = now + mpt_rto_get(&t->rto);' \
    'if (t->timeouts_in_row == 0) t->rto_at = now + mpt_rto_get(&t->rto);'
plant "timeout sends nothing again" mpt_recovery.c 'mpt_sendq_mark_lost(q, mpt_sendq_at(q, i));' ';'
# Timers and memory
plant "timers in the wrong order" mpt_timer.c 'if (child < t->count && ' 'if (0 && '
plant "timer set late" mpt_conn.h 'if (at < c->node.timer.at)' 'if (c->node.timer.at == MPT_NEVER)'
plant "memory leaks" mpt_conn.c 'mpt_reasm_free(&c->rx, &st->mem);' ';'
plant "failed allocation not noticed" mpt_sendq.c 'if (!ring || (q->has_stamps && !stamps)) {' 'if (0) {'
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
