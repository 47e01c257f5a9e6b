/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_sched_primary.c: one path and its stand-ins: all data on the subflow that was opened first of those that work. The next in that order takes over
 * when it stalls or is gone, until it is back. (Subflows that are marked as backups are left out by the core as long as another works.)
 */
#include "sched/mpt_sched.h"

static mpt_sched_choice next(const mpt_sched_view *v) {
    uint32_t first = 0;
    for (uint32_t i = 1; i < v->count; i++)
        if (mpt_sched_look(v, i).id < mpt_sched_look(v, first).id)
            first = i;
    return mpt_sched_has_room(v, first) ? mpt_sched_new(v, first) : mpt_sched_wait(MPT_NEVER);
}

const mpt_sched_ops mpt_sched_primary = {.name = "primary", .takes_no_copies = true, .next = next};
