/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_tuples.c: the table of four-tuples: which TCP a segment is for, which local ports are free. */
#include <string.h>

#include "tcp/mpt_tcp.h"

static uint64_t endpoint_hash(const mpt_endpoint *e) {
    uint64_t words[2];
    memcpy(words, e->addr.bytes, sizeof words);
    return mpt_hash_mix(words[0] * 31 + words[1] + ((uint64_t)e->port << 40));
}

uint64_t mpt_tuple_hash(const mpt_endpoint *local, const mpt_endpoint *remote) {
    return endpoint_hash(local) * 3 + endpoint_hash(remote);
}

static bool endpoint_equal(const mpt_endpoint *a, const mpt_endpoint *b) {
    return a->port == b->port && mpt_addr_equal(&a->addr, &b->addr);
}

mpt_tcp *mpt_tuple_find(const mpt_stack *st, const mpt_endpoint *local, const mpt_endpoint *remote) {
    uint64_t hash = mpt_tuple_hash(local, remote);
    for (mpt_hash_node *n = mpt_hash_first(&st->tuples, hash); n; n = n->next) {
        mpt_tcp *t = MPT_LIST_ENTRY(n, mpt_tcp, hash);
        if (n->hash == hash && endpoint_equal(&t->local, local) && endpoint_equal(&t->remote, remote))
            return t;
    }
    return NULL;
}

static bool is_local_port_used(const mpt_stack *st, const mpt_endpoint *local, const mpt_endpoint *remote) {
    return mpt_tuple_find(st, local, remote) || mpt_listener_find(st, local);
}

uint16_t mpt_tuple_pick_port(mpt_stack *st, const mpt_addr *local, const mpt_endpoint *remote) {
    mpt_endpoint e = {*local, 0};
    for (uint32_t tries = 0; tries < 16384; tries++) {
        e.port = st->next_port;
        st->next_port = (uint16_t)(st->next_port == 65535 ? 49152 : st->next_port + 1);
        if (!is_local_port_used(st, &e, remote))
            return e.port;
    }
    return 0;
}
