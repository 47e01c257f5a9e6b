/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mpt_cc_lia_rfc.c: the linked increases algorithm in whole numbers, as RFC 6356 section 4 has it for implementations:
 *
 *   alpha = alpha_scale cwnd_total cwnd_max / (sum rtt_max cwnd_i / rtt_i)^2, max: the path of the largest cwnd_i / rtt_i^2 (equation 4)
 *   increase_i = min(alpha acked mss_i / (alpha_scale cwnd_total), acked mss_i / cwnd_i) (equation 3)
 *
 * alpha_scale is 512, windows are bytes, round-trip times microseconds. alpha is one number for the connection: it is computed
 * again where a window has another number of whole segments, and after a loss; in between it stands still, while cwnd_total
 * does not. mpt_cc_lia.c is the same rule in real numbers, with an alpha for each acknowledgement.
 */
#include "cc/mpt_cc.h"

/** Windows count as this many bits at most, so that no product needs more than 64: what 4.1 calls adjusting the scale. */
#define WINDOWS_MOST (UINT64_C(1) << 26)
#define RTT_MOST_US (UINT64_C(1) << 37)
enum { ALPHA_SCALE = 512 };

static void init(mpt_cc *cc) {
    cc->u.lia_rfc.alpha = 0;
    cc->u.lia_rfc.segments = 0;
}

static uint64_t rtt_us(const mpt_cc *cc) {
    uint64_t us = (uint64_t)cc->srtt_ns / 1000;
    return us == 0 ? 1 : us < RTT_MOST_US ? us : RTT_MOST_US;
}

/** The windows of the members with a round-trip time together; @p count: how many these are. */
static uint64_t total_bytes(const mpt_cc_group *group, uint32_t *count) {
    uint64_t bytes = 0;
    *count = 0;
    for (uint32_t i = 0; i < group->count; i++)
        if (group->members[i]->srtt_ns > 0) {
            bytes += group->members[i]->cwnd_bytes;
            (*count)++;
        }
    return bytes;
}

/** @return what @p of would have to have as its window to send at its rate with the round-trip time of @p as. */
static uint64_t window_at_rtt_of(const mpt_cc *of, const mpt_cc *as, uint32_t shift) {
    uint64_t window = of->cwnd_bytes >> shift;
    return (window > 0 ? window : 1) * rtt_us(as) / rtt_us(of);
}

/** Equation 4. @return at least 1 */
static uint64_t alpha_of(const mpt_cc_group *group) {
    uint32_t count, shift = 0;
    uint64_t total = total_bytes(group, &count);
    if (count <= 1)
        return ALPHA_SCALE;
    while (total >> shift >= WINDOWS_MOST)
        shift++;
    const mpt_cc *max = NULL;
    for (uint32_t i = 0; i < group->count; i++) {
        const mpt_cc *member = group->members[i];
        if (member->srtt_ns > 0 &&
            (!max || window_at_rtt_of(member, max, shift) > window_at_rtt_of(max, member, shift)))
            max = member;
    }
    uint64_t sum = 0;
    for (uint32_t i = 0; i < group->count; i++)
        if (group->members[i]->srtt_ns > 0)
            sum += window_at_rtt_of(group->members[i], max, shift);
    if (sum > UINT32_MAX)
        sum = UINT32_MAX;
    uint64_t alpha = ALPHA_SCALE * (total >> shift) * window_at_rtt_of(max, max, shift) / (sum * sum);
    return alpha > 0 ? alpha : 1;
}

/** alpha is computed again where the window has come to another number of segments. */
static void update_alpha(mpt_cc *cc, const mpt_cc_group *group) {
    uint64_t segments = cc->cwnd_bytes / cc->mss_bytes;
    if (segments == cc->u.lia_rfc.segments && cc->u.lia_rfc.alpha != 0)
        return;
    cc->u.lia_rfc.segments = segments;
    cc->u.lia_rfc.alpha = alpha_of(group);
    for (uint32_t i = 0; i < group->count; i++)
        group->members[i]->u.lia_rfc.alpha = cc->u.lia_rfc.alpha;
}

static void on_ack(mpt_cc *cc, const mpt_cc_group *group, uint64_t acked_bytes, mpt_time now) {
    (void)now;
    acked_bytes = mpt_cc_slow_start(cc, acked_bytes);
    update_alpha(cc, group);
    if (acked_bytes == 0)
        return;
    uint32_t count;
    uint64_t window_bytes = cc->cwnd_bytes,
             linked_bytes = ALPHA_SCALE * total_bytes(group, &count) / cc->u.lia_rfc.alpha;
    if (count > 1 && cc->srtt_ns > 0 && linked_bytes > window_bytes)
        window_bytes = linked_bytes;
    mpt_cc_grow(cc, acked_bytes, window_bytes);
    update_alpha(cc, group);
}

static void on_loss(mpt_cc *cc, const mpt_cc_group *group, mpt_cc_loss kind, uint64_t flight_bytes, mpt_time now) {
    mpt_cc_halve(cc, group, kind, flight_bytes, now);
    cc->u.lia_rfc.alpha = 0;
    for (uint32_t i = 0; i < group->count; i++)
        group->members[i]->u.lia_rfc.alpha = 0; /* whoever grows next computes it with the windows of then */
}

const mpt_cc_ops mpt_cc_lia_rfc = {
    .name = "lia-rfc",
    .init = init,
    .on_ack = on_ack,
    .on_loss = on_loss,
    .on_undo = mpt_cc_undo,
};
