/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_rack.h: a subflow's state of RACK-TLP (RFC 8985), the time-based detection of losses: segments are lost that were sent
 * clearly before one that has arrived (RACK); and a probe makes the peer speak when the last ones of a flight may be lost (TLP).
 * The rules are in mpt_rack.c and mpt_tlp.c. Offsets are the subflow's.
 */
#ifndef MPT_RACK_H
#define MPT_RACK_H

#include "mpt.h"

/** Variables of RFC 8985 5.2. */
typedef struct mpt_rack {
    bool is_on; /**< it finds this subflow's losses: asked for, and the peer speaks SACK */
    uint32_t
        turn; /**< number of the latest transmission that arrived, for RACK.xmit_ts and RACK.end_seq: exact where times are equal */
    mpt_time rtt_ns;          /**< RACK.rtt: its round-trip time; 0 = none yet */
    uint64_t highest_end;     /**< RACK.fack: of all delivered segments */
    uint64_t ack_highest_end; /**< as it was before the acknowledgement being processed */
    uint64_t dsack_round; /**< RACK.dsack_round: no further growth of the window until this is acknowledged; 0 = none */
    uint32_t window_steps;    /**< RACK.reo_wnd_mult: in quarters of the least round-trip time */
    uint32_t recoveries_left; /**< RACK.reo_wnd_persist */
    uint32_t lost_copies;     /**< retransmissions that were lost, so far */
    bool has_reordering;      /**< RACK.reordering_seen */
    mpt_time timer_at;
} mpt_rack;

/** Variables of RFC 8985 5.2 and 7. */
typedef struct mpt_tlp {
    uint64_t end;   /**< TLP.end_seq: SND.NXT after the probe whose fate is not known yet; 0 = none */
    bool is_on;     /**< asked for, and the peer speaks SACK */
    bool is_resend; /**< TLP.is_retrans: the probe carried old data */
    bool is_wanted; /**< the probe timeout has passed: send one */
    mpt_time timer_at;
} mpt_tlp;

#endif
