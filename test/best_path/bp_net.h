/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * bp_net.h: one download between two stacks over up to three paths, each a queue, a rate and a delay in each direction, without payload. Everything is
 * a function of the draw and the seed of the random losses.
 */
#ifndef BP_NET_H
#define BP_NET_H

#include "bp_draw.h"

/** What one run showed, counted from the moment that the application may write. */
typedef struct bp_outcome {
    uint64_t bytes;                 /**< read by the client */
    mpt_time time_ns;               /**< when the last of them was, or when the run ended */
    mpt_time stall_ns;              /**< longest time between two reads, before the first and after the last included */
    uint64_t twice;                 /**< payload that arrived though it had arrived before, on whatever path */
    uint64_t by_path[BP_PATHS_MAX]; /**< payload that arrived */
    bool is_done;                   /**< a limited transfer is complete */
} bp_outcome;

/** Which transport, over which of the draw's paths. */
typedef struct bp_transport {
    bool is_mptcp, is_cold,
        is_traced;  /**< cold: the transfer begins with the connection, not when all paths are joined */
    uint32_t paths; /**< bit i: path i */
    uint32_t luck;  /**< runs of the same meet the same losses, segment for segment */
    const char *congestion_control, *scheduler;
} bp_transport;

bp_outcome bp_run(const bp_draw *d, const bp_transport *t, uint64_t seed);

/** Mb/s */
static inline double bp_goodput(const bp_outcome *o) {
    return o->time_ns > 0 ? (double)o->bytes * 8e3 / (double)o->time_ns : 0;
}

#endif
