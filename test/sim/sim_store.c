/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim_store.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim_fail.h"
#include "sim_link.h"

enum { DROPPED_BYTE = 0xdd };

uint8_t sim_pattern(int side, uint32_t app, uint64_t offset) {
    uint8_t byte = (uint8_t)((offset * UINT64_C(2654435761)) >> 13);
    return (uint8_t)((side == SIM_SERVER ? ~byte : byte) ^ app);
}

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
    for (uint64_t i = 0; i < count; i++) {
        s->bytes[s->end + i] = sim_pattern(side, app, s->end + i);
    }
    s->end += count;
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
    for (uint64_t i = offset; i < offset + count; i++) {
        if (i >= s->end || s->bytes[i] != sim_pattern(side, app, i)) {
            return i;
        }
    }
    return UINT64_MAX;
}

void sim_store_free(sim_store *s) {
    free(s->bytes);
    *s = (sim_store){0};
}
