/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_pm_ops.c: the table of path managers. */
#include <string.h>

#include "pm/mpt_pm_ops.h"

static const mpt_pm_ops *const managers[] = {&mpt_pm_fullmesh, &mpt_pm_none};

const mpt_pm_ops *mpt_pm_find(const char *name) {
    for (size_t i = 0; i < sizeof managers / sizeof *managers; i++)
        if (strcmp(managers[i]->name, name) == 0)
            return managers[i];
    return NULL;
}
