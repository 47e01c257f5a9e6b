/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_pm_linux.c: the endpoints of Linux's in-kernel path manager (ip mptcp endpoint, net/mptcp/pm_kernel.c). Flags of local addresses say what happens:
 *
 *   subflow   not no_subflow   a subflow to the address that was connected to
 *   fullmesh  is_fullmesh      and to each that the peer announced, as far as add_addr_accepted goes
 *   laminar   is_laminar       one subflow to an announced address, the first that has none; none to the address that was connected to
 *   signal    is_signal        announced to the peer (by the core)
 *   backup    is_backup        those subflows are backups (by the core)
 *
 * Fullmesh goes before laminar. Where no address is either, an announced address gets one subflow, from the address of the initial one. Linux's limit `subflows', of those beside the
 * initial one, is subflows_max - 1.
 */
#include "pm/mpt_pm_ops.h"

static uint32_t wanted(const mpt_pm_view *v) {
    bool is_there = v->subflows > 0;
    if (v->remote_rank == 0)
        return !v->local->is_laminar || is_there;
    if (v->remote_rank > v->set->add_addr_accepted)
        return 0;
    if (v->has_fullmesh_local)
        return v->local->is_fullmesh;
    if (v->has_laminar_local)
        return is_there || (v->local->is_laminar && v->subflows_of_either == 0);
    return v->is_initial_local;
}

const mpt_pm_ops mpt_pm_linux = {.name = "linux", .wanted = wanted};
