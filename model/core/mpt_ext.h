/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_ext.h: policies of one's own. A congestion control is a table of functions (mpt_cc_ops) that is registered at a stack
 * and from then on chosen by its name, as those that ship are: numbers in, window out. One mpt_cc per subflow; coupled ones
 * look at their siblings through mpt_cc_group. Loss detection, PRR, pacing and timers are the core's: an algorithm only says
 * how the window grows and where it falls to.
 *
 * test/unit/test_ext.c has a whole one. What a policy may do: read all of mpt_cc; write cwnd_bytes in on_ack() and
 * on_delivered(), ssthresh_bytes in on_loss(), and its own state in u.priv. What is out of range (a window below a segment, a
 * threshold below two) is set right and counted (PolicyFaults). The initial window is the core's (RFC 6928), the window in a
 * recovery too (RFC 9937), and after a timeout.
 */
#ifndef MPT_EXT_H
#define MPT_EXT_H

#include "mpt.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MPT_CC_PRIV_BYTES 128 /**< state of one's own for each subflow */
#define MPT_CC_GROUP_MAX 32   /**< members of a group */

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

/** What one acknowledgement tells, in whatever state the sender is. */
typedef struct mpt_cc_sample {
    uint64_t delivered_bytes; /**< acknowledged or SACKed for the first time */
    mpt_time rtt_ns;          /**< measured with it; 0 = nothing */
    bool is_ece;              /**< it carries ECN-Echo */
} mpt_cc_sample;

typedef struct mpt_cc_ops {
    const char *name;    /**< up to MPT_NAME_BYTES - 1 characters */
    uint32_t priv_bytes; /**< of mpt_cc.u.priv that it uses, at most MPT_CC_PRIV_BYTES; zeroed before init() */
    /** ECN-Echo tells of each segment whether it was marked (RFC 8257 3.2), not that one was (RFC 3168 6.1.3). */
    bool is_each_mark_echoed;
    void (*init)(mpt_cc *cc);
    /** Every acknowledgement, also in recovery and where the window was not in full use, before on_ack(). NULL: not wanted. */
    void (*on_delivered)(mpt_cc *cc, const mpt_cc_sample *sample, mpt_time now);
    /**
     * @p acked_bytes of new data were acknowledged outside of recovery while the window was in full use. Grows
     * cwnd_bytes.
     */
    void (*on_ack)(mpt_cc *cc, const mpt_cc_group *group, uint64_t acked_bytes, mpt_time now);
    /**
     * A congestion signal: set ssthresh_bytes (at least 2 MSS). cwnd_bytes is the caller's.
     * @param flight_bytes RFC 5681's FlightSize at that moment: sent and not cumulatively acknowledged, lost and SACKed
     * bytes included (not the pipe of RFC 6675, which is smaller just then); more than cwnd_bytes counts as cwnd_bytes
     */
    void (*on_loss)(mpt_cc *cc, const mpt_cc_group *group, mpt_cc_loss kind, uint64_t flight_bytes, mpt_time now);
    /** The last on_loss() was spurious: go back to the state before it. */
    void (*on_undo)(mpt_cc *cc, mpt_time now);
    /** The window was lowered after an idle time; NULL where what is remembered does not depend on the window. */
    void (*on_restart)(mpt_cc *cc);
} mpt_cc_ops;

/** Variables of RFC 9438 section 4.1.2, in bytes and ns. */
typedef struct mpt_cc_cubic_state {
    uint64_t w_max_bytes;      /**< where the curve is flat; 0 = wherever the next epoch starts */
    uint64_t cwnd_prior_bytes; /**< cwnd at the last congestion signal */
    uint64_t w_est_bytes;      /**< what Reno would have by now */
    uint64_t w_est_remainder;
    mpt_time epoch_start_ns; /**< start of this congestion avoidance stage; MPT_NEVER = not begun */
    mpt_time k_ns;           /**< from epoch_start_ns to w_max_bytes */
} mpt_cc_cubic_state;

/** Variables of RFC 9406 4.2; times are MPT_NEVER where there is none. */
typedef struct mpt_hystart {
    bool is_on;               /**< the initial slow start is not over */
    uint64_t window_end;      /**< windowEnd: the round is over when this is acknowledged */
    mpt_time last_min_ns;     /**< lastRoundMinRTT */
    mpt_time current_min_ns;  /**< currentRoundMinRTT */
    mpt_time baseline_min_ns; /**< cssBaselineMinRtt; there is one in conservative slow start */
    uint32_t sample_count;    /**< rttSampleCount */
    uint32_t css_rounds;      /**< rounds of conservative slow start so far */
    uint64_t remainder;       /**< bytes acknowledged in it and not yet turned into window */
} mpt_hystart;

struct mpt_cc {
    const mpt_cc_ops *ops;
    uint64_t cwnd_bytes;
    uint64_t ssthresh_bytes;   /**< UINT64_MAX = none yet */
    uint32_t mss_bytes;        /**< payload of a full segment */
    mpt_time srtt_ns;          /**< kept up to date by the caller; 0 = unknown */
    mpt_time rtt_ns;           /**< measured with this acknowledgement; 0 = nothing */
    uint64_t snd_una, snd_nxt; /**< of the subflow; kept up to date by the caller where on_ack() is called */
    mpt_hystart hystart;
    bool cubic_alpha_one;     /**< the setting */
    uint64_t acked_remainder; /**< bytes acknowledged and not yet turned into window (byte counting, RFC 3465) */
    uint64_t undo_cwnd_bytes, undo_ssthresh_bytes;
    union {
        struct {
            mpt_cc_cubic_state now, undo;
            mpt_time last_ack_ns;
        } cubic;
        struct {
            double alpha; /**< RFC 6356 section 3, as last computed; 0 = not yet */
            double carry; /**< fraction of a byte of growth */
        } lia;
        struct {
            double carry;                        /**< bytes of growth, below 0 too, that are less than one */
            uint64_t since_loss, between_losses; /**< bytes: since the last loss, and between the two before (l2, l1) */
        } olia;
        struct {
            double carry;
        } coupled; /**< of EWTCP, COUPLED and BALIA */
        struct {
            mpt_time base_rtt_ns, rtt_sum_ns; /**< the least so far; sum of this round's */
            uint32_t rtt_count;
            uint64_t round_end; /**< the round is over when this is acknowledged */
        } wvegas;
        struct {
            double alpha;                           /**< RFC 8257 3.3 */
            uint64_t delivered_bytes, marked_bytes; /**< of this window */
            uint64_t window_end;
        } dctcp;
        uint64_t priv[MPT_CC_PRIV_BYTES / 8]; /**< of a registered one */
    } u;                                      /**< what each algorithm keeps */
};

/* ---- For a policy to use ---- */

/**
 * Slow start with byte counting, L = 2 (RFC 3465, RFC 5681): grows cwnd up to ssthresh.
 * @return bytes of @p acked_bytes left over for congestion avoidance: all of them when there is no slow start, else
 * what of the first 2 MSS was not needed to reach ssthresh
 */
uint64_t mpt_cc_slow_start(mpt_cc *cc, uint64_t acked_bytes);

/** Congestion avoidance: one MSS more for every @p window_bytes acknowledged, exactly; keeps the remainder. */
void mpt_cc_grow(mpt_cc *cc, uint64_t acked_bytes, uint64_t window_bytes);
/** What mpt_cc_ops.on_loss of Reno and of those who fall as it does is: half the flight (RFC 5681 equation 4). */
void mpt_cc_halve(mpt_cc *cc, const mpt_cc_group *group, mpt_cc_loss kind, uint64_t flight_bytes, mpt_time now);
/** Remember the windows for on_undo() and set ssthresh to the whole segments of @p ssthresh_bytes, as Linux and FreeBSD do, or 2 MSS. */
void mpt_cc_set_threshold(mpt_cc *cc, uint64_t ssthresh_bytes);
/** The only place that changes cwnd_bytes, for algorithms and callers. @param cwnd_bytes > 0 */
void mpt_cc_set_window(mpt_cc *cc, uint64_t cwnd_bytes);
/** Nothing was under way for so long that the window may not be what the path can bear: at most @p most_bytes from here on (RFC 5681 4.1). */
void mpt_cc_restart(mpt_cc *cc, uint64_t most_bytes);
/** What mpt_cc_ops.on_undo is for algorithms whose only state is the windows. */
void mpt_cc_undo(mpt_cc *cc, mpt_time now);

/** Sums over the members that have a round-trip time, for the coupled ones. */
typedef struct mpt_cc_sums {
    uint32_t count;
    double cwnd_bytes;
    double rate;      /**< of cwnd / RTT, bytes/ns */
    double rate_most; /**< the largest of these */
} mpt_cc_sums;

mpt_cc_sums mpt_cc_sum(const mpt_cc_group *group);
/**
 * Congestion avoidance at @p share of Reno's speed, which may be below 0.
 * @param carry what is left of earlier calls, less than what makes a byte (or, below 0, a window)
 */
void mpt_cc_grow_share(mpt_cc *cc, uint64_t acked_bytes, double share, double *carry);

/* ---- Registration ---- */

#define MPT_REGISTERED_MAX 16 /**< congestion controls of one's own at a stack */

/**
 * Make @p ops known at @p st, before the first listener or connection that names it. @p ops must live as long as the stack.
 * @return MPT_OK; MPT_ERR_SETTING: no name, too long a one, init, on_ack, on_loss or on_undo missing, or too much state;
 * MPT_ERR_NAME: there is one of that name; MPT_ERR_LIMIT
 */
mpt_status mpt_register_cc(mpt_stack *st, const mpt_cc_ops *ops);

#ifdef __cplusplus
}
#endif

#endif
