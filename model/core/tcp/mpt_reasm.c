/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mpt_reasm.c: see mpt_reasm.h. */
#include "tcp/mpt_reasm.h"

#include <string.h>

#include "base/mpt_assert.h"

void mpt_reasm_init(mpt_reasm *q, uint64_t next, uint32_t buffer_bytes) {
    uint32_t ranges_max = buffer_bytes / MPT_REASM_BYTES_A_RANGE;
    *q = (mpt_reasm){.next = next, .ranges_max = ranges_max > MPT_REASM_RANGES_MIN ? ranges_max : MPT_REASM_RANGES_MIN};
}

void mpt_reasm_free(mpt_reasm *q, const mpt_mem *mem) {
    mpt_spans_free(&q->beyond, mem);
}

/** [next, end) is there now: go on over what waited beyond. @return how many numbers were new. */
static uint64_t advance(mpt_reasm *q, uint64_t end, const mpt_mem *mem) {
    uint64_t fresh = end - q->next;
    if (q->beyond.count > 0) {
        uint64_t beyond_total = q->beyond.total;
        mpt_spans_remove_below(&q->beyond, end, mem);
        fresh -= beyond_total - q->beyond.total;
        end = mpt_spans_take_first(&q->beyond, end, mem);
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
        mpt_status status = mpt_spans_add(&q->beyond, start, end, &added, mem);
        if (status)
            return status;
    }
    if (fresh != NULL)
        *fresh = added;
    return MPT_OK;
}

/* ---- What arrived last: of each range no more than its start, a range grows only by an arrival, and swallowed ones are struck out ---- */

/** Strike out those within [start, end). */
static void forget(mpt_recent *r, uint64_t start, uint64_t end) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < r->count; i++)
        if (r->starts[i] < start || r->starts[i] >= end)
            r->starts[kept++] = r->starts[i];
    r->count = kept;
}

void mpt_recent_arrived(mpt_recent *r, const mpt_reasm *q, uint64_t start) {
    mpt_range range;
    forget(r, 0, q->next);
    if (start <= q->next || !mpt_spans_find(&q->beyond, start, &range))
        return;
    forget(r, range.start, range.end);
    uint32_t kept = r->count < MPT_REASM_RECENT ? r->count : MPT_REASM_RECENT - 1;
    memmove(&r->starts[1], &r->starts[0], kept * sizeof r->starts[0]);
    r->starts[0] = range.start;
    r->count = kept + 1;
}

static bool is_recent(const mpt_recent *r, uint64_t start) {
    for (uint32_t i = 0; i < r->count; i++)
        if (r->starts[i] == start)
            return true;
    return false;
}

uint32_t mpt_reasm_sack(const mpt_reasm *q, const mpt_recent *recent, mpt_range *out, uint32_t max) {
    uint32_t written = 0;
    mpt_range r = {q->next, q->next};
    for (uint32_t i = 0; i < recent->count && written < max; i++)
        written += mpt_spans_find(&q->beyond, recent->starts[i], &out[written]);
    while (written < max && mpt_spans_after(&q->beyond, r.end, &r))
        if (!is_recent(recent, r.start))
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
}

void mpt_recent_check(const mpt_recent *r, const mpt_reasm *q) {
    mpt_range range;
    MPT_ASSERT(r->count <= MPT_REASM_RECENT && r->count <= q->beyond.count);
    for (uint32_t i = 0; i < r->count; i++) {
        MPT_ASSERT(mpt_spans_find(&q->beyond, r->starts[i], &range) && range.start == r->starts[i]);
        for (uint32_t j = 0; j < i; j++)
            MPT_ASSERT(r->starts[j] != r->starts[i]);
    }
}
