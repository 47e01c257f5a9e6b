/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * bp_ideal.c: windows in equilibrium (RFC 6356; Wischik, Raiciu, Greenhalgh and Handley, NSDI 2011). An acknowledgement adds min(alpha / w_total, 1 / w_r),
 * a loss takes w_r / 2, a segment is lost with the path's probability p_r of random loss:
 *
 *   w_r = min(sqrt(2 / p_r), 2 alpha / (p_r w_total)),  alpha = w_total max(w_r / RTT_r^2) / (sum w_r / RTT_r)^2
 *
 * A window that the path cannot hold is the path's own, C_r RTT_r: there losses come of the queue, as many as are needed. What the buffers hold is shared by
 * the paths that are used, for as long as the longest round trip: the set of paths that gives most counts.
 */
#include "bp_ideal.h"

#include <math.h>

#define SEGMENT_BYTES 1424.0
#define PACKET_BYTES 1500.0

typedef struct fluid {
    uint32_t count;
    double capacity[BP_PATHS_MAX]; /**< segments/s */
    double rtt_s[BP_PATHS_MAX], loss[BP_PATHS_MAX];
    double window[BP_PATHS_MAX]; /**< segments */
} fluid;

static double alpha_of(const fluid *f, uint32_t set, double total) {
    double most = 0, sum = 0;
    for (uint32_t i = 0; i < f->count; i++) {
        if (!(set >> i & 1))
            continue;
        most = fmax(most, f->window[i] / (f->rtt_s[i] * f->rtt_s[i]));
        sum += f->window[i] / f->rtt_s[i];
    }
    return total * most / (sum * sum);
}

static double alone(const fluid *f, uint32_t i) {
    double room = fmax(f->capacity[i] * f->rtt_s[i], 1);
    return f->loss[i] > 0 ? fmin(room, sqrt(2 / f->loss[i])) : room;
}

/** The windows of LIA on the paths of @p set; others have none. */
static void couple(fluid *f, uint32_t set) {
    enum { ROUNDS = 2000 };
    for (uint32_t i = 0; i < f->count; i++)
        f->window[i] = set >> i & 1 ? alone(f, i) : 0;
    for (uint32_t n = 0; n < ROUNDS; n++) {
        double total = 0;
        for (uint32_t i = 0; i < f->count; i++)
            total += f->window[i];
        double alpha = alpha_of(f, set, total);
        for (uint32_t i = 0; i < f->count; i++) {
            double coupled = f->loss[i] > 0 ? 2 * alpha / (f->loss[i] * total) : INFINITY;
            if (set >> i & 1) /* slowly, or it swings */
                f->window[i] += (fmax(1, fmin(alone(f, i), coupled)) - f->window[i]) / 20;
        }
    }
}

/** Mb/s of the windows, as far as the buffers let them. */
static double rate_of(const fluid *f, const bp_draw *d) {
    double rate = 0, longest_s = 0;
    uint32_t buffer = d->send_buffer_bytes < d->receive_buffer_bytes ? d->send_buffer_bytes : d->receive_buffer_bytes;
    for (uint32_t i = 0; i < f->count; i++) {
        rate += fmin(f->capacity[i], f->window[i] / f->rtt_s[i]) * SEGMENT_BYTES * 8 / 1e6;
        if (f->window[i] > 0)
            longest_s = fmax(longest_s, f->rtt_s[i]);
    }
    return fmin(rate, buffer * 8 / longest_s / 1e6);
}

bp_ideal bp_ideal_of(const bp_draw *d) {
    fluid f = {.count = d->path_count};
    bp_ideal ideal = {0, 0, 0};
    for (uint32_t i = 0; i < f.count; i++) {
        f.capacity[i] = (double)d->path[i].rate_bps / 8 / PACKET_BYTES;
        f.rtt_s[i] = (double)d->path[i].rtt_ns / 1e9;
        f.loss[i] = d->path[i].loss_ppm / 1e6;
    }
    for (uint32_t set = 1; set < 1u << f.count; set++) {
        for (uint32_t i = 0; i < f.count; i++)
            f.window[i] = set >> i & 1 ? alone(&f, i) : 0;
        bool is_one = (set & (set - 1)) == 0;
        ideal.uncoupled = fmax(ideal.uncoupled, rate_of(&f, d));
        ideal.best = is_one ? fmax(ideal.best, rate_of(&f, d)) : ideal.best;
        couple(&f, set);
        ideal.coupled = fmax(ideal.coupled, rate_of(&f, d));
    }
    return ideal;
}
