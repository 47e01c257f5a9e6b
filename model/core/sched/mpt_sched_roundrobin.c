/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_sched_roundrobin.c: a burst each in turn, in order of subflow id, among those with room. A burst is scheduler_burst_segments segments, one by default;
 * it ends early where the path has no more room.
 */
#include "sched/mpt_sched.h"

/** State of a connection. */
typedef struct burst {
    uint32_t segments; /**< scheduler_burst_segments */
    uint32_t path_id;  /**< whose turn it is */
    uint32_t left;     /**< segments that it may still take */
} burst;

static mpt_sched_choice next(const mpt_sched_view *v) {
    burst *b = v->priv;
    b->segments = v->set->scheduler_burst_segments;
    uint32_t lowest = v->count, following = v->count;
    for (uint32_t i = 0; i < v->count; i++) {
        uint32_t id = v->paths[i]->id;
        if (!mpt_sched_has_room(v, i))
            continue;
        if (id == b->path_id && v->paths[i] == v->last && b->left > 0)
            return mpt_sched_new(v, i);
        if (lowest == v->count || id < v->paths[lowest]->id)
            lowest = i;
        if (v->last && id > v->last->id && (following == v->count || id < v->paths[following]->id))
            following = i;
    }
    if (lowest == v->count)
        return mpt_sched_wait(MPT_NEVER);
    return mpt_sched_new(v, following < v->count ? following : lowest);
}

static void on_event(const mpt_sched_event *e) {
    burst *b = e->priv;
    if (e->is_copy || b->segments == 0) /* it was never asked: there is one path */
        return;
    bool is_new_turn = e->path_id != b->path_id || b->left == 0;
    b->left = (is_new_turn ? b->segments : b->left) - 1;
    b->path_id = e->path_id;
}

const mpt_sched_ops mpt_sched_roundrobin = {
    .name = "roundrobin",
    .priv_bytes = sizeof(burst),
    .events = MPT_SCHED_EVENT(MPT_SCHED_SENT),
    .next = next,
    .on_event = on_event,
};
