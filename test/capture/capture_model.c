/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture_crypto.h"

static void out_of_memory(void) {
    fprintf(stderr, "out of memory\n");
    exit(2);
}

static void *new_zeroed(size_t bytes) {
    void *p = calloc(1, bytes);
    if (p == NULL) {
        out_of_memory();
    }
    return p;
}

void *cap_grow(void *p, size_t *capacity, size_t needed, size_t item_bytes) {
    if (needed <= *capacity) {
        return p;
    }
    size_t grown = *capacity == 0 ? 64 : *capacity;
    while (grown < needed) {
        grown *= 2;
    }
    p = realloc(p, grown * item_bytes);
    if (p == NULL) {
        out_of_memory();
    }
    *capacity = grown;
    return p;
}

uint64_t cap_expand(uint32_t low, uint64_t near) {
    return near + (uint64_t)(int64_t)(int32_t)(low - (uint32_t)near);
}

/* ---- Subflows and connections ------------------------------------------------------------------------------- */

static bool is_equal(const cap_endpoint *a, const cap_endpoint *b) {
    return a->family == b->family && a->port == b->port && memcmp(a->addr, b->addr, sizeof a->addr) == 0;
}

/** The same for both directions. */
static size_t bucket_of(const cap_endpoint *a, const cap_endpoint *b) {
    uint32_t sum = (uint32_t)a->port * b->port;
    for (size_t i = 0; i < sizeof a->addr; i++) {
        sum = sum * 31 + a->addr[i] + b->addr[i];
    }
    return sum % CAP_BUCKETS;
}

cap_subflow *cap_model_find(const cap_model *m, const cap_endpoint *from, const cap_endpoint *to, int *side) {
    for (cap_subflow *z = m->buckets[bucket_of(from, to)]; z != NULL; z = z->next) {
        if (is_equal(&z->end[CAP_A], from) && is_equal(&z->end[CAP_B], to)) {
            *side = CAP_A;
            return z;
        }
        if (is_equal(&z->end[CAP_B], from) && is_equal(&z->end[CAP_A], to)) {
            *side = CAP_B;
            return z;
        }
    }
    return NULL;
}

cap_subflow *cap_model_add_subflow(cap_model *m, const cap_endpoint *from, const cap_endpoint *to) {
    cap_subflow *z = new_zeroed(sizeof *z);
    cap_subflow **bucket = &m->buckets[bucket_of(from, to)];
    z->end[CAP_A] = *from;
    z->end[CAP_B] = *to;
    z->next = *bucket;
    *bucket = z;
    return z;
}

static void set_key(cap_side *s, uint64_t key) {
    s->key = key;
    s->token = cap_token(key);
    s->idsn = cap_idsn(key);
}

cap_conn *cap_model_add_conn(cap_model *m, uint64_t key_a, uint64_t key_b) {
    cap_conn *c = new_zeroed(sizeof *c);
    c->id = m->conn_count++;
    set_key(&c->side[CAP_A], key_a);
    set_key(&c->side[CAP_B], key_b);
    *(m->conns == NULL ? &m->conns : &m->conns_last->next) = c;
    m->conns_last = c;
    return c;
}

cap_conn *cap_model_find_token(const cap_model *m, uint32_t token, int *side) {
    for (cap_conn *c = m->conns; c != NULL; c = c->next) {
        for (*side = CAP_A; *side <= CAP_B; (*side)++) {
            if (c->side[*side].token == token) {
                return c;
            }
        }
    }
    return NULL;
}

static void free_conn(cap_conn *c) {
    for (int side = CAP_A; side <= CAP_B; side++) {
        free(c->side[side].data.bytes);
        free(c->side[side].data.is_there);
        free(c->side[side].pending);
    }
    free(c);
}

void cap_model_free(cap_model *m) {
    for (cap_conn *c = m->conns, *next; c != NULL; c = next) {
        next = c->next;
        free_conn(c);
    }
    for (size_t i = 0; i < CAP_BUCKETS; i++) {
        for (cap_subflow *z = m->buckets[i], *next; z != NULL; z = next) {
            next = z->next;
            free(z->maps[CAP_A].items);
            free(z->maps[CAP_B].items);
            free(z);
        }
    }
    *m = (cap_model){0};
}

/* ---- Mappings --------------------------------------------------------------------------------------------- */

/* No mapping is longer than the 16 bits of its length. */
enum { MAP_BYTES_MAX = 65535 };

/** @return index of the first mapping that starts above @p at. */
static size_t first_above(const cap_maps *m, uint64_t at) {
    size_t low = 0, high = m->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (m->items[middle].start > at) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

bool cap_maps_add(cap_maps *m, cap_map map) {
    size_t i = first_above(m, map.start);
    for (size_t j = i; j > 0 && m->items[j - 1].start == map.start; j--) {
        if (m->items[j - 1].rel == map.rel && m->items[j - 1].length == map.length) {
            return false;
        }
    }
    m->items = cap_grow(m->items, &m->capacity, m->count + 1, sizeof *m->items);
    memmove(m->items + i + 1, m->items + i, (m->count - i) * sizeof *m->items);
    m->items[i] = map;
    m->count++;
    return true;
}

const cap_map *cap_maps_find(const cap_maps *m, uint64_t at) {
    for (size_t i = first_above(m, at); i > 0 && m->items[i - 1].start + MAP_BYTES_MAX > at; i--) {
        if (m->items[i - 1].start + m->items[i - 1].length > at) {
            return &m->items[i - 1];
        }
    }
    return NULL;
}

const cap_map *cap_maps_conflict(const cap_maps *m, const cap_map *map) {
    uint64_t end = map->start + map->length;
    for (size_t i = first_above(m, end - 1); i > 0 && m->items[i - 1].start + MAP_BYTES_MAX > map->start; i--) {
        const cap_map *other = &m->items[i - 1];
        bool do_overlap = other->start + other->length > map->start;
        if (do_overlap && other->rel - other->start != map->rel - map->start) {
            return other;
        }
        bool may_differ = other->is_with_keys || map->is_with_keys;
        if (other->start == map->start && other->length != map->length && !may_differ) {
            return other;
        }
    }
    return NULL;
}

/* ---- Bytes ------------------------------------------------------------------------------------------------ */

static void reserve(cap_bytes *b, uint64_t end) {
    if (end <= b->capacity) {
        return;
    }
    size_t capacity = b->capacity, old = capacity;
    b->bytes = cap_grow(b->bytes, &capacity, end, 1);
    capacity = old;
    b->is_there = cap_grow(b->is_there, &capacity, end, 1);
    memset(b->is_there + old, 0, capacity - old);
    b->capacity = capacity;
}

uint64_t cap_bytes_put(cap_bytes *b, uint64_t at, const uint8_t *bytes, uint32_t count, uint32_t *again) {
    uint64_t wrong = UINT64_MAX;
    reserve(b, at + count);
    *again = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (!b->is_there[at + i]) {
            b->is_there[at + i] = 1;
            b->bytes[at + i] = bytes[i];
        } else {
            ++*again;
            if (b->bytes[at + i] != bytes[i] && wrong == UINT64_MAX) {
                wrong = at + i;
            }
        }
    }
    b->end = at + count > b->end ? at + count : b->end;
    return wrong;
}

uint64_t cap_bytes_hole(const cap_bytes *b, uint64_t from, uint64_t to) {
    for (uint64_t at = from; at < to; at++) {
        if (at >= b->end || !b->is_there[at]) {
            return at;
        }
    }
    return UINT64_MAX;
}
