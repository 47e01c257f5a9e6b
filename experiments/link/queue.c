/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "queue.h"

#include "codel.h"
#include "fq_codel.h"
#include "red.h"

#include <stdio.h>
#include <stdlib.h>

enum { ECN_NOT_CAPABLE = 0, ECN_CONGESTION = 3 };

void queue_drop(struct queue *q, struct packet *p) {
    q->dropped++;
    packet_drop(q->pool, p);
}

bool queue_mark(struct queue *q, struct packet *p) {
    if (p->segment.ecn == ECN_NOT_CAPABLE)
        return false;
    p->segment.ecn = ECN_CONGESTION;
    q->marked++;
    return true;
}

/* Whether RED lets it in. */
static bool passes_red(struct queue *q, struct packet *p, int64_t now_ns) {
    if (red_arrive(q->of.red, q->packets.count, now_ns) == RED_PASS)
        return true;
    return q->is_marking && queue_mark(q, p);
}

static struct fq_codel *fq_codel_of(struct queue *q) {
    if (!q->of.fq_codel) {
        q->of.fq_codel = calloc(1, sizeof *q->of.fq_codel);
        if (!q->of.fq_codel) {
            fprintf(stderr, "mptcp-run: out of memory\n");
            abort();
        }
        q->of.fq_codel->is_marking = q->is_marking;
    }
    return q->of.fq_codel;
}

static bool is_full_for(const struct queue *q, const struct packet *p) {
    return q->limit_bytes > 0 ? q->bytes + p->ip_bytes > q->limit_bytes : q->packets.count >= q->limit_packets;
}

bool queue_put(struct queue *q, struct packet *p, int64_t now_ns) {
    p->time_ns = now_ns;
    if (q->kind == QUEUE_FQ_CODEL) {
        fq_codel_put(fq_codel_of(q), p, q->limit_packets, q);
        return true;
    }
    if ((q->kind == QUEUE_RED && !passes_red(q, p, now_ns)) || is_full_for(q, p)) {
        queue_drop(q, p);
        return false;
    }
    packet_list_add(&q->packets, p);
    q->bytes += p->ip_bytes;
    return true;
}

struct packet *queue_take(struct queue *q, int64_t now_ns) {
    struct packet *p;

    switch (q->kind) {
    case QUEUE_DROP_TAIL: break;
    case QUEUE_RED: red_taken(q->of.red, q->packets.count == 0, now_ns); break;
    case QUEUE_CODEL: return codel_take(q->of.codel, &q->packets, &q->bytes, now_ns, q);
    case QUEUE_FQ_CODEL: return q->of.fq_codel ? fq_codel_take(q->of.fq_codel, now_ns, q) : NULL;
    }
    p = packet_list_take(&q->packets);
    q->bytes -= p ? p->ip_bytes : 0;
    return p;
}

bool queue_can_pass(const struct queue *q, const struct packet *p) {
    switch (q->kind) {
    case QUEUE_RED:
    case QUEUE_FQ_CODEL: return false;
    case QUEUE_DROP_TAIL:
    case QUEUE_CODEL: break;
    }
    return q->packets.count == 0 && (q->limit_bytes == 0 || p->ip_bytes <= q->limit_bytes);
}

void queue_pass(struct queue *q) {
    if (q->kind == QUEUE_CODEL)
        codel_pass(q->of.codel);
}

uint32_t queue_count(const struct queue *q) {
    if (q->kind == QUEUE_FQ_CODEL)
        return q->of.fq_codel ? q->of.fq_codel->count : 0;
    return q->packets.count;
}

void queue_free(struct queue *q) {
    switch (q->kind) {
    case QUEUE_DROP_TAIL: break;
    case QUEUE_RED: free(q->of.red); break;
    case QUEUE_CODEL: free(q->of.codel); break;
    case QUEUE_FQ_CODEL:
        if (q->of.fq_codel)
            fq_codel_free(q->of.fq_codel);
        break;
    }
}
