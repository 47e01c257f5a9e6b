/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_spans.h: a sorted set of disjoint, non-adjacent half-open ranges of 64-bit numbers, as mpt_ranges, for sets that may grow large: it is kept in
 * blocks of some ranges, so that finding is O(log n) and a change moves no more than a block (and, when a block comes or goes, the list of blocks,
 * of which there are 16 to 32 times fewer than ranges). Empty, it owns nothing.
 */
#ifndef MPT_SPANS_H
#define MPT_SPANS_H

#include "base/mpt_range.h"

#define MPT_SPANS_BLOCK 32u

typedef struct mpt_span_block {
    uint32_t count; /**< at least 1 */
    mpt_range items[MPT_SPANS_BLOCK];
} mpt_span_block;

typedef struct mpt_spans {
    mpt_span_block **blocks;
    mpt_span_block *spare; /**< made by mpt_spans_reserve() */
    uint32_t block_count, block_capacity;
    uint32_t count; /**< ranges */
    uint64_t total; /**< sum of all lengths */
} mpt_spans;

void mpt_spans_free(mpt_spans *s, const mpt_mem *mem);
/** The next addition, of something from @p start on, cannot fail. @return MPT_OK or MPT_ERR_MEMORY (nothing changed) */
mpt_status mpt_spans_reserve(mpt_spans *s, uint64_t start, const mpt_mem *mem);
/**
 * Add [start, end); start < end. @param added receives how many numbers were not in the set before; may be NULL.
 * @return MPT_OK or MPT_ERR_MEMORY (nothing changed)
 */
mpt_status mpt_spans_add(mpt_spans *s, uint64_t start, uint64_t end, uint64_t *added, const mpt_mem *mem);
/** Remove all numbers below @p end; never fails. */
void mpt_spans_remove_below(mpt_spans *s, uint64_t end, const mpt_mem *mem);
/** Remove the first range where it begins at @p start; no number below that is in the set. @return where it ended; else @p start */
uint64_t mpt_spans_take_first(mpt_spans *s, uint64_t start, const mpt_mem *mem);
/** The first range that ends after @p x: the one that holds x, or the next. @return false: there is none */
bool mpt_spans_after(const mpt_spans *s, uint64_t x, mpt_range *out);
/** @return true when @p x is in the set; *out is its range. */
bool mpt_spans_find(const mpt_spans *s, uint64_t x, mpt_range *out);
/** @return how many numbers of [start, end) are in the set. */
uint64_t mpt_spans_overlap(const mpt_spans *s, uint64_t start, uint64_t end);
/** Assert the invariants. */
void mpt_spans_check(const mpt_spans *s);

#endif
