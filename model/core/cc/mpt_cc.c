/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mpt_cc.c: the table of algorithms and what they have in common. See mpt_cc.h. */
#include <string.h>

#include "cc/mpt_cc.h"

#include "base/mpt_assert.h"

static const mpt_cc_ops *const algorithms[] = {&mpt_cc_reno,   &mpt_cc_cubic, &mpt_cc_lia,   &mpt_cc_lia_rfc,
                                               &mpt_cc_olia,   &mpt_cc_balia, &mpt_cc_ewtcp, &mpt_cc_coupled,
                                               &mpt_cc_wvegas, &mpt_cc_dctcp, &mpt_cc_bbr};
#define ALGORITHM_COUNT (sizeof algorithms / sizeof *algorithms)

static bool name_equal(const char *a, const char *b) {
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

const mpt_cc_ops *mpt_cc_find(const char *name) {
    for (uint32_t i = 0; i < ALGORITHM_COUNT; i++)
        if (name_equal(algorithms[i]->name, name))
            return algorithms[i];
    return NULL;
}

const char *mpt_cc_name(uint32_t i) {
    return i < ALGORITHM_COUNT ? algorithms[i]->name : NULL;
}

void mpt_cc_set_window(mpt_cc *cc, uint64_t cwnd_bytes) {
    MPT_ASSERT(cwnd_bytes > 0);
    cc->cwnd_bytes = cwnd_bytes;
}

void mpt_cc_init(mpt_cc *cc, const mpt_cc_ops *ops, void *priv, uint64_t cwnd_bytes, uint32_t mss_bytes) {
    MPT_ASSERT(cwnd_bytes > 0 && mss_bytes > 0);
    *cc = (mpt_cc){
        .ops = ops, .priv = priv, .cwnd_bytes = cwnd_bytes, .ssthresh_bytes = UINT64_MAX, .mss_bytes = mss_bytes};
    memset(&cc->u, 0, sizeof cc->u);
    if (ops->priv_bytes > 0)
        memset(priv, 0, ops->priv_bytes);
    ops->init(cc);
}

uint64_t mpt_cc_slow_start(mpt_cc *cc, uint64_t acked_bytes) {
    if (cc->cwnd_bytes >= cc->ssthresh_bytes)
        return acked_bytes;
    uint64_t limit_bytes = 2 * (uint64_t)cc->mss_bytes; /* RFC 3465 2.2: L = 2 */
    uint64_t growth_bytes = acked_bytes < limit_bytes ? acked_bytes : limit_bytes;
    uint64_t room_bytes = cc->ssthresh_bytes - cc->cwnd_bytes;
    if (growth_bytes <= room_bytes) {
        mpt_cc_set_window(cc, cc->cwnd_bytes + growth_bytes);
        return 0;
    }
    mpt_cc_set_window(cc, cc->ssthresh_bytes);
    return growth_bytes - room_bytes;
}

void mpt_cc_grow(mpt_cc *cc, uint64_t acked_bytes, uint64_t window_bytes) {
    MPT_ASSERT(window_bytes > 0);
    cc->acked_remainder += acked_bytes;
    while (cc->acked_remainder >= window_bytes) {
        cc->acked_remainder -= window_bytes;
        mpt_cc_set_window(cc, cc->cwnd_bytes + cc->mss_bytes);
        window_bytes += cc->mss_bytes;
    }
}

mpt_cc_sums mpt_cc_sum(const mpt_cc_group *group) {
    mpt_cc_sums s = {0};
    for (uint32_t i = 0; i < group->count; i++) {
        const mpt_cc *member = group->members[i];
        if (member->srtt_ns <= 0)
            continue;
        double rate = (double)member->cwnd_bytes / (double)member->srtt_ns;
        s.count++;
        s.cwnd_bytes += (double)member->cwnd_bytes;
        s.rate += rate;
        s.rate_most = rate > s.rate_most ? rate : s.rate_most;
    }
    return s;
}

void mpt_cc_grow_share(mpt_cc *cc, uint64_t acked_bytes, double share, double *carry) {
    double counted = (double)acked_bytes * share + *carry;
    if (counted >= 0) {
        uint64_t whole_bytes = (uint64_t)counted;
        *carry = counted - (double)whole_bytes;
        mpt_cc_grow(cc, whole_bytes, cc->cwnd_bytes);
        return;
    }
    if (-counted >= (double)cc->cwnd_bytes) { /* a window's worth of shrinking is one segment, as of growing */
        counted += (double)cc->cwnd_bytes;
        if (cc->cwnd_bytes > cc->mss_bytes)
            mpt_cc_set_window(cc, cc->cwnd_bytes - cc->mss_bytes);
    }
    *carry = counted;
}

void mpt_cc_end_slow_start(mpt_cc *cc, uint64_t at_bytes) {
    uint64_t least_bytes = 2 * (uint64_t)cc->mss_bytes;
    cc->ssthresh_bytes = at_bytes > least_bytes ? at_bytes : least_bytes;
}

void mpt_cc_set_threshold(mpt_cc *cc, uint64_t ssthresh_bytes) {
    uint64_t least_bytes = 2 * (uint64_t)cc->mss_bytes;
    ssthresh_bytes -=
        ssthresh_bytes % cc->mss_bytes; /* a part of a segment is never sent, but would have to be outgrown */
    cc->undo_cwnd_bytes = cc->cwnd_bytes;
    cc->undo_ssthresh_bytes = cc->ssthresh_bytes;
    cc->ssthresh_bytes = ssthresh_bytes > least_bytes ? ssthresh_bytes : least_bytes;
    cc->acked_remainder = 0;
}

void mpt_cc_halve(mpt_cc *cc, const mpt_cc_group *group, mpt_cc_loss kind, uint64_t flight_bytes, mpt_time now) {
    (void)group;
    (void)kind;
    (void)now;
    mpt_cc_set_threshold(cc, (flight_bytes < cc->cwnd_bytes ? flight_bytes : cc->cwnd_bytes) / 2);
}

void mpt_cc_restart(mpt_cc *cc, uint64_t most_bytes) {
    if (cc->cwnd_bytes <= most_bytes)
        return;
    mpt_cc_set_window(cc, most_bytes);
    if (cc->ops->on_restart != NULL)
        cc->ops->on_restart(cc);
}

void mpt_cc_undo(mpt_cc *cc, mpt_time now) {
    (void)now;
    if (cc->cwnd_bytes < cc->undo_cwnd_bytes)
        mpt_cc_set_window(cc, cc->undo_cwnd_bytes);
    cc->ssthresh_bytes = cc->undo_ssthresh_bytes;
}
