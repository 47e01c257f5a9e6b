/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mpt_cc_balia.c: the balanced linked adaptation (Peng, Walid, Hwang and Low 2016; draft-walid-mptcp-congestion-control).
 * With x_r = w_r / T_r and a_r = max x / x_r:
 *
 *   increase_r = x_r / (T_r (sum x)^2) (1 + a_r) / 2 (4 + a_r) / 5 for each acknowledged packet
 *   decrease_r = w_r / 2 min(a_r, 1.5)
 *
 * The increase is w_r times that of Reno's 1 / w_r: by (x_r / sum x)^2 (1 + a_r) (4 + a_r) / 10. Slow start is Reno's.
 */
#include "cc/mpt_cc.h"

static void init(mpt_cc *cc) {
    cc->u.coupled.carry = 0;
}

static double rate(const mpt_cc *cc) {
    return (double)cc->cwnd_bytes / (double)cc->srtt_ns;
}

static void on_ack(mpt_cc *cc, const mpt_cc_group *group, uint64_t acked_bytes, mpt_time now) {
    (void)now;
    acked_bytes = mpt_cc_slow_start(cc, acked_bytes);
    if (acked_bytes == 0)
        return;
    double share = 1;
    mpt_cc_sums s = mpt_cc_sum(group);
    if (s.count > 1 && cc->srtt_ns > 0) {
        double part = rate(cc) / s.rate, a = s.rate_most / rate(cc);
        share = part * part * (1 + a) * (4 + a) / 10;
    }
    mpt_cc_grow_share(cc, acked_bytes, share, &cc->u.coupled.carry);
}

static void on_loss(mpt_cc *cc, const mpt_cc_group *group, mpt_cc_loss kind, uint64_t flight_bytes, mpt_time now) {
    (void)kind;
    (void)now;
    uint64_t window_bytes = flight_bytes < cc->cwnd_bytes ? flight_bytes : cc->cwnd_bytes;
    double factor = 1;
    if (cc->srtt_ns > 0) {
        factor = mpt_cc_sum(group).rate_most / rate(cc);
        factor = factor < 1 ? 1 : factor < 1.5 ? factor : 1.5;
    }
    mpt_cc_set_threshold(cc, (uint64_t)((double)window_bytes * (1 - factor / 2)));
    cc->u.coupled.carry = 0;
}

const mpt_cc_ops mpt_cc_balia = {
    .name = "balia",
    .init = init,
    .on_ack = on_ack,
    .on_loss = on_loss,
    .on_undo = mpt_cc_undo,
};
