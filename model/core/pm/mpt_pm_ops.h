/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_pm_ops.h: the path managers that ship: which pairs of addresses get a subflow. The interface is mpt_ext.h. To add one: a file mpt_pm_NAME.c and a line
 * in the table of mpt_pm_ops.c.
 */
#ifndef MPT_PM_OPS_H
#define MPT_PM_OPS_H

#include "mpt_ext.h"

/** An address of the peer: the one of the initial subflow (id 0), or announced by ADD_ADDR. */
typedef struct mpt_remote {
    uint8_t id;
    bool is_withdrawn; /**< only of id 0 */
    mpt_endpoint endpoint;
} mpt_remote;

/** @return the path manager called @p name: one registered at @p st, which may be NULL, or one that ships; or NULL. */
const mpt_pm_ops *mpt_pm_named(const mpt_stack *st, const char *name);

extern const mpt_pm_ops mpt_pm_fullmesh, mpt_pm_none, mpt_pm_ndiffports, mpt_pm_linux;

#endif
