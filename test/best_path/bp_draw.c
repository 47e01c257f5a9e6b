/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bp_draw.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "sim_rng.h"

/** Bytes of a draw's runs over one path, repeats included: what keeps thousands of draws affordable. */
#define BUDGET_BYTES 20e6

static double uniform(sim_rng *r, double low, double high) {
    return low + (high - low) * (double)(sim_rng_u64(r) >> 11) / 9007199254740992.0;
}

/** Every factor is as likely as any other. */
static double log_uniform(sim_rng *r, double low, double high) {
    return exp(uniform(r, log(low), log(high)));
}

static void draw_path(bp_path *p, sim_rng *r) {
    p->rate_bps = (uint64_t)log_uniform(r, 0.1e6, 200e6);
    p->rtt_ns = (mpt_time)log_uniform(r, 2e6, 800e6);
    double queue_bytes = log_uniform(r, 0.1, 5) * (double)p->rate_bps / 8e9 * (double)p->rtt_ns;
    p->queue_bytes = queue_bytes > 4500 ? (uint64_t)queue_bytes : 4500; /* three segments */
    p->loss_ppm = sim_rng_chance(r, 500000) ? (uint32_t)uniform(r, 0, 20000) : 0;
    p->late_ppm = sim_rng_chance(r, 250000) ? (uint32_t)uniform(r, 0, 50000) : 0;
    p->late_ns = (mpt_time)(uniform(r, 0.05, 0.5) * (double)p->rtt_ns);
}

/** @param expected_ns how long the transfer will take, about */
static void draw_event(bp_draw *d, sim_rng *r, mpt_time expected_ns) {
    bp_event *e = &d->event[d->event_count++];
    e->path = (uint32_t)sim_rng_below(r, d->path_count);
    e->at_ns = (mpt_time)(uniform(r, 0.05, 0.8) * (double)expected_ns);
    bp_path *p = &d->path[e->path];
    switch (sim_rng_below(r, 4)) {
    case 0:
    case 1:
        e->kind = BP_RATE;
        e->rate_bps = p->rate_bps > 4000000 ? p->rate_bps / 100 : p->rate_bps * 100;
        break;
    case 2:
        e->kind = BP_PAUSE;
        e->pause_ns = (mpt_time)log_uniform(r, 0.1e9, 5e9);
        break;
    default: e->kind = sim_rng_chance(r, 500000) ? BP_DIE : BP_DOWN; break;
    }
}

static double rate_sum(const bp_draw *d) {
    double sum = 0;
    for (uint32_t i = 0; i < d->path_count; i++)
        sum += (double)d->path[i].rate_bps;
    return sum;
}

/** Does what happens to a segment depend on chance? */
static bool has_chance(const bp_draw *d) {
    bool has = false;
    for (uint32_t i = 0; i < d->path_count; i++)
        has |= d->path[i].loss_ppm > 0 || d->path[i].late_ppm > 0;
    return has;
}

/** What is without end is looked at for as long as the budget lasts, but at least some of the longest round trips. */
static mpt_time looked_at_ns(const bp_draw *d) {
    double longest = 0, time_ns = BUDGET_BYTES * 8e9 / rate_sum(d);
    for (uint32_t i = 0; i < d->path_count; i++)
        longest = fmax(longest, (double)d->path[i].rtt_ns);
    return (mpt_time)fmin(60e9, fmax(time_ns, fmax(5e9, 15 * longest)));
}

void bp_draw_make(bp_draw *d, uint64_t seed) {
    static const char *const algorithms[] = {"lia", "reno", "cubic"};
    sim_rng r = {seed * UINT64_C(0x2545f4914f6cdd1d)};
    *d = (bp_draw){.seed = seed, .path_count = sim_rng_chance(&r, 300000) ? 3 : 2};
    for (uint32_t i = 0; i < d->path_count; i++)
        draw_path(&d->path[i], &r);
    d->send_buffer_bytes = (uint32_t)log_uniform(&r, 65536, 16777216);
    d->receive_buffer_bytes = (uint32_t)log_uniform(&r, 65536, 16777216);
    d->congestion_control = algorithms[sim_rng_below(&r, 3)];
    bool is_endless = sim_rng_chance(&r, 300000);
    double bytes = log_uniform(&r, 10e3, 100e6);
    mpt_time expected_ns = is_endless ? looked_at_ns(d) : (mpt_time)(bytes * 8e9 / rate_sum(d));
    d->bytes = is_endless ? UINT64_MAX : (uint64_t)bytes;
    d->time_max_ns = is_endless ? expected_ns : 3600 * MPT_S;
    for (uint32_t n = sim_rng_chance(&r, 400000) ? 1 + (uint32_t)sim_rng_below(&r, 2) : 0; n > 0; n--)
        draw_event(d, &r, expected_ns);
    double cost = is_endless ? (double)expected_ns * rate_sum(d) / 8e9 : bytes;
    d->repeats = !has_chance(d) ? 1 : cost < BUDGET_BYTES / 5 ? BP_REPEATS_MAX : BP_REPEATS_MAX - 1;
}

void bp_draw_print(const bp_draw *d) {
    printf("%s, buffers %u/%u KB, ", d->congestion_control, d->send_buffer_bytes / 1000,
           d->receive_buffer_bytes / 1000);
    if (d->bytes == UINT64_MAX)
        printf("%.1f s", (double)d->time_max_ns / 1e9);
    else
        printf("%.3f MB", (double)d->bytes / 1e6);
    for (uint32_t i = 0; i < d->path_count; i++) {
        const bp_path *p = &d->path[i];
        printf("; %.2f Mb/s %.0f ms q %.2f", (double)p->rate_bps / 1e6, (double)p->rtt_ns / 1e6,
               (double)p->queue_bytes * 8e9 / (double)p->rate_bps / (double)p->rtt_ns);
        if (p->loss_ppm > 0)
            printf(" loss %.2f%%", (double)p->loss_ppm / 1e4);
        if (p->late_ppm > 0)
            printf(" late %.1f%% %.0f ms", (double)p->late_ppm / 1e4, (double)p->late_ns / 1e6);
    }
    for (uint32_t i = 0; i < d->event_count; i++) {
        static const char *const names[] = {"rate", "pause", "dies", "down"};
        const bp_event *e = &d->event[i];
        printf("; path %u %s at %.2f s", e->path + 1, names[e->kind], (double)e->at_ns / 1e9);
        if (e->kind == BP_RATE)
            printf(" to %.3f Mb/s", (double)e->rate_bps / 1e6);
        if (e->kind == BP_PAUSE)
            printf(" for %.2f s", (double)e->pause_ns / 1e9);
    }
    printf("\n");
}

bool bp_draw_has_death(const bp_draw *d) {
    for (uint32_t i = 0; i < d->event_count; i++)
        if (d->event[i].kind == BP_DIE || d->event[i].kind == BP_DOWN)
            return true;
    return false;
}
