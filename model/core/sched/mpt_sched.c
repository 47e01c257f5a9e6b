/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_sched.c: the table of schedulers. */
#include <string.h>

#include "sched/mpt_sched.h"

static const mpt_sched_ops *const schedulers[] = {&mpt_sched_minrtt, &mpt_sched_roundrobin};

const mpt_sched_ops *mpt_sched_find(const char *name) {
    for (size_t i = 0; i < sizeof schedulers / sizeof *schedulers; i++)
        if (strcmp(schedulers[i]->name, name) == 0)
            return schedulers[i];
    return NULL;
}
