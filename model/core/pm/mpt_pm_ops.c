/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_pm_ops.c: the table of path managers, and those of the host's own. */
#include <string.h>

#include "host/mpt_host.h"
#include "pm/mpt_pm_ops.h"

static const mpt_pm_ops *const managers[] = {&mpt_pm_fullmesh, &mpt_pm_none, &mpt_pm_ndiffports, &mpt_pm_linux};

const mpt_pm_ops *mpt_pm_named(const mpt_stack *st, const char *name) {
    for (uint32_t i = 0; st && i < st->registered_pm_count; i++)
        if (strcmp(st->registered_pm[i]->name, name) == 0)
            return st->registered_pm[i];
    for (size_t i = 0; i < sizeof managers / sizeof *managers; i++)
        if (strcmp(managers[i]->name, name) == 0)
            return managers[i];
    return NULL;
}

mpt_status mpt_register_path_manager(mpt_stack *st, const mpt_pm_ops *ops) {
    if (!ops || !ops->name || ops->name[0] == 0 || memchr(ops->name, 0, MPT_NAME_BYTES) == NULL)
        return MPT_ERR_SETTING;
    if (!ops->wanted || ops->priv_bytes > MPT_PM_PRIV_BYTES)
        return MPT_ERR_SETTING;
    if (mpt_pm_named(st, ops->name))
        return MPT_ERR_NAME;
    if (st->registered_pm_count == MPT_REGISTERED_MAX)
        return MPT_ERR_LIMIT;
    st->registered_pm[st->registered_pm_count++] = ops;
    return MPT_OK;
}
