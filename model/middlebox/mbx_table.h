/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mbx_table.h: what a box knows, by connection: a hash table in memory of the box's host. */
#ifndef MBX_TABLE_H
#define MBX_TABLE_H

#include "mbx_box.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MBX_KEY_BYTES 37

/** A connection's four-tuple, the lower side's end first, and a direction where both are told apart. */
typedef struct mbx_key {
    uint8_t bytes[MBX_KEY_BYTES];
} mbx_key;

struct mbx_entry;

typedef struct mbx_table {
    struct mbx_entry **slots;
    size_t slot_count, count;
} mbx_table;

/** @return the connection of a segment that goes in @p direction. */
mbx_key mbx_key_of(const mbx_segment *s, mbx_direction direction);
/** @return what is kept for @p key; NULL: nothing. */
void *mbx_table_find(const mbx_table *t, const mbx_key *key);
/** @return @p bytes, zeroed, for a key that has none; they stay where they are until removed. */
void *mbx_table_add(mbx_table *t, const mbx_host *host, const mbx_key *key, size_t bytes);
void mbx_table_remove(mbx_table *t, const mbx_host *host, const mbx_key *key);
/** Remove all that @p is_over is true of; it may do what is to be done last. */
void mbx_table_sweep(mbx_table *t, const mbx_host *host, bool (*is_over)(void *state, void *arg), void *arg);
void mbx_table_free(mbx_table *t, const mbx_host *host);

#ifdef __cplusplus
}
#endif
#endif
