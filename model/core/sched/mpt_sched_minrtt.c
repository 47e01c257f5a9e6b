/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_sched_minrtt.c: of the subflows with room, the one with the least round-trip time that a segment sent now would see (Linux's default until 5.x;
 * Raiciu et al., NSDI 2012, took the smoothed one, which stands still on an idle subflow). It never waits.
 */
#include "sched/mpt_sched.h"

static mpt_sched_choice next(const mpt_sched_view *v) {
    uint32_t best = mpt_sched_earliest_with_room(v);
    return best < v->count ? mpt_sched_new(v, best) : mpt_sched_wait(MPT_NEVER);
}

const mpt_sched_ops mpt_sched_minrtt = {.name = "minrtt", .next = next};
