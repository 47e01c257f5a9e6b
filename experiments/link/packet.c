/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLAB_PACKETS = 256 };

struct packet_slab {
    struct packet_slab *next;
    struct packet packets[SLAB_PACKETS];
};

static void grow(struct packet_pool *pool) {
    struct packet_slab *slab = calloc(1, sizeof *slab);

    if (!slab) {
        fprintf(stderr, "mptcp-run: out of memory\n");
        abort();
    }
    slab->next = pool->slabs;
    pool->slabs = slab;
    for (size_t i = 0; i < SLAB_PACKETS; i++) {
        slab->packets[i].next = pool->free;
        pool->free = &slab->packets[i];
    }
}

struct packet *packet_new(struct packet_pool *pool) {
    struct packet *p;

    if (!pool->free)
        grow(pool);
    p = pool->free;
    pool->free = p->next;
    pool->out++;
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
        for (size_t i = 0; i < SLAB_PACKETS; i++)
            free(slab->packets[i].payload);
        free(slab);
    }
    *pool = (struct packet_pool){0};
}
