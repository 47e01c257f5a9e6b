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

/** @param family 4, 6 or 0 (both). @return the listener at any address of it, or NULL */
static mpt_listener *listener_at_any(const mpt_stack *st, uint16_t port, uint8_t family) {
    mpt_endpoint any = {.addr.family = family, .port = port};
    return mpt_listener_at(st, &any);
}

mpt_listener *mpt_listener_find(const mpt_stack *st, const mpt_endpoint *local) {
    mpt_listener *l = mpt_listener_at(st, local);
    l = l ? l : listener_at_any(st, local->port, local->addr.family);
    return l ? l : listener_at_any(st, local->port, 0);
}

bool mpt_listener_takes_joins(const mpt_stack *st, const mpt_endpoint *local) {
    const mpt_local_address *l = mpt_stack_find_local(st, &local->addr);
    /* A connection over IPv4 is joined over IPv6 where it listens at any address, and the other way round. */
    return (l && l->port == local->port && local->port != 0) || mpt_listener_find(st, local) ||
           listener_at_any(st, local->port, local->addr.family == 4 ? 6 : 4);
}
