/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_pm_none.c: no subflow but the initial one (the peer may still join). */
#include "pm/mpt_pm_ops.h"

static uint32_t wanted(const mpt_pm_view *v) {
    (void)v;
    return 0;
}

const mpt_pm_ops mpt_pm_none = {.name = "none", .wanted = wanted};
