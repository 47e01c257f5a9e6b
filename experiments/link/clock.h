/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * clock.h: simulated time and what happens when, ordered by time and, at equal times, by number. What comes again and again has a turn, made once, so that to expect it is
 * to put one number into a heap, of which there are few at any time; they do not pay for what happens once, and may wait long.
 *
 * A number is taken when an event is decided on (clock_number()), which may be long before it is expected:
 * links decide at once when a packet will arrive and expect only the next arrival. So events of one moment happen in
 * the order in which they were decided on, which is that of ns-3, where each is put into its list at once.
 */
#ifndef LINK_CLOCK_H
#define LINK_CLOCK_H

#include "event_heap.h"

typedef void clock_action(void *object);

/** What is expected: time, number and turn in one, from the highest bits on; so that it is compared, and moved, at once. */
typedef unsigned __int128 clock_key;

struct turn {
    clock_action *action;
    void *object;
};

struct clock {
    int64_t now_ns;
    uint64_t number; /**< of the event that is happening */
    uint64_t next;   /**< number that was not given out yet */
    clock_key *soon; /**< turns that are expected, in order; somewhere in room */
    uint32_t soon_count;
    clock_key *room, *room_end;
    bool has_gap; /**< the first of soon is happening, and its place is free */
    struct turn *turns;
    uint32_t turn_count, turn_room;
    struct event_heap once;
    clock_key first_once; /**< of the first of them */
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
/** @return a turn for @p action, not 0 */
uint32_t clock_turn(struct clock *c, clock_action *action, void *object);
/** Let it be @p turn, too, at @p time_ns, in its place by @p number. */
void clock_expect(struct clock *c, uint32_t turn, int64_t time_ns, uint64_t number);
/** Let events happen until there are none or clock_stop() was called by one. */
void clock_run(struct clock *c);
void clock_stop(struct clock *c);
void clock_free(struct clock *c);

#endif
