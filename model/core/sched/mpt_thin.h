/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_thin.h: which paths bring little beside the fastest one. Where a window is short they take more than they add: the whole stream waits for the segment that is under way
 * there, and longest when that one is lost.
 */
#ifndef MPT_THIN_H
#define MPT_THIN_H

#include "sched/mpt_sched.h"

/** Which paths were found to be thin, and when: rates change once a round trip, not with each segment. A value; all zero: not looked yet. */
typedef struct mpt_thin {
    uint32_t tick;   /**< mpt_thin_tick() of then */
    uint32_t paths;  /**< as bits */
    uint8_t count;   /**< of all paths of then */
    uint8_t fastest; /**< beside which they are */
} mpt_thin;

/** Time in steps of 2^17 ns, about an eighth of a millisecond. */
static inline uint32_t mpt_thin_tick(mpt_time now) {
    return (uint32_t)((uint64_t)now >> 17);
}

/** Look again. */
void mpt_thin_look(mpt_thin *m, const mpt_sched_view *v);

/** @return when the fastest path of @p m will have been silent for so long that it is not worth waiting for: now, if that is so */
mpt_time mpt_thin_fastest_silent_at(const mpt_thin *m, const mpt_sched_view *v);

/**
 * @return the paths that are better left alone, as bits, while more is to be sent than the window takes: each brings less than an eighth of what the fastest does,
 * which could fill the window while a segment that was lost there is found missing. Once a second without anything outstanding a path is not among them, so that it can show
 * what it brings now.
 */
static inline uint32_t mpt_thin_paths(mpt_thin *m, const mpt_sched_view *v) {
    if (!v->has_more)
        return 0;
    if (m->tick != mpt_thin_tick(v->now) || m->count != v->count)
        mpt_thin_look(m, v);
    bool has_other = (v->room & ~m->paths) != 0;
    return m->paths != 0 && (has_other || mpt_thin_fastest_silent_at(m, v) > v->now) ? m->paths : 0;
}

/** @return of the paths on which all is well that of the greatest rate of delivery, as far as rates are known; v->count: there is none */
uint32_t mpt_thin_fastest(const mpt_sched_view *v);

/**
 * May what is outstanding on @p path keep @p fastest from sending, as on a thin one? What the path brings is what is known now, or its window in a round trip where nothing
 * is: so what a path was given at its start counts, too.
 */
bool mpt_thin_holds_up(const mpt_sched_view *v, uint32_t path, uint32_t fastest);

#endif
