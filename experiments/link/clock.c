/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "clock.h"

#include <stdio.h>

static inline void put(struct clock *c, struct event_heap *heap, const struct event *event) {
    if (c->gap == heap) { /* most events bring about another one */
        c->gap = NULL;
        event_heap_replace_first(heap, event);
    } else if (!event_heap_put(heap, event)) {
        fprintf(stderr, "mptcp-run: out of memory\n");
        abort();
    }
}

void clock_at(struct clock *c, int64_t time_ns, uint64_t number, clock_action *action, void *object) {
    put(c, &c->soon, &(struct event){time_ns, number, (void (*)(void))action, object, 0});
}

void clock_wait(struct clock *c, int64_t time_ns, uint64_t number, clock_action *action, void *object) {
    put(c, &c->later, &(struct event){time_ns, number, (void (*)(void))action, object, 0});
}

/* The heap of the next event; empty: there is none. */
static inline struct event_heap *next_of(struct clock *c) {
    bool is_later =
        c->soon.count == 0 || (c->later.count > 0 && event_order(&c->later.at[0]) < event_order(&c->soon.at[0]));

    return is_later ? &c->later : &c->soon;
}

void clock_run(struct clock *c) {
    struct event_heap *heap;

    while (!c->is_stopped && (heap = next_of(c))->count > 0) {
        const struct event event = heap->at[0];

        c->now_ns = event.time_ns;
        c->number = event.number;
        c->gap = heap;
        ((clock_action *)event.action)(event.object);
        if (c->gap)
            event_heap_drop_first(heap);
        c->gap = NULL;
    }
}

void clock_stop(struct clock *c) {
    c->is_stopped = true;
}

void clock_free(struct clock *c) {
    free(c->soon.at);
    free(c->later.at);
    *c = (struct clock){0};
}
