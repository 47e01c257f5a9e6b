/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_sched_roundrobin.c: one segment each in turn, in order of subflow id, among those with room. */
#include "sched/mpt_sched.h"

static mpt_subflow *pick(mpt_subflow *const *candidates, uint32_t count, const mpt_subflow *last) {
    mpt_subflow *lowest = candidates[0], *next = NULL;
    for (uint32_t i = 0; i < count; i++) {
        mpt_subflow *sf = candidates[i];
        if (sf->id < lowest->id)
            lowest = sf;
        if (last && sf->id > last->id && (!next || sf->id < next->id))
            next = sf;
    }
    return next ? next : lowest;
}

const mpt_sched_ops mpt_sched_roundrobin = {"roundrobin", pick};
