/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sampler.c: looks at regular times at what cannot be told from logs afterwards: windows and round-trip times. */
#include "net.h"

#include <stdlib.h>
#include <string.h>

enum { SERIES_BYTES = 512 };

/* What the subflows of one path have together. */
struct path_state {
    const char *name;
    uint64_t cwnd_bytes;
    mpt_time rtt_ns;
};

static int by_name(const void *a, const void *b) {
    return strcmp(((const struct path_state *)a)->name, ((const struct path_state *)b)->name);
}

static void print(const struct net *n, const struct flow *f, const struct path_state *state) {
    char series[SERIES_BYTES];

    if (measure_wants(n->record, "cwnd")) {
        snprintf(series, sizeof series, "cwnd flow:%s path:%s bytes", f->spec->name, state->name);
        measure_sample(n->record, series, n->clock.now_ns, (double)state->cwnd_bytes);
    }
    if (measure_wants(n->record, "rtt")) {
        snprintf(series, sizeof series, "rtt flow:%s path:%s ms", f->spec->name, state->name);
        measure_sample(n->record, series, n->clock.now_ns, (double)state->rtt_ns / 1e6);
    }
}

static void add(struct path_state *states, size_t *count, const char *name, const mpt_subflow_info *info) {
    size_t i = 0;

    while (i < *count && strcmp(states[i].name, name) != 0)
        i++;
    if (i == *count)
        states[(*count)++] = (struct path_state){.name = name};
    states[i].cwnd_bytes += info->cwnd_bytes;
    states[i].rtt_ns = info->srtt_ns > states[i].rtt_ns ? info->srtt_ns : states[i].rtt_ns;
}

/* The path is that of the client's address: the sender's for an upload, the receiver's for a download. */
static void sample_flow(const struct net *n, const struct flow *f) {
    const struct side *sender = f->server.is_sender ? &f->server : &f->client;
    struct path_state *states = calloc(n->spec->paths.count + 1, sizeof *states);
    mpt_subflow_info info;
    size_t count = 0;

    if (!states)
        abort();
    for (uint32_t i = 0; side_subflow_info(sender, i, &info); i++) {
        const struct interface *at =
            net_interface_of(n, f->spec->direction == SCN_UPLOAD ? &info.local.addr : &info.remote.addr);

        if (info.is_established)
            add(states, &count, at ? at->path->spec->name : "", &info);
    }
    qsort(states, count, sizeof *states, by_name);
    for (size_t i = 0; i < count; i++)
        print(n, f, &states[i]);
    free(states);
}

/* Towards the hosts, which is the way of a download's data. */
static void sample_queue(const struct net *n, const char *kind, const char *name, const struct wire *w,
                         struct measure_wire *of) {
    uint32_t packets = queue_count(&w->queue) + w->device.count;
    char series[SERIES_BYTES];

    if ((double)n->clock.now_ns >= n->spec->measure_from_s * 1e9) {
        of->queue_sum += packets;
        of->queue_samples++;
    }
    snprintf(series, sizeof series, "queue %s:%s packets", kind, name);
    measure_sample(n->record, series, n->clock.now_ns, (double)packets);
}

static void sample_queues(const struct net *n) {
    struct measure_wire *of = n->record->wires;

    for (size_t i = 0; i < n->path_count; i++)
        sample_queue(n, "path", n->paths[i].spec->name, &n->paths[i].down,
                     &of[2 * (n->paths[i].spec - n->spec->paths.at)]);
    for (size_t i = 0; i < n->spec->links.count; i++)
        sample_queue(n, "link", n->links[i].spec->name, &n->links[i].down, &of[2 * (n->spec->paths.count + i)]);
}

static void sample_position(const struct net *n, struct walk *w) {
    char series[SERIES_BYTES];

    walk_until(w, n->clock.now_ns);
    snprintf(series, sizeof series, "position_x host:%s m", w->spec->name);
    measure_sample(n->record, series, n->clock.now_ns, w->now.x_m);
    snprintf(series, sizeof series, "position_y host:%s m", w->spec->name);
    measure_sample(n->record, series, n->clock.now_ns, w->now.y_m);
}

static bool samples_positions(const struct net *n) {
    return n->spec->mobility.count > 0 && measure_wants(n->record, "position");
}

static void take(void *object) {
    struct net *n = object;

    for (size_t i = 0; i < n->spec->mobility.count && samples_positions(n); i++)
        sample_position(n, &n->walks[i]);
    for (size_t i = 0;
         i < n->spec->flows.count && (measure_wants(n->record, "cwnd") || measure_wants(n->record, "rtt")); i++)
        if (!measure_is_over(n->flows[i].record))
            sample_flow(n, &n->flows[i]);
    if (measure_wants(n->record, "queue"))
        sample_queues(n);
    clock_at(&n->clock, n->clock.now_ns + n->spec->sampling.interval_ms * MPT_MS, clock_number(&n->clock), take, n);
}

void sampler_schedule(struct net *n) {
    if (samples_positions(n) || measure_wants(n->record, "cwnd") || measure_wants(n->record, "rtt") ||
        measure_wants(n->record, "queue"))
        clock_at(&n->clock, n->spec->sampling.interval_ms * MPT_MS, clock_number(&n->clock), take, n);
}
