/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_listeners.c: where this host listens. */
#include "host/mpt_host.h"

mpt_listener *mpt_listener_find(const mpt_stack *st, const mpt_endpoint *local) {
    mpt_listener *any = NULL;
    for (mpt_list *n = st->listeners.next; n != &st->listeners; n = n->next) {
        mpt_listener *l = MPT_LIST_ENTRY(n, mpt_listener, node);
        if (l->local.port != local->port)
            continue;
        if (l->local.addr.family == 0)
            any = l;
        else if (mpt_addr_equal(&l->local.addr, &local->addr))
            return l;
    }
    return any;
}

bool mpt_listener_takes_joins(const mpt_stack *st, const mpt_endpoint *local) {
    const mpt_local_address *l = mpt_stack_find_local(st, &local->addr);
    return (l && l->port == local->port && local->port != 0) || mpt_listener_find(st, local);
}
