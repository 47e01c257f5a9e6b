/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_rate.h: how fast a TCP delivers, measured with each acknowledgement (draft-cheng-iccrg-delivery-rate-estimation; Linux's tcp_rate.c): what was
 * delivered since the segment that is acknowledged was sent, in the longer of the times that sending and acknowledging it took. Kept
 * only where the congestion control asks for it (mpt_cc_ops.on_rate).
 */
#ifndef MPT_RATE_H
#define MPT_RATE_H

#include "mpt_ext.h"

/** Of a segment, when it was sent last. */
typedef struct mpt_rate_stamp {
    uint64_t delivered_bytes; /**< P.delivered */
    mpt_time delivered_at;    /**< P.delivered_time */
    mpt_time first_sent_at;   /**< P.first_sent_time */
    bool is_app_limited;
} mpt_rate_stamp;

/** Of a TCP. */
typedef struct mpt_rate {
    mpt_time
        delivered_at; /**< C.delivered_time: of the last delivery, or of the first segment after nothing was under way */
    mpt_time first_sent_at; /**< C.first_sent_time: when the segment was sent that was delivered last */
    uint64_t
        app_limited_until;  /**< C.app_limited: what was sent up to this many delivered bytes had room left; 0 = not */
    uint64_t next_round_at; /**< a round trip is over when a segment is delivered that was sent after so many bytes */
    /* of the acknowledgement being processed */
    bool has_sample;
    bool is_retransmitted;
    mpt_rate_stamp prior; /**< of the segment sent last among those that it delivers */
    mpt_time send_elapsed_ns;
} mpt_rate;

#endif
