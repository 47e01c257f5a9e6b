/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * script_crypto.c: tokens, IDSNs, HMACs and checksums of RFC 8684 (and of version 0, RFC 6824), written from the RFC
 * and not from the core.
 */
#include <nettle/hmac.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <string.h>

#include "script_peer.h"

static void put(uint8_t *out, uint64_t x, uint32_t bytes) {
    for (uint32_t i = 0; i < bytes; i++)
        out[i] = (uint8_t)(x >> (8 * (bytes - 1 - i)));
}

static uint64_t get(const uint8_t *in, uint32_t bytes) {
    uint64_t x = 0;
    for (uint32_t i = 0; i < bytes; i++)
        x = x << 8 | in[i];
    return x;
}

static void key_v0(uint64_t key, uint32_t *token, uint64_t *idsn) {
    uint8_t bytes[8], digest[SHA1_DIGEST_SIZE];
    struct sha1_ctx ctx;
    put(bytes, key, 8);
    sha1_init(&ctx);
    sha1_update(&ctx, sizeof bytes, bytes);
    sha1_digest(&ctx, sizeof digest, digest);
    *token = (uint32_t)get(digest, 4);
    *idsn = get(digest + 12, 8);
}

void script_crypto_key(uint8_t version, uint64_t key, uint32_t *token, uint64_t *idsn) {
    uint8_t bytes[8], digest[SHA256_DIGEST_SIZE];
    if (version == 0) {
        key_v0(key, token, idsn);
        return;
    }
    struct sha256_ctx ctx;
    put(bytes, key, 8);
    sha256_init(&ctx);
    sha256_update(&ctx, sizeof bytes, bytes);
    sha256_digest(&ctx, sizeof digest, digest);
    *token = (uint32_t)get(digest, 4);
    *idsn = get(digest + 24, 8);
}

static void hmac(uint64_t key_a, uint64_t key_b, const uint8_t *message, size_t bytes, uint8_t out[32]) {
    uint8_t key[16];
    struct hmac_sha256_ctx ctx;
    put(key, key_a, 8);
    put(key + 8, key_b, 8);
    hmac_sha256_set_key(&ctx, sizeof key, key);
    hmac_sha256_update(&ctx, bytes, message);
    hmac_sha256_digest(&ctx, 32, out);
}

static void hmac_v0(uint64_t key_a, uint64_t key_b, const uint8_t *message, size_t bytes, uint8_t out[32]) {
    uint8_t key[16];
    struct hmac_sha1_ctx ctx;
    put(key, key_a, 8);
    put(key + 8, key_b, 8);
    hmac_sha1_set_key(&ctx, sizeof key, key);
    hmac_sha1_update(&ctx, bytes, message);
    hmac_sha1_digest(&ctx, SHA1_DIGEST_SIZE, out);
}

void script_crypto_join(uint8_t version, uint64_t key_a, uint64_t key_b, uint32_t nonce_a, uint32_t nonce_b,
                        uint8_t out[32]) {
    uint8_t message[8];
    put(message, nonce_a, 4);
    put(message + 4, nonce_b, 4);
    (version == 0 ? hmac_v0 : hmac)(key_a, key_b, message, sizeof message, out);
}

uint64_t script_crypto_add_addr(uint64_t key_a, uint64_t key_b, uint8_t id, const mpt_addr *addr, uint16_t port) {
    uint8_t message[1 + 16 + 2], out[32];
    uint32_t addr_bytes = addr->family == 6 ? 16 : 4;
    message[0] = id;
    memcpy(message + 1, addr->bytes, addr_bytes);
    put(message + 1 + addr_bytes, port, 2);
    hmac(key_a, key_b, message, 1 + addr_bytes + 2, out);
    return get(out + 24, 8);
}

uint16_t script_crypto_sum(uint64_t dsn, uint32_t ssn, uint16_t length, bool is_of_peer, uint64_t stream_offset,
                           uint32_t bytes) {
    uint64_t sum = (dsn >> 48) + (dsn >> 32 & 0xffff) + (dsn >> 16 & 0xffff) + (dsn & 0xffff) + (ssn >> 16) +
                   (ssn & 0xffff) + length;
    for (uint32_t i = 0; i < bytes; i++)
        sum += (uint64_t)script_content(is_of_peer, stream_offset + i) << (i % 2 == 0 ? 8 : 0);
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}
