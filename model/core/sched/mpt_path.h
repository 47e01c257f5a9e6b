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
    uint64_t steady_bytes_per_s; /**< found out with it */
    mpt_time
        at_least_ns; /**< what that will be at least until something else happens than that data are sent there; 0 = not known */
    mpt_time penalised_at;
    mpt_time spread_until; /**< a burst is spread: nothing new before */
    void *priv;            /**< path_priv_bytes of the scheduler, zeroed at the subflow's start */
};

/** @return mpt_arrival_of_new() on @p p, found out once for each moment and what has happened till then */
static inline mpt_time mpt_path_arrival(mpt_path *p, mpt_time now) {
    if (p->looked_at != now) {
        p->looked_at = now;
        p->arrival_ns = mpt_arrival_of_new_from_now(&p->arrival, p->tcp, now, &p->at_least_ns, &p->steady_bytes_per_s);
    }
    return p->arrival_ns;
}

/** @return what mpt_path_arrival() is at least: nothing that has to be found out */
static inline mpt_time mpt_path_at_least(const mpt_path *p) {
    return p->at_least_ns > 0 ? p->at_least_ns : mpt_arrival_least(&p->arrival, p->tcp);
}

/** Is it idle for so long that what was measured on it says little any more? Its queue has drained, and it may have come back. */
static inline bool mpt_path_is_long_idle(const mpt_path *p, mpt_time now) {
    return p->tcp->q.count == 0 && now - p->arrival.heard_at_ns > MPT_S;
}

/** Something may have happened at the path other than that data were sent on it. */
static inline void mpt_path_changed(mpt_path *p) {
    p->looked_at = MPT_NEVER;
    p->at_least_ns = 0;
}

#endif
