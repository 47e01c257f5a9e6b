/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * mpt_cc.h: congestion control is numbers in, window out. One mpt_cc per subflow; the coupled ones look at their
 * siblings through mpt_cc_group. Loss detection, PRR and timers are not here (mpt_recovery.c): an algorithm only says
 * how the window grows and where it falls to.
 */
#ifndef MPT_CC_H
#define MPT_CC_H

#include "mpt.h"

typedef struct mpt_cc mpt_cc;

/** The subflows of a connection that may carry data. */
typedef struct mpt_cc_group {
    mpt_cc **members;
    uint32_t count;
} mpt_cc_group;

typedef enum mpt_cc_loss {
    MPT_CC_LOSS_FAST,    /**< loss found by SACK or duplicate ACKs; the window shall fall to ssthresh */
    MPT_CC_LOSS_TIMEOUT, /**< retransmission timeout; the caller sets cwnd to one segment afterwards */
    MPT_CC_LOSS_ECN      /**< ECN-Echo, at most once a window */
} mpt_cc_loss;

typedef struct mpt_cc_ops {
    const char *name;
    void (*init)(mpt_cc *cc);
    /** @p acked_bytes of new data were acknowledged outside of recovery while the window was in full use. Grows cwnd_bytes. */
    void (*on_ack)(mpt_cc *cc, const mpt_cc_group *group, uint64_t acked_bytes, mpt_time now);
    /** A congestion signal: set ssthresh_bytes (at least 2 MSS). @p flight_bytes at that moment. cwnd_bytes is the caller's. */
    void (*on_loss)(mpt_cc *cc, const mpt_cc_group *group, mpt_cc_loss kind, uint64_t flight_bytes, mpt_time now);
    /** The last on_loss() was spurious: go back to the state before it. */
    void (*on_undo)(mpt_cc *cc, mpt_time now);
} mpt_cc_ops;

struct mpt_cc {
    const mpt_cc_ops *ops;
    uint64_t cwnd_bytes;
    uint64_t ssthresh_bytes;    /**< UINT64_MAX = none yet */
    uint32_t mss_bytes;         /**< payload of a full segment */
    mpt_time srtt_ns;           /**< kept up to date by the caller; 0 = unknown */
    mpt_time rtt_min_ns;
    uint64_t acked_remainder;   /**< bytes acknowledged and not yet turned into window (byte counting, RFC 3465) */
    uint64_t undo_cwnd_bytes, undo_ssthresh_bytes;
    union {
        struct {
            uint64_t w_max_bytes, w_last_max_bytes, w_est_bytes, w_est_remainder, cwnd_prior_bytes;
            uint64_t origin_bytes;
            mpt_time epoch_start_ns; /**< MPT_NEVER = no epoch */
            mpt_time k_ns;
        } cubic;
        struct {
            double alpha;
        } lia;
    } u;
};

/** @return the algorithm called @p name, or NULL. */
const mpt_cc_ops *mpt_cc_find(const char *name);
/** @return the i-th algorithm's name, or NULL after the last. */
const char *mpt_cc_name(uint32_t i);
/** Set up @p cc with an initial window. */
void mpt_cc_init(mpt_cc *cc, const mpt_cc_ops *ops, uint64_t cwnd_bytes, uint32_t mss_bytes);
/**
 * Slow start with byte counting, L = 2 (RFC 3465, RFC 5681): grows cwnd up to ssthresh.
 * @return bytes of @p acked_bytes left over for congestion avoidance
 */
uint64_t mpt_cc_slow_start(mpt_cc *cc, uint64_t acked_bytes);

extern const mpt_cc_ops mpt_cc_reno, mpt_cc_cubic, mpt_cc_lia;

#endif
