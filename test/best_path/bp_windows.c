/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bp_windows.h"

#include <math.h>

#include "sim_rng.h"

#define SEGMENT_BYTES 1424.0
#define PACKET_BYTES 1500.0

enum { RUNS = 8, INITIAL_SEGMENTS = 10 };

typedef struct window {
    double capacity, rtt_s, queue, loss; /**< segments/s, s, segments, of one segment */
    double segments, threshold;          /**< INFINITY: slow start has no end yet */
    double round_s, ends_at_s;           /**< the round trip that is under way */
} window;

typedef struct windows {
    uint32_t count;
    window path[BP_PATHS_MAX];
    double buffer; /**< segments of all of them */
} windows;

static double total_of(const windows *w) {
    double total = 0;
    for (uint32_t i = 0; i < w->count; i++)
        total += w->path[i].segments;
    return total;
}

/** What an acknowledgement adds on path @p i (RFC 6356 section 3, or RFC 5681). */
static double increase(const windows *w, uint32_t i, bool is_coupled) {
    double most = 0, sum = 0, own = 1 / w->path[i].segments;
    for (uint32_t k = 0; k < w->count; k++) {
        const window *p = &w->path[k];
        most = fmax(most, p->segments / (p->round_s * p->round_s));
        sum += p->segments / p->round_s;
    }
    return is_coupled ? fmin(most / (sum * sum), own) : own;
}

/** What is under way on @p p: the buffer is shared. */
static double in_flight(const windows *w, const window *p) {
    return p->segments * fmin(1, w->buffer / total_of(w));
}

static void begin_round(const windows *w, window *p, double now_s) {
    double queued = in_flight(w, p) - p->capacity * p->rtt_s;
    p->round_s = p->rtt_s + fmax(0, queued) / p->capacity;
    p->ends_at_s = now_s + p->round_s;
}

/** @return segments that arrived in the round trip of path @p i, which is over */
static double end_round(windows *w, uint32_t i, bool is_coupled, sim_rng *random) {
    window *p = &w->path[i];
    double sent = fmax(1, floor(in_flight(w, p))), lost = fmax(0, sent - floor(p->capacity * p->rtt_s + p->queue));
    for (double k = lost; k < sent; k++)
        lost += sim_rng_chance(random, (uint32_t)(p->loss * 1e6));
    bool is_in_use = in_flight(w, p) >= p->segments;
    if (lost > 0) {
        p->threshold = fmax(2, sent / 2);
        p->segments = p->threshold;
    } else if (is_in_use && p->segments < p->threshold) {
        p->segments = fmin(2 * p->segments, p->threshold);
    } else if (is_in_use) {
        p->segments += sent * increase(w, i, is_coupled);
    }
    return sent - lost;
}

static windows of_draw(const bp_draw *d, uint32_t set) {
    windows w = {.count = 0};
    uint32_t bytes = d->send_buffer_bytes < d->receive_buffer_bytes ? d->send_buffer_bytes : d->receive_buffer_bytes;
    w.buffer = bytes / SEGMENT_BYTES;
    for (uint32_t i = 0; i < d->path_count; i++)
        if (set >> i & 1)
            w.path[w.count++] = (window){.capacity = (double)d->path[i].rate_bps / 8 / PACKET_BYTES,
                                         .rtt_s = (double)d->path[i].rtt_ns / 1e9,
                                         .queue = (double)d->path[i].queue_bytes / PACKET_BYTES,
                                         .loss = d->path[i].loss_ppm / 1e6,
                                         .segments = INITIAL_SEGMENTS,
                                         .threshold = INFINITY};
    return w;
}

double bp_windows_goodput(const bp_draw *d, uint32_t set, bool is_coupled) {
    double all_segments = 0, all_s = 0, most_s = (double)d->time_max_ns / 1e9;
    double segments = d->bytes == UINT64_MAX ? INFINITY : (double)d->bytes / SEGMENT_BYTES;
    for (uint32_t run = 0; run < RUNS; run++) {
        windows w = of_draw(d, set);
        sim_rng random = {d->seed * RUNS + run};
        double arrived = 0, now_s = 0;
        for (uint32_t i = 0; i < w.count; i++)
            begin_round(&w, &w.path[i], 0);
        while (arrived < segments && now_s < most_s) {
            uint32_t next = 0;
            for (uint32_t i = 1; i < w.count; i++)
                if (w.path[i].ends_at_s < w.path[next].ends_at_s)
                    next = i;
            now_s = w.path[next].ends_at_s;
            arrived += end_round(&w, next, is_coupled, &random);
            begin_round(&w, &w.path[next], now_s);
        }
        all_segments += fmin(arrived, segments);
        all_s += now_s;
    }
    return all_segments * SEGMENT_BYTES * 8 / 1e6 / all_s;
}
