/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_listeners.c: where this host listens. */
#include "host/mpt_host.h"

void mpt_listener_enlist(mpt_listener *l) {
    mpt_stack *st = l->stack;
    mpt_list_append(&st->listeners, &l->node);
    mpt_hash_insert(&st->listener_ports, &l->port_node, mpt_hash_mix(l->local.port), &st->mem);
}

void mpt_listener_delist(mpt_listener *l) {
    mpt_list_remove(&l->node);
    mpt_hash_remove(&l->stack->listener_ports, &l->port_node);
}

mpt_listener *mpt_listener_at(const mpt_stack *st, const mpt_endpoint *local) {
    bool is_any = local->addr.family == 0;
    for (mpt_hash_node *n = mpt_hash_first(&st->listener_ports, mpt_hash_mix(local->port)); n; n = n->next) {
        mpt_listener *l = MPT_LIST_ENTRY(n, mpt_listener, port_node);
        if (l->local.port == local->port && l->local.addr.family == local->addr.family &&
            (is_any || mpt_addr_equal(&l->local.addr, &local->addr)))
            return l;
    }
    return NULL;
}

mpt_listener *mpt_listener_find(const mpt_stack *st, const mpt_endpoint *local) {
    mpt_endpoint any = {.port = local->port};
    mpt_listener *l = mpt_listener_at(st, local);
    return l ? l : mpt_listener_at(st, &any);
}

bool mpt_listener_takes_joins(const mpt_stack *st, const mpt_endpoint *local) {
    const mpt_local_address *l = mpt_stack_find_local(st, &local->addr);
    return (l && l->port == local->port && local->port != 0) || mpt_listener_find(st, local);
}
