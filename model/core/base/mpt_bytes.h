/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_bytes.h: big-endian loads and stores. Compilers turn each into one instruction or two. Internal to the core. */
#ifndef MPT_BYTES_H
#define MPT_BYTES_H

#include <stdint.h>
#include <string.h>

/* ---- A number as it is in memory, the greatest byte first; and back ---- */

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
static inline uint16_t mpt_big16(uint16_t x) {
    return __builtin_bswap16(x);
}
static inline uint32_t mpt_big32(uint32_t x) {
    return __builtin_bswap32(x);
}
static inline uint64_t mpt_big64(uint64_t x) {
    return __builtin_bswap64(x);
}
#else
static inline uint16_t mpt_big16(uint16_t x) {
    return x;
}
static inline uint32_t mpt_big32(uint32_t x) {
    return x;
}
static inline uint64_t mpt_big64(uint64_t x) {
    return x;
}
#endif

/* ---- Loads and stores ---- */

static inline uint16_t mpt_get16(const uint8_t *p) {
    uint16_t x;
    memcpy(&x, p, sizeof x);
    return mpt_big16(x);
}

static inline uint32_t mpt_get32(const uint8_t *p) {
    uint32_t x;
    memcpy(&x, p, sizeof x);
    return mpt_big32(x);
}

static inline uint64_t mpt_get64(const uint8_t *p) {
    uint64_t x;
    memcpy(&x, p, sizeof x);
    return mpt_big64(x);
}

static inline uint8_t *mpt_put16(uint8_t *p, uint16_t x) {
    x = mpt_big16(x);
    memcpy(p, &x, sizeof x);
    return p + sizeof x;
}

static inline uint8_t *mpt_put32(uint8_t *p, uint32_t x) {
    x = mpt_big32(x);
    memcpy(p, &x, sizeof x);
    return p + sizeof x;
}

static inline uint8_t *mpt_put64(uint8_t *p, uint64_t x) {
    x = mpt_big64(x);
    memcpy(p, &x, sizeof x);
    return p + sizeof x;
}

#endif
