/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mpt_cc_coupled.c: fully coupled (Kelly and Voice 2005, Han et al. 2006; as COUPLED in Wischik et al., NSDI 2011,
 * section 2.2). With w the sum of all windows:
 *
 *   increase_r = 1 / w for each acknowledged packet, decrease_r = w / 2, as far as w_r has it
 *
 * All goes to the paths with the least loss; equally good ones take turns (it flaps). The paper leaves at least one packet
 * in a window, here it is two, as in all (RFC 5681). Slow start is Reno's.
 */
#include "cc/mpt_cc.h"

static void init(mpt_cc *cc) {
    cc->u.coupled.carry = 0;
}

static void on_ack(mpt_cc *cc, const mpt_cc_group *group, uint64_t acked_bytes, mpt_time now) {
    (void)now;
    acked_bytes = mpt_cc_slow_start(cc, acked_bytes);
    mpt_cc_sums s = mpt_cc_sum(group);
    if (acked_bytes > 0)
        mpt_cc_grow_share(cc, acked_bytes, s.count > 1 && cc->srtt_ns > 0 ? (double)cc->cwnd_bytes / s.cwnd_bytes : 1,
                          &cc->u.coupled.carry);
}

static void on_loss(mpt_cc *cc, const mpt_cc_group *group, mpt_cc_loss kind, uint64_t flight_bytes, mpt_time now) {
    (void)kind;
    (void)now;
    uint64_t window_bytes = flight_bytes < cc->cwnd_bytes ? flight_bytes : cc->cwnd_bytes;
    double others_bytes = cc->srtt_ns > 0 ? mpt_cc_sum(group).cwnd_bytes - (double)cc->cwnd_bytes : 0;
    uint64_t half_bytes = (window_bytes + 1 + (uint64_t)others_bytes) / 2;
    mpt_cc_set_threshold(cc, window_bytes > half_bytes ? window_bytes - half_bytes : 0);
    cc->u.coupled.carry = 0;
}

const mpt_cc_ops mpt_cc_coupled = {
    .name = "coupled",
    .init = init,
    .on_ack = on_ack,
    .on_loss = on_loss,
    .on_undo = mpt_cc_undo,
};
