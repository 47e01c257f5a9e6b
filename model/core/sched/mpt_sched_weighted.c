/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_sched_weighted.c: turns in proportion to the paths' rates, cwnd / RTT: a path that is twice as fast carries twice as much, also where windows would
 * leave a choice. Of those with room it is the turn of the path whose bytes, divided by its rate, are least (weighted fair queueing: each segment moves the
 * path's clock by bytes / rate). It never waits. A path that was idle or full does not get its turns back: its clock is set to that of the last choice.
 */
#include "sched/mpt_sched.h"

/** State of a connection, and of a path: clocks of turns, in seconds of sending. */
typedef struct turns {
    bool is_running; /**< of a path: it takes part */
    double clock_s;
    double rate_bytes_per_s; /**< of the path, at its last choice */
} turns;

static double rate_of(const mpt_sched_view *v, uint32_t i) {
    mpt_sched_path p = mpt_sched_look(v, i);
    return (double)p.cwnd_bytes / (double)mpt_sched_srtt(v, i) * 1e9;
}

static mpt_sched_choice next(const mpt_sched_view *v) {
    uint32_t best = v->count;
    double least = 0;
    turns *all = v->priv;
    for (uint32_t i = 0; i < v->count; i++) {
        turns *own = mpt_sched_path_priv(v, i);
        if (!own->is_running && own->clock_s < all->clock_s)
            own->clock_s = all->clock_s;
        own->is_running = mpt_sched_has_room(v, i);
        double end_s = own->clock_s + mpt_sched_look(v, i).mss_bytes / rate_of(v, i); /* of its next turn */
        if (own->is_running && (best == v->count || end_s < least)) {
            best = i;
            least = end_s;
        }
    }
    if (best == v->count)
        return mpt_sched_wait(MPT_NEVER);
    turns *own = mpt_sched_path_priv(v, best);
    all->clock_s = own->clock_s > all->clock_s ? own->clock_s : all->clock_s;
    own->rate_bytes_per_s = rate_of(v, best);
    return mpt_sched_new(v, best);
}

static void on_event(const mpt_sched_event *e) {
    turns *own = e->path_priv;
    if (own->rate_bytes_per_s > 0)
        own->clock_s += (double)e->bytes / own->rate_bytes_per_s;
}

const mpt_sched_ops mpt_sched_weighted = {
    .name = "weighted",
    .priv_bytes = sizeof(turns),
    .path_priv_bytes = sizeof(turns),
    .events = MPT_SCHED_EVENT(MPT_SCHED_SENT),
    .next = next,
    .on_event = on_event,
};
