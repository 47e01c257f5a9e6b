/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_bytes.h: big-endian loads and stores. Compilers turn each into one instruction or two. Internal to the core. */
#ifndef MPT_BYTES_H
#define MPT_BYTES_H

#include <stdint.h>

static inline uint16_t mpt_get16(const uint8_t *p) {
    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t mpt_get32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint64_t mpt_get64(const uint8_t *p) {
    return (uint64_t)mpt_get32(p) << 32 | mpt_get32(p + 4);
}

static inline uint8_t *mpt_put16(uint8_t *p, uint16_t x) {
    p[0] = (uint8_t)(x >> 8);
    p[1] = (uint8_t)x;
    return p + 2;
}

static inline uint8_t *mpt_put32(uint8_t *p, uint32_t x) {
    p[0] = (uint8_t)(x >> 24);
    p[1] = (uint8_t)(x >> 16);
    p[2] = (uint8_t)(x >> 8);
    p[3] = (uint8_t)x;
    return p + 4;
}

static inline uint8_t *mpt_put64(uint8_t *p, uint64_t x) {
    return mpt_put32(mpt_put32(p, (uint32_t)(x >> 32)), (uint32_t)x);
}

#endif
