/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_pm_linux.c: the endpoints of Linux's in-kernel path manager (ip mptcp endpoint, net/mptcp/pm_kernel.c). Flags of local addresses say what happens:
 *
 *   subflow   not no_subflow   a subflow to the address that was connected to
 *   fullmesh  is_fullmesh      and to each that the peer announced, as far as add_addr_accepted goes
 *   signal    is_signal        announced to the peer (by the core)
 *   backup    is_backup        those subflows are backups (by the core)
 *
 * Where no address is fullmesh, an announced address gets one subflow, from the address of the initial one. Linux's limit `subflows', of those beside the
 * initial one, is subflows_max - 1.
 */
#include "pm/mpt_pm_ops.h"

static uint32_t wanted(const mpt_pm_view *v) {
    if (v->remote_rank == 0)
        return 1;
    if (v->remote_rank > v->set->add_addr_accepted)
        return 0;
    return v->has_fullmesh_local ? v->local->is_fullmesh : v->is_initial_local;
}

const mpt_pm_ops mpt_pm_linux = {.name = "linux", .wanted = wanted};
