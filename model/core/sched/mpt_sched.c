/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_sched.c: the table of schedulers, those of the host's own, and what several need. */
#include "sched/mpt_sched.h"

#include <string.h>

#include "base/mpt_assert.h"

static const mpt_sched_ops *const schedulers[] = {&mpt_sched_earliest,  &mpt_sched_minrtt,  &mpt_sched_roundrobin,
                                                  &mpt_sched_redundant, &mpt_sched_blest,   &mpt_sched_ecf,
                                                  &mpt_sched_linux,     &mpt_sched_primary, &mpt_sched_weighted};

const mpt_sched_ops *mpt_sched_get(uint32_t i) {
    return i < sizeof schedulers / sizeof *schedulers ? schedulers[i] : NULL;
}

/* ---- Names ---- */

const mpt_sched_ops *mpt_sched_named(const mpt_stack *st, const char *name) {
    for (uint32_t i = 0; st && i < st->registered_sched_count; i++)
        if (strcmp(st->registered_sched[i]->name, name) == 0)
            return st->registered_sched[i];
    for (uint32_t i = 0; mpt_sched_get(i); i++)
        if (strcmp(mpt_sched_get(i)->name, name) == 0)
            return mpt_sched_get(i);
    return NULL;
}

mpt_status mpt_register_scheduler(mpt_stack *st, const mpt_sched_ops *ops) {
    if (!ops || !ops->name || ops->name[0] == 0 || memchr(ops->name, 0, MPT_NAME_BYTES) == NULL || !ops->next)
        return MPT_ERR_SETTING;
    if (ops->priv_bytes > MPT_SCHED_PRIV_BYTES || ops->path_priv_bytes > MPT_SCHED_PRIV_BYTES)
        return MPT_ERR_SETTING;
    if (mpt_sched_named(st, ops->name))
        return MPT_ERR_NAME;
    if (st->registered_sched_count == MPT_REGISTERED_MAX)
        return MPT_ERR_LIMIT;
    st->registered_sched[st->registered_sched_count++] = ops;
    return MPT_OK;
}

/* ---- What a path is like ---- */

/** A path that there is not is no answer to be set right, but a question that has none: a scheduler's mistake, told where it is made. */
static mpt_path *path_of(const mpt_sched_view *v, uint32_t path) {
    MPT_ASSERT(path < v->count);
    return v->paths[path];
}

mpt_sched_path mpt_sched_look(const mpt_sched_view *v, uint32_t path) {
    const mpt_path *p = path_of(v, path);
    const mpt_tcp *t = p->tcp;
    mpt_time rtt_min_ns = mpt_least_get(&t->rtt_min);
    return (mpt_sched_path){
        .id = p->id,
        .mss_bytes = t->cc.mss_bytes,
        .has_room = mpt_sched_has_room(v, path),
        .is_backup = p->is_backup,
        .cwnd_bytes = t->cc.cwnd_bytes,
        .ssthresh_bytes = t->cc.ssthresh_bytes,
        .flight_bytes = mpt_sendq_pipe(&t->q),
        .unacked_bytes = t->snd_nxt - t->snd_una,
        .low_offset = mpt_sendq_low_offset(&t->q),
        .rate_bytes_per_s = mpt_pacing_rate(t),
        .srtt_ns = t->rto.srtt_ns,
        .rttvar_ns = t->rto.deviation_ns,
        .rtt_min_ns = rtt_min_ns == MPT_NEVER ? 0 : rtt_min_ns,
    };
}

void *mpt_sched_path_priv(const mpt_sched_view *v, uint32_t path) {
    return path_of(v, path)->priv;
}

mpt_time mpt_sched_arrival(const mpt_sched_view *v, uint32_t path) {
    return mpt_path_arrival(path_of(v, path), v->now);
}

/** As mpt_sched_held_until(), of the chunks from index @p from on, whose stream offsets grow. */
static uint64_t held_in_sorted(const mpt_sendq *q, uint32_t from, uint64_t offset) {
    uint32_t low = from, high = q->count; /* the first chunk that ends behind offset */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const mpt_chunk *k = mpt_sendq_at(q, middle);
        if (k->stream_offset + k->bytes <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    const mpt_chunk *k = low < q->count ? mpt_sendq_at(q, low) : NULL;
    return k && k->stream_offset <= offset ? k->stream_offset + k->bytes : offset;
}

uint64_t mpt_sched_held_until(const mpt_path *p, uint64_t offset) {
    const mpt_sendq *q = &p->tcp->q;
    uint32_t sorted = mpt_sendq_find(q, q->sorted_from);
    for (uint32_t i = 0; i < sorted; i++) {
        const mpt_chunk *k = mpt_sendq_at(q, i);
        if (k->stream_offset <= offset && offset - k->stream_offset < k->bytes)
            return k->stream_offset + k->bytes;
    }
    return held_in_sorted(q, sorted, offset);
}

bool mpt_sched_holds(const mpt_path *p, uint64_t offset) {
    return mpt_sched_held_until(p, offset) > offset;
}

bool mpt_sched_path_holds(const mpt_sched_view *v, uint32_t path, uint64_t offset) {
    return mpt_sched_holds(path_of(v, path), offset);
}

mpt_time mpt_sched_srtt(const mpt_sched_view *v, uint32_t path) {
    const mpt_tcp *t = v->paths[path]->tcp;
    if (mpt_path_is_long_idle(v->paths[path], v->now))
        return mpt_arrival_least(&v->paths[path]->arrival, t);
    return t->rto.srtt_ns > 0 ? t->rto.srtt_ns : mpt_rto_get(&t->rto);
}

uint32_t mpt_sched_least_srtt(const mpt_sched_view *v, bool needs_room) {
    uint32_t best = v->count;
    for (uint32_t i = 0; i < v->count; i++)
        if ((!needs_room || mpt_sched_has_room(v, i)) &&
            (best == v->count || mpt_sched_srtt(v, i) < mpt_sched_srtt(v, best)))
            best = i;
    return best;
}

uint32_t mpt_sched_earliest_with_room(const mpt_sched_view *v) {
    uint32_t best = v->count;
    mpt_time least = MPT_NEVER;
    for (uint32_t i = 0; i < v->count; i++) {
        mpt_time ns = mpt_sched_has_room(v, i) ? mpt_sched_arrival(v, i) : MPT_NEVER;
        if (ns < least) {
            least = ns;
            best = i;
        }
    }
    return best;
}

void mpt_path_penalise(mpt_path *p, mpt_time now) {
    uint64_t least_bytes = 2 * (uint64_t)p->tcp->cc.mss_bytes, half = p->tcp->cc.cwnd_bytes / 2;
    if (p->tcp->cc.ops->owns_window)
        return;
    if (now - p->penalised_at < p->tcp->rto.srtt_ns || p->tcp->ca != MPT_CA_OPEN)
        return;
    p->penalised_at = now;
    p->tcp->node->stale = p->tcp->node->moved = MPT_LOOK_ALL;
    p->tcp->cc.ssthresh_bytes = p->tcp->cc.cwnd_bytes < p->tcp->cc.ssthresh_bytes ? half : p->tcp->cc.ssthresh_bytes;
    mpt_cc_set_window(&p->tcp->cc, half > least_bytes ? half : least_bytes);
    if (p->tcp->cc.ssthresh_bytes < least_bytes)
        p->tcp->cc.ssthresh_bytes = least_bytes;
}

void mpt_sched_penalise(const mpt_sched_view *v, uint32_t path) {
    mpt_path_penalise(path_of(v, path), v->now);
}
