/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mpt_cc_wvegas.c: weighted Vegas (Cao, Xu and Fu, ICNP 2012). Once a round trip, with T the mean round-trip time of the
 * round and B the least ever seen, the subflow has about w_r (1 - B / T) packets in queues, and moves by one segment towards
 *
 *   alpha_r = max(2, 10 x_r / sum x) packets, x = w / T
 *
 * so that all subflows together keep 10 packets and the queueing delays of the paths in use become equal. Slow start ends
 * where more than one packet is queued (gamma = 1); a loss halves the window. Linux drains the queue now and then to see
 * the least round-trip time again, this does not. B is not mpt_cc.rtt_min_ns: that has the handshake's short packets in it, and forgets.
 */
#include "cc/mpt_cc.h"

enum { TOTAL_PACKETS = 10, LEAST_PACKETS = 2, GAMMA_PACKETS = 1 };

static void init(mpt_cc *cc) {
    cc->u.wvegas.base_rtt_ns = MPT_NEVER;
    cc->u.wvegas.rtt_sum_ns = 0;
    cc->u.wvegas.rtt_count = 0;
    cc->u.wvegas.round_end = 0;
}

static void on_delivered(mpt_cc *cc, const mpt_cc_sample *sample, mpt_time now) {
    (void)now;
    if (sample->rtt_ns <= 0)
        return;
    if (sample->rtt_ns < cc->u.wvegas.base_rtt_ns)
        cc->u.wvegas.base_rtt_ns = sample->rtt_ns;
    cc->u.wvegas.rtt_sum_ns += sample->rtt_ns;
    cc->u.wvegas.rtt_count++;
}

/** Packets that this subflow shall keep in queues. */
static double target_packets(const mpt_cc *cc, const mpt_cc_group *group) {
    mpt_cc_sums s = mpt_cc_sum(group);
    double target = TOTAL_PACKETS;
    if (s.count > 1 && cc->srtt_ns > 0)
        target *= (double)cc->cwnd_bytes / (double)cc->srtt_ns / s.rate;
    return target > LEAST_PACKETS ? target : LEAST_PACKETS;
}

static void round_over(mpt_cc *cc, const mpt_cc_group *group) {
    double rtt_ns = (double)cc->u.wvegas.rtt_sum_ns / cc->u.wvegas.rtt_count;
    double queued = (double)cc->cwnd_bytes * (1 - (double)cc->u.wvegas.base_rtt_ns / rtt_ns) / cc->mss_bytes;
    if (cc->cwnd_bytes < cc->ssthresh_bytes) {
        if (queued > GAMMA_PACKETS)
            mpt_cc_end_slow_start(cc, cc->cwnd_bytes);
        return;
    }
    double target = target_packets(cc, group);
    if (queued < target)
        mpt_cc_set_window(cc, cc->cwnd_bytes + cc->mss_bytes);
    else if (queued > target && cc->cwnd_bytes >= (LEAST_PACKETS + 1) * (uint64_t)cc->mss_bytes)
        mpt_cc_set_window(cc, cc->cwnd_bytes - cc->mss_bytes);
}

static void on_ack(mpt_cc *cc, const mpt_cc_group *group, uint64_t acked_bytes, mpt_time now) {
    (void)now;
    if (cc->snd_una >= cc->u.wvegas.round_end) {
        if (cc->u.wvegas.rtt_count > 0)
            round_over(cc, group);
        cc->u.wvegas.round_end = cc->snd_nxt;
        cc->u.wvegas.rtt_sum_ns = 0;
        cc->u.wvegas.rtt_count = 0;
    }
    mpt_cc_slow_start(cc, acked_bytes);
}

const mpt_cc_ops mpt_cc_wvegas = {
    .name = "wvegas",
    .init = init,
    .on_delivered = on_delivered,
    .on_ack = on_ack,
    .on_loss = mpt_cc_halve,
    .on_undo = mpt_cc_undo,
};
