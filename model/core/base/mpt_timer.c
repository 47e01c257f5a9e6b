/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_timer.c: see mpt_timer.h. */
#include <string.h>

#include "base/mpt_assert.h"
#include "base/mpt_timer.h"

mpt_status mpt_timers_reserve(mpt_timers *t, uint32_t count, const mpt_mem *mem) {
    if (count <= t->capacity)
        return MPT_OK;
    uint32_t capacity = t->capacity ? t->capacity * 2 : 8;
    mpt_timer_place *heap = mem->alloc(mem->user, capacity * sizeof *heap);
    if (!heap)
        return MPT_ERR_MEMORY;
    if (t->count)
        memcpy(heap, t->heap, t->count * sizeof *heap);
    mem->free(mem->user, t->heap);
    t->heap = heap;
    t->capacity = capacity;
    return MPT_OK;
}

void mpt_timers_free(mpt_timers *t, const mpt_mem *mem) {
    mem->free(mem->user, t->heap);
    t->heap = NULL;
    t->count = t->capacity = 0;
}

static void put(mpt_timers *t, uint32_t slot, mpt_timer_place place) {
    t->heap[slot - 1] = place;
    place.timer->slot = slot;
}

static void sift_up(mpt_timers *t, uint32_t slot, mpt_timer_place place) {
    while (slot > 1 && t->heap[slot / 2 - 1].at > place.at) {
        put(t, slot, t->heap[slot / 2 - 1]);
        slot /= 2;
    }
    put(t, slot, place);
}

static void sift_down(mpt_timers *t, uint32_t slot, mpt_timer_place place) {
    for (;;) {
        uint32_t child = slot * 2;
        if (child > t->count)
            break;
        if (child < t->count && t->heap[child].at < t->heap[child - 1].at)
            child++;
        if (t->heap[child - 1].at >= place.at)
            break;
        put(t, slot, t->heap[child - 1]);
        slot = child;
    }
    put(t, slot, place);
}

static void take_out(mpt_timers *t, mpt_timer *timer) {
    uint32_t slot = timer->slot;
    mpt_timer_place last = t->heap[--t->count];
    timer->slot = 0;
    if (last.timer == timer)
        return;
    sift_up(t, slot, last);
    sift_down(t, last.timer->slot, last);
}

void mpt_timers_set(mpt_timers *t, mpt_timer *timer, mpt_time at) {
    mpt_timer_place place = {at, timer};
    mpt_time before = timer->at;
    timer->at = at;
    if (timer->slot == 0) {
        if (at == MPT_NEVER)
            return;
        MPT_ASSERT(t->count < t->capacity);
        sift_up(t, ++t->count, place);
    } else if (at == MPT_NEVER) {
        take_out(t, timer);
    } else if (at < before) {
        sift_up(t, timer->slot, place);
    } else {
        sift_down(t, timer->slot, place);
    }
}

void mpt_timers_check(const mpt_timers *t) {
    for (uint32_t slot = 1; slot <= t->count; slot++) {
        MPT_ASSERT(t->heap[slot - 1].timer->slot == slot && t->heap[slot - 1].timer->at == t->heap[slot - 1].at);
        MPT_ASSERT(slot == 1 || t->heap[slot / 2 - 1].at <= t->heap[slot - 1].at);
    }
}
