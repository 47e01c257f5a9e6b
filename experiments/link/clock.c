/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "clock.h"

#include <stdio.h>
#include <string.h>

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

enum { FIRST_ROOM = 256, FEW = 64 };

/* Put what is expected into the middle of its room, of which it takes a fourth at most. */
__attribute__((noinline)) static void centre(struct clock *c) {
    const uint32_t count = c->room_end ? (uint32_t)(c->room_end - c->room) : 0;
    const uint32_t wanted = 4 * c->soon_count < count ? count : count > 0 ? 2 * count : FIRST_ROOM;
    clock_key *room = (clock_key *)malloc(wanted * sizeof *room), *soon = room + (wanted - c->soon_count) / 2;

    if (!room)
        out_of_memory();
    if (c->soon_count > 0)
        memcpy(soon, c->soon, c->soon_count * sizeof *soon);
    free(c->room);
    c->room = room;
    c->room_end = room + wanted;
    c->soon = soon;
}

/* How many of the sorted keys from @p at on are before @p key. */
static uint32_t count_before(const clock_key *at, uint32_t count, clock_key key) {
    uint32_t low = 0;

    while (low < count) {
        uint32_t middle = low + (count - low) / 2;

        if (at[middle] < key)
            low = middle + 1;
        else
            count = middle;
    }
    return low;
}

__attribute__((noinline)) static void replace_first_of_many(struct clock *c, clock_key key) {
    const uint32_t before = count_before(c->soon + 1, c->soon_count - 1, key);

    if (before < c->soon_count / 2) {
        memmove(c->soon, c->soon + 1, before * sizeof key);
    } else {
        if (c->soon + c->soon_count == c->room_end)
            centre(c);
        c->soon++;
        memmove(&c->soon[before + 1], &c->soon[before], (c->soon_count - 1 - before) * sizeof key);
    }
    c->soon[before] = key;
}

/*
 * Put @p key in the place of the first one, which is before it. What an event brings about is mostly before nearly all others, or behind them: only those
 * on that side of it are moved, a few. (A heap moves as many as it has levels, and compares twice as often.)
 */
static inline void replace_first(struct clock *c, clock_key key) {
    clock_key *at = c->soon;

    if (c->soon_count > FEW) {
        replace_first_of_many(c, key);
    } else if (key < at[c->soon_count / 2]) {
        for (; at[1] < key; at++)
            at[0] = at[1];
        *at = key;
    } else {
        if (at + c->soon_count == c->room_end)
            centre(c);
        at = c->soon++ + c->soon_count;
        for (; key < at[-1]; at--)
            at[0] = at[-1];
        *at = key;
    }
}

__attribute__((noinline)) static void put(struct clock *c, clock_key key) {
    if (c->soon == c->room)
        centre(c);
    c->soon_count++;
    *--c->soon = 0;
    replace_first(c, key);
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
    if (c->has_gap) {
        c->soon++;
        c->soon_count--;
    }
    c->has_gap = false;
}

void clock_run(struct clock *c) {
    find_first_once(c);
    while (!c->is_stopped) {
        const clock_key first = c->soon_count > 0 ? *c->soon : GREATEST_KEY;

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
    free(c->room);
    free(c->turns);
    *c = (struct clock){0};
}
