/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_hash.c: see mpt_hash.h. */
#include "base/mpt_hash.h"

enum { FIRST_BUCKETS = 16 };

mpt_status mpt_hash_init(mpt_hash *h, const mpt_mem *mem) {
    h->buckets = mem->alloc(mem->user, FIRST_BUCKETS * sizeof *h->buckets);
    if (!h->buckets)
        return MPT_ERR_MEMORY;
    h->bucket_count = FIRST_BUCKETS;
    h->count = 0;
    return MPT_OK;
}

void mpt_hash_free(mpt_hash *h, const mpt_mem *mem) {
    mem->free(mem->user, h->buckets);
    h->buckets = NULL;
}

static void grow(mpt_hash *h, const mpt_mem *mem) {
    uint32_t count = h->bucket_count * 2;
    mpt_hash_node **buckets = mem->alloc(mem->user, count * sizeof *buckets);
    if (!buckets)
        return; /* longer chains, still right */
    for (uint32_t i = 0; i < h->bucket_count; i++) {
        mpt_hash_node *n = h->buckets[i];
        while (n) {
            mpt_hash_node *next = n->next;
            n->next = buckets[n->hash & (count - 1)];
            buckets[n->hash & (count - 1)] = n;
            n = next;
        }
    }
    mem->free(mem->user, h->buckets);
    h->buckets = buckets;
    h->bucket_count = count;
}

void mpt_hash_insert(mpt_hash *h, mpt_hash_node *n, uint64_t hash, const mpt_mem *mem) {
    if (2 * h->count >= h->bucket_count) /* each other node of a chain is in no cache where there are thousands */
        grow(h, mem);
    n->hash = hash;
    mpt_hash_node **bucket = &h->buckets[hash & (h->bucket_count - 1)];
    n->next = *bucket;
    *bucket = n;
    h->count++;
}

void mpt_hash_remove(mpt_hash *h, mpt_hash_node *n) {
    mpt_hash_node **p = &h->buckets[n->hash & (h->bucket_count - 1)];
    while (*p != n)
        p = &(*p)->next;
    *p = n->next;
    n->next = NULL;
    h->count--;
}

mpt_hash_node *mpt_hash_first(const mpt_hash *h, uint64_t hash) {
    mpt_hash_node *n = h->buckets[hash & (h->bucket_count - 1)];
    while (n && n->hash != hash)
        n = n->next;
    return n;
}

uint64_t mpt_hash_mix(uint64_t x) {
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}
