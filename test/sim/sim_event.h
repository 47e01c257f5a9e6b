/* SPDX-License-Identifier: GPL-2.0-or-later */
/** sim_event.h: what happens when: a binary heap of events in virtual nanoseconds. Equal times keep their order of insertion. */
#ifndef SIM_EVENT_H
#define SIM_EVENT_H

#include "../../experiments/link/event_heap.h"
#include "mpt.h"

typedef struct sim_world sim_world;
/** @param object and @param number are those given to sim_events_add(). */
typedef void sim_action(sim_world *w, void *object, uint64_t number);

typedef struct sim_event {
    mpt_time time;
    uint64_t order;
    sim_action *action;
    void *object;
    uint64_t number;
} sim_event;

typedef struct sim_events {
    struct event_heap heap;
    uint64_t added;
} sim_events;

void sim_events_add(sim_events *q, mpt_time time, sim_action *action, void *object, uint64_t number);
/** Take the earliest event out. @return false when there is none. */
bool sim_events_next(sim_events *q, sim_event *out);
void sim_events_free(sim_events *q);

#endif
