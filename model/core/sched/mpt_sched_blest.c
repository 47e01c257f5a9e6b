/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_sched_blest.c: blocking estimation (Ferlin, Alay, Mehani and Boreli, IFIP Networking 2016). The path of least round-trip time, F; when that has no room, a
 * slower one, S, unless the window would be full before F has sent what it could while a segment on S is under way:
 *
 *   rtts = RTT_S / RTT_F,  X = MSS_F (CWND_F + (rtts - 1) / 2) rtts;  wait if X lambda > |SW| - MSS_S (inflight_S + 1)
 *
 * lambda, 1 to 1.3, begins at 1.2 and is corrected once a round trip of S: 0.04 up when the window was full, else 0.01 down (as in the authors'
 * module for Linux; the paper has no figures). In F's initial slow start X is the sum of windows that double, as there.
 */
#include "sched/mpt_sched.h"

enum {
    LAMBDA_START = 1200,
    LAMBDA_MIN = 1000,
    LAMBDA_MAX = 1300,
    LAMBDA_UP = 40,
    LAMBDA_DOWN = 10,
    DOUBLINGS_MAX = 16
};

/** State of a connection. */
typedef struct blest {
    int32_t lambda_1000; /**< 0: not yet set */
    mpt_time corrected_at;
    bool was_full; /**< the window, since then */
} blest;

static void correct_lambda(blest *b, mpt_time slow_ns, mpt_time now) {
    if (b->lambda_1000 == 0) {
        b->lambda_1000 = LAMBDA_START;
        b->corrected_at = now;
    }
    if (now - b->corrected_at < slow_ns)
        return;
    b->lambda_1000 += b->was_full ? LAMBDA_UP : -LAMBDA_DOWN;
    b->lambda_1000 = b->lambda_1000 > LAMBDA_MAX ? LAMBDA_MAX : b->lambda_1000;
    b->lambda_1000 = b->lambda_1000 < LAMBDA_MIN ? LAMBDA_MIN : b->lambda_1000;
    b->was_full = false;
    b->corrected_at = now;
}

/** X: bytes that @p fast sends while a segment on the slow path is under way. */
static double sent_meanwhile(const mpt_sched_path *fast, mpt_time fast_ns, mpt_time slow_ns) {
    double rtts = (double)slow_ns / (double)fast_ns, mss = (double)fast->mss_bytes;
    if (fast->ssthresh_bytes == UINT64_MAX) {
        double window = (double)fast->cwnd_bytes, bytes = 0;
        for (int i = 0; i < DOUBLINGS_MAX && i < rtts; i++, window *= 2)
            bytes += window;
        return bytes;
    }
    return ((double)fast->cwnd_bytes + mss * (rtts - 1) / 2) * rtts;
}

static mpt_sched_choice next(const mpt_sched_view *v) {
    uint32_t fast = mpt_sched_least_srtt(v, false), slow = mpt_sched_least_srtt(v, true);
    if (slow == v->count)
        return mpt_sched_wait(MPT_NEVER);
    /* where a queue lies before it another may be there sooner: the smoothed time lags, or stands still */
    if (slow == fast)
        return mpt_sched_new(v, mpt_sched_earliest_with_room(v));
    blest *b = v->priv;
    mpt_time fast_ns = mpt_sched_srtt(v, fast), slow_ns = mpt_sched_srtt(v, slow);
    mpt_sched_path f = mpt_sched_look(v, fast), s = mpt_sched_look(v, slow);
    correct_lambda(b, slow_ns, v->now);
    double wanted = sent_meanwhile(&f, fast_ns, slow_ns) * b->lambda_1000 / 1000;
    double held = (double)s.unacked_bytes + (double)s.mss_bytes;
    bool would_block = wanted > (double)v->window_bytes - held;
    return would_block ? mpt_sched_wait(MPT_NEVER) : mpt_sched_new(v, slow);
}

static void on_event(const mpt_sched_event *e) {
    ((blest *)e->priv)->was_full = true;
}

const mpt_sched_ops mpt_sched_blest = {
    .name = "blest",
    .priv_bytes = sizeof(blest),
    .events = MPT_SCHED_EVENT(MPT_SCHED_WINDOW_FULL),
    .next = next,
    .on_event = on_event,
};
