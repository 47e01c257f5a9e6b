/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * red.h: random early detection (Floyd, Jacobson, Random early detection gateways for congestion avoidance, 1993), the
 * gentle kind, counting packets: when to drop or mark, step by step as ns-3's RedQueueDisc decides it.
 */
#ifndef LINK_RED_H
#define LINK_RED_H

#include "rng.h"

#include <stdbool.h>

enum { RED_DECAYS = 64 };

struct red {
    double min_packets, max_packets, probability_max;
    double weight;             /**< of the newest length in the average */
    double packets_per_s;      /**< that the link sends */
    double average;            /**< length of the queue */
    uint32_t since_last;       /**< packets since the last drop or mark */
    bool is_above;             /**< the average was above the minimum before */
    bool is_idle;              /**< the queue was found empty ... */
    int64_t idle_ns;           /**< ... at this time */
    double decays[RED_DECAYS]; /**< of the average, by packets that could have passed; 0: not worked out yet */
    struct rng rng;
};

enum red_verdict { RED_PASS, RED_EARLY, RED_FORCED };

void red_init(struct red *r, uint64_t rate_bps, uint32_t packet_bytes);
/** A packet arrives at a queue of @p queued packets. @return whether it is to be dropped or marked. */
enum red_verdict red_arrive(struct red *r, uint32_t queued, int64_t now_ns);
/** The queue was found empty, or a packet was taken from it. */
void red_taken(struct red *r, bool is_empty, int64_t now_ns);

#endif
