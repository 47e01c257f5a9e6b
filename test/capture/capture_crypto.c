/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture_crypto.h"

#include <nettle/hmac.h>
#include <nettle/sha2.h>
#include <string.h>

static void put(uint8_t *out, uint64_t value, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        out[i] = (uint8_t)(value >> 8 * (bytes - 1 - i));
    }
}

static uint64_t get(const uint8_t *in, size_t bytes) {
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++) {
        value = value << 8 | in[i];
    }
    return value;
}

static void sha256_key(uint64_t key, uint8_t digest[SHA256_DIGEST_SIZE]) {
    uint8_t bytes[8];
    struct sha256_ctx context;
    put(bytes, key, sizeof bytes);
    sha256_init(&context);
    sha256_update(&context, sizeof bytes, bytes);
    sha256_digest(&context, SHA256_DIGEST_SIZE, digest);
}

uint32_t cap_token(uint64_t key) {
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_key(key, digest);
    return (uint32_t)get(digest, 4);
}

uint64_t cap_idsn(uint64_t key) {
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_key(key, digest);
    return get(digest + SHA256_DIGEST_SIZE - 8, 8);
}

void cap_hmac(uint64_t key_a, uint64_t key_b, const uint8_t *message, size_t bytes, uint8_t out[32]) {
    uint8_t key[16];
    struct hmac_sha256_ctx context;
    put(key, key_a, 8);
    put(key + 8, key_b, 8);
    hmac_sha256_set_key(&context, sizeof key, key);
    hmac_sha256_update(&context, bytes, message);
    hmac_sha256_digest(&context, SHA256_DIGEST_SIZE, out);
}

void cap_join_hmac(uint64_t key_a, uint64_t key_b, uint32_t nonce_a, uint32_t nonce_b, uint8_t out[32]) {
    uint8_t message[8];
    put(message, nonce_a, 4);
    put(message + 4, nonce_b, 4);
    cap_hmac(key_a, key_b, message, sizeof message, out);
}

uint64_t cap_add_addr_hmac(uint64_t key_a, uint64_t key_b, uint8_t id, const cap_endpoint *addr, uint16_t port) {
    uint8_t message[1 + 16 + 2], out[SHA256_DIGEST_SIZE];
    size_t addr_bytes = addr->family == 6 ? 16 : 4;
    message[0] = id;
    memcpy(message + 1, addr->addr, addr_bytes);
    put(message + 1 + addr_bytes, port, 2);
    cap_hmac(key_a, key_b, message, 1 + addr_bytes + 2, out);
    return get(out + SHA256_DIGEST_SIZE - 8, 8);
}

static uint64_t sum16(uint64_t sum, const uint8_t *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        sum += i % 2 == 0 ? (uint64_t)bytes[i] << 8 : bytes[i];
    }
    return sum;
}

uint16_t cap_dss_checksum(uint64_t dsn, uint32_t ssn, uint16_t length, const uint8_t *data, size_t bytes) {
    uint8_t pseudo[16] = {0};
    put(pseudo, dsn, 8);
    put(pseudo + 8, ssn, 4);
    put(pseudo + 12, length, 2);
    uint64_t sum = sum16(sum16(0, pseudo, sizeof pseudo), data, bytes);
    while (sum >> 16 != 0) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return (uint16_t)~sum;
}
