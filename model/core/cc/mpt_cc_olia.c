/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mpt_cc_olia.c: the opportunistic linked increases algorithm (Khalili, Gast, Popovic and Le Boudec, CoNEXT 2012;
 * draft-khalili-mptcp-congestion-control). For each acknowledged packet
 *
 *   increase_r = (w_r / T_r^2) / (sum w / T)^2 + alpha_r / w_r
 *
 * which is (x_r / sum x)^2 + alpha_r times Reno's, x = w / T. With l_r the bytes between two losses (the last such interval
 * or the one that is not over, whichever is longer), M the paths with the largest window and B those with the largest
 * l_r / T_r^2: where B has paths that are not in M, these share alpha = 1/n and those of M share -1/n; else alpha is 0.
 * Slow start and decrease are Reno's; the window is never below a segment.
 */
#include "cc/mpt_cc.h"

static void init(mpt_cc *cc) {
    cc->u.olia.carry = 0;
    cc->u.olia.since_loss = cc->u.olia.between_losses = 0;
}

static void on_delivered(mpt_cc *cc, const mpt_cc_sample *sample, mpt_time now) {
    (void)now;
    cc->u.olia.since_loss += sample->delivered_bytes;
}

/** l / T^2 */
static double merit(const mpt_cc *cc) {
    uint64_t since = cc->u.olia.since_loss, between = cc->u.olia.between_losses;
    double rtt_ns = (double)cc->srtt_ns;
    return (double)(since > between ? since : between) / (rtt_ns * rtt_ns);
}

static double alpha(const mpt_cc *cc, const mpt_cc_group *group) {
    double best = 0;
    uint64_t largest = 0;
    for (uint32_t i = 0; i < group->count; i++) {
        const mpt_cc *member = group->members[i];
        if (member->srtt_ns <= 0)
            continue;
        best = merit(member) > best ? merit(member) : best;
        largest = member->cwnd_bytes > largest ? member->cwnd_bytes : largest;
    }
    uint32_t known = 0, large_count = 0, collected_count = 0;
    for (uint32_t i = 0; i < group->count; i++) {
        const mpt_cc *member = group->members[i];
        if (member->srtt_ns <= 0)
            continue;
        known++;
        if (member->cwnd_bytes == largest)
            large_count++;
        else if (merit(member) >= best)
            collected_count++;
    }
    if (collected_count == 0)
        return 0;
    if (cc->cwnd_bytes == largest)
        return -1.0 / known / large_count;
    return merit(cc) >= best ? 1.0 / known / collected_count : 0;
}

static void on_ack(mpt_cc *cc, const mpt_cc_group *group, uint64_t acked_bytes, mpt_time now) {
    (void)now;
    acked_bytes = mpt_cc_slow_start(cc, acked_bytes);
    if (acked_bytes == 0)
        return;
    double share = 1;
    mpt_cc_sums s = mpt_cc_sum(group);
    if (s.count > 1 && cc->srtt_ns > 0) {
        double part = (double)cc->cwnd_bytes / (double)cc->srtt_ns / s.rate;
        share = part * part + alpha(cc, group);
    }
    mpt_cc_grow_share(cc, acked_bytes, share, &cc->u.olia.carry);
}

static void on_loss(mpt_cc *cc, const mpt_cc_group *group, mpt_cc_loss kind, uint64_t flight_bytes, mpt_time now) {
    mpt_cc_halve(cc, group, kind, flight_bytes, now);
    cc->u.olia.between_losses = cc->u.olia.since_loss;
    cc->u.olia.since_loss = 0;
    cc->u.olia.carry = 0;
}

static void on_undo(mpt_cc *cc, mpt_time now) {
    mpt_cc_undo(cc, now);
    cc->u.olia.since_loss += cc->u.olia.between_losses; /* there was no loss between the two */
}

const mpt_cc_ops mpt_cc_olia = {
    .name = "olia",
    .init = init,
    .on_delivered = on_delivered,
    .on_ack = on_ack,
    .on_loss = on_loss,
    .on_undo = on_undo,
};
