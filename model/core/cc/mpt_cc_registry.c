/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mpt_cc_registry.c: congestion controls of the host's own, by name (mpt_ext.h). */
#include <string.h>

#include "cc/mpt_cc.h"
#include "host/mpt_host.h"

const mpt_cc_ops *mpt_cc_named(const mpt_stack *st, const char *name) {
    for (uint32_t i = 0; st && i < st->registered_cc_count; i++)
        if (strcmp(st->registered_cc[i]->name, name) == 0)
            return st->registered_cc[i];
    return mpt_cc_find(name);
}

mpt_status mpt_register_cc(mpt_stack *st, const mpt_cc_ops *ops) {
    if (!ops || !ops->name || ops->name[0] == 0 || memchr(ops->name, 0, MPT_NAME_BYTES) == NULL)
        return MPT_ERR_SETTING;
    if (!ops->init || (!ops->on_ack && !ops->owns_window) || (ops->owns_window && !ops->on_rate) || !ops->on_loss ||
        !ops->on_undo || ops->priv_bytes > MPT_CC_PRIV_BYTES)
        return MPT_ERR_SETTING;
    if (mpt_cc_named(st, ops->name))
        return MPT_ERR_NAME;
    if (st->registered_cc_count == MPT_REGISTERED_MAX)
        return MPT_ERR_LIMIT;
    st->registered_cc[st->registered_cc_count++] = ops;
    return MPT_OK;
}
