/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mpt_cc_hystart.c: HyStart++ (RFC 9406): a round whose least round-trip time is clearly above that of the round before means that
 * a queue is building up. Then the initial slow start goes on a quarter as fast (conservative slow start, CSS) and ends after five
 * rounds, unless the round-trip time falls again: it was noise. A loss ends all of it.
 */
#include "cc/mpt_cc.h"

#define MIN_RTT_THRESH_NS (4 * MPT_MS)
#define MAX_RTT_THRESH_NS (16 * MPT_MS)
enum { MIN_RTT_DIVISOR = 8, N_RTT_SAMPLE = 8, CSS_GROWTH_DIVISOR = 4, CSS_ROUNDS = 5, L_SEGMENTS = 8 };

static void start_round(mpt_cc *cc) {
    mpt_hystart *h = &cc->hystart;
    h->window_end = cc->snd_nxt;
    h->last_min_ns = h->current_min_ns;
    h->current_min_ns = MPT_NEVER;
    h->sample_count = 0;
}

void mpt_hystart_begin(mpt_cc *cc) {
    cc->hystart = (mpt_hystart){
        .is_on = true, .last_min_ns = MPT_NEVER, .current_min_ns = MPT_NEVER, .baseline_min_ns = MPT_NEVER};
}

static bool is_conservative(const mpt_hystart *h) {
    return h->baseline_min_ns != MPT_NEVER;
}

/** RttThresh. */
static mpt_time threshold_ns(const mpt_hystart *h) {
    mpt_time thresh_ns = h->last_min_ns / MIN_RTT_DIVISOR;
    return thresh_ns < MIN_RTT_THRESH_NS   ? MIN_RTT_THRESH_NS
           : thresh_ns > MAX_RTT_THRESH_NS ? MAX_RTT_THRESH_NS
                                           : thresh_ns;
}

static void grow(mpt_cc *cc, uint64_t acked_bytes) {
    mpt_hystart *h = &cc->hystart;
    uint64_t limit_bytes = L_SEGMENTS * (uint64_t)cc->mss_bytes,
             growth_bytes = acked_bytes < limit_bytes ? acked_bytes : limit_bytes;
    if (is_conservative(h)) {
        h->remainder += growth_bytes;
        growth_bytes = h->remainder / CSS_GROWTH_DIVISOR;
        h->remainder %= CSS_GROWTH_DIVISOR;
    }
    mpt_cc_set_window(cc, cc->cwnd_bytes + growth_bytes);
}

/** Into CSS when the round-trip time has grown, out of it when it has fallen below what it was then. */
static void judge(mpt_hystart *h) {
    if (h->sample_count < N_RTT_SAMPLE)
        return;
    if (is_conservative(h)) {
        if (h->current_min_ns < h->baseline_min_ns)
            h->baseline_min_ns = MPT_NEVER;
    } else if (h->last_min_ns != MPT_NEVER && h->current_min_ns >= h->last_min_ns + threshold_ns(h)) {
        h->baseline_min_ns = h->current_min_ns;
        h->css_rounds = 0;
        h->remainder = 0;
    }
}

static void end_round(mpt_cc *cc) {
    mpt_hystart *h = &cc->hystart;
    if (is_conservative(h) && ++h->css_rounds == CSS_ROUNDS) {
        mpt_cc_end_slow_start(cc, cc->cwnd_bytes);
        h->is_on = false;
        return;
    }
    start_round(cc);
}

uint64_t mpt_hystart_slow_start(mpt_cc *cc, uint64_t acked_bytes) {
    mpt_hystart *h = &cc->hystart;
    if (cc->ssthresh_bytes != UINT64_MAX)
        h->is_on = false; /* a loss was first */
    if (!h->is_on)
        return mpt_cc_slow_start(cc, acked_bytes);
    if (h->window_end == 0)
        start_round(cc);
    grow(cc, acked_bytes);
    if (cc->rtt_ns > 0) {
        h->sample_count++;
        if (cc->rtt_ns < h->current_min_ns)
            h->current_min_ns = cc->rtt_ns;
        judge(h);
    }
    if (cc->snd_una >= h->window_end)
        end_round(cc);
    return 0;
}
