/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_pm_none.c: no subflow but the initial one (the peer may still join). */
#include "pm/mpt_pm_ops.h"

static bool wants(const mpt_conn *c, const mpt_local_address *local, const mpt_remote *remote) {
    (void)c;
    (void)local;
    (void)remote;
    return false;
}

const mpt_pm_ops mpt_pm_none = {"none", wants};
