/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mpt_rto.c: see mpt_rto.h. RTO = SRTT + max(min_ns, 4 RTTVAR), at most max_ns. The lower bound is on the variation's
 * part, as in Linux, not on the sum (RFC 6298 2.4): on a path with a steady RTT near min_ns the sum would leave
 * no room at all for a delayed ACK.
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

void mpt_rto_sample(mpt_rto *r, mpt_time rtt_ns, uint32_t samples_per_window) {
    MPT_ASSERT(rtt_ns > 0 && samples_per_window > 0);
    if (r->srtt_ns == 0) { /* RFC 6298 2.2 */
        r->srtt_ns = rtt_ns;
        r->rttvar_ns = rtt_ns / 2;
    } else { /* RFC 6298 2.3: RTTVAR first, with the old SRTT; beta = 1/4, alpha = 1/8 */
        mpt_time error_ns = rtt_ns - r->srtt_ns;
        mpt_time deviation_ns = error_ns < 0 ? -error_ns : error_ns;
        r->rttvar_ns += (deviation_ns - r->rttvar_ns) / (4 * (mpt_time)samples_per_window);
        r->srtt_ns += error_ns / (8 * (mpt_time)samples_per_window);
    }
    mpt_time variation_ns = 4 * r->rttvar_ns;
    r->base_ns = clamp(r->srtt_ns + (variation_ns > r->min_ns ? variation_ns : r->min_ns), r->min_ns, r->max_ns);
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
