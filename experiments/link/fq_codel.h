/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * fq_codel.h: FlowQueue-CoDel (RFC 8290): a queue with CoDel for each of 1024 hashes of address and port, served by
 * deficit round robin, new ones first; step by step as ns-3's FqCoDelQueueDisc.
 */
#ifndef LINK_FQ_CODEL_H
#define LINK_FQ_CODEL_H

#include "codel.h"
#include "queue.h"

enum { FQ_FLOWS = 1024, FQ_KEY_BYTES = 17 };

struct fq_flow {
    struct fq_flow *next; /**< in the list that it is in */
    bool is_active;
    int32_t deficit;
    uint64_t bytes;
    struct packet_list packets;
    struct codel codel;
};

struct fq_list {
    struct fq_flow *first, *last;
};

struct fq_codel {
    bool is_marking;
    uint32_t count;                  /**< packets in all flows */
    struct fq_flow *flows[FQ_FLOWS]; /**< NULL: never used */
    struct fq_flow *order[FQ_FLOWS]; /**< those that were used, in the order of their first packet */
    size_t flow_count;
    struct fq_list fresh, old;
    uint8_t last_key[FQ_KEY_BYTES]; /**< of the packet before, which most are of one flow with ... */
    struct fq_flow *last;           /**< ... this one; NULL: there was none */
};

/** Append @p p; the largest flow loses packets where there are more than @p limit. */
void fq_codel_put(struct fq_codel *fq, struct packet *p, uint32_t limit, struct queue *owner);
struct packet *fq_codel_take(struct fq_codel *fq, int64_t now_ns, struct queue *owner);
void fq_codel_free(struct fq_codel *fq);

#endif
