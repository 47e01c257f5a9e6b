/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_sched.h: which subflow carries the next segment. A scheduler is one function over the subflows that may send now; to
 * add one: a file mpt_sched_NAME.c and a line in mpt_sched.c's table.
 */
#ifndef MPT_SCHED_H
#define MPT_SCHED_H

#include "mptcp/mpt_subflow.h"

typedef struct mpt_sched_ops {
    const char *name;
    /**
     * @param candidates subflows with room in their congestion window, not stalled, backup ones only when no other is
     * left; @p count >= 1. @param last the choice before, may be NULL. @return one of them.
     */
    mpt_subflow *(*pick)(mpt_subflow *const *candidates, uint32_t count, const mpt_subflow *last);
} mpt_sched_ops;

const mpt_sched_ops *mpt_sched_find(const char *name);
extern const mpt_sched_ops mpt_sched_minrtt, mpt_sched_roundrobin;

#endif
