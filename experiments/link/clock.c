/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "clock.h"

#include <stdio.h>
#include <stdlib.h>

static bool is_before(const struct clock_event *a, const struct clock_event *b) {
    return a->time_ns != b->time_ns ? a->time_ns < b->time_ns : a->number < b->number;
}

void clock_at(struct clock *c, int64_t time_ns, uint64_t number, clock_action *action, void *object) {
    const struct clock_event event = {time_ns, number, action, object};
    size_t i = c->count++;

    if (i == c->capacity) {
        c->capacity = c->capacity == 0 ? 256 : 2 * c->capacity;
        c->heap = realloc(c->heap, c->capacity * sizeof *c->heap);
        if (!c->heap) {
            fprintf(stderr, "mptcp-run: out of memory\n");
            abort();
        }
    }
    for (; i > 0 && is_before(&event, &c->heap[(i - 1) / 2]); i = (i - 1) / 2)
        c->heap[i] = c->heap[(i - 1) / 2];
    c->heap[i] = event;
}

static struct clock_event take_first(struct clock *c) {
    const struct clock_event first = c->heap[0], last = c->heap[--c->count];
    size_t i = 0, child;

    while ((child = 2 * i + 1) < c->count) {
        child += child + 1 < c->count && is_before(&c->heap[child + 1], &c->heap[child]);
        if (!is_before(&c->heap[child], &last))
            break;
        c->heap[i] = c->heap[child];
        i = child;
    }
    c->heap[i] = last;
    return first;
}

void clock_run(struct clock *c) {
    while (c->count > 0 && !c->is_stopped) {
        const struct clock_event event = take_first(c);

        c->now_ns = event.time_ns;
        c->number = event.number;
        event.action(event.object);
    }
}

void clock_stop(struct clock *c) {
    c->is_stopped = true;
}

void clock_free(struct clock *c) {
    free(c->heap);
    *c = (struct clock){0};
}
