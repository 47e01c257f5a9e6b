/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_cc.h: the congestion controls that ship, and what the core asks of all. The interface is mpt_ext.h. */
#ifndef MPT_CC_H
#define MPT_CC_H

#include "mpt_ext.h"

typedef enum mpt_bbr_mode { MPT_BBR_STARTUP, MPT_BBR_DRAIN, MPT_BBR_PROBE_BW, MPT_BBR_PROBE_RTT } mpt_bbr_mode;

/** Greatest values of the last rounds, the best three (Linux's win_minmax). */
typedef struct mpt_bbr_max {
    struct {
        uint32_t round;
        double value;
    } best[3];
} mpt_bbr_max;

/** Names are those of tcp_bbr.c; bytes where that counts packets. */
typedef struct mpt_cc_bbr_state {
    mpt_bbr_mode mode;
    mpt_cc_state prev_state;
    mpt_time min_rtt_ns, min_rtt_at; /**< MPT_NEVER = none yet */
    mpt_time probe_rtt_done_at;      /**< 0 = not known yet */
    mpt_bbr_max bw;                  /**< delivery rates, bytes/s */
    uint32_t round_count;
    uint64_t next_round_delivered;
    mpt_time cycle_at;
    uint64_t prior_cwnd_bytes;
    double full_bw, lt_bw;
    double pacing_gain, cwnd_gain;
    uint8_t full_bw_count, cycle_index, lt_round_count, extra_acked_rounds, extra_acked_index;
    bool is_full_bw_reached, is_round_start, is_packet_conservation, is_idle_restart, is_probe_rtt_round_done,
        has_seen_rtt;
    bool is_lt_sampling, is_lt_bw_used;
    mpt_time lt_last_at;
    uint64_t lt_last_delivered, lt_last_lost;
    mpt_time ack_epoch_at;
    uint64_t ack_epoch_acked, extra_acked[2];
    uint64_t total_delivered, total_lost; /**< at the last acknowledgement */
    uint32_t random;
} mpt_cc_bbr_state;

/** @return the algorithm called @p name that ships, or NULL. */
const mpt_cc_ops *mpt_cc_find(const char *name);
/** @return the i-th algorithm's name, or NULL after the last. */
const char *mpt_cc_name(uint32_t i);
/** @return the algorithm called @p name: one registered at @p st, which may be NULL, or one that ships; or NULL. */
const mpt_cc_ops *mpt_cc_named(const mpt_stack *st, const char *name);
/** Set up @p cc with an initial window. @param priv ops->priv_bytes; NULL where that is 0 */
void mpt_cc_init(mpt_cc *cc, const mpt_cc_ops *ops, void *priv, uint64_t cwnd_bytes, uint32_t mss_bytes);
/** What mpt_cc_init() began is over. */
static inline void mpt_cc_end(mpt_cc *cc) {
    if (cc->ops->on_end)
        cc->ops->on_end(cc);
}
/** Slow start ends without a loss: the threshold is @p at_bytes, at least two segments (RFC 5681 3.1, equation 4). */
void mpt_cc_end_slow_start(mpt_cc *cc, uint64_t at_bytes);
/** The initial slow start may be ended by HyStart++ where the algorithm asks for it. */
void mpt_hystart_begin(mpt_cc *cc);
/** As mpt_cc_slow_start(), with HyStart++ until it is over (RFC 9406; L = 8 segments then). */
uint64_t mpt_hystart_slow_start(mpt_cc *cc, uint64_t acked_bytes);

extern const mpt_cc_ops mpt_cc_reno, mpt_cc_cubic, mpt_cc_lia, mpt_cc_lia_rfc, mpt_cc_olia, mpt_cc_balia, mpt_cc_ewtcp,
    mpt_cc_coupled, mpt_cc_wvegas, mpt_cc_dctcp, mpt_cc_bbr;

#endif
