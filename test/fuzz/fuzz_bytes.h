/* SPDX-License-Identifier: GPL-2.0-or-later */
/** fuzz_bytes.h: the fuzzer's bytes, read from front to back; behind the end all is 0. */
#ifndef FUZZ_BYTES_H
#define FUZZ_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct fuzz_bytes {
    const uint8_t *at, *end;
} fuzz_bytes;

static inline bool fuzz_is_over(const fuzz_bytes *b) {
    return b->at == b->end;
}

static inline uint8_t fuzz_u8(fuzz_bytes *b) {
    return fuzz_is_over(b) ? 0 : *b->at++;
}

static inline uint16_t fuzz_u16(fuzz_bytes *b) {
    uint16_t high = fuzz_u8(b);
    return (uint16_t)(high << 8 | fuzz_u8(b));
}

static inline uint32_t fuzz_u32(fuzz_bytes *b) {
    uint32_t high = fuzz_u16(b);
    return high << 16 | fuzz_u16(b);
}

static inline uint64_t fuzz_u64(fuzz_bytes *b) {
    uint64_t high = fuzz_u32(b);
    return high << 32 | fuzz_u32(b);
}

/** A distance from what is expected: small ones are likely, any is possible. */
static inline int64_t fuzz_delta(fuzz_bytes *b) {
    uint8_t kind = fuzz_u8(b);
    switch (kind >> 6) {
    case 0: return kind;
    case 1: return -(int64_t)(kind & 0x3f);
    case 2: return (int16_t)fuzz_u16(b);
    default: return (int32_t)fuzz_u32(b);
    }
}

#endif
