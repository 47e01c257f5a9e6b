/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "measure.h"

#include "number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void *allocate(size_t count, size_t bytes) {
    void *p = calloc(count ? count : 1, bytes);

    if (!p) {
        fprintf(stderr, "mptcp-run: out of memory\n");
        abort();
    }
    return p;
}

/* ---- Of the scenario --------------------------------------------------------------------------------------- */

bool measure_path_has_host(const struct scn_path *path, const char *host) {
    for (size_t i = 0; i < path->hosts.count; i++)
        if (strcmp(path->hosts.at[i], host) == 0)
            return true;
    return false;
}

size_t measure_interface_count(const struct scenario *s, const char *host) {
    size_t count = 0;

    for (size_t i = 0; i < s->paths.count; i++)
        for (size_t j = 0; s->paths.at[i].enabled && j < s->paths.at[i].hosts.count; j++)
            count += strcmp(s->paths.at[i].hosts.at[j], host) == 0;
    return count;
}

const struct scn_path *measure_path_of_name(const struct scenario *s, const char *name) {
    for (size_t i = 0; i < s->paths.count; i++)
        if (strcmp(s->paths.at[i].name, name) == 0)
            return &s->paths.at[i];
    return NULL;
}

/* ---- Beginning and end ------------------------------------------------------------------------------------- */

static bool may_use(const struct scn_flow *flow, const struct scn_path *path) {
    if (!measure_path_has_host(path, flow->client))
        return false;
    for (size_t i = 0; i < flow->paths.count; i++)
        if (strcmp(flow->paths.at[i], path->name) == 0)
            return true;
    return flow->paths.count == 0;
}

static int by_name(const void *a, const void *b) {
    const struct measure_path *first = a, *second = b;

    return strcmp(first->spec->name, second->spec->name);
}

static void add_paths(struct measure_flow *flow, const struct scenario *s) {
    bool is_server_told = measure_interface_count(s, flow->spec->server) > 1;

    flow->paths = allocate(s->paths.count, sizeof *flow->paths);
    for (size_t i = 0; i < s->paths.count; i++) {
        const struct scn_path *path = &s->paths.at[i];

        bool is_clients = may_use(flow->spec, path);

        if (path->enabled && (is_clients || (is_server_told && measure_path_has_host(path, flow->spec->server))))
            flow->paths[flow->path_count++] = (struct measure_path){.spec = path, .is_clients = is_clients};
    }
    qsort(flow->paths, flow->path_count, sizeof *flow->paths, by_name);
}

static void add_ranges(struct measure *m, const struct scn_path *path) {
    for (size_t i = 0; path->enabled && path->type == SCN_WIFI && i < path->hosts.count; i++) {
        m->ranges = realloc(m->ranges, (m->range_count + 1) * sizeof *m->ranges);
        if (!m->ranges)
            abort();
        m->ranges[m->range_count++] = (struct measure_range){.path = path, .host = path->hosts.at[i]};
    }
}

struct measure *measure_new(const struct scenario *spec, FILE *out) {
    struct measure *m = allocate(1, sizeof *m);

    m->spec = spec;
    m->out = out;
    m->flow_count = spec->flows.count;
    m->flows = allocate(m->flow_count, sizeof *m->flows);
    m->middlebox_actions = allocate(spec->paths.count, sizeof *m->middlebox_actions);
    m->wires = allocate(2 * (spec->paths.count + spec->links.count), sizeof *m->wires);
    for (size_t i = 0; i < m->flow_count; i++) {
        m->flows[i].spec = &spec->flows.at[i];
        add_paths(&m->flows[i], spec);
    }
    for (size_t i = 0; i < spec->paths.count; i++)
        add_ranges(m, &spec->paths.at[i]);
    measure_add_changes(m);
    return m;
}

void measure_free(struct measure *m) {
    for (size_t i = 0; i < m->flow_count; i++) {
        byte_log_free(&m->flows[i].delivered);
        byte_log_free(&m->flows[i].written);
        level_log_free(&m->flows[i].reorder);
        for (size_t j = 0; j < m->flows[i].path_count; j++)
            byte_log_free(&m->flows[i].paths[j].arrived);
        free(m->flows[i].paths);
        subflow_log_free(&m->flows[i].subflows[0]);
        subflow_log_free(&m->flows[i].subflows[1]);
    }
    event_log_free(&m->events);
    free(m->counters);
    for (size_t i = 0; i < m->range_count; i++)
        free(m->ranges[i].changes);
    free(m->ranges);
    free(m->middlebox_actions);
    free(m->wires);
    free(m->flows);
    free(m);
}

/* ---- What happens ------------------------------------------------------------------------------------------ */

bool measure_wants(const struct measure *m, const char *series) {
    const struct scn_texts *wanted = &m->spec->sampling.series;

    for (size_t i = 0; i < wanted->count; i++)
        if (strcmp(wanted->at[i], series) == 0)
            return true;
    return false;
}

static bool is_sender(const struct measure_flow *flow, bool is_client) {
    return is_client == (flow->spec->direction == SCN_UPLOAD);
}

/* After the flow's end its round-trip times do not count. */
static void end_round_trips(struct measure_flow *flow, int64_t now_ns) {
    struct subflow_log *log = &flow->subflows[flow->spec->direction == SCN_UPLOAD];

    for (size_t i = 0; i < log->count; i++)
        subflow_record_rtt(&log->at[i], now_ns, 0);
}

void measure_delivered(struct measure_flow *flow, int64_t now_ns, uint64_t bytes) {
    flow->received_bytes += bytes;
    byte_log_add(&flow->delivered, now_ns, bytes);
    if (flow->spec->bytes > 0 && flow->received_bytes == (uint64_t)flow->spec->bytes && flow->completed_ns == 0) {
        flow->completed_ns = now_ns;
        end_round_trips(flow, now_ns);
    }
}

struct byte_log *measure_path_log(struct measure_flow *flow, const struct scn_path *path) {
    for (size_t i = 0; i < flow->path_count; i++)
        if (flow->paths[i].spec == path)
            return &flow->paths[i].arrived;
    return NULL;
}

struct byte_log *measure_log_by_end(struct measure_flow *flow, const struct scn_path *path, bool is_client) {
    for (size_t i = 0; i < flow->path_count; i++)
        if (flow->paths[i].spec == path && flow->paths[i].is_clients == is_client)
            return &flow->paths[i].arrived;
    return NULL;
}

void measure_range_changed(struct measure *m, const char *host, const struct scn_path *path, int64_t since_ns,
                           bool is_in_range) {
    for (size_t i = 0; i < m->range_count; i++) {
        struct measure_range *range = &m->ranges[i];

        if (range->path != path || strcmp(range->host, host) != 0)
            continue;
        if (range->count == range->capacity) {
            range->capacity = 2 * range->capacity + 4;
            range->changes = realloc(range->changes, range->capacity * sizeof *range->changes);
            if (!range->changes)
                abort();
        }
        range->changes[range->count++] = (struct measure_change){since_ns, is_in_range};
    }
}

void measure_event(struct measure *m, int64_t now_ns, const char *name, const char *entity, const char *detail) {
    event_log_add(&m->events, now_ns, name, entity, detail);
}

void measure_flow_event(struct measure *m, int64_t now_ns, const char *name, const struct measure_flow *flow,
                        const struct scn_path *path, const char *detail) {
    char entity[MEASURE_ENTITY_BYTES];

    measure_entity(entity, flow, path);
    measure_event(m, now_ns, name, entity, detail);
}

void measure_failed(struct measure *m, int64_t now_ns, struct measure_flow *flow, const char *what) {
    flow->has_failed = true;
    measure_flow_event(m, now_ns, "failed", flow, NULL, what);
}

bool measure_is_over(const struct measure_flow *flow) {
    return flow->completed_ns != 0 || flow->sides_closed == 2 || flow->has_failed;
}

/* ---- Subflows ---------------------------------------------------------------------------------------------- */

bool measure_knows_subflow(const struct measure_flow *flow, bool is_client, uint32_t id) {
    return subflow_log_find(&flow->subflows[is_client], id) != NULL;
}

static void tell_subflow(struct measure *m, struct measure_flow *flow, const struct subflow_record *r,
                         enum measure_subflow_kind kind, int64_t now_ns, uint64_t value) {
    char detail[64];
    int length = snprintf(detail, sizeof detail, "subflow %u", r->id);

    if (kind == MEASURE_DOWN && value != 0)
        snprintf(detail + length, sizeof detail - (size_t)length, ", reset for reason %u", (unsigned)value);
    measure_flow_event(m, now_ns, kind == MEASURE_UP ? "subflow_up" : "subflow_down", flow, r->path, detail);
}

void measure_end_burst(struct measure *m, struct measure_flow *flow) {
    struct measure_burst *b = &flow->burst;
    char detail[96];

    if (b->after == b->before)
        return;
    snprintf(detail, sizeof detail, "%llu bytes within %.3f s", (unsigned long long)(b->after - b->before),
             (double)(b->last_ns - b->first_ns) / 1e9);
    measure_flow_event(m, b->first_ns, "reinjected", flow, NULL, detail);
    b->before = b->after;
}

static void reinjected(struct measure *m, struct measure_flow *flow, int64_t now_ns, uint64_t bytes) {
    const int64_t pause_ns = 1000000000;

    if (now_ns - flow->burst.last_ns >= pause_ns)
        measure_end_burst(m, flow);
    if (flow->burst.after == flow->burst.before)
        flow->burst.first_ns = now_ns;
    flow->burst.last_ns = now_ns;
    flow->burst.after = bytes;
}

/* Of the sender alone is kept what only a sender knows; the client tells of ups and downs, for it has the paths. */
void measure_subflow(struct measure *m, struct measure_flow *flow, bool is_client, uint32_t id,
                     const struct scn_path *path, enum measure_subflow_kind kind, int64_t now_ns, uint64_t value) {
    struct subflow_log *log = &flow->subflows[is_client];
    struct subflow_record *r = subflow_log_find(log, id);
    int64_t stop_ns = llround(flow->spec->stop_s * 1e9);
    bool is_over = flow->completed_ns != 0 || (stop_ns > 0 && now_ns >= stop_ns);

    if (kind == MEASURE_REINJECTED) {
        if (is_sender(flow, is_client))
            reinjected(m, flow, now_ns, value);
        return;
    }
    r = r ? r : subflow_log_add(log, id, path);
    switch (kind) {
    case MEASURE_REINJECTED: break;
    case MEASURE_UP:
    case MEASURE_DOWN:
        r->was_up = true;
        if (is_client)
            tell_subflow(m, flow, r, kind, now_ns, value);
        if (kind == MEASURE_DOWN)
            subflow_record_rtt(r, is_over && stop_ns > 0 && now_ns > stop_ns ? stop_ns : now_ns, 0);
        break;
    case MEASURE_RTT:
        if (is_sender(flow, is_client) && !is_over)
            subflow_record_rtt(r, now_ns, (int64_t)value);
        break;
    case MEASURE_RETRANSMITTED: r->bytes_retransmitted = value; break;
    case MEASURE_TIMEOUTS: r->timeouts = value; break;
    }
}

/* ---- Counters ---------------------------------------------------------------------------------------------- */

bool measure_wants_counter(const struct measure *m, const char *name) {
    for (size_t i = 0; i < m->spec->counters.count; i++)
        if (strcmp(m->spec->counters.at[i], name) == 0 || strcmp(m->spec->counters.at[i], "all") == 0)
            return true;
    return false;
}

bool measure_wants_counters_of(const struct measure *m, const char *host) {
    for (size_t i = 0; i < m->flow_count; i++) {
        const struct scn_flow *flow = m->flows[i].spec;

        if (flow->protocol != SCN_NS3_TCP && (strcmp(flow->client, host) == 0 || strcmp(flow->server, host) == 0))
            return true;
    }
    return false;
}

void measure_count(struct measure *m, const char *host, const char *name, uint64_t value) {
    m->counters = realloc(m->counters, (m->counter_count + 1) * sizeof *m->counters);
    if (!m->counters)
        abort();
    m->counters[m->counter_count++] = (struct measure_counter){host, name, value};
}

/* ---- Names ------------------------------------------------------------------------------------------------- */

/* Behind the first @p used bytes, as far as there is room. @return how many there are now */
static size_t append(char out[MEASURE_ENTITY_BYTES], size_t used, const char *text) {
    size_t bytes = strlen(text), room = MEASURE_ENTITY_BYTES - 1 - used;

    bytes = bytes < room ? bytes : room;
    memcpy(out + used, text, bytes);
    out[used + bytes] = 0;
    return used + bytes;
}

void measure_entity(char out[MEASURE_ENTITY_BYTES], const struct measure_flow *flow, const struct scn_path *path) {
    size_t used = append(out, append(out, 0, "flow:"), flow->spec->name);

    if (path)
        append(out, append(out, used, " path:"), path->name);
}

/* ---- Metrics and samples ------------------------------------------------------------------------------------ */

/* Word by word: to interpret a format took longer than the rest of the end of a short run. */
static void print_metric(FILE *out, const char *name, const char *entity, const char *unit, double value,
                         const char *end) {
    fputs("metric\t", out);
    fputs(name, out);
    fputc('\t', out);
    fputs(entity, out);
    fputc('\t', out);
    fputs(unit, out);
    fputc('\t', out);
    number_print(out, value);
    fputs(end, out);
}

void measure_metric(const struct measure *m, const char *name, const char *entity, const char *unit, double value) {
    print_metric(m->out, name, entity, unit, value, "\n");
}

void measure_censored(const struct measure *m, const char *name, const char *entity, const char *unit, double value) {
    print_metric(m->out, name, entity, unit, value, "\t>\n");
}

void measure_sample(const struct measure *m, const char *series, int64_t now_ns, double value) {
    fputs("sample\t", m->out);
    fputs(series, m->out);
    fputc('\t', m->out);
    number_print(m->out, (double)(now_ns / 1000));
    fputc('\t', m->out);
    number_print(m->out, value);
    fputc('\n', m->out);
}
