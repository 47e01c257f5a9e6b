/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "clock.h"

#include <stdio.h>

enum { TURN_BITS = 20 }; /* a million turns, and 2^44 numbers */

#define GREATEST_KEY (~(clock_key)0)

static void out_of_memory(void) {
    fprintf(stderr, "mptcp-run: out of memory\n");
    abort();
}

/* ---- What happens once ------------------------------------------------------------------------------------- */

static void find_first_once(struct clock *c) {
    const struct event *e = c->once.at;

    c->first_once = c->once.count == 0 ? GREATEST_KEY : (clock_key)(uint64_t)e->time_ns << 64 | e->number << TURN_BITS;
}

void clock_at(struct clock *c, int64_t time_ns, uint64_t number, clock_action *action, void *object) {
    if (!event_heap_put(&c->once, &(struct event){time_ns, number, (void (*)(void))action, object, 0}))
        out_of_memory();
    find_first_once(c);
}

static void happen_once(struct clock *c) {
    const struct event event = c->once.at[0];

    event_heap_drop_first(&c->once);
    find_first_once(c);
    c->now_ns = event.time_ns;
    c->number = event.number;
    ((clock_action *)event.action)(event.object);
}

/* ---- Turns ------------------------------------------------------------------------------------------------- */

uint32_t clock_turn(struct clock *c, clock_action *action, void *object) {
    if (c->turn_count + 1 >= c->turn_room) {
        c->turn_room = c->turn_room > 0 ? 2 * c->turn_room : 16;
        c->turns = (struct turn *)realloc(c->turns, c->turn_room * sizeof *c->turns);
        if (!c->turns || c->turn_room > 1u << TURN_BITS) /* half a million wires */
            out_of_memory();
    }
    c->turns[++c->turn_count] = (struct turn){action, object};
    return c->turn_count;
}

static void make_room(struct clock *c) {
    c->soon_room = c->soon_room > 0 ? 2 * c->soon_room : 64;
    c->soon = (clock_key *)realloc(c->soon, c->soon_room * sizeof *c->soon);
    if (!c->soon)
        out_of_memory();
    c->soon[c->soon_count + 1] = GREATEST_KEY;
}

/* Put @p key in the place of the first one. */
static inline void replace_first(struct clock *c, clock_key key) {
    clock_key *soon = c->soon;
    uint32_t i = 1;

    for (uint32_t child = 2; child <= c->soon_count; child = 2 * i) {
        child += soon[child + 1] < soon[child];
        if (key < soon[child])
            break;
        soon[i] = soon[child];
        i = child;
    }
    soon[i] = key;
}

__attribute__((noinline)) static void put(struct clock *c, clock_key key) {
    uint32_t i = c->soon_count + 1;

    if (c->soon_count + 3 > c->soon_room)
        make_room(c);
    c->soon_count++;
    for (; i > 1 && key < c->soon[i / 2]; i /= 2)
        c->soon[i] = c->soon[i / 2];
    c->soon[i] = key;
    c->soon[c->soon_count + 1] = GREATEST_KEY;
}

static inline void drop_first(struct clock *c) {
    const clock_key last = c->soon[c->soon_count];

    c->soon[c->soon_count--] = GREATEST_KEY;
    if (c->soon_count > 0)
        replace_first(c, last);
}

void clock_expect(struct clock *c, uint32_t turn, int64_t time_ns, uint64_t number) {
    const clock_key key = (clock_key)(uint64_t)time_ns << 64 | number << TURN_BITS | turn;

    if (c->has_gap) { /* most events bring about another one */
        c->has_gap = false;
        replace_first(c, key);
    } else {
        put(c, key);
    }
}

/* ---- Time passes ------------------------------------------------------------------------------------------- */

static inline void take_turn(struct clock *c, clock_key key) {
    const struct turn *t = &c->turns[(uint64_t)key & ((1u << TURN_BITS) - 1)];

    c->now_ns = (int64_t)(key >> 64);
    c->number = (uint64_t)key >> TURN_BITS;
    c->has_gap = true;
    t->action(t->object);
    if (c->has_gap)
        drop_first(c);
    c->has_gap = false;
}

void clock_run(struct clock *c) {
    if (!c->soon)
        make_room(c);
    find_first_once(c);
    while (!c->is_stopped) {
        const clock_key first = c->soon[1];

        if (c->first_once < first)
            happen_once(c);
        else if (first != GREATEST_KEY)
            take_turn(c, first);
        else
            return;
    }
}

void clock_stop(struct clock *c) {
    c->is_stopped = true;
}

void clock_free(struct clock *c) {
    free(c->once.at);
    free(c->soon);
    free(c->turns);
    *c = (struct clock){0};
}
