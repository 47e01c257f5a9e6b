/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _DEFAULT_SOURCE /* madvise() */
#include "packet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { FIRST_SLAB_BYTES = 48 * 1024, SLAB_BYTES = 2 * 1024 * 1024 };

struct packet_slab {
    struct packet_slab *next;
    size_t count, capacity;
    _Alignas(CACHE_LINE_BYTES) struct packet packets[];
};
_Static_assert(sizeof(struct packet) % CACHE_LINE_BYTES == 0, "a packet has its cache lines for itself");

/* Many packets lie in huge pages, as far as the system has some: each would be in another small one than that before it on its wire. */
static void grow(struct packet_pool *pool) {
    size_t bytes = pool->slabs ? SLAB_BYTES : FIRST_SLAB_BYTES;
    struct packet_slab *slab = aligned_alloc(pool->slabs ? SLAB_BYTES : CACHE_LINE_BYTES, bytes);

    if (!slab) {
        fprintf(stderr, "mptcp-run: out of memory\n");
        abort();
    }
    if (pool->slabs)
        madvise(slab, bytes, MADV_HUGEPAGE);
    slab->next = pool->slabs;
    slab->count = 0;
    slab->capacity = (bytes - sizeof *slab) / sizeof *slab->packets;
    pool->slabs = slab;
}

static struct packet *take_fresh(struct packet_pool *pool) {
    struct packet *p;

    if (!pool->slabs || pool->slabs->count == pool->slabs->capacity)
        grow(pool);
    p = &pool->slabs->packets[pool->slabs->count++];
    *p = (struct packet){0};
    return p;
}

struct packet *packet_new(struct packet_pool *pool) {
    struct packet *p = pool->free;

    pool->out++;
    if (!p)
        return take_fresh(pool);
    pool->free = p->next;
    return p;
}

struct packet *packet_copy(struct packet_pool *pool, const struct packet *p) {
    struct packet *copy = packet_new(pool);

    *copy = *p;
    if (p->payload) {
        copy->payload = malloc(p->segment.payload_bytes);
        if (!copy->payload)
            abort();
        memcpy(copy->payload, p->payload, p->segment.payload_bytes);
    }
    return copy;
}

void packet_drop(struct packet_pool *pool, struct packet *p) {
    if (p->payload) {
        free(p->payload);
        p->payload = NULL;
    }
    p->next = pool->free;
    pool->free = p;
    pool->out--;
}

void packet_pool_free(struct packet_pool *pool) {
    while (pool->slabs) {
        struct packet_slab *slab = pool->slabs;

        pool->slabs = slab->next;
        for (size_t i = 0; i < slab->count; i++)
            free(slab->packets[i].payload);
        free(slab);
    }
    *pool = (struct packet_pool){0};
}
