/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mpt_reasm.c: see mpt_reasm.h. Every element of recent is the start of a range of beyond, no two of the same: a range
 * grows only by an arrival, and an arrival makes it the newest and strikes out whatever it swallowed.
 */
#include "tcp/mpt_reasm.h"

#include <string.h>

#include "base/mpt_assert.h"

void mpt_reasm_init(mpt_reasm *q, uint64_t next) {
    *q = (mpt_reasm){.next = next};
}

void mpt_reasm_free(mpt_reasm *q, const mpt_mem *mem) {
    mpt_ranges_free(&q->beyond, mem);
    q->recent_count = 0;
}

/** Strike out recent arrivals within [start, end). */
static void forget_recent(mpt_reasm *q, uint64_t start, uint64_t end) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < q->recent_count; i++)
        if (q->recent[i] < start || q->recent[i] >= end)
            q->recent[kept++] = q->recent[i];
    q->recent_count = kept;
}

static void remember_recent(mpt_reasm *q, const mpt_range *range) {
    forget_recent(q, range->start, range->end);
    uint32_t kept = q->recent_count < MPT_REASM_RECENT ? q->recent_count : MPT_REASM_RECENT - 1;
    memmove(&q->recent[1], &q->recent[0], kept * sizeof q->recent[0]);
    q->recent[0] = range->start;
    q->recent_count = kept + 1;
}

/** [next, end) is there now: go on over what waited beyond. @return how many numbers were new. */
static uint64_t advance(mpt_reasm *q, uint64_t end) {
    uint64_t fresh = end - q->next;
    if (q->beyond.count > 0) {
        uint64_t beyond_total = q->beyond.total;
        mpt_ranges_remove_below(&q->beyond, end);
        fresh -= beyond_total - q->beyond.total;
        if (q->beyond.count > 0 && q->beyond.items[0].start == end) {
            end = q->beyond.items[0].end;
            mpt_ranges_remove_below(&q->beyond, end);
        }
        forget_recent(q, 0, end);
    }
    q->next = end;
    return fresh;
}

mpt_status mpt_reasm_reserve(mpt_reasm *q, uint64_t start, const mpt_mem *mem) {
    if (start <= q->next)
        return MPT_OK;
    if (q->beyond.count >= MPT_REASM_RANGES_MAX && mpt_ranges_find(&q->beyond, start - 1) < 0)
        return MPT_ERR_LIMIT;
    return mpt_ranges_reserve(&q->beyond, mem);
}

mpt_status mpt_reasm_insert(mpt_reasm *q, uint64_t start, uint64_t end, uint64_t *fresh, const mpt_mem *mem) {
    MPT_ASSERT(start <= end);
    uint64_t added = 0;
    if (end <= q->next || start == end) {
        if (fresh != NULL)
            *fresh = 0;
        return MPT_OK;
    }
    if (start <= q->next) {
        added = advance(q, end);
    } else {
        if (mpt_ranges_add(&q->beyond, start, end, &added, mem) != MPT_OK)
            return MPT_ERR_MEMORY;
        remember_recent(q, &q->beyond.items[mpt_ranges_find(&q->beyond, start)]);
    }
    if (fresh != NULL)
        *fresh = added;
    return MPT_OK;
}

static bool is_recent(const mpt_reasm *q, uint64_t start) {
    for (uint32_t i = 0; i < q->recent_count; i++)
        if (q->recent[i] == start)
            return true;
    return false;
}

uint32_t mpt_reasm_sack(const mpt_reasm *q, mpt_range *out, uint32_t max) {
    uint32_t written = 0;
    for (uint32_t i = 0; i < q->recent_count && written < max; i++)
        out[written++] = q->beyond.items[mpt_ranges_find(&q->beyond, q->recent[i])];
    for (uint32_t i = 0; i < q->beyond.count && written < max; i++)
        if (!is_recent(q, q->beyond.items[i].start))
            out[written++] = q->beyond.items[i];
    return written;
}

void mpt_reasm_check(const mpt_reasm *q) {
    mpt_ranges_check(&q->beyond);
    MPT_ASSERT(q->beyond.count == 0 || q->beyond.items[0].start > q->next);
    MPT_ASSERT(q->recent_count <= MPT_REASM_RECENT && q->recent_count <= q->beyond.count);
    for (uint32_t i = 0; i < q->recent_count; i++) {
        int64_t at = mpt_ranges_find(&q->beyond, q->recent[i]);
        MPT_ASSERT(at >= 0 && q->beyond.items[at].start == q->recent[i]);
        for (uint32_t j = 0; j < i; j++)
            MPT_ASSERT(q->recent[j] != q->recent[i]);
    }
}
