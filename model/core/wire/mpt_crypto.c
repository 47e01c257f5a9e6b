/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mpt_crypto.c: see mpt_crypto.h. Keys and nonces enter hashes in network byte order, as they are on the wire. */
#include "wire/mpt_crypto.h"

#include <string.h>

#include <nettle/hmac.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>

#include "base/mpt_bytes.h"

_Static_assert(SHA256_DIGEST_SIZE == 32, "the join HMAC is SHA-256's");

void mpt_crypto_key(uint64_t key, uint32_t *token, uint64_t *idsn) {
    uint8_t key_bytes[8], digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx ctx;
    mpt_put64(key_bytes, key);
    sha256_init(&ctx);
    sha256_update(&ctx, sizeof key_bytes, key_bytes);
    sha256_digest(&ctx, sizeof digest, digest);
    *token = mpt_get32(digest);
    *idsn = mpt_get64(digest + sizeof digest - 8);
}

static void hmac(uint64_t key_a, uint64_t key_b, const uint8_t *message, size_t message_bytes, uint8_t out[32]) {
    uint8_t key[16];
    struct hmac_sha256_ctx ctx;
    mpt_put64(mpt_put64(key, key_a), key_b);
    hmac_sha256_set_key(&ctx, sizeof key, key);
    hmac_sha256_update(&ctx, message_bytes, message);
    hmac_sha256_digest(&ctx, SHA256_DIGEST_SIZE, out);
}

void mpt_crypto_join_hmac(uint64_t key_a, uint64_t key_b, uint32_t nonce_a, uint32_t nonce_b, uint8_t out[32]) {
    uint8_t message[8];
    mpt_put32(mpt_put32(message, nonce_a), nonce_b);
    hmac(key_a, key_b, message, sizeof message, out);
}

void mpt_crypto_key_v0(uint64_t key, uint32_t *token, uint64_t *idsn) {
    uint8_t key_bytes[8], digest[SHA1_DIGEST_SIZE];
    struct sha1_ctx ctx;
    mpt_put64(key_bytes, key);
    sha1_init(&ctx);
    sha1_update(&ctx, sizeof key_bytes, key_bytes);
    sha1_digest(&ctx, sizeof digest, digest);
    *token = mpt_get32(digest);
    *idsn = mpt_get64(digest + sizeof digest - 8);
}

void mpt_crypto_join_hmac_v0(uint64_t key_a, uint64_t key_b, uint32_t nonce_a, uint32_t nonce_b, uint8_t out[20]) {
    uint8_t key[16], message[8];
    struct hmac_sha1_ctx ctx;
    mpt_put64(mpt_put64(key, key_a), key_b);
    mpt_put32(mpt_put32(message, nonce_a), nonce_b);
    hmac_sha1_set_key(&ctx, sizeof key, key);
    hmac_sha1_update(&ctx, sizeof message, message);
    hmac_sha1_digest(&ctx, SHA1_DIGEST_SIZE, out);
}

uint64_t mpt_crypto_add_addr_hmac(uint64_t key_a, uint64_t key_b, uint8_t address_id, const mpt_addr *addr,
                                  uint16_t port) {
    uint8_t message[1 + 16 + 2], digest[SHA256_DIGEST_SIZE];
    size_t addr_bytes = addr->family == 6 ? 16 : 4;
    message[0] = address_id;
    memcpy(message + 1, addr->bytes, addr_bytes);
    mpt_put16(message + 1 + addr_bytes, port);
    hmac(key_a, key_b, message, 1 + addr_bytes + 2, digest);
    return mpt_get64(digest + sizeof digest - 8);
}

bool mpt_crypto_equal(const uint8_t *a, const uint8_t *b, size_t bytes) {
    uint8_t difference = 0;
    for (size_t i = 0; i < bytes; i++)
        difference |= (uint8_t)(a[i] ^ b[i]);
    return difference == 0;
}

uint64_t mpt_random_u64(mpt_random *r) {
    uint8_t message[16], digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx ctx;
    mpt_put64(message, r->seed);
    mpt_put64(message + 8, r->count++);
    sha256_init(&ctx);
    sha256_update(&ctx, sizeof message, message);
    sha256_digest(&ctx, sizeof digest, digest);
    return mpt_get64(digest);
}
