/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_sched.h: the schedulers that ship, and what the core asks of all: which subflow carries what next. The interface is mpt_ext.h. To add one: a file
 * mpt_sched_NAME.c and a line in mpt_sched.c's table.
 *
 * The core sees to the rest: what a dead or stalled subflow left behind goes first, copies of what holds the stream up go where a better path has
 * nothing else to do (opportunistic_retransmission), windows are kept.
 */
#ifndef MPT_SCHED_H
#define MPT_SCHED_H

#include "sched/mpt_path.h"

/** @return the scheduler called @p name: one registered at @p st, which may be NULL, or one that ships; or NULL. */
const mpt_sched_ops *mpt_sched_named(const mpt_stack *st, const char *name);
/** @return the i-th scheduler that ships, or NULL after the last. */
const mpt_sched_ops *mpt_sched_get(uint32_t i);
/** @return where the segment outstanding on @p p ends that has the stream's byte @p offset; @p offset: none has */
uint64_t mpt_sched_held_until(const mpt_path *p, uint64_t offset);
/** Does @p p have the stream's byte @p offset outstanding? */
bool mpt_sched_holds(const mpt_path *p, uint64_t offset);
/** @return bytes that the window takes yet */
static inline uint64_t mpt_sched_window_room(const mpt_sched_view *v) {
    uint64_t outstanding = v->snd_nxt - v->snd_una;
    return v->window_bytes > outstanding ? v->window_bytes - outstanding : 0;
}
/** Halve the window of a subflow that holds the stream up, once a round trip (Raiciu et al., NSDI 2012, 4.2). */
void mpt_path_penalise(mpt_path *p, mpt_time now);
/** Of the paths with room the one on which a segment is there first. @return v->count: none has room */
uint32_t mpt_sched_earliest_with_room(const mpt_sched_view *v);
/** Smoothed round-trip time for comparisons: one that is not known is the timeout; where a path is long idle it is the least. */
mpt_time mpt_sched_srtt(const mpt_sched_view *v, uint32_t path);
/** Of all paths the one of the least smoothed round-trip time; of equal ones the first. @param needs_room only of those with room; v->count: none */
uint32_t mpt_sched_least_srtt(const mpt_sched_view *v, bool needs_room);

extern const mpt_sched_ops mpt_sched_earliest, mpt_sched_minrtt, mpt_sched_roundrobin, mpt_sched_redundant,
    mpt_sched_blest, mpt_sched_ecf, mpt_sched_linux, mpt_sched_primary, mpt_sched_weighted;

#endif
