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

/** Which listener is asked first, second, ... of a segment to @p local: at the very address, at any of its family, at any, at any of the other family. */
enum { EXACT, FAMILY, ANY, OTHER_FAMILY };

static mpt_listener *candidate(const mpt_stack *st, const mpt_endpoint *local, int turn) {
    mpt_endpoint any = {.port = local->port};
    if (turn == EXACT)
        return mpt_listener_at(st, local);
    if (turn == FAMILY)
        any.addr.family = local->addr.family;
    if (turn == OTHER_FAMILY)
        any.addr.family = local->addr.family == 4 ? 6 : 4;
    return mpt_listener_at(st, &any);
}

/** Is the address behind a link of the listener's? */
static bool has_link(const mpt_listener *l, const mpt_addr *to) {
    const mpt_local_address *a = mpt_stack_find_local(l->stack, to);
    return l->links == UINT64_MAX || (a && (l->links >> a->link & 1));
}

mpt_listener *mpt_listener_find(const mpt_stack *st, const mpt_endpoint *local) {
    for (int turn = EXACT; turn <= ANY; turn++) {
        mpt_listener *l = candidate(st, local, turn);
        if (l && has_link(l, &local->addr))
            return l;
    }
    return NULL;
}

bool mpt_listener_takes_joins(const mpt_stack *st, const mpt_endpoint *local) {
    const mpt_local_address *own = mpt_stack_find_local(st, &local->addr);
    if (own && own->port == local->port && local->port != 0)
        return true;
    /* Links are the connection's matter; and one over IPv4 is joined over IPv6 where it listens at any address, and the other way round. */
    for (int turn = EXACT; turn <= OTHER_FAMILY; turn++)
        if (candidate(st, local, turn))
            return true;
    return false;
}
