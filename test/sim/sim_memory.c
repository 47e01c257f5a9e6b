/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim_memory.h"

#include <stdlib.h>

/* In front of every block its size; 16 bytes keep the alignment of malloc. */
enum { HEAD_BYTES = 16 };

static void *allocate(void *user, size_t bytes) {
    sim_memory *m = user;
    m->allocations++;
    if (m->allocations == m->fail_nth || sim_rng_chance(&m->rng, m->fail_ppm)) {
        m->failures++;
        return NULL;
    }
    char *block = calloc(1, HEAD_BYTES + bytes);
    if (block == NULL) {
        return NULL;
    }
    *(uint64_t *)(void *)block = bytes;
    m->blocks++;
    m->bytes += bytes;
    if (m->bytes > m->bytes_max) {
        m->bytes_max = m->bytes;
    }
    return block + HEAD_BYTES;
}

static void release(void *user, void *p) {
    sim_memory *m = user;
    if (p != NULL) {
        char *block = (char *)p - HEAD_BYTES;
        m->blocks--;
        m->bytes -= *(uint64_t *)(void *)block;
        free(block);
    }
}

mpt_mem sim_memory_mem(sim_memory *m) {
    return (mpt_mem){.user = m, .alloc = allocate, .free = release};
}
