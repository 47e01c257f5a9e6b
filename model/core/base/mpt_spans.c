/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mpt_spans.c: see mpt_spans.h. */
#include "base/mpt_spans.h"

#include <string.h>

#include "base/mpt_assert.h"

enum { FIRST_CAPACITY = 4 };

/** Where a range is: items[item] of blocks[block]. Behind the last one: block == block_count. */
typedef struct place {
    uint32_t block, item;
} place;

static mpt_range *at(const mpt_spans *s, place p) {
    return &s->blocks[p.block]->items[p.item];
}

static const mpt_range *last_of(const mpt_span_block *b) {
    return &b->items[b->count - 1];
}

/** The first range whose end is >= @p x. Data arrive in order most of the time, so the tail is looked at first: what is behind all, and the last one. */
static place ending_at_or_after(const mpt_spans *s, uint64_t x) {
    uint32_t low = 0, high = s->block_count;
    if (high == 0 || last_of(s->blocks[high - 1])->end < x)
        return (place){high, 0};
    const mpt_span_block *tail = s->blocks[high - 1];
    if (tail->count > 1 ? tail->items[tail->count - 2].end < x : high == 1)
        return (place){high - 1, tail->count - 1};
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (last_of(s->blocks[middle])->end < x)
            low = middle + 1;
        else
            high = middle;
    }
    const mpt_span_block *b = s->blocks[low];
    uint32_t first = 0, end = b->count;
    while (first < end) {
        uint32_t middle = first + (end - first) / 2;
        if (b->items[middle].end < x)
            first = middle + 1;
        else
            end = middle;
    }
    return (place){low, first};
}

static place next(const mpt_spans *s, place p) {
    return p.item + 1 < s->blocks[p.block]->count ? (place){p.block, p.item + 1} : (place){p.block + 1, 0};
}

/* ---- Blocks ---- */

static void blocks_move(mpt_spans *s, uint32_t to, uint32_t from) {
    if (from < s->block_count)
        memmove(&s->blocks[to], &s->blocks[from], (s->block_count - from) * sizeof *s->blocks);
}

/** Put the spare block at @p index. */
static mpt_span_block *block_insert(mpt_spans *s, uint32_t index) {
    mpt_span_block *b = s->spare;
    MPT_ASSERT(b && s->block_count < s->block_capacity);
    s->spare = NULL;
    blocks_move(s, index + 1, index);
    s->blocks[index] = b;
    s->block_count++;
    b->count = 0;
    return b;
}

static void blocks_remove(mpt_spans *s, uint32_t from, uint32_t to, const mpt_mem *mem) {
    for (uint32_t i = from; i < to; i++)
        mem->free(mem->user, s->blocks[i]);
    blocks_move(s, from, to);
    s->block_count -= to - from;
    if (s->block_count == 0)
        mpt_spans_free(s, mem);
}

static void items_move(mpt_span_block *b, uint32_t to, uint32_t from) {
    memmove(&b->items[to], &b->items[from], (b->count - from) * sizeof b->items[0]);
    b->count = b->count + to - from;
}

/** Blocks that have become small are put together: there are never many that are nearly empty. */
static void join_next(mpt_spans *s, uint32_t block, const mpt_mem *mem) {
    if (block + 1 >= s->block_count)
        return;
    mpt_span_block *b = s->blocks[block], *after = s->blocks[block + 1];
    if (b->count + after->count > MPT_SPANS_BLOCK / 2)
        return;
    memcpy(&b->items[b->count], after->items, after->count * sizeof after->items[0]);
    b->count += after->count;
    blocks_remove(s, block + 1, block + 2, mem);
}

void mpt_spans_free(mpt_spans *s, const mpt_mem *mem) {
    for (uint32_t i = 0; i < s->block_count; i++)
        mem->free(mem->user, s->blocks[i]);
    mem->free(mem->user, s->blocks);
    mem->free(mem->user, s->spare);
    *s = (mpt_spans){0};
}

static mpt_status reserve_list(mpt_spans *s, const mpt_mem *mem) {
    if (s->block_count < s->block_capacity)
        return MPT_OK;
    uint32_t capacity = s->block_capacity > 0 ? 2 * s->block_capacity : FIRST_CAPACITY;
    mpt_span_block **blocks = mem->alloc(mem->user, capacity * sizeof *blocks);
    if (!blocks)
        return MPT_ERR_MEMORY;
    if (s->block_count > 0)
        memcpy(blocks, s->blocks, s->block_count * sizeof *blocks);
    mem->free(mem->user, s->blocks);
    s->blocks = blocks;
    s->block_capacity = capacity;
    return MPT_OK;
}

/** The block that a range that touches nothing would go into, before @p p; the last one takes what comes behind all. */
static uint32_t block_for(const mpt_spans *s, place p) {
    return p.block < s->block_count ? p.block : s->block_count - 1;
}

mpt_status mpt_spans_reserve(mpt_spans *s, uint64_t start, const mpt_mem *mem) {
    bool has_room =
        s->block_count > 0 && s->blocks[block_for(s, ending_at_or_after(s, start))]->count < MPT_SPANS_BLOCK;
    if (has_room || (s->spare && s->block_count < s->block_capacity))
        return MPT_OK;
    mpt_span_block *spare = s->spare ? s->spare : mem->alloc(mem->user, sizeof *spare);
    if (!spare)
        return MPT_ERR_MEMORY;
    s->spare = spare;
    return reserve_list(s, mem);
}

/* ---- Changes ---- */

/** Room was reserved. */
static void insert(mpt_spans *s, place p, mpt_range range) {
    if (s->block_count == 0)
        block_insert(s, 0);
    uint32_t block = block_for(s, p);
    mpt_span_block *b = s->blocks[block];
    uint32_t item = block == p.block ? p.item : b->count;
    if (b->count == MPT_SPANS_BLOCK) {
        uint32_t keep = item == b->count ? b->count : b->count / 2; /* a tail that grows fills its blocks */
        mpt_span_block *upper = block_insert(s, block + 1);
        upper->count = b->count - keep;
        memcpy(upper->items, &b->items[keep], upper->count * sizeof upper->items[0]);
        b->count = keep;
        if (item > keep || keep == MPT_SPANS_BLOCK) {
            item -= keep;
            b = upper;
        }
    }
    memmove(&b->items[item + 1], &b->items[item], (b->count - item) * sizeof b->items[0]);
    b->items[item] = range;
    b->count++;
    s->count++;
}

/** The ranges behind @p p that begin at or before @p end go. @return how many numbers they had; *end is where the last of them ended, if later */
static uint64_t swallow(mpt_spans *s, place p, uint64_t *end, const mpt_mem *mem) {
    uint64_t had = 0, limit = *end;
    place from = next(s, p), to = from;
    uint32_t swallowed = 0;
    while (to.block < s->block_count && at(s, to)->start <= limit) {
        had += at(s, to)->end - at(s, to)->start;
        if (at(s, to)->end > *end)
            *end = at(s, to)->end;
        swallowed++;
        to = next(s, to);
    }
    if (swallowed == 0)
        return 0;
    s->count -= swallowed;
    if (from.block == to.block) {
        items_move(s->blocks[from.block], from.item, to.item);
    } else {
        if (from.item > 0)
            s->blocks[from.block++]->count = from.item;
        if (to.block < s->block_count && to.item > 0)
            items_move(s->blocks[to.block], 0, to.item);
        if (from.block < to.block)
            blocks_remove(s, from.block, to.block, mem);
    }
    join_next(s, p.block, mem);
    if (p.block > 0)
        join_next(s, p.block - 1, mem);
    return had;
}

mpt_status mpt_spans_add(mpt_spans *s, uint64_t start, uint64_t end, uint64_t *added, const mpt_mem *mem) {
    MPT_ASSERT(start < end);
    uint64_t grown = end - start;
    place p = ending_at_or_after(s, start);
    if (p.block == s->block_count || at(s, p)->start > end) { /* touches nothing */
        bool has_room = s->block_count > 0 && s->blocks[block_for(s, p)]->count < MPT_SPANS_BLOCK;
        if (!has_room && mpt_spans_reserve(s, start, mem))
            return MPT_ERR_MEMORY;
        insert(s, p, (mpt_range){start, end});
    } else {
        mpt_range *into = at(s, p);
        uint64_t had = into->end - into->start, last = end;
        if (start < into->start)
            into->start = start;
        if (last < into->end) {
            last = into->end;
        } else {
            into->end = last;
            had += swallow(s, p, &last, mem); /* may move it */
            p = ending_at_or_after(s, start);
            into = at(s, p);
        }
        into->end = last;
        grown = into->end - into->start - had;
    }
    s->total += grown;
    if (added)
        *added = grown;
    return MPT_OK;
}

void mpt_spans_remove_below(mpt_spans *s, uint64_t end, const mpt_mem *mem) {
    if (s->block_count == 0 || s->blocks[0]->items[0].start >= end)
        return;
    uint32_t whole = 0;
    while (whole < s->block_count && last_of(s->blocks[whole])->end <= end)
        whole++;
    for (uint32_t i = 0; i < whole; i++) {
        const mpt_span_block *b = s->blocks[i];
        for (uint32_t j = 0; j < b->count; j++)
            s->total -= b->items[j].end - b->items[j].start;
        s->count -= b->count;
    }
    if (whole > 0)
        blocks_remove(s, 0, whole, mem);
    if (s->block_count == 0)
        return;
    mpt_span_block *b = s->blocks[0];
    uint32_t gone = 0;
    while (b->items[gone].end <= end) {
        s->total -= b->items[gone].end - b->items[gone].start;
        gone++;
    }
    items_move(b, 0, gone);
    s->count -= gone;
    if (b->items[0].start < end) {
        s->total -= end - b->items[0].start;
        b->items[0].start = end;
    }
    join_next(s, 0, mem);
}

uint64_t mpt_spans_take_first(mpt_spans *s, uint64_t start, const mpt_mem *mem) {
    if (s->block_count == 0 || s->blocks[0]->items[0].start != start)
        return start;
    mpt_span_block *b = s->blocks[0];
    uint64_t end = b->items[0].end;
    s->total -= end - start;
    s->count--;
    if (b->count > 1) {
        items_move(b, 0, 1);
        join_next(s, 0, mem);
    } else {
        blocks_remove(s, 0, 1, mem);
    }
    return end;
}

/* ---- Questions ---- */

bool mpt_spans_after(const mpt_spans *s, uint64_t x, mpt_range *out) {
    place p = ending_at_or_after(s, x);
    if (p.block < s->block_count && at(s, p)->end == x)
        p = next(s, p);
    if (p.block == s->block_count)
        return false;
    *out = *at(s, p);
    return true;
}

bool mpt_spans_find(const mpt_spans *s, uint64_t x, mpt_range *out) {
    return mpt_spans_after(s, x, out) && out->start <= x;
}

uint64_t mpt_spans_overlap(const mpt_spans *s, uint64_t start, uint64_t end) {
    uint64_t sum = 0;
    mpt_range r;
    for (uint64_t x = start; mpt_spans_after(s, x, &r) && r.start < end; x = r.end)
        sum += (r.end < end ? r.end : end) - (r.start > start ? r.start : start);
    return sum;
}

void mpt_spans_check(const mpt_spans *s) {
    uint64_t total = 0, before = 0;
    uint32_t count = 0;
    MPT_ASSERT(s->block_count <= s->block_capacity);
    for (uint32_t i = 0; i < s->block_count; i++) {
        const mpt_span_block *b = s->blocks[i];
        MPT_ASSERT(b->count > 0 && b->count <= MPT_SPANS_BLOCK);
        for (uint32_t j = 0; j < b->count; j++, count++) {
            MPT_ASSERT(b->items[j].start < b->items[j].end);
            MPT_ASSERT(count == 0 || before < b->items[j].start);
            before = b->items[j].end;
            total += b->items[j].end - b->items[j].start;
        }
    }
    MPT_ASSERT(count == s->count && total == s->total);
}
