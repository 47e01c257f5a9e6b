/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * event_heap.h: what happens when: a binary heap of events, ordered by time and, at equal times, by number. Of the link
 * engine and of the simulator of the tests (test/sim).
 */
#ifndef LINK_EVENT_HEAP_H
#define LINK_EVENT_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct event {
    int64_t time_ns; /**< not negative */
    uint64_t number;
    void (*action)(void); /**< of a type that its owner knows */
    void *object;
    uint64_t argument;
};

struct event_heap {
    struct event *at;
    size_t count, capacity;
};

/* As one number, for a comparison without a branch. */
static inline unsigned __int128 event_order(const struct event *e) {
    return (unsigned __int128)(uint64_t)e->time_ns << 64 | e->number;
}

/** @return false when there is no memory. */
static inline bool event_heap_put(struct event_heap *h, const struct event *event) {
    const unsigned __int128 order = event_order(event);
    size_t i = h->count;

    if (h->count == h->capacity) {
        size_t capacity = h->capacity == 0 ? 256 : 2 * h->capacity;
        struct event *at = (struct event *)realloc(h->at, capacity * sizeof *at);

        if (!at)
            return false;
        h->at = at;
        h->capacity = capacity;
    }
    h->count++;
    for (; i > 0 && order < event_order(&h->at[(i - 1) / 2]); i = (i - 1) / 2)
        h->at[i] = h->at[(i - 1) / 2];
    h->at[i] = *event;
    return true;
}

/** Put @p event in the place of the first one. */
static inline void event_heap_replace_first(struct event_heap *h, const struct event *event) {
    const unsigned __int128 order = event_order(event);
    size_t i = 0, child = 1;

    for (; child + 1 < h->count; child = 2 * i + 1) {
        child += event_order(&h->at[child + 1]) < event_order(&h->at[child]);
        if (order < event_order(&h->at[child]))
            break;
        h->at[i] = h->at[child];
        i = child;
    }
    if (child + 1 == h->count && event_order(&h->at[child]) < order) {
        h->at[i] = h->at[child];
        i = child;
    }
    h->at[i] = *event;
}

/** Take the first one out; there has to be one. */
static inline void event_heap_drop_first(struct event_heap *h) {
    const struct event last = h->at[--h->count];

    if (h->count > 0)
        event_heap_replace_first(h, &last);
}

#endif
