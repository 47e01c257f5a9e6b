/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mpt_cc_cubic.c: CUBIC (RFC 9438) in bytes, with HyStart++ (mpt_cc_hystart.c).
 *
 *   W_cubic(t) = C (t - K)^3 + W_max,  K = cbrt((W_max - cwnd_epoch) / C),  C = 0.4 segments/s^3, beta = 0.7
 *
 * t runs from the start of the congestion avoidance stage and stands still while the window is not in full use (no
 * on_ack() then). Only + - * / of doubles are used, which are the same on every IEEE 754 machine as long as the
 * compiler does not fuse them (it does not with -std=c11).
 */
#include "cc/mpt_cc.h"

#define C_SEGMENTS_PER_S3 0.4
#define S_PER_NS 1e-9

/* beta = 7/10; alpha_cubic = 3 (1 - beta) / (1 + beta) = 9/17 (section 4.3) */
enum { BETA_TENTHS = 7, ALPHA_NUMERATOR = 9, ALPHA_DENOMINATOR = 17 };

static uint64_t least(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

static void init(mpt_cc *cc) {
    cc->u.cubic.now = (mpt_cc_cubic_state){.epoch_start_ns = MPT_NEVER};
    cc->u.cubic.undo = cc->u.cubic.now;
}

/** Newton's method from above: falls until rounding stops it. @param x >= 0 */
static double cube_root(double x) {
    if (x <= 0)
        return 0;
    double root = x > 1 ? x : 1;
    for (;;) {
        double next = (2 * root + x / (root * root)) / 3;
        if (next >= root)
            return root;
        root = next;
    }
}

/** W_cubic at @p t_ns after the start of the epoch, in bytes; may be negative long before K. */
static double curve_bytes(const mpt_cc *cc, mpt_time t_ns) {
    const mpt_cc_cubic_state *c = &cc->u.cubic.now;
    double d_s = (double)(t_ns - c->k_ns) * S_PER_NS;
    return C_SEGMENTS_PER_S3 * cc->mss_bytes * d_s * d_s * d_s + (double)c->w_max_bytes;
}

/** A congestion avoidance stage begins (sections 4.2, 4.8). */
static void start_epoch(mpt_cc *cc, mpt_time now) {
    mpt_cc_cubic_state *c = &cc->u.cubic.now;
    c->epoch_start_ns = now;
    c->w_est_bytes = cc->cwnd_bytes;
    c->w_est_remainder = 0;
    if (c->w_max_bytes <= cc->cwnd_bytes) {
        c->w_max_bytes = cc->cwnd_bytes;
        c->k_ns = 0;
    } else {
        double segments = (double)(c->w_max_bytes - cc->cwnd_bytes) / cc->mss_bytes;
        c->k_ns = (mpt_time)(cube_root(segments / C_SEGMENTS_PER_S3) / S_PER_NS);
    }
    cc->acked_remainder = 0;
}

static void end_epoch(mpt_cc *cc) {
    cc->u.cubic.now.epoch_start_ns = MPT_NEVER;
}

/** Time in which the window was not in full use is no part of t. A window in use hears of itself every round trip. */
static void skip_idle_time(mpt_cc *cc, mpt_time now) {
    mpt_time gap_ns = now - cc->u.cubic.last_ack_ns;
    if (cc->srtt_ns > 0 && gap_ns > 2 * cc->srtt_ns)
        cc->u.cubic.now.epoch_start_ns += gap_ns - cc->srtt_ns;
}

/** W_est += alpha segments_acked / cwnd (equation 4); alpha is 1 once W_est has reached cwnd_prior (a SHOULD, which RFC 8312 did not know). */
static void grow_estimate(mpt_cc *cc, uint64_t acked_bytes) {
    mpt_cc_cubic_state *c = &cc->u.cubic.now;
    bool is_alpha_one = cc->cubic_alpha_one && c->w_est_bytes >= c->cwnd_prior_bytes;
    uint64_t numerator = is_alpha_one ? ALPHA_DENOMINATOR : ALPHA_NUMERATOR;
    uint64_t divisor = ALPHA_DENOMINATOR * cc->cwnd_bytes;
    uint64_t dividend = numerator * acked_bytes * cc->mss_bytes + c->w_est_remainder;
    c->w_est_bytes += dividend / divisor;
    c->w_est_remainder = dividend % divisor;
}

/** cwnd += (target - cwnd) / cwnd per byte acknowledged (sections 4.4, 4.5), target one round trip ahead. */
static void grow_along_curve(mpt_cc *cc, uint64_t acked_bytes, mpt_time t_ns) {
    uint64_t cwnd_bytes = cc->cwnd_bytes, step_bytes = cwnd_bytes / 2; /* the target is at most 1.5 cwnd */
    double ahead_bytes = curve_bytes(cc, t_ns + cc->srtt_ns) - (double)cwnd_bytes;
    if (ahead_bytes < (double)step_bytes)
        step_bytes = ahead_bytes > 0 ? (uint64_t)ahead_bytes : 0;
    uint64_t dividend = least(acked_bytes, cwnd_bytes) * step_bytes + cc->acked_remainder;
    mpt_cc_set_window(cc, cc->cwnd_bytes + dividend / cwnd_bytes);
    cc->acked_remainder = dividend % cwnd_bytes;
}

static void on_ack(mpt_cc *cc, const mpt_cc_group *group, uint64_t acked_bytes, mpt_time now) {
    (void)group;
    if (cc->cwnd_bytes < cc->ssthresh_bytes)
        end_epoch(cc); /* after this slow start comes another stage of congestion avoidance (section 4.2) */
    acked_bytes = mpt_hystart_slow_start(cc, acked_bytes);
    if (acked_bytes == 0)
        return;
    if (cc->u.cubic.now.epoch_start_ns == MPT_NEVER)
        start_epoch(cc, now);
    else
        skip_idle_time(cc, now);
    cc->u.cubic.last_ack_ns = now;

    mpt_time t_ns = now - cc->u.cubic.now.epoch_start_ns;
    grow_estimate(cc, acked_bytes);
    uint64_t w_est_bytes = cc->u.cubic.now.w_est_bytes;
    if (curve_bytes(cc, t_ns) >= (double)w_est_bytes)
        grow_along_curve(cc, acked_bytes, t_ns);
    else if (cc->cwnd_bytes < w_est_bytes) /* the Reno-friendly region (section 4.3) */
        mpt_cc_set_window(cc, w_est_bytes);
}

static void on_loss(mpt_cc *cc, const mpt_cc_group *group, mpt_cc_loss kind, uint64_t flight_bytes, mpt_time now) {
    (void)group;
    (void)now;
    mpt_cc_cubic_state *c = &cc->u.cubic.now;
    cc->u.cubic.undo = *c;
    c->cwnd_prior_bytes = cc->cwnd_bytes;
    if (kind == MPT_CC_LOSS_TIMEOUT)
        c->w_max_bytes = 0; /* section 4.8: the next stage starts on its own plateau */
    else if (cc->cwnd_bytes < c->w_max_bytes)
        c->w_max_bytes = cc->cwnd_bytes * (10 + BETA_TENTHS) / 20; /* fast convergence (section 4.7) */
    else
        c->w_max_bytes = cc->cwnd_bytes;
    end_epoch(cc);
    mpt_cc_set_threshold(cc, least(flight_bytes, cc->cwnd_bytes) * BETA_TENTHS / 10);
}

static void on_undo(mpt_cc *cc, mpt_time now) {
    mpt_cc_undo(cc, now);
    cc->u.cubic.now = cc->u.cubic.undo; /* section 4.9 */
    cc->acked_remainder = 0;
}

const mpt_cc_ops mpt_cc_cubic = {
    .name = "cubic",
    .init = init,
    .on_ack = on_ack,
    .on_loss = on_loss,
    .on_undo = on_undo,
    .on_restart = end_epoch,
};
