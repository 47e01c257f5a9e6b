/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_foresee.c: what segments are about that come soon is fetched into the caches. A guess: nothing depends on it. */
#include "base/mpt_bytes.h"
#include "stack/mpt_stack.h"

enum { CACHE_LINE_BYTES = 64, RING_BYTES_MAX = 1024 };

static void fetch(const void *from, size_t bytes) {
    for (size_t i = 0; i < bytes; i += CACHE_LINE_BYTES)
        __builtin_prefetch((const char *)from + i, 1);
    __asm__ volatile(""); /* gcc leaves out calls of functions that do nothing else */
}

/** The first of its chain, which it is most often; to make sure would take a look at the TCP, which is to be fetched first. */
static const mpt_subflow *guess(const mpt_stack *st, const mpt_segment *in) {
    mpt_endpoint remote = {in->source, mpt_get16(in->header)}, local = {in->destination, mpt_get16(in->header + 2)};
    const mpt_hash_node *n = st->tuples.buckets[mpt_tuple_hash(&local, &remote) & (st->tuples.bucket_count - 1)];
    return n ? mpt_sf(MPT_LIST_ENTRY(n, mpt_tcp, hash)) : NULL;
}

void mpt_stack_foresee(const mpt_stack *st, const mpt_segment *in, unsigned ahead) {
    const mpt_subflow *sf = ahead > 1 ? guess(st, in) : NULL;
    if (!sf)
        return;
    if (ahead > 2) {
        fetch(sf, sizeof *sf);
        return;
    }
    const mpt_conn *c = sf->conn;
    size_t ring_bytes = sf->t.q.capacity * sizeof *sf->t.q.ring;
    fetch(c, offsetof(mpt_conn, adverts));
    fetch(&c->is_accepted, sizeof *c - offsetof(mpt_conn, is_accepted));
    fetch(sf->t.q.ring, ring_bytes < RING_BYTES_MAX ? ring_bytes : RING_BYTES_MAX);
}
