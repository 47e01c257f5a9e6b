/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_path.h: a subflow as schedulers see it: its TCP, and how soon it delivers. */
#ifndef MPT_PATH_H
#define MPT_PATH_H

#include "sched/mpt_arrival.h"

struct mpt_path {
    mpt_tcp *tcp;
    uint32_t id;    /**< of the subflow */
    bool is_backup; /**< one of the ends asked for that */
    mpt_arrival arrival;
    mpt_time looked_at;  /**< when arrival_ns was found out; MPT_NEVER once something has happened at the subflow */
    mpt_time arrival_ns; /**< mpt_arrival_of_new() */
    mpt_time penalised_at;
    mpt_time spread_until; /**< a burst is spread: nothing new before */
    void *priv;            /**< path_priv_bytes of the scheduler, zeroed at the subflow's start */
};

/** @return mpt_arrival_of_new() on @p p, found out once for each moment and what has happened till then */
static inline mpt_time mpt_path_arrival(mpt_path *p, mpt_time now) {
    if (p->looked_at != now) {
        p->looked_at = now;
        p->arrival_ns = mpt_arrival_of_new(&p->arrival, p->tcp, now);
    }
    return p->arrival_ns;
}

#endif
