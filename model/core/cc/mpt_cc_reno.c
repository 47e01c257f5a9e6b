/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mpt_cc_reno.c: Reno with byte counting (RFC 5681 3.1, RFC 3465): one MSS a window up, half the flight down. */
#include "cc/mpt_cc.h"

static void init(mpt_cc *cc) {
    (void)cc;
}

static void on_ack(mpt_cc *cc, const mpt_cc_group *group, uint64_t acked_bytes, mpt_time now) {
    (void)group;
    (void)now;
    acked_bytes = mpt_cc_slow_start(cc, acked_bytes);
    if (acked_bytes > 0)
        mpt_cc_grow(cc, acked_bytes, cc->cwnd_bytes);
}

const mpt_cc_ops mpt_cc_reno = {
    .name = "reno",
    .init = init,
    .on_ack = on_ack,
    .on_loss = mpt_cc_halve,
    .on_undo = mpt_cc_undo,
};
