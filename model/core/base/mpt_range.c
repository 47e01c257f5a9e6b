/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mpt_range.c: see mpt_range.h. Data arrive and are sent in order most of the time, so the tail is looked at first. */
#include "base/mpt_range.h"

#include <string.h>

#include "base/mpt_assert.h"

#define FIRST_CAPACITY 8u

/** @return index of the first range whose end is >= x (count when there is none). */
static uint32_t first_ending_at_or_after(const mpt_ranges *r, uint64_t x) {
    uint32_t low = 0, high = r->count;
    if (high == 0 || r->items[high - 1].end < x)
        return high;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (r->items[middle].end < x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/** @return index of the first range whose end is > x. */
static uint32_t first_ending_after(const mpt_ranges *r, uint64_t x) {
    uint32_t i = first_ending_at_or_after(r, x);
    return i < r->count && r->items[i].end == x ? i + 1 : i;
}

/** The first range is at place @p place of the array. */
static void set_front(mpt_ranges *r, uint32_t place) {
    r->items += (int64_t)place - r->skipped;
    r->capacity += r->skipped - place;
    r->skipped = place;
}

/** The array, NULL when there is none. */
static mpt_range *whole(const mpt_ranges *r) {
    return r->capacity + r->skipped > 0 ? r->items - r->skipped : NULL;
}

mpt_status mpt_ranges_reserve(mpt_ranges *r, const mpt_mem *mem) {
    if (r->count < r->capacity)
        return MPT_OK;
    if (r->skipped > r->count) { /* as many places as were taken out pay for the move */
        memmove(r->items - r->skipped, r->items, r->count * sizeof *r->items);
        set_front(r, 0);
        return MPT_OK;
    }
    uint32_t capacity = r->capacity > 0 ? (r->capacity + r->skipped) * 2 : FIRST_CAPACITY;
    mpt_range *items = mem->alloc(mem->user, capacity * sizeof *items);
    if (items == NULL)
        return MPT_ERR_MEMORY;
    if (r->count > 0)
        memcpy(items, r->items, r->count * sizeof *items);
    mem->free(mem->user, whole(r));
    r->items = items;
    r->capacity = capacity;
    r->skipped = 0;
    return MPT_OK;
}

static mpt_status insert_at(mpt_ranges *r, uint32_t i, uint64_t start, uint64_t end, const mpt_mem *mem) {
    if (mpt_ranges_reserve(r, mem) != MPT_OK)
        return MPT_ERR_MEMORY;
    if (i < r->count)
        memmove(&r->items[i + 1], &r->items[i], (r->count - i) * sizeof *r->items);
    r->items[i] = (mpt_range){.start = start, .end = end};
    r->count++;
    return MPT_OK;
}

/** Take ranges [from, to) out of the array; total is the caller's. */
static void erase(mpt_ranges *r, uint32_t from, uint32_t to) {
    if (from == to)
        return;
    if (from == 0) {
        r->count -= to;
        set_front(r, r->count > 0 ? r->skipped + to : 0);
        return;
    }
    if (to < r->count)
        memmove(&r->items[from], &r->items[to], (r->count - to) * sizeof *r->items);
    r->count -= to - from;
}

void mpt_ranges_free(mpt_ranges *r, const mpt_mem *mem) {
    mem->free(mem->user, whole(r));
    *r = (mpt_ranges){0};
}

mpt_status mpt_ranges_add(mpt_ranges *r, uint64_t start, uint64_t end, uint64_t *added, const mpt_mem *mem) {
    MPT_ASSERT(start < end);
    uint64_t grown = end - start;
    if (r->count > 0 && r->items[r->count - 1].end == start) { /* goes on where the last range ends */
        r->items[r->count - 1].end = end;
        r->total += grown;
        if (added != NULL)
            *added = grown;
        return MPT_OK;
    }
    uint32_t first = first_ending_at_or_after(r, start);
    if (first == r->count || r->items[first].start > end) { /* touches nothing */
        if (insert_at(r, first, start, end, mem) != MPT_OK)
            return MPT_ERR_MEMORY;
    } else { /* becomes one with ranges first .. last - 1 */
        mpt_range *into = &r->items[first];
        uint64_t had = into->end - into->start;
        uint32_t last = first + 1;
        if (start < into->start)
            into->start = start;
        while (last < r->count && r->items[last].start <= end) {
            had += r->items[last].end - r->items[last].start;
            last++;
        }
        if (end < r->items[last - 1].end)
            end = r->items[last - 1].end;
        into->end = end;
        grown = into->end - into->start - had;
        erase(r, first + 1, last);
    }
    r->total += grown;
    if (added != NULL)
        *added = grown;
    return MPT_OK;
}

mpt_status mpt_ranges_remove(mpt_ranges *r, uint64_t start, uint64_t end, const mpt_mem *mem) {
    MPT_ASSERT(start < end);
    uint32_t first = first_ending_after(r, start);
    if (first == r->count || r->items[first].start >= end)
        return MPT_OK;
    mpt_range *head = &r->items[first];
    if (head->start < start && end < head->end) { /* a hole in the middle of one range */
        uint64_t head_start = head->start;
        if (insert_at(r, first, head_start, start, mem) != MPT_OK)
            return MPT_ERR_MEMORY;
        r->items[first + 1].start = end;
        r->total -= end - start;
        return MPT_OK;
    }
    if (head->start < start) {
        r->total -= head->end - start;
        head->end = start;
        first++;
    }
    uint32_t last = first;
    while (last < r->count && r->items[last].end <= end) {
        r->total -= r->items[last].end - r->items[last].start;
        last++;
    }
    if (last < r->count && r->items[last].start < end) {
        r->total -= end - r->items[last].start;
        r->items[last].start = end;
    }
    erase(r, first, last);
    return MPT_OK;
}

void mpt_ranges_remove_below(mpt_ranges *r, uint64_t end) {
    uint32_t keep = 0;
    while (keep < r->count && r->items[keep].end <= end) {
        r->total -= r->items[keep].end - r->items[keep].start;
        keep++;
    }
    if (keep < r->count && r->items[keep].start < end) {
        r->total -= end - r->items[keep].start;
        r->items[keep].start = end;
    }
    erase(r, 0, keep);
}

int64_t mpt_ranges_find(const mpt_ranges *r, uint64_t x) {
    uint32_t i = first_ending_after(r, x);
    return i < r->count && r->items[i].start <= x ? (int64_t)i : -1;
}

bool mpt_ranges_covers(const mpt_ranges *r, uint64_t start, uint64_t end) {
    if (start >= end)
        return true;
    int64_t i = mpt_ranges_find(r, start);
    return i >= 0 && r->items[i].end >= end;
}

uint64_t mpt_ranges_overlap(const mpt_ranges *r, uint64_t start, uint64_t end) {
    uint64_t sum = 0;
    for (uint32_t i = first_ending_after(r, start); i < r->count && r->items[i].start < end; i++) {
        uint64_t from = r->items[i].start > start ? r->items[i].start : start;
        uint64_t to = r->items[i].end < end ? r->items[i].end : end;
        sum += to - from;
    }
    return sum;
}

mpt_range mpt_ranges_first_overlap(const mpt_ranges *r, uint64_t start, uint64_t end) {
    uint32_t i = first_ending_after(r, start);
    if (i == r->count || r->items[i].start >= end)
        return (mpt_range){start, start};
    uint64_t from = r->items[i].start > start ? r->items[i].start : start;
    return (mpt_range){from, r->items[i].end < end ? r->items[i].end : end};
}

void mpt_ranges_check(const mpt_ranges *r) {
    uint64_t total = 0;
    MPT_ASSERT(r->count <= r->capacity);
    MPT_ASSERT(r->count > 0 || r->skipped == 0);
    for (uint32_t i = 0; i < r->count; i++) {
        MPT_ASSERT(r->items[i].start < r->items[i].end);
        MPT_ASSERT(i == 0 || r->items[i - 1].end < r->items[i].start);
        total += r->items[i].end - r->items[i].start;
    }
    MPT_ASSERT(total == r->total);
}
