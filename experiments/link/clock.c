/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "clock.h"

#include <stdio.h>

void clock_at(struct clock *c, int64_t time_ns, uint64_t number, clock_action *action, void *object) {
    const struct event event = {time_ns, number, (void (*)(void))action, object, 0};

    if (c->has_gap) { /* most events bring about another one */
        c->has_gap = false;
        event_heap_replace_first(&c->events, &event);
    } else if (!event_heap_put(&c->events, &event)) {
        fprintf(stderr, "mptcp-run: out of memory\n");
        abort();
    }
}

void clock_run(struct clock *c) {
    while (c->events.count > 0 && !c->is_stopped) {
        const struct event event = c->events.at[0];

        c->now_ns = event.time_ns;
        c->number = event.number;
        c->has_gap = true;
        ((clock_action *)event.action)(event.object);
        if (c->has_gap)
            event_heap_drop_first(&c->events);
        c->has_gap = false;
    }
}

void clock_stop(struct clock *c) {
    c->is_stopped = true;
}

void clock_free(struct clock *c) {
    free(c->events.at);
    *c = (struct clock){0};
}
