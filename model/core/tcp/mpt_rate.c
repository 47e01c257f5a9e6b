/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_rate.c: see mpt_rate.h. Section numbers are those of draft-cheng-iccrg-delivery-rate-estimation-02. */
#include "tcp/mpt_tcp.h"

/** @p k leaves; nothing was outstanding before: @p was_idle (3.2). */
void mpt_rate_sent(mpt_tcp *t, const mpt_chunk *k, bool was_idle, mpt_time now) {
    if (!t->q.has_stamps)
        return;
    if (was_idle)
        t->rate->first_sent_at = t->rate->delivered_at = now;
    *mpt_sendq_stamp(&t->q, k) = (mpt_rate_stamp){.delivered_bytes = t->delivered_bytes,
                                                  .delivered_at = t->rate->delivered_at,
                                                  .first_sent_at = t->rate->first_sent_at,
                                                  .is_app_limited = t->rate->app_limited_until > 0};
}

/** @p k is delivered, for the first time (3.3). */
void mpt_rate_delivered(mpt_tcp *t, const mpt_chunk *k) {
    if (!t->q.has_stamps)
        return;
    const mpt_rate_stamp *p = mpt_sendq_stamp(&t->q, k);
    mpt_rate *r = t->rate;
    bool is_later = p->delivered_bytes > r->prior.delivered_bytes ||
                    (p->delivered_bytes == r->prior.delivered_bytes && k->sent_at >= r->first_sent_at);
    if (r->has_sample && !is_later)
        return;
    r->has_sample = true;
    r->prior = *p;
    r->is_retransmitted = k->flags & MPT_CHUNK_EVER_RESENT;
    r->send_elapsed_ns = k->sent_at - p->first_sent_at;
    r->first_sent_at = k->sent_at;
}

void mpt_rate_sample(mpt_tcp *t, mpt_cc_sample *s, mpt_time now) {
    mpt_rate *r = t->rate;
    if (r->app_limited_until > 0 && t->delivered_bytes > r->app_limited_until)
        r->app_limited_until = 0;
    if (s->delivered_bytes > 0)
        r->delivered_at = now;
    s->total_delivered_bytes = t->delivered_bytes;
    s->total_lost_bytes = t->q.lost_ever_bytes;
    if (!r->has_sample)
        return;
    mpt_time ack_elapsed_ns = now - r->prior.delivered_at;
    s->prior_delivered_bytes = r->prior.delivered_bytes;
    s->rate_bytes = t->delivered_bytes - r->prior.delivered_bytes;
    s->interval_ns = r->send_elapsed_ns > ack_elapsed_ns ? r->send_elapsed_ns : ack_elapsed_ns;
    if (s->interval_ns < mpt_least_get(&t->rtt_min))
        s->interval_ns = 0; /* sooner than any segment can be: a copy was acknowledged for the original */
    s->is_app_limited = r->prior.is_app_limited;
    s->is_of_copy = r->is_retransmitted;
    if (r->prior.delivered_bytes >= r->next_round_at) {
        r->next_round_at = t->delivered_bytes;
        s->is_round_start = true;
    }
    r->has_sample = false;
}

void mpt_rate_nothing_to_send(mpt_tcp *t, mpt_time now) {
    uint64_t pipe = mpt_sendq_pipe(&t->q);
    bool has_lost = t->q.lost_bytes > t->q.retransmitted_bytes;
    if (!t->q.has_stamps || has_lost || mpt_pacing_holds(t, now) || pipe + t->cc.mss_bytes > t->cc.cwnd_bytes)
        return;
    t->rate->app_limited_until = t->delivered_bytes + pipe > 0 ? t->delivered_bytes + pipe : 1;
}
