/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * wire.h: one direction of a link: a queue discipline, the sender's device with a short queue of its own, and the way.
 *
 * What happens at which nanosecond, and in which order within one, is as with ns-3's PointToPointNetDevice below a
 * QueueDisc: the device takes packets from the discipline as long as its own queue has room; when it takes one from its
 * own queue to send, the discipline is asked again a moment (of no length) later.
 */
#ifndef LINK_WIRE_H
#define LINK_WIRE_H

#include "clock.h"
#include "queue.h"

enum { PPP_HEADER_BYTES = 2 };

/** Takes a packet at the end of a wire. */
typedef void wire_receiver(void *object, struct packet *p);

struct wire {
    struct clock *clock;
    uint64_t rate_bps;
    int64_t delay_ns;
    wire_receiver *receive;
    void *receiver;

    struct queue queue;          /**< the discipline */
    struct packet_list device;   /**< waits in the device */
    uint32_t device_packets_max; /**< room there */

    int64_t done_ns;       /**< when the device has sent what it sends, or had sent what it sent last */
    uint64_t done_number;  /**< of that event */
    bool is_done_set;      /**< it is in the clock */
    int64_t asked_ns;      /**< when the discipline is asked again */
    uint64_t asked_number; /**< of that event */
    bool is_asked;         /**< it is to be asked */

    struct packet_list flying; /**< on the way, in order of arrival */

    double loss; /**< fraction lost at the end of the way */
    struct rng loss_rng;
    uint64_t sent, lost, delivered; /**< packets */
};

/** Give @p p to the wire, which drops or delivers it. */
void wire_send(struct wire *w, struct packet *p);
/** @return packets that are in its queues and on the way. */
uint64_t wire_inside(const struct wire *w);

#endif
