/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_rto.h: round-trip time estimate and retransmission timeout (RFC 6298, with Linux's gains and bounds). A value. */
#ifndef MPT_RTO_H
#define MPT_RTO_H

#include "mpt.h"

typedef struct mpt_rto {
    mpt_time srtt_ns;         /**< 0 = no sample yet */
    mpt_time deviation_ns;    /**< smoothed |sample - srtt|; falls more slowly while samples are below srtt */
    mpt_time round_margin_ns; /**< greatest 4 deviation_ns of this round trip, at least min_ns */
    mpt_time
        margin_ns; /**< what the timeout is above srtt: at once as great as round_margin_ns, and a quarter closer to it a round trip */
    uint64_t round_end; /**< this round trip is over when more than that is acknowledged */
    mpt_time base_ns;   /**< timeout without back-off, at most max_ns */
    uint32_t backoff;   /**< doublings in force */
    mpt_time min_ns, max_ns;
} mpt_rto;

void mpt_rto_init(mpt_rto *r, mpt_time initial_ns, mpt_time min_ns, mpt_time max_ns);
/**
 * One measurement. @param rtt_ns > 0. @param snd_una, snd_nxt of the connection once the acknowledgement that brought it is processed
 */
void mpt_rto_sample(mpt_rto *r, mpt_time rtt_ns, uint64_t snd_una, uint64_t snd_nxt);
/** Data begin without a measurement, for a SYN had to be sent again: the timeout is at least 3 s (RFC 6298 5.7). */
void mpt_rto_unmeasured(mpt_rto *r);
/** @return base_ns doubled backoff times, at most max_ns. */
mpt_time mpt_rto_get(const mpt_rto *r);
/** A timeout happened (RFC 6298 5.5). */
void mpt_rto_backoff(mpt_rto *r);
/** New data were acknowledged: no back-off any more. */
void mpt_rto_reset_backoff(mpt_rto *r);

#endif
