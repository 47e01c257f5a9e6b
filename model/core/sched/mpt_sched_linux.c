/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_sched_linux.c: the scheduler of Linux since 5.19 (mptcp_subflow_get_send): bursts of 64 KiB, each on the subflow that would drain what it holds
 * soonest, wmem / pace, where pace is the pacing rate, averaged over what is queued.
 *
 * There a subflow takes data before its window has room for them, here none does. So what lies queued there is worked out here: a subflow
 * without room that drains sooner than the best with room would first be filled up to that time. Where all there is to send fits in, it waits.
 */
#include "sched/mpt_sched.h"

#define BURST_BYTES 65428u /**< MPTCP_SEND_BURST_SIZE: 2^16 less headers */

/** State of a connection. */
typedef struct burst {
    uint32_t path_id;
    uint64_t left_bytes; /**< that the path is still to take */
} burst;

/** State of a path. */
typedef struct pace {
    uint64_t bytes_per_s; /**< averaged; 0 = not yet */
} pace;

/** @return 0: not known */
static uint64_t pace_of(const mpt_sched_view *v, uint32_t i) {
    const pace *p = mpt_sched_path_priv(v, i);
    return p->bytes_per_s > 0 ? p->bytes_per_s : mpt_sched_look(v, i).rate_bytes_per_s;
}

/** Seconds until path @p i has sent what it holds. */
static double drain_s(const mpt_sched_view *v, uint32_t i) {
    uint64_t rate = pace_of(v, i), held = mpt_sched_look(v, i).unacked_bytes;
    return held == 0 ? 0 : rate > 0 ? (double)held / (double)rate : 1e9;
}

/** Would the paths without room take all that there is to send, before path @p best were as good? */
static bool would_be_queued(const mpt_sched_view *v, uint32_t best) {
    double limit_s = drain_s(v, best), bytes = 0;
    for (uint32_t i = 0; i < v->count; i++)
        if (!mpt_sched_has_room(v, i) && drain_s(v, i) < limit_s)
            bytes += (limit_s - drain_s(v, i)) * (double)pace_of(v, i);
    return !v->has_more && bytes >= (double)(v->snd_end - v->snd_nxt);
}

static mpt_sched_choice next(const mpt_sched_view *v) {
    burst *b = v->priv;
    uint32_t best = v->count;
    for (uint32_t i = 0; i < v->count; i++) {
        if (!mpt_sched_has_room(v, i))
            continue;
        if (b->left_bytes > 0 && mpt_sched_look(v, i).id == b->path_id)
            return mpt_sched_new(v, i);
        if (best == v->count || drain_s(v, i) < drain_s(v, best))
            best = i;
    }
    if (best == v->count || would_be_queued(v, best))
        return mpt_sched_wait(MPT_NEVER);
    mpt_sched_path p = mpt_sched_look(v, best);
    pace *rate = mpt_sched_path_priv(v, best);
    uint64_t bytes = v->snd_end - v->snd_nxt;
    bytes = bytes < BURST_BYTES ? bytes : BURST_BYTES;
    double held = (double)p.unacked_bytes, weighted = (double)pace_of(v, best) * held;
    if (p.rate_bytes_per_s > 0 && bytes > 0)
        rate->bytes_per_s =
            (uint64_t)((weighted + (double)p.rate_bytes_per_s * (double)bytes) / (held + (double)bytes));
    *b = (burst){p.id, bytes};
    return mpt_sched_new(v, best);
}

static void on_event(const mpt_sched_event *e) {
    burst *b = e->priv;
    if (e->is_copy || e->path_id != b->path_id)
        return;
    b->left_bytes -= e->bytes < b->left_bytes ? e->bytes : b->left_bytes;
}

const mpt_sched_ops mpt_sched_linux = {
    .name = "linux",
    .priv_bytes = sizeof(burst),
    .path_priv_bytes = sizeof(pace),
    .takes_no_copies = true,
    .events = MPT_SCHED_EVENT(MPT_SCHED_SENT),
    .next = next,
    .on_event = on_event,
};
