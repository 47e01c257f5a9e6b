/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_reasm.h: what has been received of a byte sequence: everything below next, and a set of ranges beyond it.
 * Used once per connection (stream offsets) and once per subflow (subflow sequence offsets).
 */
#ifndef MPT_REASM_H
#define MPT_REASM_H

#include "base/mpt_spans.h"

#define MPT_REASM_RECENT 4
/**
 * A range beyond next for each so many bytes of the receive buffer, and some in any case: more than any loss of segments leaves, and a bound for a peer
 * that sends every other byte.
 */
#define MPT_REASM_BYTES_A_RANGE 128
#define MPT_REASM_RANGES_MIN 64

typedef struct mpt_reasm {
    uint64_t next;    /**< first number not received */
    mpt_spans beyond; /**< received ranges above next; never contains next */
    uint32_t ranges_max;
} mpt_reasm;

/** The order in which what lies beyond has arrived, for who tells of it by SACK (RFC 2018 4): the starting points of the ranges last added to, newest first. */
typedef struct mpt_recent {
    uint64_t starts[MPT_REASM_RECENT];
    uint32_t count;
} mpt_recent;

/** @param buffer_bytes how much may lie between next and the end of the last range */
void mpt_reasm_init(mpt_reasm *q, uint64_t next, uint32_t buffer_bytes);
void mpt_reasm_free(mpt_reasm *q, const mpt_mem *mem);
/** Of the functions below: what is not in order. */
mpt_status mpt_reasm_reserve_beyond(mpt_reasm *q, uint64_t start, const mpt_mem *mem);
mpt_status mpt_reasm_insert_any(mpt_reasm *q, uint64_t start, uint64_t end, uint64_t *fresh, const mpt_mem *mem);
/**
 * Make sure that the insertion of something from @p start on cannot fail. @return MPT_OK, MPT_ERR_MEMORY, or MPT_ERR_LIMIT: there are
 * too many holes for another one; what comes next or touches a range is always welcome. Nothing changed on error.
 */
static inline mpt_status mpt_reasm_reserve(mpt_reasm *q, uint64_t start, const mpt_mem *mem) {
    return start <= q->next ? MPT_OK : mpt_reasm_reserve_beyond(q, start, mem);
}
/**
 * [start, end) arrived; start <= end; parts below next are ignored.
 * @param fresh receives how many numbers were new. @return MPT_OK or MPT_ERR_MEMORY (nothing changed).
 * Afterwards next has moved over everything contiguous.
 */
static inline mpt_status mpt_reasm_insert(mpt_reasm *q, uint64_t start, uint64_t end, uint64_t *fresh,
                                          const mpt_mem *mem) {
    if (start == q->next && start < end && q->beyond.count == 0 && fresh != NULL) {
        *fresh = end - start;
        q->next = end;
        return MPT_OK;
    }
    return mpt_reasm_insert_any(q, start, end, fresh, mem);
}
/** Something from @p start on has been inserted into @p q. */
void mpt_recent_arrived(mpt_recent *r, const mpt_reasm *q, uint64_t start);
/**
 * SACK blocks in the order RFC 2018 section 4 asks for: the range of the most recent arrival first, then those
 * of the arrivals before it, then others; no range twice. @return how many of at most @p max were written.
 */
uint32_t mpt_reasm_sack(const mpt_reasm *q, const mpt_recent *recent, mpt_range *out, uint32_t max);
/** @return what of [start, end), start >= next, has arrived already, as far as it lies in one range; empty when nothing has. */
mpt_range mpt_reasm_duplicate(const mpt_reasm *q, uint64_t start, uint64_t end);
void mpt_reasm_check(const mpt_reasm *q);
void mpt_recent_check(const mpt_recent *r, const mpt_reasm *q);

#endif
