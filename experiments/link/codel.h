/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * codel.h: controlled delay (RFC 8289): when to drop or mark, step by step as ns-3's CoDelQueueDisc decides it, in its
 * units of 1024 ns.
 */
#ifndef LINK_CODEL_H
#define LINK_CODEL_H

#include "packet.h"

#include <stdbool.h>

struct packet_list;
struct queue;

struct codel {
    bool is_marking; /**< packets that can be are marked instead of dropped */
    bool is_dropping;
    uint32_t count, last_count;
    uint16_t inverse_root; /**< of count, in 2^-16 */
    uint32_t first_above, drop_next;
    uint32_t target, interval;
};

void codel_init(struct codel *c, bool is_marking);
/**
 * Take the next packet of @p packets, of together @p bytes bytes, after dropping those that waited too long by
 * queue_drop() of @p owner. @return NULL when none is left
 */
struct packet *codel_take(struct codel *c, struct packet_list *packets, uint64_t *bytes, int64_t now_ns,
                          struct queue *owner);

/** A packet came to an empty queue and was taken at once, and it is empty again. */
void codel_pass(struct codel *c);

#endif
