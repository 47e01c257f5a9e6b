/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packets.h"

#include "sender.h"

#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>

/* RED's averaging, as ns-3 has it by default. */
#define RED_WEIGHT 0.002

/* CoDel, in the words of RFC 8289 */
typedef struct {
    double first_above_at, drop_next_at, count, last_count;
    bool is_dropping;
} codel_state;

/* A packet in a queue of its subflow's, before link `hop` of its path. */
typedef struct {
    double since;
    uint64_t packet;
    uint32_t path;
    uint16_t hop;
} waiting;

/* RFC 8290: a subflow's queue. */
typedef struct {
    waiting ring[SENDER_RING];
    uint64_t first, next;
    codel_state codel;
    bool is_listed, is_new; /* on one of the lists; on that of the new ones */
} fair_queue;

typedef struct {
    double free_at;    /* when all that is queued has left */
    double average;    /* RED's queue */
    double since_drop; /* packets */
    codel_state codel;
    fair_queue *of_path;             /* of each; NULL: the link is not fair */
    uint32_t turn[2][NET_TOTAL_MAX]; /* paths whose turn comes, as rings: old ones, new ones */
    uint64_t turn_first[2], turn_next[2];
    bool is_busy;
} link_state;

typedef enum { EVENT_HOP, EVENT_ACK, EVENT_PROBE, EVENT_START, EVENT_SERVE, EVENT_PACE } event_kind;

typedef struct {
    double at;
    uint64_t order; /* of two at the same time: which was made first */
    uint64_t packet;
    uint32_t path;
    uint16_t hop;
    uint16_t kind;
} event;

typedef struct {
    const net_path *path;
    double rtt_s, stop_s;
    bool has_probe, has_pace; /* an event of it is on its way */
    uint64_t delivered_before;
    sender *s;
} endpoint;

typedef struct {
    const network *n;
    gsl_rng *random;
    link_state link[NET_LINKS_MAX];
    endpoint *end;
    size_t ends;
    event *heap;
    size_t events, room;
    uint64_t order;
} world;

static bool is_before(const event *a, const event *b) {
    return a->at < b->at || (a->at == b->at && a->order < b->order);
}

static void push(world *w, event e) {
    if (w->events == w->room) {
        w->room = 2 * w->room + 1024;
        w->heap = realloc(w->heap, w->room * sizeof *w->heap);
        if (w->heap == NULL)
            abort();
    }
    e.order = w->order++;
    size_t i = w->events++;
    for (; i > 0 && is_before(&e, &w->heap[(i - 1) / 2]); i = (i - 1) / 2)
        w->heap[i] = w->heap[(i - 1) / 2];
    w->heap[i] = e;
}

static event pop(world *w) {
    event first = w->heap[0], last = w->heap[--w->events];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < w->events; i = child) {
        if (child + 1 < w->events && is_before(&w->heap[child + 1], &w->heap[child]))
            child++;
        if (!is_before(&w->heap[child], &last))
            break;
        w->heap[i] = w->heap[child];
    }
    w->heap[i] = last;
    return first;
}

/* RED, with drops spread evenly where asked for (Floyd and Jacobson 1993, method 2, with ns-3's wait between two). */
static bool red_drops(world *w, const net_link *link, link_state *state, double queue, double now) {
    double idle = queue > 0 ? 0 : fmax(now - state->free_at, 0) * link->capacity_pps;
    state->average = state->average * pow(1 - RED_WEIGHT, 1 + idle) + RED_WEIGHT * queue;
    double p = red_probability(link, state->average);
    state->since_drop++;
    if (p <= 0) {
        state->since_drop = 0;
        return false;
    }
    double count_p = state->since_drop * p;
    double spread = p >= 1 ? 1 : count_p < 1 ? 0 : count_p < 2 ? p / (2 - count_p) : 1;
    if (gsl_rng_uniform(w->random) >= (link->is_even ? spread : p))
        return false;
    state->since_drop = 0;
    return true;
}

/*
 * CoDel (RFC 8289, 5) looks at a packet when its turn comes, which in a single queue is known when it arrives; the same
 * goes for what is decided of the packets before it. Only the rule that a queue of less than one packet is never
 * dropped from is left out: there such a packet would not have waited for 5 ms.
 */
static bool codel_drops(codel_state *state, double now, double turn_at) {
    bool is_late = false;
    if (turn_at - now < CODEL_TARGET_S)
        state->first_above_at = 0;
    else if (state->first_above_at <= 0)
        state->first_above_at = turn_at + CODEL_INTERVAL_S;
    else
        is_late = turn_at >= state->first_above_at;
    if (state->is_dropping) {
        state->is_dropping = is_late;
        if (!is_late || turn_at < state->drop_next_at)
            return false;
        state->count++;
        state->drop_next_at += CODEL_INTERVAL_S / sqrt(state->count);
        return true;
    }
    if (!is_late)
        return false;
    double since = state->count - state->last_count;
    state->is_dropping = true;
    state->count = since > 1 && turn_at - state->drop_next_at < 16 * CODEL_INTERVAL_S ? since : 1;
    state->drop_next_at = turn_at + CODEL_INTERVAL_S / sqrt(state->count);
    state->last_count = state->count;
    return true;
}

/* @return when a packet that comes now has left the link; negative: never, it is lost. */
static double cross(world *w, size_t index, sender *s, uint64_t number, double now) {
    const net_link *link = &w->n->link[index];
    link_state *state = &w->link[index];
    if (link->loss > 0 && gsl_rng_uniform(w->random) < link->loss)
        return -1;
    if (link->capacity_pps <= 0)
        return now;
    double queue = fmax(state->free_at - now, 0) * link->capacity_pps;
    if (link->is_red && red_drops(w, link, state, queue, now)) {
        if (!link->is_marking || s->of->rule != RULE_DCTCP || state->average >= 2 * link->red_max)
            return -1;
        s->ring[number % SENDER_RING].is_marked = true;
    }
    if (link->queue_max > 0 && queue >= link->queue_max)
        return -1;
    double turn_at = fmax(state->free_at, now);
    if (link->is_codel && codel_drops(&state->codel, now, turn_at))
        return -1;
    state->free_at = turn_at + 1 / link->capacity_pps;
    return state->free_at;
}

/* ---- A queue for each subflow (RFC 8290): packets are of one size, a turn is one packet --------------------------- */

enum { OLD, NEW };

static void list(link_state *state, int which, uint32_t path) {
    state->turn[which][state->turn_next[which]++ % NET_TOTAL_MAX] = path;
    state->of_path[path].is_listed = true;
    state->of_path[path].is_new = which == NEW;
}

/* The next packet of a queue that CoDel lets pass. @return false: it is empty */
static bool dequeue(fair_queue *q, waiting *out, double now) {
    while (q->first < q->next) {
        *out = q->ring[q->first++ % SENDER_RING];
        if (!codel_drops(&q->codel, out->since, now))
            return true;
    }
    return false;
}

/* The link is free: it goes on with the queue whose turn it is; a new one that is empty becomes old, an old one is forgotten. */
static void serve(world *w, size_t index, double now) {
    link_state *state = &w->link[index];
    state->is_busy = false;
    while (!state->is_busy) {
        int which = state->turn_first[NEW] < state->turn_next[NEW] ? NEW : OLD;
        if (state->turn_first[which] == state->turn_next[which])
            return;
        uint32_t path = state->turn[which][state->turn_first[which]++ % NET_TOTAL_MAX];
        fair_queue *q = &state->of_path[path];
        waiting packet;
        if (dequeue(q, &packet, now)) {
            double left_at = now + 1 / w->n->link[index].capacity_pps;
            list(state, OLD, path);
            state->is_busy = true;
            push(w, (event){.at = left_at,
                            .packet = packet.packet,
                            .path = path,
                            .hop = (uint16_t)(packet.hop + 1),
                            .kind = EVENT_HOP});
            push(w, (event){.at = left_at, .packet = index, .kind = EVENT_SERVE});
        } else if (which == NEW) {
            list(state, OLD, path);
        } else {
            q->is_listed = false;
        }
    }
}

static void enqueue(world *w, size_t index, waiting packet, double now) {
    link_state *state = &w->link[index];
    fair_queue *q = &state->of_path[packet.path];
    if (w->n->link[index].loss > 0 && gsl_rng_uniform(w->random) < w->n->link[index].loss)
        return;
    if (q->next - q->first >= SENDER_RING)
        abort();
    q->ring[q->next++ % SENDER_RING] = packet;
    if (!q->is_listed)
        list(state, NEW, packet.path);
    if (!state->is_busy)
        serve(w, index, now);
}

/* Packet `number` stands before link `hop` of its path. */
static void hop(world *w, uint32_t path, uint64_t number, size_t hop, double now) {
    const endpoint *end = &w->end[path];
    for (; hop < end->path->hop_count; hop++) {
        size_t link = end->path->hop[hop];
        if (w->n->link[link].is_fair) {
            enqueue(w, link, (waiting){now, number, path, (uint16_t)hop}, now);
            return;
        }
        double left_at = cross(w, link, end->s, number, now);
        if (left_at < 0)
            return;
        if (hop + 1 < end->path->hop_count && left_at > now) {
            push(w,
                 (event){.at = left_at, .packet = number, .path = path, .hop = (uint16_t)(hop + 1), .kind = EVENT_HOP});
            return;
        }
        now = left_at;
    }
    push(w, (event){.at = now + end->rtt_s, .packet = number, .path = path, .kind = EVENT_ACK});
}

static void pump(world *w, uint32_t path, double now) {
    endpoint *end = &w->end[path];
    if (now >= end->stop_s)
        return;
    for (double n = sender_allows(end->s); n >= 1 && sender_departs_at(end->s) <= now; n--)
        hop(w, path, sender_send(end->s, now), 0, now);
    if (!end->has_pace && sender_departs_at(end->s) > now) {
        push(w, (event){.at = sender_departs_at(end->s), .path = path, .kind = EVENT_PACE});
        end->has_pace = true;
    }
    if (!end->has_probe && isfinite(sender_probe_at(end->s))) {
        push(w, (event){.at = sender_probe_at(end->s), .path = path, .kind = EVENT_PROBE});
        end->has_probe = true;
    }
}

static void happen(world *w, const event *e) {
    if (e->kind == EVENT_SERVE) {
        serve(w, e->packet, e->at);
        return;
    }
    endpoint *end = &w->end[e->path];
    if (e->kind == EVENT_HOP) {
        hop(w, e->path, e->packet, e->hop, e->at);
        return;
    }
    if (e->kind == EVENT_PACE)
        end->has_pace = false;
    if (e->kind == EVENT_ACK) {
        sender_acked(end->s, e->packet, e->at);
    } else if (e->kind == EVENT_PROBE) {
        end->has_probe = false;
        if (sender_probe_at(end->s) <= e->at)
            sender_probe(end->s, e->at);
    }
    pump(w, e->path, e->at);
}

static void run_until(world *w, double until) {
    while (w->events > 0 && w->heap[0].at < until) {
        event e = pop(w);
        happen(w, &e);
    }
}

size_t packets_rates(const network *n) {
    size_t rates = 0;
    for (size_t f = 0; f < n->flow_count; f++)
        rates += n->flow[f].path_count * n->flow[f].copies;
    return rates;
}

/* Senders of all flows, in the order of the rates. */
static void populate(world *w, const packets_settings *settings, connection *connections) {
    uint32_t at = 0;
    for (size_t f = 0; f < w->n->flow_count; f++) {
        const net_flow *flow = &w->n->flow[f];
        for (size_t copy = 0; copy < flow->copies; copy++) {
            connection *c = connections++;
            *c = (connection){.rule = flow->rule};
            double jitter_s = settings->start_s + flow->start_jitter_s;
            double start_s = flow->start_s + jitter_s * gsl_rng_uniform(w->random);
            for (size_t r = 0; r < flow->path_count; r++, at++) {
                sender *s = malloc(sizeof *s);
                if (s == NULL)
                    abort();
                sender_init(s, c);
                if (c->rule == RULE_BBR)
                    s->bbr.random = (uint32_t)gsl_rng_get(w->random);
                double spread_s = flow->path[r].spread_s * gsl_rng_uniform(w->random);
                w->end[at] = (endpoint){.path = &flow->path[r],
                                        .rtt_s = flow->path[r].rtt_s + spread_s,
                                        .stop_s = flow->stop_s > 0 ? flow->stop_s : INFINITY,
                                        .s = s};
                push(w, (event){.at = start_s, .path = at, .kind = EVENT_START});
            }
        }
    }
}

void packets_run(const network *n, const packets_settings *settings, double *rate_pps) {
    size_t copies = 0;
    for (size_t f = 0; f < n->flow_count; f++)
        copies += n->flow[f].copies;
    world w = {.n = n, .random = gsl_rng_alloc(gsl_rng_mt19937), .ends = packets_rates(n)};
    connection *connections = calloc(copies + 1, sizeof *connections);
    w.end = calloc(w.ends + 1, sizeof *w.end);
    if (connections == NULL || w.end == NULL)
        abort();
    gsl_rng_set(w.random, settings->seed);
    populate(&w, settings, connections);
    for (size_t l = 0; l < n->link_count; l++)
        if (n->link[l].is_fair) {
            w.link[l].of_path = calloc(w.ends, sizeof *w.link[l].of_path);
            if (w.link[l].of_path == NULL)
                abort();
        }
    run_until(&w, settings->warm_up_s);
    for (size_t i = 0; i < w.ends; i++)
        w.end[i].delivered_before = w.end[i].s->delivered;
    run_until(&w, settings->warm_up_s + settings->measured_s);
    for (size_t i = 0; i < w.ends; i++) {
        rate_pps[i] = (double)(w.end[i].s->delivered - w.end[i].delivered_before) / settings->measured_s;
        free(w.end[i].s);
    }
    for (size_t l = 0; l < n->link_count; l++)
        free(w.link[l].of_path);
    free(w.heap);
    free(w.end);
    free(connections);
    gsl_rng_free(w.random);
}
