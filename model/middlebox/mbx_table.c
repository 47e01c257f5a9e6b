/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mbx_table.h"

#include <stdalign.h>
#include <string.h>

enum { SLOTS_FIRST = 64 };

struct mbx_entry {
    struct mbx_entry *next; /* in its slot */
    mbx_key key;
    alignas(max_align_t) uint8_t state[];
};

mbx_key mbx_key_of(const mbx_segment *s, mbx_direction direction) {
    enum { END_BYTES = MBX_ADDRESS_BYTES_MAX + 2 };
    mbx_key key = {{0}};
    uint8_t *source = key.bytes + (direction == MBX_UP ? 0 : END_BYTES);
    uint8_t *destination = key.bytes + (direction == MBX_UP ? END_BYTES : 0);

    memcpy(source, s->source, s->address_bytes);
    memcpy(destination, s->destination, s->address_bytes);
    memcpy(source + MBX_ADDRESS_BYTES_MAX, s->tcp.bytes + MBX_AT_SOURCE_PORT, 2);
    memcpy(destination + MBX_ADDRESS_BYTES_MAX, s->tcp.bytes + MBX_AT_DESTINATION_PORT, 2);
    return key;
}

/* FNV-1a. */
static uint64_t hash(const mbx_key *key) {
    uint64_t h = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < MBX_KEY_BYTES; i++)
        h = (h ^ key->bytes[i]) * UINT64_C(1099511628211);
    return h ^ h >> 32;
}

static struct mbx_entry **place(const mbx_table *t, const mbx_key *key) {
    struct mbx_entry **at = &t->slots[hash(key) & (t->slot_count - 1)];

    while (*at && memcmp((*at)->key.bytes, key->bytes, MBX_KEY_BYTES) != 0)
        at = &(*at)->next;
    return at;
}

void *mbx_table_find(const mbx_table *t, const mbx_key *key) {
    struct mbx_entry *found = t->slot_count > 0 ? *place(t, key) : NULL;

    return found ? found->state : NULL;
}

static void grow(mbx_table *t, const mbx_host *host) {
    mbx_table larger = {.slot_count = t->slot_count == 0 ? SLOTS_FIRST : 2 * t->slot_count, .count = t->count};

    larger.slots = (struct mbx_entry **)host->allocate(host->user, larger.slot_count * sizeof(struct mbx_entry *));
    for (size_t i = 0; i < t->slot_count; i++) {
        for (struct mbx_entry *e = t->slots[i], *next; e; e = next) {
            struct mbx_entry **at = place(&larger, &e->key);

            next = e->next;
            e->next = NULL;
            *at = e;
        }
    }
    if (t->slots)
        host->release(host->user, t->slots);
    *t = larger;
}

void *mbx_table_add(mbx_table *t, const mbx_host *host, const mbx_key *key, size_t bytes) {
    struct mbx_entry *e = host->allocate(host->user, sizeof *e + bytes);

    if (t->count >= t->slot_count)
        grow(t, host);
    e->key = *key;
    *place(t, key) = e;
    t->count++;
    return e->state;
}

static void remove_at(mbx_table *t, const mbx_host *host, struct mbx_entry **at) {
    struct mbx_entry *e = *at;

    *at = e->next;
    t->count--;
    host->release(host->user, e);
}

void mbx_table_remove(mbx_table *t, const mbx_host *host, const mbx_key *key) {
    struct mbx_entry **at = t->slot_count > 0 ? place(t, key) : NULL;

    if (at && *at)
        remove_at(t, host, at);
}

void mbx_table_sweep(mbx_table *t, const mbx_host *host, bool (*is_over)(void *state, void *arg), void *arg) {
    for (size_t i = 0; i < t->slot_count; i++) {
        for (struct mbx_entry **at = &t->slots[i]; *at;) {
            if (is_over((*at)->state, arg))
                remove_at(t, host, at);
            else
                at = &(*at)->next;
        }
    }
}

static bool always(void *state, void *arg) {
    (void)state;
    (void)arg;
    return true;
}

void mbx_table_free(mbx_table *t, const mbx_host *host) {
    mbx_table_sweep(t, host, always, NULL);
    if (t->slots)
        host->release(host->user, t->slots);
    *t = (mbx_table){0};
}
