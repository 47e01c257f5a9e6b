/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_seq.h: sequence numbers on the wire are 32 (or 64) bits and wrap; inside the core they are unwrapped 64-bit
 * offsets. Pure functions.
 */
#ifndef MPT_SEQ_H
#define MPT_SEQ_H

#include <stdbool.h>
#include <stdint.h>

/** @return a < b in the arithmetic of RFC 9293 3.4 (modulo 2^32). */
static inline bool mpt_seq32_before(uint32_t a, uint32_t b) {
    return (int32_t)(a - b) < 0;
}

/** @return the 64-bit number nearest to @p near whose low 32 bits are @p low (modulo 2^64). */
static inline uint64_t mpt_seq_expand(uint32_t low, uint64_t near) {
    return near + (uint64_t)(int64_t)(int32_t)(low - (uint32_t)near);
}

#endif
