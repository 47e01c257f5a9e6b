/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fq_codel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QUANTUM_BYTES = 1500, DROP_BATCH = 64 };

/* ---- Hash: MurmurHash3 (Appleby), as ns-3's Hash32() ---------------------------------------------------------- */

static uint32_t rotate(uint32_t x, int by) {
    return x << by | x >> (32 - by);
}

static uint32_t mix(uint32_t k) {
    return rotate(k * UINT32_C(0xcc9e2d51), 15) * UINT32_C(0x1b873593);
}

static uint32_t murmur3(const uint8_t *key, uint32_t bytes) {
    uint32_t h = UINT32_C(0x8badf00d), k = 0, i;

    for (i = 0; i + 4 <= bytes; i += 4) {
        memcpy(&k, key + i, 4);
        h = rotate(h ^ mix(k), 13) * 5 + UINT32_C(0xe6546b64);
    }
    k = 0;
    for (uint32_t j = bytes; j > i; j--)
        k = k << 8 | key[j - 1];
    h ^= mix(k) ^ bytes;
    h = (h ^ h >> 16) * UINT32_C(0x85ebca6b);
    h = (h ^ h >> 13) * UINT32_C(0xc2b2ae35);
    return h ^ h >> 16;
}

/* The last four bytes are the perturbation, 0. */
static void make_key(uint8_t key[FQ_KEY_BYTES], const struct packet *p) {
    enum { TCP = 6 };

    memset(key, 0, FQ_KEY_BYTES);
    memcpy(key, p->segment.source.bytes, 4);
    memcpy(key + 4, p->segment.destination.bytes, 4);
    key[8] = TCP;
    memcpy(key + 9, p->segment.header, 4);
}

/* ---- Flows ------------------------------------------------------------------------------------------------- */

static void append(struct fq_list *l, struct fq_flow *f) {
    f->next = NULL;
    if (l->first)
        l->last->next = f;
    else
        l->first = f;
    l->last = f;
}

static struct fq_flow *flow_of(struct fq_codel *fq, const struct packet *p) {
    uint8_t key[FQ_KEY_BYTES];
    struct fq_flow **at;

    make_key(key, p);
    if (fq->last && memcmp(key, fq->last_key, sizeof key) == 0)
        return fq->last;
    at = &fq->flows[murmur3(key, sizeof key) % FQ_FLOWS];
    if (!*at) {
        *at = calloc(1, sizeof **at);
        if (!*at) {
            fprintf(stderr, "mptcp-run: out of memory\n");
            abort();
        }
        codel_init(&(*at)->codel, fq->is_marking);
        fq->order[fq->flow_count++] = *at;
    }
    memcpy(fq->last_key, key, sizeof key);
    fq->last = *at;
    return *at;
}

/* Too many packets: the flow with the most bytes loses half of them from its front, at most a batch. */
static void drop_from_largest(struct fq_codel *fq, struct queue *owner) {
    struct fq_flow *largest = fq->order[0];
    uint64_t half, dropped = 0;

    for (size_t i = 1; i < fq->flow_count; i++)
        largest = fq->order[i]->bytes > largest->bytes ? fq->order[i] : largest;
    half = largest->bytes / 2;
    for (int i = 0; i < DROP_BATCH && (i == 0 || dropped < half); i++) {
        struct packet *p = packet_list_take(&largest->packets);

        dropped += p->ip_bytes;
        largest->bytes -= p->ip_bytes;
        fq->count--;
        queue_drop(owner, p);
    }
}

void fq_codel_put(struct fq_codel *fq, struct packet *p, uint32_t limit, struct queue *owner) {
    struct fq_flow *f = flow_of(fq, p);

    if (!f->is_active) {
        f->is_active = true;
        f->deficit = QUANTUM_BYTES;
        append(&fq->fresh, f);
    }
    if (f->packets.count >= limit) { /* each flow's queue has the limit, too */
        queue_drop(owner, p);
        return;
    }
    packet_list_add(&f->packets, p);
    f->bytes += p->ip_bytes;
    if (++fq->count > limit)
        drop_from_largest(fq, owner);
}

/* ---- Round robin ------------------------------------------------------------------------------------------- */

static void move(struct fq_list *from, struct fq_list *to) {
    struct fq_flow *f = from->first;

    from->first = f->next;
    if (to)
        append(to, f);
    else
        f->is_active = false;
}

static struct fq_flow *choose(struct fq_codel *fq) {
    while (fq->fresh.first) {
        if (fq->fresh.first->deficit > 0)
            return fq->fresh.first;
        fq->fresh.first->deficit += QUANTUM_BYTES;
        move(&fq->fresh, &fq->old);
    }
    while (fq->old.first && fq->old.first->deficit <= 0) {
        fq->old.first->deficit += QUANTUM_BYTES;
        move(&fq->old, &fq->old);
    }
    return fq->old.first;
}

struct packet *fq_codel_take(struct fq_codel *fq, int64_t now_ns, struct queue *owner) {
    struct fq_flow *f;

    while ((f = choose(fq))) {
        uint32_t before = f->packets.count;
        struct packet *p = codel_take(&f->codel, &f->packets, &f->bytes, now_ns, owner);

        fq->count -= before - f->packets.count;
        if (p) {
            f->deficit -= (int32_t)p->ip_bytes;
            return p;
        }
        if (fq->fresh.first)
            move(&fq->fresh, &fq->old);
        else
            move(&fq->old, NULL);
    }
    return NULL;
}

void fq_codel_free(struct fq_codel *fq) {
    for (size_t i = 0; i < fq->flow_count; i++)
        free(fq->order[i]);
    free(fq);
}
