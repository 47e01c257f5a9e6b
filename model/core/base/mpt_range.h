/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_range.h: a sorted set of disjoint, non-adjacent half-open ranges of 64-bit numbers.
 * A value: owns one array from the allocator, nothing else. Finding is O(log n); insertion moves the tail; taking out in front moves nothing.
 */
#ifndef MPT_RANGE_H
#define MPT_RANGE_H

#include "mpt.h"

typedef struct mpt_range {
    uint64_t start, end; /**< start < end */
} mpt_range;

typedef struct mpt_ranges {
    mpt_range *items;
    uint32_t count, capacity;
    uint32_t skipped; /**< places before items, of ranges that were taken out in front; none when the set is empty */
    uint64_t total;   /**< sum of all lengths */
} mpt_ranges;

void mpt_ranges_free(mpt_ranges *r, const mpt_mem *mem);
/**
 * Add [start, end); start < end. @param added receives how many numbers were not in the set before; may be NULL.
 * @return MPT_OK or MPT_ERR_MEMORY (nothing changed)
 */
mpt_status mpt_ranges_add(mpt_ranges *r, uint64_t start, uint64_t end, uint64_t *added, const mpt_mem *mem);
/** Make room for one more range: the next addition cannot fail. @return MPT_OK or MPT_ERR_MEMORY (nothing changed) */
mpt_status mpt_ranges_reserve(mpt_ranges *r, const mpt_mem *mem);
/** Remove all numbers of [start, end). @return MPT_OK or MPT_ERR_MEMORY (a split needed room; nothing changed) */
mpt_status mpt_ranges_remove(mpt_ranges *r, uint64_t start, uint64_t end, const mpt_mem *mem);
/** Remove all numbers below @p end; never fails. */
void mpt_ranges_remove_below(mpt_ranges *r, uint64_t end);
/** @return index of the range containing @p x, or -1. */
int64_t mpt_ranges_find(const mpt_ranges *r, uint64_t x);
/** @return true when all of [start, end) is in the set. */
bool mpt_ranges_covers(const mpt_ranges *r, uint64_t start, uint64_t end);
/** @return how many numbers of [start, end) are in the set. */
uint64_t mpt_ranges_overlap(const mpt_ranges *r, uint64_t start, uint64_t end);
/** Assert the invariants: sorted, disjoint, non-adjacent, total right. */
/** @return what of [start, end) lies in the first range that it meets; empty when it meets none. */
mpt_range mpt_ranges_first_overlap(const mpt_ranges *r, uint64_t start, uint64_t end);
void mpt_ranges_check(const mpt_ranges *r);

#endif
