/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim_event.h"

#include <stdlib.h>

#include "sim_fail.h"

void sim_events_add(sim_events *q, mpt_time time, sim_action *action, void *object, uint64_t number) {
    const struct event event = {time, q->added++, (void (*)(void))action, object, number};
    if (!event_heap_put(&q->heap, &event)) {
        sim_fail("out of memory");
    }
}

bool sim_events_next(sim_events *q, sim_event *out) {
    if (q->heap.count == 0) {
        return false;
    }
    const struct event *first = &q->heap.at[0];
    *out = (sim_event){first->time_ns, first->number, (sim_action *)first->action, first->object, first->argument};
    event_heap_drop_first(&q->heap);
    return true;
}

void sim_events_free(sim_events *q) {
    free(q->heap.at);
    *q = (sim_events){0};
}
