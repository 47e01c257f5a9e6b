/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wire.h"

#include "capacity.h"

#include <string.h>

/* ---- The way ----------------------------------------------------------------------------------------------- */

static void arrive(void *object);

static void expect_first(struct wire *w) {
    if (!w->flying.first)
        return;
    if (w->arrival_turn == 0)
        w->arrival_turn = clock_turn(w->clock, arrive, w);
    clock_expect(w->clock, w->arrival_turn, w->flying.first->time_ns, w->flying.first->number);
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

/* Of the same two ports: what the one needs is there because of the other. */
static bool is_alike(const struct packet *a, const struct packet *b) {
    return memcmp(a->segment.header, b->segment.header, 4) == 0;
}

/* Let the fourth packet behind @p p be in the caches when it arrives, and those before it find there what they need: thousands may be on the way, of as many connections. */
static void look_ahead(const struct wire *w, const struct packet *p) {
    for (unsigned ahead = 1; ahead < WIRE_FORESEEN; ahead++) {
        const struct packet *next = p->next;

        if (!next)
            return;
        if (w->foresee && !is_alike(p, next))
            w->foresee(w->foreseer, next, ahead);
        p = next;
    }
    if (p->next)
        packet_prefetch(p->next);
}

static void arrive(void *object) {
    struct wire *w = object;
    struct packet *p = w->flying.first;

    if (!p || p->number != w->clock->number)
        return; /* another packet came to be before it, and was waited for since */
    packet_list_take(&w->flying);
    look_ahead(w, p);
    expect_first(w);
    if ((wire_draws_losses(w) && is_lost(w)) || w->is_broken) {
        w->lost++;
        packet_drop(w->queue.pool, p);
        return;
    }
    w->delivered++;
    w->receive(w->receiver, p);
}

/* How much later than others a packet is. */
static int64_t held_back_ns(struct wire *w) {
    int64_t late_ns = w->jitter_ns > 0 ? (int64_t)rng_between(&w->jitter_rng, 0, (double)w->jitter_ns + 1) : 0;

    return w->reorder > 0 && rng_between(&w->reorder_rng, 0, 1) < w->reorder ? late_ns + w->reorder_ns : late_ns;
}

/* The last byte leaves the device at @p time_ns. */
static void send_off(struct wire *w, struct packet *p, int64_t time_ns) {
    w->sent++;
    if (w->duplicate > 0 && rng_between(&w->duplicate_rng, 0, 1) < w->duplicate) {
        struct packet *copy = packet_copy(w->queue.pool, p);

        copy->time_ns = time_ns + w->delay_ns + held_back_ns(w);
        copy->number = clock_number(w->clock);
        w->duplicated++;
        fly(w, copy);
    }
    p->time_ns = time_ns + w->delay_ns + held_back_ns(w);
    p->number = clock_number(w->clock);
    fly(w, p);
}

/* The time of @p bits at the wire's rate, to the nearest nanosecond, as ns-3's DataRate has it. */
static int64_t transmission_ns(struct wire *w, uint64_t bits) {
    if (w->timed_bits != bits || w->timed_bps != w->rate_bps) {
        w->timed_bits = bits;
        w->timed_bps = w->rate_bps;
        w->timed_ns = (int64_t)((bits * UINT64_C(2000000000) + w->rate_bps) / (2 * w->rate_bps));
    }
    return w->timed_ns;
}

/* ---- The device -------------------------------------------------------------------------------------------- */

static bool is_sending(const struct wire *w) {
    return !clock_is_past(w->clock, w->done_ns, w->done_number);
}

static int64_t follow_capacity(struct wire *w, const struct packet *p) {
    int64_t done_ns = capacity_send(w->capacity, w->clock->now_ns, p->ip_bytes, PPP_HEADER_BYTES);

    if (w->capacity->delay_ns >= 0)
        wire_set_delay(w, w->capacity->delay_ns);
    return done_ns;
}

static void transmit(struct wire *w, struct packet *p) {
    w->done_ns = w->capacity ? follow_capacity(w, p)
                             : w->clock->now_ns + transmission_ns(w, UINT64_C(8) * (p->ip_bytes + PPP_HEADER_BYTES));
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
    while (w->device.count < w->device_packets_max && (p = queue_take(&w->queue, w->asked_ns))) {
        packet_list_add(&w->device, p);
        if (queue_count(&w->queue) == 0)
            break;
    }
}

static void done(void *object);

static void expect_done(struct wire *w) {
    if (w->done_turn == 0)
        w->done_turn = clock_turn(w->clock, done, w);
    clock_expect(w->clock, w->done_turn, w->done_ns, w->done_number);
    w->is_done_set = true;
}

static void done(void *object) {
    struct wire *w = object;
    struct packet *p;

    w->is_done_set = false;
    catch_up(w);
    p = packet_list_take(&w->device);
    if (w->device.count + 1 == w->device_packets_max)
        ask_later(w);
    transmit(w, p);
    if (w->device.first || queue_count(&w->queue) > 0)
        expect_done(w);
}

static void give_device(struct wire *w, struct packet *p) {
    if (is_sending(w)) {
        packet_list_add(&w->device, p);
        return;
    }
    if (w->device_packets_max == 1)
        ask_later(w);
    transmit(w, p);
}

/*
 * The discipline gives what the device has room for. Having given its last packet it is not asked again: that it has become
 * empty it learns when the device has room once more (as ns-3's QueueDisc::Run()).
 */
static void ask_discipline(struct wire *w) {
    struct packet *p;

    while (w->device.count < w->device_packets_max && (p = queue_take(&w->queue, w->clock->now_ns))) {
        give_device(w, p);
        if (queue_count(&w->queue) == 0)
            break;
    }
    if (w->device.first && !w->is_done_set)
        expect_done(w);
}

/* ---- A trace's changes -------------------------------------------------------------------------------------- */

static void change(void *object) {
    struct wire *w = object;

    (w->beyond ? w->beyond : w)->loss = capacity_take_change(w->capacity);
    wire_follow(w);
}

void wire_follow(struct wire *w) {
    int64_t time_ns = w->capacity ? capacity_next_change_ns(w->capacity) : CAPACITY_NEVER;

    if (time_ns != CAPACITY_NEVER)
        clock_at(w->clock, time_ns, clock_number(w->clock), change, w);
}

/* ---- To and from it ----------------------------------------------------------------------------------------- */

/* Nothing waits, and nothing is being sent: the packet leaves at once, and of the queue no more is seen than queue_pass() does. */
static bool is_free(const struct wire *w, const struct packet *p) {
    return queue_can_pass(&w->queue, p) && w->device.count == 0 && !is_sending(w);
}

void wire_send(struct wire *w, struct packet *p) {
    w->given++;
    if (is_free(w, p)) {
        queue_pass(&w->queue);
        if (w->device_packets_max == 1)
            ask_later(w);
        transmit(w, p);
        return;
    }
    catch_up(w);
    queue_put(&w->queue, p, w->clock->now_ns);
    ask_discipline(w); /* what it drops, too, makes it look at the device */
}

/* ---- Boxes on the way --------------------------------------------------------------------------------------- */

void wire_set_delay(struct wire *w, int64_t delay_ns) {
    (w->is_delay_beyond ? w->beyond : w)->delay_ns = delay_ns;
}

void wire_cut(struct wire *w, struct wire *beyond, bool is_delay_beyond, wire_receiver *enter, void *boxes) {
    *beyond = *w; /* nothing has been sent yet */
    w->beyond = beyond;
    w->is_delay_beyond = is_delay_beyond;
    w->loss = 0;
    w->jitter_ns = 0;
    w->reorder = 0;
    w->duplicate = 0;
    w->receive = enter;
    w->receiver = boxes;
    (is_delay_beyond ? w : beyond)->delay_ns = 0;
}

void wire_carry(struct wire *beyond, struct packet *p) {
    beyond->given++;
    send_off(beyond, p, beyond->clock->now_ns);
}

uint64_t wire_inside(const struct wire *w) {
    return (uint64_t)queue_count(&w->queue) + w->device.count + w->flying.count;
}

bool wire_conserves(const struct wire *w) {
    return w->given + w->duplicated == w->delivered + w->lost + w->queue.dropped + wire_inside(w);
}
