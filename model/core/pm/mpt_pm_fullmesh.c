/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_pm_fullmesh.c: a subflow from every local address to every address of the peer. */
#include "pm/mpt_pm_ops.h"

static bool wants(const mpt_conn *c, const mpt_local_address *local, const mpt_remote *remote) {
    (void)c;
    (void)local;
    (void)remote;
    return true;
}

const mpt_pm_ops mpt_pm_fullmesh = {"fullmesh", wants};
