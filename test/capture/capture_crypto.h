/* SPDX-License-Identifier: GPL-2.0-or-later */
/** capture_crypto.h: the hashes of MPTCP v1, written from the RFC once more so that the core's own cannot vouch for itself. */
#ifndef CAPTURE_CRYPTO_H
#define CAPTURE_CRYPTO_H

#include "capture_read.h"

uint32_t cap_token(uint64_t key);
uint64_t cap_idsn(uint64_t key);
/** HMAC-SHA256 over @p message with key @p key_a | @p key_b. */
void cap_hmac(uint64_t key_a, uint64_t key_b, const uint8_t *message, size_t bytes, uint8_t out[32]);
/** RFC 8684 3.2: message is the two nonces. */
void cap_join_hmac(uint64_t key_a, uint64_t key_b, uint32_t nonce_a, uint32_t nonce_b, uint8_t out[32]);
/** RFC 8684 3.4.1: rightmost 64 bits. */
uint64_t cap_add_addr_hmac(uint64_t key_a, uint64_t key_b, uint8_t id, const cap_endpoint *addr, uint16_t port);
/** DSS checksum (RFC 8684 3.3.1) over pseudo-header and data. */
uint16_t cap_dss_checksum(uint64_t dsn, uint32_t ssn, uint16_t length, const uint8_t *data, size_t bytes);

#endif
