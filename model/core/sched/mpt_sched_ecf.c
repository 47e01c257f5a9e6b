/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_sched_ecf.c: earliest completion first (Lim, Nahum, Towsley and Gibbens, CoNEXT 2017, algorithm 1). f is the path of least round-trip time, s the
 * one of least round-trip time with room; k is what there is to send and no path has yet. Where f has no room:
 *
 *   n = 1 + k / CWND_f, delta = max(sigma_f, sigma_s)
 *   n RTT_f < (1 + waiting beta) (RTT_s + delta):  if k / CWND_s RTT_s >= 2 RTT_f + delta: waiting = 1, wait for f; else s
 *   else waiting = 0, s
 *
 * beta = 0.25. As in the authors' module for Linux k is at least a window of the path it is divided by.
 */
#include "sched/mpt_sched.h"

#define BETA 0.25

/** State of a connection. */
typedef struct ecf {
    bool is_waiting; /**< waiting = 1 */
} ecf;

static double windows(uint64_t bytes, const mpt_sched_path *p) {
    return bytes > p->cwnd_bytes ? (double)bytes / (double)p->cwnd_bytes : 1;
}

static mpt_sched_choice next(const mpt_sched_view *v) {
    uint32_t fast = mpt_sched_least_srtt(v, false), slow = mpt_sched_least_srtt(v, true);
    if (slow == v->count)
        return mpt_sched_wait(MPT_NEVER);
    /* where a queue lies before it another may be there sooner: the smoothed time lags, or stands still */
    if (slow == fast)
        return mpt_sched_new(v, mpt_sched_earliest_with_room(v));
    ecf *e = v->priv;
    mpt_sched_path f = mpt_sched_look(v, fast), s = mpt_sched_look(v, slow);
    double fast_ns = (double)mpt_sched_srtt(v, fast), slow_ns = (double)mpt_sched_srtt(v, slow);
    double delta_ns = (double)(f.rttvar_ns > s.rttvar_ns ? f.rttvar_ns : s.rttvar_ns);
    uint64_t k = v->snd_written - v->snd_nxt;
    double margin = 1 + (e->is_waiting ? BETA : 0);
    if ((1 + windows(k, &f)) * fast_ns >= margin * (slow_ns + delta_ns)) {
        e->is_waiting = false;
        return mpt_sched_new(v, slow);
    }
    if (windows(k, &s) * slow_ns < 2 * fast_ns + delta_ns)
        return mpt_sched_new(v, slow);
    e->is_waiting = true;
    return mpt_sched_wait(MPT_NEVER);
}

const mpt_sched_ops mpt_sched_ecf = {.name = "ecf", .priv_bytes = sizeof(ecf), .next = next};
