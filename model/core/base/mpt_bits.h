/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_bits.h: sets of up to 32 small numbers, as the bits of a word. `for (uint32_t rest = set; rest != 0; rest &= rest - 1)` visits all, lowest first. */
#ifndef MPT_BITS_H
#define MPT_BITS_H

#include <stdbool.h>
#include <stdint.h>

/** @return the lowest number in @p set, which is not empty */
static inline uint32_t mpt_bits_first(uint32_t set) {
    return (uint32_t)__builtin_ctz(set);
}
/** @return the set of the numbers below @p count, which is at most 32 */
static inline uint32_t mpt_bits_below(uint32_t count) {
    return (uint32_t)(((uint64_t)1 << count) - 1);
}
/** Put the numbers of @p bits into @p set, or take them out. */
static inline void mpt_bits_put(uint32_t *set, uint32_t bits, bool is_in) {
    *set = is_in ? *set | bits : *set & ~bits;
}

#endif
