/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mpt_rto.c: see mpt_rto.h. Every acknowledgement of new data measures, with the gains of RFC 6298 (1/8, 1/4) whatever the window: SRTT
 * follows a growing queue within a few segments. What RFC 7323 appendix G wants the gains divided for, that the variation is not
 * forgotten within a window of alike samples, is had as in Linux: the timeout keeps the greatest deviation of a round trip.
 *
 * RTO = SRTT + margin, margin >= min_ns, RTO <= max_ns. The lower bound is on the variation's part, as in Linux, not on the sum
 * (RFC 6298 2.4): on a path with a steady RTT near min_ns the sum would leave no room at all for a delayed ACK.
 */
#include "tcp/mpt_rto.h"

#include "base/mpt_assert.h"

static mpt_time clamp(mpt_time x, mpt_time low, mpt_time high) {
    return x < low ? low : x > high ? high : x;
}

void mpt_rto_init(mpt_rto *r, mpt_time initial_ns, mpt_time min_ns, mpt_time max_ns) {
    MPT_ASSERT(min_ns > 0 && min_ns <= max_ns);
    *r = (mpt_rto){.base_ns = clamp(initial_ns, min_ns, max_ns), .min_ns = min_ns, .max_ns = max_ns};
}

static mpt_time greatest(mpt_time a, mpt_time b) {
    return a > b ? a : b;
}

static void first_sample(mpt_rto *r, mpt_time rtt_ns, uint64_t snd_nxt) { /* RFC 6298 2.2 */
    r->srtt_ns = rtt_ns;
    r->deviation_ns = rtt_ns / 2;
    r->margin_ns = r->round_margin_ns = greatest(4 * r->deviation_ns, r->min_ns);
    r->round_end = snd_nxt;
}

/** RFC 6298 2.3. A sample below SRTT by more than the deviation moves it by 1/32: a queue that drains is no reason for a longer timeout. */
static void smooth(mpt_rto *r, mpt_time rtt_ns) {
    mpt_time error_ns = rtt_ns - r->srtt_ns;
    mpt_time news_ns = (error_ns < 0 ? -error_ns : error_ns) - r->deviation_ns;
    r->deviation_ns += news_ns / (error_ns < 0 && news_ns > 0 ? 32 : 4);
    r->srtt_ns += error_ns / 8;
}

void mpt_rto_sample(mpt_rto *r, mpt_time rtt_ns, uint64_t snd_una, uint64_t snd_nxt) {
    MPT_ASSERT(rtt_ns > 0);
    if (r->srtt_ns == 0) {
        first_sample(r, rtt_ns, snd_nxt);
    } else {
        smooth(r, rtt_ns);
        r->round_margin_ns = greatest(r->round_margin_ns, 4 * r->deviation_ns);
        r->margin_ns = greatest(r->margin_ns, r->round_margin_ns);
        if (snd_una > r->round_end) {
            r->margin_ns -= (r->margin_ns - r->round_margin_ns) / 4;
            r->round_margin_ns = r->min_ns;
            r->round_end = snd_nxt;
        }
    }
    r->base_ns = clamp(r->srtt_ns + r->margin_ns, r->min_ns, r->max_ns);
}

void mpt_rto_unmeasured(mpt_rto *r) {
    if (r->base_ns < 3 * MPT_S)
        r->base_ns = clamp(3 * MPT_S, r->min_ns, r->max_ns);
}

mpt_time mpt_rto_get(const mpt_rto *r) {
    return r->base_ns > r->max_ns >> r->backoff ? r->max_ns : r->base_ns << r->backoff;
}

void mpt_rto_backoff(mpt_rto *r) {
    if (r->backoff < 62) /* beyond that nothing changes any more, and the shift above stays defined */
        r->backoff++;
}

void mpt_rto_reset_backoff(mpt_rto *r) {
    r->backoff = 0;
}
