/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mpt_reasm.c: see mpt_reasm.h. Every element of recent is the start of a range of beyond, no two of the same: a range
 * grows only by an arrival, and an arrival makes it the newest and strikes out whatever it swallowed.
 */
#include "tcp/mpt_reasm.h"

#include <string.h>

#include "base/mpt_assert.h"

void mpt_reasm_init(mpt_reasm *q, uint64_t next, uint32_t buffer_bytes) {
    uint32_t ranges_max = buffer_bytes / MPT_REASM_BYTES_A_RANGE;
    *q = (mpt_reasm){.next = next, .ranges_max = ranges_max > MPT_REASM_RANGES_MIN ? ranges_max : MPT_REASM_RANGES_MIN};
}

void mpt_reasm_free(mpt_reasm *q, const mpt_mem *mem) {
    mpt_spans_free(&q->beyond, mem);
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
static uint64_t advance(mpt_reasm *q, uint64_t end, const mpt_mem *mem) {
    uint64_t fresh = end - q->next;
    if (q->beyond.count > 0) {
        uint64_t beyond_total = q->beyond.total;
        mpt_range r;
        mpt_spans_remove_below(&q->beyond, end, mem);
        fresh -= beyond_total - q->beyond.total;
        if (mpt_spans_find(&q->beyond, end, &r)) {
            end = r.end;
            mpt_spans_remove_below(&q->beyond, end, mem);
        }
        forget_recent(q, 0, end);
    }
    q->next = end;
    return fresh;
}

mpt_status mpt_reasm_reserve_beyond(mpt_reasm *q, uint64_t start, const mpt_mem *mem) {
    mpt_range r;
    if (q->beyond.count >= q->ranges_max && !mpt_spans_find(&q->beyond, start - 1, &r))
        return MPT_ERR_LIMIT;
    return mpt_spans_reserve(&q->beyond, start, mem);
}

mpt_status mpt_reasm_insert_any(mpt_reasm *q, uint64_t start, uint64_t end, uint64_t *fresh, const mpt_mem *mem) {
    MPT_ASSERT(start <= end);
    uint64_t added = 0;
    if (end <= q->next || start == end) {
        if (fresh != NULL)
            *fresh = 0;
        return MPT_OK;
    }
    if (start <= q->next) {
        added = advance(q, end, mem);
    } else {
        mpt_range r = {start, end};
        if (mpt_spans_add(&q->beyond, start, end, &added, mem) != MPT_OK)
            return MPT_ERR_MEMORY;
        mpt_spans_find(&q->beyond, start, &r);
        remember_recent(q, &r);
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
    mpt_range r = {q->next, q->next};
    for (uint32_t i = 0; i < q->recent_count && written < max; i++)
        written += mpt_spans_find(&q->beyond, q->recent[i], &out[written]);
    while (written < max && mpt_spans_after(&q->beyond, r.end, &r))
        if (!is_recent(q, r.start))
            out[written++] = r;
    return written;
}

mpt_range mpt_reasm_duplicate(const mpt_reasm *q, uint64_t start, uint64_t end) {
    mpt_range r;
    if (!mpt_spans_after(&q->beyond, start, &r) || r.start >= end)
        return (mpt_range){start, start};
    return (mpt_range){r.start > start ? r.start : start, r.end < end ? r.end : end};
}

void mpt_reasm_check(const mpt_reasm *q) {
    mpt_range r;
    mpt_spans_check(&q->beyond);
    MPT_ASSERT(!mpt_spans_after(&q->beyond, 0, &r) || r.start > q->next);
    MPT_ASSERT(q->recent_count <= MPT_REASM_RECENT && q->recent_count <= q->beyond.count);
    for (uint32_t i = 0; i < q->recent_count; i++) {
        MPT_ASSERT(mpt_spans_find(&q->beyond, q->recent[i], &r) && r.start == q->recent[i]);
        for (uint32_t j = 0; j < i; j++)
            MPT_ASSERT(q->recent[j] != q->recent[i]);
    }
}
