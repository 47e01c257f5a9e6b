/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * clock.h: simulated time and what happens when, ordered by time and, at equal times, by number. Events wait in two heaps: what
 * packets bring about, of which there is little at any time, does not pay for the many that wait long.
 *
 * A number is taken when an event is decided on (clock_number()), which may be long before it is put into the heap:
 * links decide at once when a packet will arrive and put only the next arrival in. So events of one moment happen in
 * the order in which they were decided on, which is that of ns-3, where each is put into its list at once.
 */
#ifndef LINK_CLOCK_H
#define LINK_CLOCK_H

#include "event_heap.h"

typedef void clock_action(void *object);

struct clock {
    int64_t now_ns;
    uint64_t number; /**< of the event that is happening */
    uint64_t next;   /**< number that was not given out yet */
    struct event_heap soon, later;
    struct event_heap *gap; /**< whose first event is happening: its place in the heap is free; or NULL */
    bool is_stopped;
};

static inline uint64_t clock_number(struct clock *c) {
    return c->next++;
}

/** @return whether an event of that time and number has happened already, or is the one that happens. */
static inline bool clock_is_past(const struct clock *c, int64_t time_ns, uint64_t number) {
    return time_ns < c->now_ns || (time_ns == c->now_ns && number <= c->number);
}

/** Let @p action happen at @p time_ns, in its place by @p number. */
void clock_at(struct clock *c, int64_t time_ns, uint64_t number, clock_action *action, void *object);
/** The same, of what will wait long or, as an old timer, may be there in any number. */
void clock_wait(struct clock *c, int64_t time_ns, uint64_t number, clock_action *action, void *object);
/** Let events happen until there are none or clock_stop() was called by one. */
void clock_run(struct clock *c);
void clock_stop(struct clock *c);
void clock_free(struct clock *c);

#endif
