/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_least.h: the least of the measurements of a window of time that moves along, in constant space. A value.
 *
 * Kept are the best, the second best since then and the third best since that one; where times are equal there was none better
 * since (Kathleen Nichols' algorithm, as in Linux's lib/win_minmax.c). What comes out is at least the true least of the window,
 * for it forgets others, and exact as long as the best is within the window. Times do not go back.
 */
#ifndef MPT_LEAST_H
#define MPT_LEAST_H

#include "mpt.h"

typedef struct mpt_least {
    struct {
        mpt_time at, value_ns;
    } best[3]; /**< values do not fall, nor do times */
} mpt_least;

void mpt_least_init(mpt_least *m);
/** @param window_ns how long @p value_ns may count; 0 = until the next one comes at a later time. */
void mpt_least_add(mpt_least *m, mpt_time window_ns, mpt_time value_ns, mpt_time now);
/** @return MPT_NEVER before the first measurement. */
static inline mpt_time mpt_least_get(const mpt_least *m) {
    return m->best[0].value_ns;
}

#endif
