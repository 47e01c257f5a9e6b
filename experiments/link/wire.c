/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wire.h"

/* ---- The way ----------------------------------------------------------------------------------------------- */

static void arrive(void *object) {
    struct wire *w = object;
    struct packet *p = packet_list_take(&w->flying);
    const struct packet *next = w->flying.first;

    if (next)
        clock_at(w->clock, next->time_ns, next->number, arrive, w);
    if (w->loss > 0 && rng_between(&w->loss_rng, 0, 1) < w->loss) {
        w->lost++;
        packet_drop(w->queue.pool, p);
        return;
    }
    w->delivered++;
    w->receive(w->receiver, p);
}

/* The time of @p bits at the wire's rate, to the nearest nanosecond, as ns-3's DataRate has it. */
static int64_t transmission_ns(const struct wire *w, uint64_t bits) {
    return (int64_t)((bits * UINT64_C(2000000000) + w->rate_bps) / (2 * w->rate_bps));
}

/* ---- The device -------------------------------------------------------------------------------------------- */

static bool is_sending(const struct wire *w) {
    return !clock_is_past(w->clock, w->done_ns, w->done_number);
}

static void transmit(struct wire *w, struct packet *p) {
    w->done_ns = w->clock->now_ns + transmission_ns(w, UINT64_C(8) * (p->ip_bytes + PPP_HEADER_BYTES));
    w->done_number = clock_number(w->clock);
    p->time_ns = w->done_ns + w->delay_ns;
    p->number = clock_number(w->clock);
    if (!w->flying.first)
        clock_at(w->clock, p->time_ns, p->number, arrive, w);
    packet_list_add(&w->flying, p);
    w->sent++;
}

static void ask_later(struct wire *w) {
    w->is_asked = true;
    w->asked_ns = w->clock->now_ns;
    w->asked_number = clock_number(w->clock);
}

/* Do what has been due since the device began to send, and was left because nobody could see it. */
static void catch_up(struct wire *w) {
    struct packet *p;

    if (!w->is_asked || !clock_is_past(w->clock, w->asked_ns, w->asked_number))
        return;
    w->is_asked = false;
    while (w->device.count < w->device_packets_max && (p = queue_take(&w->queue, w->asked_ns)))
        packet_list_add(&w->device, p);
}

static void done(void *object) {
    struct wire *w = object;
    struct packet *p;

    w->is_done_set = false;
    catch_up(w);
    p = packet_list_take(&w->device);
    if (!p)
        return;
    if (w->device.count + 1 == w->device_packets_max)
        ask_later(w);
    transmit(w, p);
    if (w->device.first || queue_count(&w->queue) > 0) {
        w->is_done_set = true;
        clock_at(w->clock, w->done_ns, w->done_number, done, w);
    }
}

/* The discipline gives what the device has room for. */
static void ask_discipline(struct wire *w) {
    struct packet *p;

    while (w->device.count < w->device_packets_max && (p = queue_take(&w->queue, w->clock->now_ns))) {
        if (is_sending(w)) {
            packet_list_add(&w->device, p);
            continue;
        }
        if (w->device_packets_max == 1)
            ask_later(w);
        transmit(w, p);
    }
    if (w->device.first && !w->is_done_set) {
        w->is_done_set = true;
        clock_at(w->clock, w->done_ns, w->done_number, done, w);
    }
}

void wire_send(struct wire *w, struct packet *p) {
    catch_up(w);
    if (queue_put(&w->queue, p, w->clock->now_ns))
        ask_discipline(w);
}

uint64_t wire_inside(const struct wire *w) {
    return (uint64_t)queue_count(&w->queue) + w->device.count + w->flying.count;
}
