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

enum { PPP_HEADER_BYTES = 2, WIRE_FORESEEN = 4 };

/** Takes a packet at the end of a wire. */
typedef void wire_receiver(void *object, struct packet *p);

/** Is told of the packet that will arrive as the @p ahead-th from now, when it is WIRE_FORESEEN - 1 ahead or fewer. */
typedef void wire_foreseer(void *object, const struct packet *p, unsigned ahead);

struct wire {
    struct clock *clock;
    uint64_t rate_bps;
    uint64_t timed_bps, timed_bits; /**< of the packet whose time was worked out last: most are like the one before */
    int64_t timed_ns;
    int64_t delay_ns;
    wire_receiver *receive;
    void *receiver;
    wire_foreseer *foresee; /**< NULL: nobody wants to know */
    void *foreseer;

    struct queue queue;          /**< the discipline */
    struct packet_list device;   /**< waits in the device */
    uint32_t device_packets_max; /**< room there */

    int64_t done_ns;                  /**< when the device has sent what it sends, or had sent what it sent last */
    uint64_t done_number;             /**< of that event */
    bool is_done_set;                 /**< it is in the clock */
    uint32_t arrival_turn, done_turn; /**< in the clock; 0: none yet */
    int64_t asked_ns;                 /**< when the discipline is asked again */
    uint64_t asked_number;            /**< of that event */
    bool is_asked;                    /**< it is to be asked */

    struct packet_list flying; /**< on the way, in order of arrival */

    double loss;          /**< fraction lost at the end of the way */
    double burst_packets; /**< mean length of a burst of losses; 1 = they are independent */
    bool is_in_burst;
    bool is_loss_told; /**< a trace or an event says loss: numbers are drawn where it is 0, too, as ns-3 does */
    bool is_broken;    /**< nothing arrives */
    struct rng loss_rng;
    int64_t jitter_ns; /**< greatest additional delay of a packet, which may be overtaken */
    double reorder;    /**< fraction that is so much later: */
    int64_t reorder_ns;
    double duplicate; /**< fraction that arrives twice */
    struct rng jitter_rng, reorder_rng, duplicate_rng;

    struct capacity *capacity; /**< instead of rate_bps, where a trace says it, see capacity.h; else NULL */

    struct wire *beyond;  /**< second part, behind boxes, see wire_cut(); NULL: the wire is whole */
    bool is_delay_beyond; /**< the delay is that part's */

    uint64_t given, sent, lost, duplicated, delivered; /**< packets; see wire_inside() */
};

/** Bring a trace's changes of losses about when it is time. */
void wire_follow(struct wire *w);
/** @return whether a number is drawn for each packet that arrives. */
static inline bool wire_draws_losses(const struct wire *w) {
    return w->loss > 0 || w->is_loss_told;
}
/** The delay is another one for packets that are sent from now on. */
void wire_set_delay(struct wire *w, int64_t delay_ns);
/**
 * Cut the way in two, with boxes between: @p beyond gets what the wire does to packets on the way, its receiver and, where
 * @p is_delay_beyond, its delay; @p enter gets the packets before the cut.
 */
void wire_cut(struct wire *w, struct wire *beyond, bool is_delay_beyond, wire_receiver *enter, void *boxes);
/** Go on with @p p behind the cut. */
void wire_carry(struct wire *beyond, struct packet *p);
/** Give @p p to the wire, which drops or delivers it. */
void wire_send(struct wire *w, struct packet *p);
/** @return packets that are in its queues and on the way. */
uint64_t wire_inside(const struct wire *w);
/** @return whether all that was given was delivered, dropped or lost, or is inside. */
bool wire_conserves(const struct wire *w);

#endif
