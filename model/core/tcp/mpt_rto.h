/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_rto.h: round-trip time estimate and retransmission timeout (RFC 6298, as Linux bounds it). A value. */
#ifndef MPT_RTO_H
#define MPT_RTO_H

#include "mpt.h"

typedef struct mpt_rto {
    mpt_time srtt_ns; /**< 0 = no sample yet */
    mpt_time rttvar_ns;
    mpt_time base_ns; /**< timeout without back-off, within [min, max] */
    uint32_t backoff; /**< doublings in force */
    mpt_time min_ns, max_ns;
} mpt_rto;

void mpt_rto_init(mpt_rto *r, mpt_time initial_ns, mpt_time min_ns, mpt_time max_ns);
/**
 * One measurement (RFC 6298 2.2, 2.3). @param rtt_ns > 0. @param samples_per_window expected measurements a window
 * (RFC 7323 appendix G: alpha and beta are divided by it); 1 = classic.
 */
void mpt_rto_sample(mpt_rto *r, mpt_time rtt_ns, uint32_t samples_per_window);
/** Data begin without a measurement, for a SYN had to be sent again: the timeout is at least 3 s (RFC 6298 5.7). */
void mpt_rto_unmeasured(mpt_rto *r);
/** @return base_ns doubled backoff times, at most max_ns. */
mpt_time mpt_rto_get(const mpt_rto *r);
/** A timeout happened (RFC 6298 5.5). */
void mpt_rto_backoff(mpt_rto *r);
/** New data were acknowledged: no back-off any more. */
void mpt_rto_reset_backoff(mpt_rto *r);

#endif
