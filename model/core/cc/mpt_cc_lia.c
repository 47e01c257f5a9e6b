/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mpt_cc_lia.c: the linked increases algorithm (RFC 6356). In congestion avoidance of subflow i:
 *
 *   increase_i = min(alpha acked mss_i / cwnd_total, acked mss_i / cwnd_i)
 *   alpha = cwnd_total max(cwnd_i / rtt_i^2) / (sum cwnd_i / rtt_i)^2
 *
 * The second term is Reno's, so the first only scales down how many of the acknowledged bytes count:
 * by min(1, alpha cwnd_i / cwnd_total). Slow start and decrease are those of Reno, each subflow on its own.
 */
#include "cc/mpt_cc.h"

static void init(mpt_cc *cc) {
    cc->u.lia.alpha = 0;
    cc->u.lia.carry = 0;
}

/** @return the share of the acknowledged bytes that counts, 0 < share <= 1. Subflows without an RTT are left out. */
static double coupled_share(mpt_cc *cc, const mpt_cc_group *group) {
    double total_bytes = 0, rate_sum = 0, best = 0;
    uint32_t known = 0;
    for (uint32_t i = 0; i < group->count; i++) {
        const mpt_cc *member = group->members[i];
        if (member->srtt_ns <= 0)
            continue;
        double cwnd_bytes = (double)(int64_t)member->cwnd_bytes, rtt_ns = (double)member->srtt_ns;
        double rate = cwnd_bytes / rtt_ns, pace = rate / rtt_ns;
        total_bytes += cwnd_bytes;
        rate_sum += rate;
        best = pace > best ? pace : best;
        known++;
    }
    if (known <= 1 || cc->srtt_ns <= 0) { /* no one to share with: Reno, without rounding */
        cc->u.lia.alpha = 1;
        return 1;
    }
    cc->u.lia.alpha = total_bytes * best / (rate_sum * rate_sum);
    double share = cc->u.lia.alpha * (double)cc->cwnd_bytes / total_bytes;
    return share < 1 ? share : 1;
}

static void on_ack(mpt_cc *cc, const mpt_cc_group *group, uint64_t acked_bytes, mpt_time now) {
    (void)now;
    acked_bytes = mpt_cc_slow_start(cc, acked_bytes);
    if (acked_bytes == 0)
        return;
    if (group->count > 1) {
        double counted = (double)acked_bytes * coupled_share(cc, group) + cc->u.lia.carry;
        acked_bytes = (uint64_t)counted;
        cc->u.lia.carry = counted - (double)acked_bytes;
    } else {
        cc->u.lia.alpha = 1;
    }
    mpt_cc_grow(cc, acked_bytes, cc->cwnd_bytes);
}

const mpt_cc_ops mpt_cc_lia = {
    .name = "lia",
    .init = init,
    .on_ack = on_ack,
    .on_loss = mpt_cc_halve,
    .on_undo = mpt_cc_undo,
};
