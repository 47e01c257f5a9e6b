/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_least.c: see mpt_least.h. */
#include "base/mpt_least.h"

static void set_from(mpt_least *m, int first, mpt_time value_ns, mpt_time now) {
    for (int i = first; i < 3; i++) {
        m->best[i].at = now;
        m->best[i].value_ns = value_ns;
    }
}

void mpt_least_init(mpt_least *m) {
    set_from(m, 0, MPT_NEVER, 0);
}

/** The best is too old: the others move up, and the latest measurement is the third. */
static void drop_best(mpt_least *m, mpt_time value_ns, mpt_time now) {
    m->best[0] = m->best[1];
    m->best[1] = m->best[2];
    set_from(m, 2, value_ns, now);
}

void mpt_least_add(mpt_least *m, mpt_time window_ns, mpt_time value_ns, mpt_time now) {
    if (value_ns <= m->best[0].value_ns || now - m->best[2].at > window_ns) {
        set_from(m, 0, value_ns, now); /* better than all, or nothing is left in the window */
        return;
    }
    if (value_ns <= m->best[1].value_ns)
        set_from(m, 1, value_ns, now);
    else if (value_ns <= m->best[2].value_ns)
        set_from(m, 2, value_ns, now);
    mpt_time age_ns = now - m->best[0].at;
    if (age_ns > window_ns) {
        drop_best(m, value_ns, now);
        if (now - m->best[0].at > window_ns)
            drop_best(m, value_ns, now);
    } else if (m->best[1].at == m->best[0].at && age_ns > window_ns / 4) {
        set_from(m, 1, value_ns, now); /* a successor from the second quarter of the window */
    } else if (m->best[2].at == m->best[1].at && age_ns > window_ns / 2) {
        set_from(m, 2, value_ns, now); /* and one from its second half */
    }
}
