/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_timer.h: one deadline per connection in a binary heap. A deadline may be earlier than needed: acknowledgements push
 * timeouts back all the time, and firing early once costs less than moving the heap on every one.
 */
#ifndef MPT_TIMER_H
#define MPT_TIMER_H

#include "mpt.h"

typedef struct mpt_timer {
    mpt_time at;
    uint32_t slot; /**< 1-based place in the heap; 0 = not in it */
} mpt_timer;

/** A place of the heap: to compare two of them no timer is looked at, which with thousands of connections is in no cache. */
typedef struct mpt_timer_place {
    mpt_time at;
    mpt_timer *timer;
} mpt_timer_place;

typedef struct mpt_timers {
    mpt_timer_place *heap;
    uint32_t count, capacity;
} mpt_timers;

/** Room for one more timer; called when a connection is created so that setting a timer cannot fail. */
mpt_status mpt_timers_reserve(mpt_timers *t, uint32_t count, const mpt_mem *mem);
void mpt_timers_free(mpt_timers *t, const mpt_mem *mem);
/** Set @p timer to @p at, MPT_NEVER takes it out. */
void mpt_timers_set(mpt_timers *t, mpt_timer *timer, mpt_time at);
/** @return the earliest timer, or NULL. */
static inline mpt_timer *mpt_timers_first(const mpt_timers *t) {
    return t->count > 0 ? t->heap[0].timer : NULL;
}
/** @return when that one fires, or MPT_NEVER. */
static inline mpt_time mpt_timers_at(const mpt_timers *t) {
    return t->count > 0 ? t->heap[0].at : MPT_NEVER;
}
void mpt_timers_check(const mpt_timers *t);

#endif
