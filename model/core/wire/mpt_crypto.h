/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_crypto.h: keys, tokens, IDSNs and HMACs of MPTCP (RFC 8684 3.1, 3.2, 3.4.1; version 0: RFC 6824), on nettle. Pure functions. */
#ifndef MPT_CRYPTO_H
#define MPT_CRYPTO_H

#include "mpt.h"

/** Token (most significant 32 bits) and initial DSN (least significant 64 bits) of SHA-256(key) (RFC 8684 3.1). */
void mpt_crypto_key(uint64_t key, uint32_t *token, uint64_t *idsn);
/**
 * HMAC-SHA256 of MP_JOIN: key = key_a | key_b, message = nonce_a | nonce_b (RFC 8684 3.2). The sender of the option
 * is A. @param out 32 bytes; the SYN/ACK carries the leftmost 8, the third ACK the leftmost 20.
 */
void mpt_crypto_join_hmac(uint64_t key_a, uint64_t key_b, uint32_t nonce_a, uint32_t nonce_b, uint8_t out[32]);
/** The same of version 0, with SHA-1 (RFC 6824 3.1, 3.2). @param out 20 bytes */
void mpt_crypto_key_v0(uint64_t key, uint32_t *token, uint64_t *idsn);
void mpt_crypto_join_hmac_v0(uint64_t key_a, uint64_t key_b, uint32_t nonce_a, uint32_t nonce_b, uint8_t out[20]);
/** Truncated HMAC of ADD_ADDR (RFC 8684 3.4.1): rightmost 64 bits over id, address, port (0 when absent). */
uint64_t mpt_crypto_add_addr_hmac(uint64_t key_a, uint64_t key_b, uint8_t address_id, const mpt_addr *addr,
                                  uint16_t port);
/** Equality in constant time. */
bool mpt_crypto_equal(const uint8_t *a, const uint8_t *b, size_t bytes);

/**
 * The stack's only source of randomness: SHA-256 of a seed and a count. Keys go over the wire, so that what one shows must not
 * tell the next (RFC 6528, RFC 8684 3.1); it is as strong as the 64 bits of the seed.
 */
typedef struct mpt_random {
    uint64_t seed, count;
} mpt_random;
uint64_t mpt_random_u64(mpt_random *r);

#endif
