/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "red.h"

#include <math.h>
#include <stddef.h>

void red_init(struct red *r, uint64_t rate_bps, uint32_t packet_bytes) {
    r->weight = 0.002;
    r->packets_per_s = (double)rate_bps / (8.0 * packet_bytes);
    r->is_idle = true;
}

/* (1 - weight)^(passed + 1) */
static double decay(struct red *r, uint32_t passed) {
    double *known = passed < RED_DECAYS ? &r->decays[passed] : NULL;

    if (known && *known > 0)
        return *known;
    double factor = passed == 0 ? 1.0 - r->weight : pow(1.0 - r->weight, passed + 1);

    if (known)
        *known = factor;
    return factor;
}

/* In the time that the queue was empty so many small packets could have passed; the average falls by each of them. */
static void update_average(struct red *r, uint32_t queued, int64_t now_ns) {
    uint32_t passed = 0;

    if (r->is_idle)
        passed = (uint32_t)(r->packets_per_s * ((double)(now_ns - r->idle_ns) / 1e9));
    r->is_idle = false;
    r->average *= decay(r, passed);
    r->average += r->weight * queued;
}

static double probability(const struct red *r) {
    double p;

    if (r->average >= r->max_packets) /* gentle: from there to 1 at twice the maximum */
        p = (1.0 - r->probability_max) / r->max_packets * r->average + (2.0 * r->probability_max - 1.0);
    else
        p = (1.0 / (r->max_packets - r->min_packets) * r->average +
             -r->min_packets / (r->max_packets - r->min_packets)) *
            r->probability_max;
    return p > 1.0 ? 1.0 : p;
}

/* Spread drops evenly: none right after one, then more and more likely. */
static double spread(double p, double since_last) {
    if (since_last * p < 1.0)
        return 0.0;
    if (since_last * p < 2.0)
        p /= 2.0 - since_last * p;
    else
        p = 1.0;
    return p > 1.0 ? 1.0 : p;
}

enum red_verdict red_arrive(struct red *r, uint32_t queued, int64_t now_ns) {
    update_average(r, queued, now_ns);
    r->since_last++;
    if (r->average < r->min_packets || queued <= 1) {
        r->is_above = false;
        return RED_PASS;
    }
    if (r->average >= 2 * r->max_packets)
        return RED_FORCED;
    if (!r->is_above) {
        r->since_last = 1;
        r->is_above = true;
        return RED_PASS;
    }
    double p = spread(probability(r), r->since_last);

    if (rng_between(&r->rng, 0, 1) > p)
        return RED_PASS;
    r->since_last = 0;
    return RED_EARLY;
}

void red_taken(struct red *r, bool is_empty, int64_t now_ns) {
    r->is_idle = is_empty;
    if (is_empty)
        r->idle_ns = now_ns;
}
