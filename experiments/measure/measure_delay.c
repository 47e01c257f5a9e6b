/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measure_delay.c: how long bytes take from the sending application's write to the receiving one's read, and how much
 * waits at the receiver for what comes before it. Both are kept where the scenario samples them.
 */
#include "measure.h"

#include <math.h>
#include <stdlib.h>

enum { NAME_BYTES = 512 };

/* Bytes that took as long. */
struct delayed {
    int64_t delay_ns;
    uint64_t bytes;
};

struct delays {
    struct delayed *at;
    size_t count, capacity;
    uint64_t bytes;
};

static void add(struct delays *d, int64_t delay_ns, uint64_t bytes) {
    if (d->count == d->capacity) {
        d->capacity = 2 * d->capacity + 64;
        d->at = realloc(d->at, d->capacity * sizeof *d->at);
        if (!d->at)
            abort();
    }
    d->at[d->count++] = (struct delayed){delay_ns, bytes};
    d->bytes += bytes;
}

static int by_delay(const void *a, const void *b) {
    const struct delayed *x = a, *y = b;

    return (x->delay_ns > y->delay_ns) - (x->delay_ns < y->delay_ns);
}

/* What was read from @p from_ns on: both logs count the bytes of one stream, so that they are read along each other. */
static struct delays delays_of(const struct measure_flow *flow, int64_t from_ns) {
    const struct byte_log *written = &flow->written, *read = &flow->delivered;
    struct delays d = {0};
    uint64_t offset = 0;

    for (size_t r = 0, w = 0; r < read->count; r++) {
        while (offset < read->at[r].total_bytes && w < written->count) {
            uint64_t end = written->at[w].total_bytes;

            end = end < read->at[r].total_bytes ? end : read->at[r].total_bytes;
            if (end > offset && read->at[r].time_ns >= from_ns)
                add(&d, read->at[r].time_ns - written->at[w].time_ns, end - offset);
            offset = end;
            w += written->at[w].total_bytes == end;
        }
    }
    if (d.count > 0)
        qsort(d.at, d.count, sizeof *d.at, by_delay);
    return d;
}

static double quantile_ms(const struct delays *d, double fraction) {
    double wanted = fraction * (double)d->bytes;
    uint64_t sum = 0;
    size_t i = 0;

    while (i + 1 < d->count && (double)(sum += d->at[i].bytes) < wanted)
        i++;
    return (double)d->at[i].delay_ns / 1e6;
}

static void metric(const struct measure *m, const char *name, const struct measure_flow *flow, const char *unit,
                   double value) {
    char entity[MEASURE_ENTITY_BYTES];

    measure_entity(entity, flow, NULL);
    measure_metric(m, name, entity, unit, value);
}

static void print_delays(const struct measure *m, const struct measure_flow *flow, int64_t from_ns) {
    enum { STEP = 5 };
    struct delays d = delays_of(flow, from_ns);
    double sum = 0;

    for (size_t i = 0; i < d.count; i++)
        sum += (double)d.at[i].delay_ns * (double)d.at[i].bytes;
    if (d.count > 0) {
        metric(m, "app_delay_mean", flow, "ms", sum / (double)d.bytes / 1e6);
        for (int percent = STEP; percent < 100; percent += STEP) {
            char name[NAME_BYTES];

            snprintf(name, sizeof name, "app_delay_p%02d", percent);
            metric(m, name, flow, "ms", quantile_ms(&d, percent / 100.0));
        }
        metric(m, "app_delay_p99", flow, "ms", quantile_ms(&d, 0.99));
    }
    free(d.at);
}

static void print_reorder(const struct measure *m, const struct measure_flow *flow, int64_t from_ns, int64_t to_ns) {
    metric(m, "reorder_mean", flow, "bytes", level_log_mean(&flow->reorder, from_ns, to_ns));
    metric(m, "reorder_max", flow, "bytes", (double)level_log_greatest(&flow->reorder, from_ns, to_ns));
    metric(m, "bytes_duplicate", flow, "bytes", (double)flow->bytes_duplicate);
    for (int64_t t = m->spec->sampling.interval_ms * 1000000; t <= to_ns;
         t += m->spec->sampling.interval_ms * 1000000) {
        char series[NAME_BYTES];

        snprintf(series, sizeof series, "reorder flow:%s bytes", flow->spec->name);
        measure_sample(m, series, t, (double)level_log_at(&flow->reorder, t));
    }
}

static void wire_metric(const struct measure *m, const char *name, size_t wire, const char *unit, double value) {
    size_t paths = m->spec->paths.count;
    char entity[MEASURE_ENTITY_BYTES];

    snprintf(entity, sizeof entity, "%s:%s", wire < paths ? "path" : "link",
             wire < paths ? m->spec->paths.at[wire].name : m->spec->links.at[wire - paths].name);
    measure_metric(m, name, entity, unit, value);
}

static void print_queues(const struct measure *m) {
    for (size_t i = 0; i < m->spec->paths.count + m->spec->links.count; i++) {
        const struct measure_wire *down = &m->wires[2 * i], *up = down + 1;

        if (down->queue_samples > 0)
            wire_metric(m, "queue_mean", i, "packets", (double)down->queue_sum / (double)down->queue_samples);
        if (down->given > 0)
            wire_metric(m, "drop_rate_down", i, "fraction", (double)down->dropped / (double)down->given);
        if (up->given > 0)
            wire_metric(m, "drop_rate_up", i, "fraction", (double)up->dropped / (double)up->given);
    }
}

void measure_print_delays(const struct measure *m, int64_t end_ns) {
    for (size_t i = 0; i < m->flow_count; i++) {
        const struct measure_flow *flow = &m->flows[i];
        int64_t from = llround(m->spec->measure_from_s * 1e9),
                to = flow->completed_ns > 0 ? flow->completed_ns : end_ns;

        from = from > flow->start_ns ? from : flow->start_ns;
        if (measure_wants(m, "app_delay"))
            print_delays(m, flow, from);
        if (measure_wants(m, "reorder"))
            print_reorder(m, flow, from, to);
    }
    if (measure_wants(m, "queue"))
        print_queues(m);
}
