/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_pm_fullmesh.c: a subflow from every local address to every address of the peer. */
#include "pm/mpt_pm_ops.h"

static uint32_t wanted(const mpt_pm_view *v) {
    (void)v;
    return 1;
}

const mpt_pm_ops mpt_pm_fullmesh = {.name = "fullmesh", .wanted = wanted, .makes_room = true};
