/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_bottleneck.h: what the narrowest link of a path passes, by the dispersion of packet trains (Dovrolis, Ramanathan and Moore, INFOCOM 2001): segments that left
 * faster than they were acknowledged come back at that link's pace, whatever the window lets out in a round trip. A value.
 */
#ifndef MPT_BOTTLENECK_H
#define MPT_BOTTLENECK_H

#include "mpt.h"

enum { MPT_TRAIN_SEGMENTS = 8 };

typedef struct mpt_bottleneck {
    mpt_time since_ns; /**< the acknowledgement that began the train */
    uint32_t rtt_us;   /**< its round-trip time; 0 = none yet */
    uint32_t bytes;    /**< acknowledged after it */
    uint32_t sample_bytes_per_s;
    uint32_t rate_bytes_per_s; /**< 0 = not known: nothing has left faster than it was acknowledged */
} mpt_bottleneck;

/**
 * @p bytes were delivered, the last of them with a round-trip time of @p rtt_ns. @param train_bytes what makes a train @param round_ns trains that last longer say
 * nothing
 */
void mpt_bottleneck_acked(mpt_bottleneck *b, uint32_t bytes, uint32_t train_bytes, mpt_time rtt_ns, mpt_time round_ns,
                          mpt_time now);
/**
 * @return the link's rate in bytes/s; 0 where it is not known, or a train at that rate would not fit into a round trip of @p round_ns: what was measured of a longer one, with a
 * queue, could then never be found wrong
 */
uint32_t mpt_bottleneck_rate(const mpt_bottleneck *b, uint32_t train_bytes, mpt_time round_ns);
/** @return how long @p bytes take at a quarter more than @p rate_bytes_per_s, so that the link is kept busy; 0 at rate 0 */
mpt_time mpt_bottleneck_span(uint32_t rate_bytes_per_s, uint64_t bytes);

#endif
