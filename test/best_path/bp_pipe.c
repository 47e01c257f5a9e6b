/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bp_pipe.h"

#include <stdlib.h>
#include <string.h>

#include "sim_fail.h"

static bp_packet *at(const bp_ring *r, uint32_t i) {
    return &r->packets[(r->head + i) & (r->capacity - 1)];
}

static bp_packet *append(bp_ring *r) {
    if (r->count == r->capacity) {
        uint32_t capacity = r->capacity ? 2 * r->capacity : 64;
        bp_packet *packets = malloc(capacity * sizeof *packets);
        SIM_REQUIRE(packets != NULL, "out of memory");
        for (uint32_t i = 0; i < r->count; i++)
            packets[i] = *at(r, i);
        free(r->packets);
        *r = (bp_ring){packets, capacity, 0, r->count};
    }
    return at(r, r->count++);
}

static bp_packet *pop(bp_ring *r) {
    bp_packet *packet = at(r, 0);
    r->head = (r->head + 1) & (r->capacity - 1);
    r->count--;
    return packet;
}

void bp_pipe_init(bp_pipe *p, const bp_path *path, uint64_t seed) {
    *p = (bp_pipe){.path = *path, .rng = {seed}, .sent_at = MPT_NEVER};
}

void bp_pipe_begin(bp_pipe *p, uint64_t seed) {
    p->rng.state = seed;
}

void bp_pipe_free(bp_pipe *p) {
    free(p->queue.packets);
    free(p->under_way.packets);
}

static void start_sending(bp_pipe *p, mpt_time now) {
    if (p->queue.count == 0) {
        p->sent_at = MPT_NEVER;
        return;
    }
    mpt_time from = p->paused_until > now ? p->paused_until : now;
    p->sent_at = from + (mpt_time)((uint64_t)at(&p->queue, 0)->bytes * 8000000000 / p->path.rate_bps);
}

void bp_pipe_put(bp_pipe *p, const mpt_segment *s, mpt_time now) {
    uint32_t bytes = 20 + s->header_bytes + s->payload_bytes;
    if (p->is_dead || (p->queue.count > 0 && p->queued_bytes + bytes > p->path.queue_bytes))
        return;
    bp_packet *packet = append(&p->queue);
    packet->segment = *s;
    packet->bytes = bytes;
    p->queued_bytes += bytes;
    if (p->queue.count == 1)
        start_sending(p, now);
}

/** The packet has left: it arrives after the delay, or a little later, or never. */
static void propagate(bp_pipe *p, const bp_packet *packet, mpt_time now) {
    bool is_lost = sim_rng_chance(&p->rng, p->path.loss_ppm), is_late = sim_rng_chance(&p->rng, p->path.late_ppm);
    if (is_lost)
        return;
    mpt_time arrival = now + p->path.rtt_ns / 2 + (is_late ? p->path.late_ns : 0);
    append(&p->under_way);
    uint32_t i = p->under_way.count - 1;
    for (; i > 0 && at(&p->under_way, i - 1)->at > arrival; i--)
        *at(&p->under_way, i) = *at(&p->under_way, i - 1);
    *at(&p->under_way, i) = *packet;
    at(&p->under_way, i)->at = arrival;
}

mpt_time bp_pipe_next(const bp_pipe *p) {
    mpt_time arrival = p->under_way.count > 0 ? at(&p->under_way, 0)->at : MPT_NEVER;
    return arrival < p->sent_at ? arrival : p->sent_at;
}

const bp_packet *bp_pipe_step(bp_pipe *p, mpt_time now) {
    while (p->sent_at <= now) {
        mpt_time sent_at = p->sent_at;
        bp_packet *packet = pop(&p->queue);
        p->queued_bytes -= packet->bytes;
        propagate(p, packet, sent_at);
        start_sending(p, sent_at);
    }
    return p->under_way.count > 0 && at(&p->under_way, 0)->at <= now ? pop(&p->under_way) : NULL;
}

void bp_pipe_set_rate(bp_pipe *p, uint64_t rate_bps) {
    p->path.rate_bps = rate_bps;
}

void bp_pipe_pause(bp_pipe *p, mpt_time until) {
    p->paused_until = until;
    if (p->sent_at < until)
        p->sent_at = until;
}

void bp_pipe_kill(bp_pipe *p) {
    p->is_dead = true;
    p->queue.count = p->under_way.count = 0;
    p->queued_bytes = 0;
    p->sent_at = MPT_NEVER;
}
