/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim_store.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim_fail.h"
#include "sim_link.h"

enum { DROPPED_BYTE = 0xdd };

/* ---- The pattern ---- */

/* A byte of the pattern is bits 13 to 20 of its offset times this, some of them turned over: 32 bits of the product do. */
enum { BLOCK_BYTES = 64, SHIFT = 13 };
static const uint32_t FACTOR = UINT32_C(2654435761);

static uint8_t turned(int side, uint32_t app) {
    return (uint8_t)(side == SIM_SERVER ? ~app : app);
}

uint8_t sim_pattern(int side, uint32_t app, uint64_t offset) {
    return (uint8_t)((uint32_t)offset * FACTOR >> SHIFT) ^ turned(side, app);
}

typedef struct block {
    uint8_t bytes[BLOCK_BYTES];
} block;

/** The pattern's next BLOCK_BYTES from @p offset on: a number of them that the compiler knows, and in a place of their own, are a few vectors. */
static block next_block(uint8_t turned, uint64_t offset) {
    block b;
    uint32_t product = (uint32_t)offset * FACTOR;
    for (uint32_t i = 0; i < BLOCK_BYTES; i++) {
        b.bytes[i] = (uint8_t)((product + i * FACTOR) >> SHIFT) ^ turned;
    }
    return b;
}

/* ---- The store ---- */

static void reserve(sim_store *s, uint64_t bytes) {
    if (bytes <= s->capacity) {
        return;
    }
    uint64_t capacity = s->capacity == 0 ? 4096 : s->capacity;
    while (capacity < bytes) {
        capacity *= 2;
    }
    s->bytes = realloc(s->bytes, capacity);
    SIM_REQUIRE(s->bytes != NULL, "out of memory");
    memset(s->bytes + s->capacity, DROPPED_BYTE, capacity - s->capacity);
    s->capacity = capacity;
}

void sim_store_put(sim_store *s, uint64_t offset, const uint8_t *bytes, uint64_t count) {
    SIM_REQUIRE(offset >= s->dropped,
                "bytes from %" PRIu64 " on shall be stored, but %" PRIu64 " have been read already", offset,
                s->dropped);
    reserve(s, offset + count);
    memcpy(s->bytes + offset, bytes, count);
    if (offset + count > s->end) {
        s->end = offset + count;
    }
}

void sim_store_append_pattern(sim_store *s, int side, uint32_t app, uint64_t count) {
    reserve(s, s->end + count);
    for (uint64_t end = s->end + count; s->end < end;) {
        uint64_t part = end - s->end < BLOCK_BYTES ? end - s->end : BLOCK_BYTES;
        block b = next_block(turned(side, app), s->end);
        memcpy(s->bytes + s->end, b.bytes, part);
        s->end += part;
    }
}

const uint8_t *sim_store_get(const sim_store *s, uint64_t offset, uint64_t count) {
    SIM_REQUIRE(offset + count <= s->end, "offset %" PRIu64 " + %" PRIu64 " is asked for, only %" PRIu64 " are there",
                offset, count, s->end);
    return s->bytes + offset;
}

void sim_store_drop(sim_store *s, uint64_t offset) {
    SIM_REQUIRE(offset >= s->dropped && offset <= s->end, "drop mark moves from %" PRIu64 " to %" PRIu64 " of %" PRIu64,
                s->dropped, offset, s->end);
    if (offset > s->dropped) {
        memset(s->bytes + s->dropped, DROPPED_BYTE, offset - s->dropped);
        s->dropped = offset;
    }
}

uint64_t sim_store_compare(const sim_store *s, int side, uint32_t app, uint64_t offset, uint64_t count) {
    uint64_t end = offset + count < s->end ? offset + count : s->end;
    for (uint64_t at = offset; at < end; at += BLOCK_BYTES) {
        uint64_t part = end - at < BLOCK_BYTES ? end - at : BLOCK_BYTES;
        block b = next_block(turned(side, app), at);
        if (memcmp(s->bytes + at, b.bytes, part) != 0) {
            uint64_t i = 0;
            while (s->bytes[at + i] == b.bytes[i]) {
                i++;
            }
            return at + i;
        }
    }
    return end < offset + count ? (offset > end ? offset : end) : UINT64_MAX;
}

void sim_store_free(sim_store *s) {
    free(s->bytes);
    *s = (sim_store){0};
}
