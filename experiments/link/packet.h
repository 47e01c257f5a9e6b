/* SPDX-License-Identifier: GPL-2.0-or-later */
/** packet.h: a segment on its way, and the store of packets that are free. */
#ifndef LINK_PACKET_H
#define LINK_PACKET_H

#include "mpt.h"

enum { IPV4_HEADER_BYTES = 20, CACHE_LINE_BYTES = 64 };

struct wire;

/** A segment on its way. The segment is where it is so that no end of a cache line cuts an address or a number of its header in two. */
struct packet {
    struct packet *next;      /**< in the queue or on the wire that it is in */
    int64_t time_ns;          /**< when it was queued; on a wire when it will arrive */
    mpt_segment segment;      /**< its payload pointer is not used on the way */
    uint64_t number;          /**< on a wire: of the arrival, see clock.h */
    struct wire *const *hops; /**< wires it has before it on this side of the core router; NULL ends them */
    bool is_past_core;        /**< they lead to the receiver */
    uint8_t ttl;
    uint16_t ip_id;
    uint32_t ip_bytes; /**< of the IP packet */
    uint8_t *payload;  /**< its bytes where the run needs them, else NULL */
};

/** Packets that are free, to be used again. */
struct packet_pool {
    struct packet *free;
    struct packet_slab *slabs;
    uint64_t out; /**< packets that are in use */
};

/** It will be looked at soon. (Of a function that does no more than that gcc leaves calls out, as if it had no effect.) */
static inline void packet_prefetch(const struct packet *p) {
    for (size_t i = 0; i < sizeof *p; i += CACHE_LINE_BYTES)
        __builtin_prefetch((const char *)p + i, 1);
    __asm__ volatile("");
}

struct packet *packet_new(struct packet_pool *pool);
/** @return a packet that is like @p p, its payload included. */
struct packet *packet_copy(struct packet_pool *pool, const struct packet *p);
void packet_drop(struct packet_pool *pool, struct packet *p);
/** Free all packets, those in use, too. */
void packet_pool_free(struct packet_pool *pool);

#endif
