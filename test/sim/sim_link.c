/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim_link.h"

#include <stdlib.h>
#include <string.h>

#include "sim_fail.h"

sim_packet *sim_packet_new(uint32_t payload_bytes) {
    sim_packet *p = calloc(1, sizeof *p + payload_bytes);
    SIM_REQUIRE(p != NULL, "out of memory");
    p->segment.payload_bytes = payload_bytes;
    return p;
}

sim_packet *sim_packet_copy(const sim_packet *p) {
    sim_packet *copy = sim_packet_new(p->segment.payload_bytes);
    memcpy(copy, p, sizeof *p + p->segment.payload_bytes);
    return copy;
}

uint32_t sim_packet_ip_bytes(const sim_packet *p) {
    return (p->segment.source.family == 6 ? 40 : 20) + p->segment.header_bytes + p->segment.payload_bytes;
}

/** @return nanoseconds to send @p bytes. */
static mpt_time serialisation_ns(const sim_link *l, uint64_t bytes) {
    return l->settings.rate_bps == 0 ? 0 : (mpt_time)(bytes * 8 * 1000000000 / l->settings.rate_bps);
}

static mpt_time jitter(const sim_link *l, sim_rng *rng) {
    return l->settings.jitter_ns == 0 ? 0 : sim_rng_between(rng, 0, l->settings.jitter_ns);
}

uint32_t sim_link_send(sim_link *l, int from, uint32_t bytes, sim_rng *rng, mpt_time now, mpt_time arrival[2]) {
    const sim_link_settings *s = &l->settings;
    if (l->is_blocked || l->is_dead) {
        SIM_COUNT(l->stats, blocked);
        return 0;
    }
    mpt_time start = l->busy_until[from] > now ? l->busy_until[from] : now;
    if (start > now && start - now > serialisation_ns(l, s->queue_bytes_max)) {
        SIM_COUNT(l->stats, overflowed);
        return 0;
    }
    l->busy_until[from] = start + serialisation_ns(l, bytes);
    if (sim_rng_chance(rng, s->loss_ppm)) {
        SIM_COUNT(l->stats, lost);
        return 0;
    }
    arrival[0] = l->busy_until[from] + s->delay_ns + jitter(l, rng);
    if (arrival[0] < l->last_arrival[from]) {
        SIM_COUNT(l->stats, reordered);
    } else {
        l->last_arrival[from] = arrival[0];
    }
    if (!sim_rng_chance(rng, s->duplicate_ppm)) {
        return 1;
    }
    SIM_COUNT(l->stats, duplicated);
    arrival[1] = l->busy_until[from] + s->delay_ns + jitter(l, rng);
    return 2;
}
