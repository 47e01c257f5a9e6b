/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_pm_ops.h: a path manager's policy: which pairs of addresses get a subflow. To add one: a file mpt_pm_NAME.c and a line in the table of
 * mpt_pm_ops.c.
 */
#ifndef MPT_PM_OPS_H
#define MPT_PM_OPS_H

#include "mpt.h"

/** An address of the peer: the one of the initial subflow (id 0), or announced by ADD_ADDR. */
typedef struct mpt_remote {
    uint8_t id;
    bool is_withdrawn; /**< only of id 0 */
    mpt_endpoint endpoint;
} mpt_remote;

typedef struct mpt_pm_ops {
    const char *name;
    /** Does this policy open subflows between @p local and @p remote? */
    bool (*wants)(const mpt_conn *c, const mpt_local_address *local, const mpt_remote *remote);
} mpt_pm_ops;

/** @return the path manager called @p name, or NULL. */
const mpt_pm_ops *mpt_pm_find(const char *name);

extern const mpt_pm_ops mpt_pm_fullmesh, mpt_pm_none;

#endif
