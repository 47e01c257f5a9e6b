/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_pacing.c: segments of a subflow leave spread over the round trip instead of in bursts, where the setting asks for it. The rate is
 * Linux's: the window in half a round-trip time while slow start is far from ssthresh, else in 5/6 of one; the first ten segments,
 * and those before there is a measurement, are not held. What a segment leaves too late is taken off the time to the next, up to half of it, as there. A congestion control may set a rate of its own (mpt_cc.pacing_bytes_per_s).
 */
#include "tcp/mpt_tcp.h"

enum { FREE_SEGMENTS = 10, SLOW_START_PERCENT = 200, AVOIDANCE_PERCENT = 120 };

static uint64_t percent(const mpt_tcp *t) {
    return t->cc.cwnd_bytes < t->cc.ssthresh_bytes / 2 ? SLOW_START_PERCENT : AVOIDANCE_PERCENT;
}

static uint64_t window_bytes(const mpt_tcp *t) {
    uint64_t in_use = t->snd_nxt - t->snd_una;
    return t->cc.cwnd_bytes > in_use ? t->cc.cwnd_bytes : in_use;
}

uint64_t mpt_pacing_rate(const mpt_tcp *t) {
    if (t->cc.pacing_bytes_per_s > 0)
        return t->cc.pacing_bytes_per_s;
    if (t->rto.srtt_ns == 0)
        return 0;
    return (uint64_t)((double)window_bytes(t) * (double)percent(t) / 100 * 1e9 / (double)t->rto.srtt_ns);
}

/** How long @p bytes take at the rate of now. */
static mpt_time span_ns(const mpt_tcp *t, uint32_t bytes) {
    if (t->cc.pacing_bytes_per_s > 0)
        return (mpt_time)((double)bytes * 1e9 / (double)t->cc.pacing_bytes_per_s);
    return (mpt_time)((uint64_t)t->rto.srtt_ns * bytes / window_bytes(t) * 100 / percent(t));
}

void mpt_pacing_sent(mpt_tcp *t, uint32_t bytes, mpt_time now) {
    bool is_paced = t->set->pacing || t->cc.pacing_bytes_per_s > 0;
    t->node->is_paced |= is_paced;
    if (!is_paced || t->rto.srtt_ns == 0 || ++t->paced_segments <= FREE_SEGMENTS)
        return;
    mpt_time span = span_ns(t, bytes);
    if (t->pace_at > 0 && t->pace_at < now) { /* a host's timer that is late must not slow the flow down */
        mpt_time late = now - t->pace_at;
        span -= late < span / 2 ? late : span / 2;
    }
    t->pace_at = (t->pace_at > now ? t->pace_at : now) + span;
}

void mpt_pacing_watch(mpt_tcp *t, bool has_data, mpt_time now) {
    bool waits = has_data || t->q.lost_bytes > t->q.retransmitted_bytes;
    mpt_time fin_at = t->fin_wanted ? t->release_at : MPT_NEVER; /* which may wait for memory */
    t->release_at = waits && mpt_pacing_holds(t, now) && t->state != MPT_TCP_CLOSED ? t->pace_at : MPT_NEVER;
    t->release_at = fin_at < t->release_at ? fin_at : t->release_at;
    mpt_tcp_arm(t, t->release_at);
}
