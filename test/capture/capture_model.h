/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * capture_model.h: what the checker knows of connections and subflows. Data sequence numbers are kept relative to the
 * first byte (IDSN + 1), subflow sequence numbers relative to the ISN; both unwrapped to 64 bits.
 */
#ifndef CAPTURE_MODEL_H
#define CAPTURE_MODEL_H

#include "capture_read.h"

enum { CAP_A = 0, CAP_B = 1 }; /* A opened the connection (or the subflow) */

/** Subflow bytes start .. start+length-1 are stream bytes from rel on. */
typedef struct cap_map {
    uint64_t start, rel;
    uint32_t length;
    bool is_with_keys; /**< MP_CAPABLE's: from the stream's first byte on, to the end of whichever segment has it */
} cap_map;

typedef struct cap_maps {
    cap_map *items; /**< sorted by start */
    size_t count, capacity;
    uint64_t highest; /**< highest subflow number seen: reference for unwrapping */
} cap_maps;

/** The bytes of one direction by position. */
typedef struct cap_bytes {
    uint8_t *bytes;
    uint8_t *is_there;
    uint64_t capacity, end;
} cap_bytes;

/** A DSS checksum that waits for its data. */
typedef struct cap_pending {
    const char *file;
    uint64_t frame, dsn, rel;
    uint32_t ssn, data_bytes;
    uint16_t length, checksum;
} cap_pending;

typedef struct cap_side {
    uint64_t key, idsn;
    uint32_t token;
    uint64_t top;   /**< one above the highest position sent, DATA_FIN included */
    uint64_t acked; /**< highest DATA_ACK of the other side */
    bool has_fin;
    uint64_t fin; /**< position of the DATA_FIN = number of data bytes */
    cap_bytes data;
    cap_pending *pending;
    size_t pending_count, pending_capacity;
} cap_side;

typedef struct cap_conn {
    struct cap_conn *next;
    uint32_t id;
    cap_side side[2];
    bool is_aborted;  /**< MP_FASTCLOSE was seen */
    bool is_fallback; /**< no mappings any more: plain TCP, an infinite mapping, or MP_FAIL */
    uint32_t subflows, subflows_reset;
} cap_conn;

typedef struct cap_subflow {
    struct cap_subflow *next; /**< in its hash bucket */
    cap_endpoint end[2];      /**< A sent the SYN */
    uint32_t isn[2];
    bool has_isn[2];
    bool is_capable, is_join;
    bool is_reset;
    bool has_key_b;
    uint64_t key_b; /**< from the SYN/ACK's MP_CAPABLE */
    uint32_t nonce[2];
    cap_conn *conn;   /**< NULL: not MPTCP, or not yet */
    bool is_turned;   /**< the subflow's A is the connection's B */
    cap_maps maps[2]; /**< by the subflow's side */
} cap_subflow;

enum { CAP_BUCKETS = 4096 };

typedef struct cap_model {
    cap_conn *conns, *conns_last;
    uint32_t conn_count;
    cap_subflow *buckets[CAP_BUCKETS];
} cap_model;

/** @return the 64-bit number nearest to @p near with the low 32 bits @p low. */
uint64_t cap_expand(uint32_t low, uint64_t near);

/** @return the newest subflow between these two, and in *side which of its sides @p from is; NULL = none. */
cap_subflow *cap_model_find(const cap_model *m, const cap_endpoint *from, const cap_endpoint *to, int *side);
cap_subflow *cap_model_add_subflow(cap_model *m, const cap_endpoint *from, const cap_endpoint *to);
cap_conn *cap_model_add_conn(cap_model *m, uint64_t key_a, uint64_t key_b);
/** @return the connection in which a host has this token, and in *side which one; NULL = none. */
cap_conn *cap_model_find_token(const cap_model *m, uint32_t token, int *side);
void cap_model_free(cap_model *m);

/** Insert in order, unless exactly this mapping is there. @return false when it was there */
bool cap_maps_add(cap_maps *m, cap_map map);
/** @return a mapping that contains subflow byte @p at, or NULL. */
const cap_map *cap_maps_find(const cap_maps *m, uint64_t at);
/**
 * @return a mapping that overlaps with @p map and contradicts it: another offset, or same start and other length, but where one came with keys;
 * NULL = none
 */
const cap_map *cap_maps_conflict(const cap_maps *m, const cap_map *map);

/**
 * Put bytes at position @p at. @return UINT64_MAX, or the first position that held another byte before.
 * @param again receives how many bytes had been there
 */
uint64_t cap_bytes_put(cap_bytes *b, uint64_t at, const uint8_t *bytes, uint32_t count, uint32_t *again);
/** @return the first position of [from, to) without a byte, or UINT64_MAX. */
uint64_t cap_bytes_hole(const cap_bytes *b, uint64_t from, uint64_t to);

void *cap_grow(void *p, size_t *capacity, size_t needed, size_t item_bytes);

#endif
