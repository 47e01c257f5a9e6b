/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_sched_roundrobin.c: one segment each in turn, in order of subflow id, among those with room. */
#include "sched/mpt_sched.h"

static mpt_sched_choice next(const mpt_sched_view *v) {
    uint32_t lowest = v->count, following = v->count;
    for (uint32_t i = 0; i < v->count; i++) {
        uint32_t id = v->paths[i]->id;
        if (!mpt_sched_has_room(v, i))
            continue;
        if (lowest == v->count || id < v->paths[lowest]->id)
            lowest = i;
        if (v->last && id > v->last->id && (following == v->count || id < v->paths[following]->id))
            following = i;
    }
    if (lowest == v->count)
        return mpt_sched_wait(MPT_NEVER);
    return mpt_sched_new(v, following < v->count ? following : lowest);
}

const mpt_sched_ops mpt_sched_roundrobin = {.name = "roundrobin", .next = next};
