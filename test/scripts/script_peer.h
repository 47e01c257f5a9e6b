/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * script_peer.h: the other end of a script's connection: what it has chosen and what it has learnt, and the two
 * translations that need it: a segment of a script to bytes, and the bytes of a segment to a script's words. Checks
 * nothing, says only what was right (.forged = false) and what not.
 */
#ifndef SCRIPT_PEER_H
#define SCRIPT_PEER_H

#include "script.h"
#include "script_host.h"

enum { SCRIPT_PAYLOAD_MAX = 65535 };

/** A subflow, made by its first segment. */
typedef struct script_flow {
    bool is_bound;
    uint8_t local, peer; /**< indices of the addresses */
    uint16_t local_port, peer_port;
    bool has_iss;
    uint32_t iss, irs; /**< initial sequence numbers: the stack's, the peer's */
    bool has_ts_base;
    uint32_t ts_base; /**< the stack's timestamp at the beginning */
    bool has_nonce;
    uint32_t nonce, peer_nonce; /**< of MP_JOIN: the stack's, the peer's */
} script_flow;

typedef struct script_peer {
    script_flow flows[SCRIPT_FLOWS];
    uint8_t version; /**< of MPTCP: that of the last MP_CAPABLE */
    bool has_key;
    uint64_t key, idsn; /**< the stack's */
    uint32_t token;
    uint64_t peer_key, peer_idsn;
    uint32_t peer_token;
    uint8_t payload[SCRIPT_PAYLOAD_MAX]; /**< of the last packet built */
} script_peer;

/** Addresses by index, see script_host.h. */
mpt_addr script_local_addr(uint32_t index);
mpt_addr script_peer_addr(uint32_t index);
/** @return index of @p addr among those that @p address gives, or SCRIPT_NO_ADDRESS */
uint8_t script_index_of(const mpt_addr *addr, mpt_addr (*address)(uint32_t));

void script_peer_init(script_peer *p);
/** Segment of the peer, with its payload in p->payload. @return NULL, or what makes it impossible */
const char *script_peer_build(script_peer *p, const script_segment *s, script_packet *out);
/**
 * Segment of the stack in a script's words. @param hint what is expected: the subflow (.on) that a first segment may
 * make, and the stream offset (.at) of payload without a mapping. @return NULL, or what makes it impossible
 */
const char *script_peer_read(script_peer *p, const script_packet *in, const script_segment *hint, mpt_time now,
                             script_segment *out);

/** One line, in the manner of tcpdump. Two segments are the same when their lines are. */
void script_segment_print(const script_segment *s, char *out, size_t out_bytes);

/* script_crypto.c: calculated with nettle, apart from the core */
void script_crypto_key(uint8_t version, uint64_t key, uint32_t *token, uint64_t *idsn);
void script_crypto_join(uint8_t version, uint64_t key_a, uint64_t key_b, uint32_t nonce_a, uint32_t nonce_b,
                        uint8_t out[32]);
uint64_t script_crypto_add_addr(uint64_t key_a, uint64_t key_b, uint8_t id, const mpt_addr *addr, uint16_t port);
/** DSS checksum (RFC 8684 3.3.1) over @p bytes of a stream's content at @p stream_offset. */
uint16_t script_crypto_sum(uint64_t dsn, uint32_t ssn, uint16_t length, bool is_of_peer, uint64_t stream_offset,
                           uint32_t bytes);

#endif
