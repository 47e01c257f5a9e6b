/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim_event.h"

#include <stdlib.h>

#include "sim_fail.h"

static bool is_before(const sim_event *a, const sim_event *b) {
    return a->time != b->time ? a->time < b->time : a->order < b->order;
}

static void swap(sim_event *a, sim_event *b) {
    sim_event t = *a;
    *a = *b;
    *b = t;
}

void sim_events_add(sim_events *q, mpt_time time, sim_action *action, void *object, uint64_t number) {
    if (q->count == q->capacity) {
        q->capacity = q->capacity == 0 ? 256 : 2 * q->capacity;
        q->heap = realloc(q->heap, q->capacity * sizeof *q->heap);
        if (q->heap == NULL) {
            sim_fail("out of memory");
        }
    }
    size_t i = q->count++;
    q->heap[i] = (sim_event){time, q->added++, action, object, number};
    while (i > 0 && is_before(&q->heap[i], &q->heap[(i - 1) / 2])) {
        swap(&q->heap[i], &q->heap[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
}

bool sim_events_next(sim_events *q, sim_event *out) {
    if (q->count == 0) {
        return false;
    }
    *out = q->heap[0];
    q->heap[0] = q->heap[--q->count];
    for (size_t i = 0;;) {
        size_t least = i;
        for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < q->count; child++) {
            if (is_before(&q->heap[child], &q->heap[least])) {
                least = child;
            }
        }
        if (least == i) {
            return true;
        }
        swap(&q->heap[i], &q->heap[least]);
        i = least;
    }
}

void sim_events_free(sim_events *q) {
    free(q->heap);
    *q = (sim_events){0};
}
