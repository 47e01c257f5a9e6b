/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_tuples.c: the table of four-tuples: which TCP a segment is for, which local ports are free. */
#include <string.h>

#include "base/mpt_bytes.h"
#include "tcp/mpt_time_wait.h"

typedef struct words {
    uint64_t low, high;
} words;

static words words_of(const mpt_addr *a) {
    words w;
    memcpy(&w, a->bytes, sizeof w);
    return w;
}

/** Odd numbers without pattern (digits of pi) keep the four words apart; mpt_hash_mix() spreads what remains. */
uint64_t mpt_tuple_hash(const mpt_endpoint *local, const mpt_endpoint *remote) {
    words l = words_of(&local->addr), r = words_of(&remote->addr);
    uint64_t ports = (uint64_t)local->port << 16 | remote->port;
    return mpt_hash_mix((l.low ^ r.high) * UINT64_C(0x243f6a8885a308d3) +
                        (l.high ^ ports) * UINT64_C(0x13198a2e03707345) + r.low);
}

static bool addr_equal(const mpt_addr *a, const mpt_addr *b) {
    words x = words_of(a), y = words_of(b);
    return x.low == y.low && x.high == y.high && a->family == b->family;
}

static bool endpoint_equal(const mpt_endpoint *a, const mpt_endpoint *b) {
    return a->port == b->port && addr_equal(&a->addr, &b->addr);
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

/** Subflows of one connection differ in ports or in the last byte of an address, or both, each by one more, mostly. */
static uint32_t place_among_last(const mpt_addr *remote, uint32_t remote_port, const mpt_addr *local,
                                 uint32_t local_port) {
    return (remote_port + local_port + remote->bytes[3] + local->bytes[3]) % MPT_LAST_TUPLES;
}

static bool is_for(const mpt_tcp *t, const mpt_segment *in) {
    return t->remote.port == mpt_get16(in->header) && t->local.port == mpt_get16(in->header + 2) &&
           addr_equal(&t->remote.addr, &in->source) && addr_equal(&t->local.addr, &in->destination);
}

mpt_tcp *mpt_tuple_of_segment(mpt_stack *st, const mpt_segment *in) {
    mpt_tcp **last = &st->last_tuples[place_among_last(&in->source, in->header[1], &in->destination, in->header[3])];
    if (*last && is_for(*last, in))
        return *last;
    mpt_endpoint remote = {in->source, mpt_get16(in->header)}, local = {in->destination, mpt_get16(in->header + 2)};
    *last = mpt_tuple_find(st, &local, &remote);
    return *last;
}

void mpt_tuple_remove(mpt_tcp *t) {
    mpt_stack *st = t->stack;
    mpt_hash_remove(&st->tuples, &t->hash);
    mpt_tcp **last = &st->last_tuples[place_among_last(&t->remote.addr, t->remote.port, &t->local.addr, t->local.port)];
    if (*last == t)
        *last = NULL;
}

static bool is_local_port_used(const mpt_stack *st, const mpt_endpoint *local, const mpt_endpoint *remote) {
    return mpt_tuple_find(st, local, remote) || mpt_time_wait_find(st, local, remote) || mpt_listener_find(st, local);
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
