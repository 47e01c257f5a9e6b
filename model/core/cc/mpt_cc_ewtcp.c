/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mpt_cc_ewtcp.c: equally weighted TCP (Honda et al. 2009; Wischik et al., NSDI 2011, section 2.1). Each subflow is a
 * Reno of weight a = 1/n^2, which gives n of them on one bottleneck together what one TCP has there:
 *
 *   increase_r = a / w_r for each acknowledged packet, decrease_r = w_r / 2
 *
 * n is the number of subflows that have a round-trip time. Slow start and decrease are those of Reno.
 */
#include "cc/mpt_cc.h"

static void init(mpt_cc *cc) {
    cc->u.coupled.carry = 0;
}

static void on_ack(mpt_cc *cc, const mpt_cc_group *group, uint64_t acked_bytes, mpt_time now) {
    (void)now;
    acked_bytes = mpt_cc_slow_start(cc, acked_bytes);
    double n = (double)mpt_cc_sum(group).count;
    if (acked_bytes > 0)
        mpt_cc_grow_share(cc, acked_bytes, n > 1 ? 1 / (n * n) : 1, &cc->u.coupled.carry);
}

const mpt_cc_ops mpt_cc_ewtcp = {
    .name = "ewtcp",
    .init = init,
    .on_ack = on_ack,
    .on_loss = mpt_cc_halve,
    .on_undo = mpt_cc_undo,
};
