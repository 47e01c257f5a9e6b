/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * sim_store.h: the bytes of one direction of a connection, indexed by stream offset, and the pattern they follow.
 * Bytes below the drop mark are overwritten, so that a core that asks for them once more is found out.
 */
#ifndef SIM_STORE_H
#define SIM_STORE_H

#include "mpt.h"

typedef struct sim_store {
    uint8_t *bytes;
    uint64_t capacity;
    uint64_t dropped; /**< below this nothing is kept */
    uint64_t end;     /**< above this nothing was ever put in */
} sim_store;

/** Byte @p offset of what @p side (SIM_CLIENT, SIM_SERVER) of application @p app writes. */
uint8_t sim_pattern(int side, uint32_t app, uint64_t offset);

void sim_store_put(sim_store *s, uint64_t offset, const uint8_t *bytes, uint64_t count);
/** Append @p count bytes of the pattern. */
void sim_store_append_pattern(sim_store *s, int side, uint32_t app, uint64_t count);
/** @return pointer to @p count bytes at @p offset; they must have been put in; below the drop mark they are not those. */
const uint8_t *sim_store_get(const sim_store *s, uint64_t offset, uint64_t count);
/** Bytes below @p offset are not needed any more. */
void sim_store_drop(sim_store *s, uint64_t offset);
/** @return offset of the first of @p count bytes at @p offset that breaks the pattern; UINT64_MAX = none does. */
uint64_t sim_store_compare(const sim_store *s, int side, uint32_t app, uint64_t offset, uint64_t count);
void sim_store_free(sim_store *s);

#endif
