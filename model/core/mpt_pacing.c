/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_pacing.c: segments of a subflow leave spread over the round trip instead of in bursts, where the setting asks for it. The rate is
 * Linux's: the window in half a round-trip time while slow start is far from ssthresh, else in 5/6 of one; the first ten segments,
 * and those before there is a measurement, are not held.
 */
#include "mpt_stack.h"

enum { FREE_SEGMENTS = 10, SLOW_START_PERCENT = 200, AVOIDANCE_PERCENT = 120 };

/** How long @p bytes take at the rate of now. */
static mpt_time span_ns(const mpt_subflow *sf, uint32_t bytes) {
    bool is_slow_start = sf->cc.cwnd_bytes < sf->cc.ssthresh_bytes / 2;
    uint64_t percent = is_slow_start ? SLOW_START_PERCENT : AVOIDANCE_PERCENT;
    uint64_t in_use = sf->snd_nxt - sf->snd_una, window_bytes = sf->cc.cwnd_bytes > in_use ? sf->cc.cwnd_bytes : in_use;
    return (mpt_time)((uint64_t)sf->rto.srtt_ns * bytes / window_bytes * 100 / percent);
}

void mpt_pacing_sent(mpt_subflow *sf, uint32_t bytes, mpt_time now) {
    if (!sf->conn->set.pacing || sf->rto.srtt_ns == 0 || ++sf->paced_segments <= FREE_SEGMENTS)
        return;
    sf->pace_at = (sf->pace_at > now ? sf->pace_at : now) + span_ns(sf, bytes);
}

void mpt_pacing_watch(mpt_conn *c, bool has_data, mpt_time now) {
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        mpt_subflow *sf = c->subflows[i];
        bool waits = has_data || sf->q.lost_bytes > sf->q.retransmitted_bytes;
        sf->release_at = waits && mpt_pacing_holds(sf, now) && sf->state != MPT_TCP_CLOSED ? sf->pace_at : MPT_NEVER;
        mpt_conn_arm(c, sf->release_at);
    }
}
