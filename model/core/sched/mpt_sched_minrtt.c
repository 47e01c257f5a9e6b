/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_sched_minrtt.c: the subflow with the least smoothed round-trip time that has room (Linux's default until 5.x; Raiciu et al., NSDI 2012). */
#include "sched/mpt_sched.h"

static mpt_subflow *pick(mpt_subflow *const *candidates, uint32_t count, const mpt_subflow *last) {
    (void)last;
    mpt_subflow *best = candidates[0];
    for (uint32_t i = 1; i < count; i++)
        if (candidates[i]->t.rto.srtt_ns < best->t.rto.srtt_ns)
            best = candidates[i];
    return best;
}

const mpt_sched_ops mpt_sched_minrtt = {"minrtt", pick};
