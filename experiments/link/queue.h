/* SPDX-License-Identifier: GPL-2.0-or-later */
/** queue.h: the queue disciplines that a wire can have before it. */
#ifndef LINK_QUEUE_H
#define LINK_QUEUE_H

#include "packet.h"
#include "rng.h"

/** Packets in order. */
struct packet_list {
    struct packet *first, *last;
    uint32_t count;
};

static inline void packet_list_add(struct packet_list *l, struct packet *p) {
    p->next = NULL;
    if (l->first)
        l->last->next = p;
    else
        l->first = p;
    l->last = p;
    l->count++;
}

static inline struct packet *packet_list_take(struct packet_list *l) {
    struct packet *p = l->first;

    if (p) {
        l->first = p->next;
        l->count--;
    }
    return p;
}

enum queue_kind { QUEUE_DROP_TAIL, QUEUE_RED, QUEUE_CODEL, QUEUE_FQ_CODEL };

struct red;
struct codel;
struct fq_codel;

struct queue {
    enum queue_kind kind;
    uint32_t limit_packets;
    uint64_t limit_bytes;       /**< instead, of IP packets, where it is not 0 */
    bool is_marking;            /**< packets that can be are marked (RFC 3168) instead of dropped early */
    struct packet_list packets; /**< of all kinds but QUEUE_FQ_CODEL */
    uint64_t bytes;             /**< of these */
    union {
        struct red *red;
        struct codel *codel;
        struct fq_codel *fq_codel; /**< made with the first packet */
    } of;
    uint64_t dropped, marked; /**< packets */
    struct packet_pool *pool;
};

/** Append @p p, or drop it. @return whether it was appended. */
bool queue_put(struct queue *q, struct packet *p, int64_t now_ns);
/** Take the next packet out. @return NULL when there is none. */
struct packet *queue_take(struct queue *q, int64_t now_ns);
/** Whether @p p, which comes now, could be taken out at once, and that would be all: the queue is empty, and not one that counts arrivals. */
bool queue_can_pass(const struct queue *q, const struct packet *p);
/** A packet comes and is taken out at once, and it is asked for more; see queue_can_pass(). */
void queue_pass(struct queue *q);
/** @return packets in the queue. */
uint32_t queue_count(const struct queue *q);
/** Free what the queue has beside its packets. */
void queue_free(struct queue *q);

/** Drop a packet that was never in the queue, or is not any more. */
void queue_drop(struct queue *q, struct packet *p);
/** Mark a packet as having met congestion. @return false when it is of a transport that cannot be told so. */
bool queue_mark(struct queue *q, struct packet *p);

#endif
