/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wire.h"

#include "capacity.h"

/* ---- The way ----------------------------------------------------------------------------------------------- */

static void arrive(void *object);

static void expect_first(struct wire *w) {
    if (w->flying.first)
        clock_at(w->clock, w->flying.first->time_ns, w->flying.first->number, arrive, w);
}

/* Put @p p, whose time of arrival is known, on the way; mostly behind all others. */
static void fly(struct wire *w, struct packet *p) {
    struct packet **at = &w->flying.first;

    if (!w->flying.first || p->time_ns >= w->flying.last->time_ns) {
        packet_list_add(&w->flying, p);
    } else {
        while ((*at)->time_ns <= p->time_ns)
            at = &(*at)->next;
        p->next = *at;
        *at = p;
        w->flying.count++;
    }
    if (w->flying.first == p)
        expect_first(w);
}

/* The state of Gilbert's and Elliott's model changes before each packet; in a burst all are lost. */
static bool is_lost(struct wire *w) {
    double u = rng_between(&w->loss_rng, 0, 1);

    if (w->burst_packets <= 1)
        return u < w->loss;
    if (w->is_in_burst)
        w->is_in_burst = u >= 1 / w->burst_packets;
    else
        w->is_in_burst = u < w->loss / (1 - w->loss) / w->burst_packets;
    return w->is_in_burst;
}

static void arrive(void *object) {
    struct wire *w = object;
    struct packet *p = w->flying.first;

    if (!p || p->number != w->clock->number)
        return; /* another packet came to be before it, and was waited for since */
    packet_list_take(&w->flying);
    expect_first(w);
    if (w->loss > 0 && is_lost(w)) {
        w->lost++;
        packet_drop(w->queue.pool, p);
        return;
    }
    w->delivered++;
    w->receive(w->receiver, p);
}

static int64_t jitter_of(struct wire *w) {
    return w->jitter_ns > 0 ? (int64_t)rng_between(&w->jitter_rng, 0, (double)w->jitter_ns + 1) : 0;
}

/* The last byte leaves the device at @p time_ns. */
static void send_off(struct wire *w, struct packet *p, int64_t time_ns) {
    w->sent++;
    if (w->duplicate > 0 && rng_between(&w->duplicate_rng, 0, 1) < w->duplicate) {
        struct packet *copy = packet_copy(w->queue.pool, p);

        copy->time_ns = time_ns + w->delay_ns + jitter_of(w);
        copy->number = clock_number(w->clock);
        w->duplicated++;
        fly(w, copy);
    }
    p->time_ns = time_ns + w->delay_ns + jitter_of(w);
    p->number = clock_number(w->clock);
    fly(w, p);
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
    send_off(w, p, w->done_ns);
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
    if (w->rate_bps == 0)
        return; /* until a trace says otherwise */
    p = packet_list_take(&w->device);
    if (!p)
        p = queue_take(&w->queue, w->clock->now_ns); /* what came while nothing could be sent */
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
        if (is_sending(w) || w->rate_bps == 0) {
            packet_list_add(&w->device, p);
            continue;
        }
        if (w->device_packets_max == 1)
            ask_later(w);
        transmit(w, p);
    }
    if (w->device.first && !w->is_done_set && w->rate_bps > 0) {
        w->is_done_set = true;
        clock_at(w->clock, w->done_ns, w->done_number, done, w);
    }
}

/* ---- A trace's opportunities -------------------------------------------------------------------------------- */

static void use_opportunity(void *object);

static void wait_for_opportunity(struct wire *w) {
    int64_t time_ns = capacity_next_ns(w->capacity);

    if (w->is_done_set || (!w->partial && queue_count(&w->queue) == 0) || time_ns == INT64_MAX)
        return;
    w->is_done_set = true;
    clock_at(w->clock, time_ns, clock_number(w->clock), use_opportunity, w);
}

/* So many bytes may leave now, of one packet or several; a packet leaves with its last byte. */
static void use_opportunity(void *object) {
    struct wire *w = object;
    uint32_t bytes = CAPACITY_BYTES;

    w->is_done_set = false;
    while (bytes > 0) {
        if (!w->partial) {
            w->partial = queue_take(&w->queue, w->clock->now_ns);
            if (!w->partial)
                break;
            w->partial_bytes = w->partial->ip_bytes;
        }
        uint32_t now = w->partial_bytes < bytes ? w->partial_bytes : bytes;

        bytes -= now;
        w->partial_bytes -= now;
        if (w->partial_bytes == 0) {
            send_off(w, w->partial, w->clock->now_ns);
            w->partial = NULL;
        }
    }
    capacity_pass(w->capacity);
    wait_for_opportunity(w);
}

/* ---- A trace's changes -------------------------------------------------------------------------------------- */

static void resume(struct wire *w) {
    if (w->rate_bps == 0 || w->is_done_set || (!w->device.first && queue_count(&w->queue) == 0))
        return;
    if (is_sending(w)) {
        w->is_done_set = true;
        clock_at(w->clock, w->done_ns, w->done_number, done, w);
    } else {
        done(w);
    }
}

static void change(void *object) {
    struct wire *w = object;
    const struct capacity_row *row = capacity_row(w->capacity);

    w->rate_bps = row->rate_bps;
    if (row->delay_ns >= 0)
        w->delay_ns = row->delay_ns;
    if (row->loss >= 0)
        w->loss = row->loss;
    capacity_pass(w->capacity);
    resume(w);
    wire_follow(w);
}

void wire_follow(struct wire *w) {
    int64_t time_ns = w->capacity ? capacity_next_ns(w->capacity) : INT64_MAX;

    if (time_ns != INT64_MAX && !capacity_is_opportunities(w->capacity))
        clock_at(w->clock, time_ns, clock_number(w->clock), change, w);
}

/* ---- To and from it ----------------------------------------------------------------------------------------- */

void wire_send(struct wire *w, struct packet *p) {
    w->given++;
    catch_up(w);
    if (!queue_put(&w->queue, p, w->clock->now_ns))
        return;
    if (w->capacity && capacity_is_opportunities(w->capacity)) {
        capacity_skip_until(w->capacity, w->clock->now_ns);
        wait_for_opportunity(w);
    } else {
        ask_discipline(w);
    }
}

uint64_t wire_inside(const struct wire *w) {
    return (uint64_t)queue_count(&w->queue) + w->device.count + w->flying.count + (w->partial != NULL);
}
