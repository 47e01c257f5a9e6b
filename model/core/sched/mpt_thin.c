/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_thin.c: see mpt_thin.h. */
#include "sched/mpt_thin.h"

static uint64_t shown_bytes_per_s(const mpt_sched_view *v, uint32_t path) {
    return v->paths[path]->arrival.rate_bytes_per_s;
}

uint32_t mpt_thin_fastest(const mpt_sched_view *v) {
    uint32_t fastest = v->count;
    uint64_t most = 0;
    for (uint32_t i = 0; i < v->count; i++) {
        const mpt_tcp *t = v->paths[i]->tcp;
        if (shown_bytes_per_s(v, i) <= most || t->ca > MPT_CA_RECOVERY ||
            mpt_arrival_is_silent(&v->paths[i]->arrival, t, v->now))
            continue;
        most = shown_bytes_per_s(v, i);
        fastest = i;
    }
    return fastest;
}

/**
 * Are @p own bytes/s of @p p less than an eighth of those of the path @p fastest? And could that one, which may double its rate once or twice while it is in slow start, fill
 * the window while a segment that was lost on @p p is found missing?
 */
static bool is_little(const mpt_sched_view *v, const mpt_path *p, uint64_t own, uint32_t fastest) {
    enum { PART = 8, OPENING = 4 };
    const mpt_path *f = v->paths[fastest];
    uint64_t most = shown_bytes_per_s(v, fastest);
    uint64_t soon = mpt_arrival_is_opening(&f->arrival, f->tcp) ? OPENING * most : most;
    double at_worst_bytes = (double)soon * (double)mpt_rto_get(&p->tcp->rto) / 1e9;
    return own > 0 && own * PART < most && at_worst_bytes >= (double)v->window_bytes;
}

/**
 * Is its window still being opened, without a queue? One round trip may be long, as an acknowledgement was held back, and so may be the smoothed one, after a pause: both have
 * to be.
 */
static bool may_bring_more(const mpt_path *p) {
    mpt_time least = mpt_arrival_least(&p->arrival, p->tcp), longest = least + least / 4 + 2 * MPT_MS;
    return p->tcp->cc.cwnd_bytes < p->tcp->cc.ssthresh_bytes &&
           (p->arrival.srtt_ns <= longest || p->arrival.rtt_ns <= longest);
}

static bool is_thin(const mpt_sched_view *v, const mpt_path *p, uint32_t fastest) {
    return is_little(v, p, mpt_arrival_rate(&p->arrival, p->tcp, v->now), fastest) &&
           !mpt_path_is_long_idle(p, v->now) && !may_bring_more(p);
}

void mpt_thin_look(mpt_thin *m, const mpt_sched_view *v) {
    uint32_t fastest = mpt_thin_fastest(v);
    *m = (mpt_thin){mpt_thin_tick(v->now), 0, (uint8_t)v->count, (uint8_t)fastest};
    for (uint32_t i = 0; i < v->count && fastest != v->count; i++)
        if (i != fastest && is_thin(v, v->paths[i], fastest))
            m->paths |= 1u << i;
}

mpt_time mpt_thin_fastest_silent_at(const mpt_thin *m, const mpt_sched_view *v) {
    const mpt_path *p = v->paths[m->fastest];
    const mpt_chunk *oldest = mpt_sendq_oldest(&p->tcp->q);
    mpt_time at = oldest ? mpt_arrival_silent_at(&p->arrival, p->tcp, oldest, p->tcp->rto.srtt_ns) : v->now;
    return at > v->now ? at : v->now;
}

bool mpt_thin_holds_up(const mpt_sched_view *v, uint32_t path, uint32_t fastest) {
    const mpt_path *p = v->paths[path];
    const mpt_tcp *t = p->tcp;
    uint64_t own = mpt_arrival_rate(&p->arrival, t, v->now);
    if (own == 0 && t->rto.srtt_ns > 0)
        own = (uint64_t)((double)t->cc.cwnd_bytes * 1e9 / (double)t->rto.srtt_ns);
    return is_little(v, p, own, fastest);
}
