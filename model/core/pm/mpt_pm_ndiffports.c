/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_pm_ndiffports.c: several subflows between the addresses of the initial one, with ports of their own: for paths that a router chooses by hashing them
 * (multipath-tcp.org's ndiffports; Raiciu et al., SIGCOMM 2011).
 */
#include "pm/mpt_pm_ops.h"

static uint32_t wanted(const mpt_pm_view *v) {
    return v->is_initial_local && v->remote_rank == 0 ? v->set->ndiffports : 0;
}

const mpt_pm_ops mpt_pm_ndiffports = {.name = "ndiffports", .wanted = wanted};
