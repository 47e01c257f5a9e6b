/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "codel.h"

#include "queue.h"

enum { CODEL_SHIFT = 10, BYTES_MIN = 1500, TARGET_NS = 5000000, INTERVAL_NS = 100000000, ROOT_OF_ONE = 0xffff };

void codel_init(struct codel *c, bool is_marking) {
    *c = (struct codel){.is_marking = is_marking, .inverse_root = ROOT_OF_ONE};
    c->target = TARGET_NS >> CODEL_SHIFT;
    c->interval = INTERVAL_NS >> CODEL_SHIFT;
}

/* One step of Newton's iteration towards 1 / sqrt(count), RFC 8289 5.4. */
static void improve_root(struct codel *c) {
    uint32_t root = (uint32_t)c->inverse_root << 16;
    uint32_t squared = (uint32_t)((uint64_t)root * root >> 32);
    uint64_t value = (UINT64_C(3) << 32) - (uint64_t)c->count * squared;

    value = (value >> 2) * root >> (32 - 2 + 1);
    c->inverse_root = (uint16_t)(value >> 16);
}

/* interval / sqrt(count) after @p from. */
static uint32_t next_drop(const struct codel *c, uint32_t from) {
    return from + (uint32_t)((uint64_t)c->interval * ((uint32_t)c->inverse_root << 16) >> 32);
}

/* Whether packets have waited for longer than the target for a whole interval. */
static bool is_above(struct codel *c, const struct packet *p, uint64_t bytes_left, int64_t now_ns) {
    uint32_t now = (uint32_t)(now_ns >> CODEL_SHIFT);

    if (!p || (uint32_t)((now_ns - p->time_ns) >> CODEL_SHIFT) < c->target || bytes_left < BYTES_MIN) {
        c->first_above = 0;
        return false;
    }
    if (c->first_above == 0) {
        c->first_above = now + c->interval;
        return false;
    }
    return now > c->first_above;
}

struct taking {
    struct codel *codel;
    struct packet_list *packets;
    uint64_t *bytes;
    int64_t now_ns;
};

static struct packet *pop(const struct taking *t) {
    struct packet *p = packet_list_take(t->packets);

    if (p)
        *t->bytes -= p->ip_bytes;
    return p;
}

static bool test(const struct taking *t, const struct packet *p) {
    return is_above(t->codel, p, *t->bytes, t->now_ns);
}

static void enter(struct codel *c, uint32_t now) {
    uint32_t delta = c->count - c->last_count;

    c->is_dropping = true;
    /* Where the last cycle is not long past, its rate is a good one to begin with. */
    if ((int32_t)delta > 1 && now - c->drop_next < 16 * c->interval) {
        c->count = delta;
        improve_root(c);
    } else {
        c->count = 1;
        c->inverse_root = ROOT_OF_ONE;
    }
    c->last_count = c->count;
    c->drop_next = next_drop(c, now);
}

void codel_pass(struct codel *c) {
    c->first_above = 0;
    c->is_dropping = false;
}

struct packet *codel_take(struct codel *c, struct packet_list *packets, uint64_t *bytes, int64_t now_ns,
                          struct queue *owner) {
    const struct taking t = {c, packets, bytes, now_ns};
    struct packet *p = pop(&t);
    uint32_t now = (uint32_t)(now_ns >> CODEL_SHIFT);

    if (!p) {
        c->is_dropping = false;
        return NULL;
    }
    if (!test(&t, p)) {
        c->is_dropping = false;
    } else if (!c->is_dropping) {
        if (!c->is_marking || !queue_mark(owner, p)) {
            queue_drop(owner, p);
            p = pop(&t);
            test(&t, p);
        }
        enter(c, now);
    } else {
        while (c->is_dropping && now >= c->drop_next) {
            c->count++;
            improve_root(c);
            if (c->is_marking && queue_mark(owner, p)) {
                c->drop_next = next_drop(c, now);
                break;
            }
            queue_drop(owner, p);
            p = pop(&t);
            c->is_dropping = test(&t, p);
            if (c->is_dropping)
                c->drop_next = next_drop(c, c->drop_next);
        }
    }
    return p;
}
