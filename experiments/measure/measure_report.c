/* SPDX-License-Identifier: GPL-2.0-or-later */
/* measure_report.c: series and metrics, worked out from the logs of a run. */
#include "measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ENTITY_BYTES = MEASURE_ENTITY_BYTES };

struct report {
    struct measure *m;
    int64_t end_ns;
};

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static int64_t greatest(int64_t a, int64_t b) {
    return a > b ? a : b;
}

static int64_t from_seconds(double seconds) {
    return llround(seconds * 1e9);
}

static double mbps(uint64_t bytes, int64_t duration_ns) {
    return duration_ns > 0 ? (double)bytes * 8e-6 / ((double)duration_ns / 1e9) : 0;
}

static void censored(const struct report *r, const char *name, const char *entity, const char *unit, double value) {
    measure_censored(r->m, name, entity, unit, value);
}

static void metric(const struct report *r, const char *name, const char *entity, const char *unit, double value) {
    measure_metric(r->m, name, entity, unit, value);
}

static bool is_complete(const struct measure_flow *flow) {
    return flow->spec->bytes > 0 && flow->received_bytes == (uint64_t)flow->spec->bytes;
}

/* When everything had arrived, the sender closed, or the run ended. */
static int64_t end_of(const struct report *r, const struct measure_flow *flow) {
    if (is_complete(flow))
        return flow->completed_ns;
    return flow->spec->stop_s > 0 ? least(r->end_ns, from_seconds(flow->spec->stop_s)) : r->end_ns;
}

/* What is delivered earlier does not count as goodput. */
static int64_t counted_from(const struct report *r, const struct measure_flow *flow) {
    return greatest(flow->start_ns, from_seconds(r->m->spec->measure_from_s));
}

/* A flow that ended before has no goodput, not one of 0. */
static bool has_goodput(const struct report *r, const struct measure_flow *flow) {
    return end_of(r, flow) > counted_from(r, flow);
}

static double goodput_mbps(const struct report *r, const struct measure_flow *flow) {
    int64_t from = counted_from(r, flow), to = end_of(r, flow);

    return mbps(byte_log_between(&flow->delivered, from, to), to - from);
}

/* ---- Series ------------------------------------------------------------------------------------------------ */

static void print_goodput_series(const struct report *r, const char *entity, const struct byte_log *log) {
    int64_t interval = r->m->spec->sampling.interval_ms * 1000000;
    char series[ENTITY_BYTES + sizeof "goodput  Mb/s"];

    snprintf(series, sizeof series, "goodput %s Mb/s", entity);
    for (int64_t time = interval; time <= r->end_ns; time += interval)
        measure_sample(r->m, series, time, mbps(byte_log_between(log, time - interval, time), interval));
}

static bool is_in_range(const struct measure_range *range, int64_t time_ns) {
    bool state = false;

    for (size_t i = 0; i < range->count && range->changes[i].time_ns <= time_ns; i++)
        state = range->changes[i].is_in_range;
    return state;
}

static void print_range_series(const struct report *r, const struct measure_range *range) {
    int64_t interval = r->m->spec->sampling.interval_ms * 1000000;

    for (int64_t time = interval; time <= r->end_ns; time += interval) {
        fputs("sample\tin_range ", r->m->out);
        if (range->path->hosts.count > 1)
            fprintf(r->m->out, "host:%s ", range->host);
        fprintf(r->m->out, "path:%s bool\t%lld\t%d\n", range->path->name, (long long)(time / 1000),
                is_in_range(range, time));
    }
}

static void print_series(const struct report *r) {
    char entity[ENTITY_BYTES];

    for (size_t i = 0; measure_wants(r->m, "goodput") && i < r->m->flow_count; i++) {
        const struct measure_flow *flow = &r->m->flows[i];

        measure_entity(entity, flow, NULL);
        print_goodput_series(r, entity, &flow->delivered);
        for (size_t j = 0; j < flow->path_count; j++) {
            measure_entity(entity, flow, flow->paths[j].spec);
            print_goodput_series(r, entity, &flow->paths[j].arrived);
        }
    }
    for (size_t i = 0; measure_wants(r->m, "in_range") && i < r->m->range_count; i++)
        print_range_series(r, &r->m->ranges[i]);
}

/* ---- Metrics ----------------------------------------------------------------------------------------------- */

static void print_flow(const struct report *r, const struct measure_flow *flow) {
    char entity[ENTITY_BYTES];
    int64_t first, end = end_of(r, flow);

    measure_entity(entity, flow, NULL);
    metric(r, "connected", entity, "bool", flow->is_connected);
    if (has_goodput(r, flow))
        metric(r, "goodput", entity, "Mb/s", goodput_mbps(r, flow));
    metric(r, "bytes_delivered", entity, "bytes", (double)byte_log_total(&flow->delivered));
    if (byte_log_first_after(&flow->delivered, 0, &first))
        metric(r, "stall_max", entity, "s",
               (double)byte_log_longest_gap(&flow->delivered, first, greatest(first, end)) / 1e9);
    if (is_complete(flow))
        metric(r, "completion_time", entity, "s", (double)(end - flow->start_ns) / 1e9);
    else if (flow->spec->bytes > 0 && end > flow->start_ns)
        censored(r, "completion_time", entity, "s", (double)(end - flow->start_ns) / 1e9);
    if (flow->spec->bytes > 0)
        metric(r, "closed", entity, "bool", flow->sides_closed == 2);
    if (flow->spec->protocol == SCN_MPTCP) {
        metric(r, "bytes_reinjected", entity, "bytes", (double)flow->bytes_reinjected);
        metric(r, "fell_back", entity, "bool", flow->is_connected && flow->has_fallen_back);
    }
}

/* Shares are of what arrived over the client's paths; a server's paths, where it has several, have theirs, too. */
static void print_paths(const struct report *r, const struct measure_flow *flow) {
    char entity[ENTITY_BYTES];
    int64_t from = counted_from(r, flow), to = end_of(r, flow);
    uint64_t all = 0;

    for (size_t i = 0; i < flow->path_count; i++)
        if (flow->paths[i].is_clients)
            all += byte_log_total(&flow->paths[i].arrived);
    for (size_t i = 0; i < flow->path_count; i++) {
        const struct byte_log *log = &flow->paths[i].arrived;

        measure_entity(entity, flow, flow->paths[i].spec);
        if (to > from)
            metric(r, "goodput", entity, "Mb/s", mbps(byte_log_between(log, from, to), to - from));
        if (all > 0)
            metric(r, "path_share", entity, "fraction", (double)byte_log_total(log) / (double)all);
    }
}

/* What the sender's TCPs say: of the flow, and of each of its client's paths. */
static void print_transport(const struct report *r, struct measure_flow *flow, const struct scn_path *path) {
    const struct subflow_log *log = &flow->subflows[flow->spec->direction == SCN_UPLOAD];
    uint64_t bytes = 0, timeouts = 0, ups = 0;
    char entity[ENTITY_BYTES];
    double mean, high;

    measure_entity(entity, flow, path);
    for (size_t i = 0; i < log->count; i++) {
        if (!path || log->at[i].path == path) {
            bytes += log->at[i].bytes_retransmitted;
            timeouts += log->at[i].timeouts;
        }
    }
    for (size_t i = 0; i < flow->subflows[1].count; i++)
        ups += flow->subflows[1].at[i].was_up && (!path || flow->subflows[1].at[i].path == path);
    if (flow->spec->protocol != SCN_NS3_TCP) {
        metric(r, "bytes_retransmitted", entity, "bytes", (double)bytes);
        metric(r, "timeouts", entity, "count", (double)timeouts);
    }
    if (flow->spec->protocol == SCN_MPTCP)
        metric(r, "subflows", entity, "count", (double)ups);
    if (subflow_log_rtt(log, path, 0.95, &mean, &high)) {
        metric(r, "rtt_mean", entity, "ms", mean / 1e6);
        metric(r, "rtt_p95", entity, "ms", high / 1e6);
    }
}

static void print_transports(const struct report *r, struct measure_flow *flow) {
    struct subflow_log *log = &flow->subflows[flow->spec->direction == SCN_UPLOAD];

    for (size_t i = 0; i < log->count; i++)
        subflow_record_rtt(&log->at[i], end_of(r, flow), 0);
    print_transport(r, flow, NULL);
    for (size_t i = 0; i < flow->path_count; i++)
        if (flow->paths[i].is_clients)
            print_transport(r, flow, flow->paths[i].spec);
}

static bool is_changed(const struct scenario *s, const char *wire) {
    for (size_t i = 0; i < s->events.count; i++)
        if (strcmp(s->events.at[i].path, wire) == 0)
            return true;
    return false;
}

static const struct scn_path *link_of_name(const struct scenario *s, const char *name) {
    size_t i = 0;

    while (strcmp(s->links.at[i].name, name) != 0)
        i++;
    return &s->links.at[i];
}

struct way {
    double loss, rtt_s;
};

/* Of a path's cable and the links behind it. @return false where they do not stay as they are, or are no Ethernet */
static bool add_to_way(struct way *way, const struct scenario *s, const struct scn_path *path, bool is_down) {
    if (path->type != SCN_ETHERNET)
        return false;
    for (size_t i = 0; i <= path->links.count; i++) {
        const struct scn_path *wire = i == 0 ? path : link_of_name(s, path->links.at[i - 1]);

        if (is_changed(s, wire->name))
            return false;
        way->loss += is_down ? wire->loss_down : wire->loss_up;
        way->rtt_s += 2e-3 * wire->delay_ms;
    }
    return true;
}

/* The only path of the host, or NULL. */
static const struct scn_path *only_path_of(const struct scenario *s, const char *host) {
    size_t i = 0;

    if (measure_interface_count(s, host) != 1)
        return NULL;
    while (!s->paths.at[i].enabled || !measure_path_has_host(&s->paths.at[i], host))
        i++;
    return &s->paths.at[i];
}

/* K = x T sqrt(p) for a single-path flow over Ethernets with random loss, in packets; T is the paths' own delay. */
static void print_square_root_law(const struct report *r, const struct measure_flow *flow) {
    enum { TIMESTAMP_OPTION_BYTES = 12 };
    const struct scn_flow *spec = flow->spec;
    const struct scn_path *from = only_path_of(r->m->spec, spec->server),
                          *to = flow->path_count == 1 ? flow->paths[0].spec : NULL;
    const bool is_download = spec->direction == SCN_DOWNLOAD;
    char entity[ENTITY_BYTES];
    struct way way = {0};

    if (spec->protocol == SCN_MPTCP || !has_goodput(r, flow) || !from || !to || from == to ||
        !add_to_way(&way, r->m->spec, to, is_download) || !add_to_way(&way, r->m->spec, from, !is_download))
        return;
    if (way.loss > 0) {
        double payload = (double)spec->mss_bytes - TIMESTAMP_OPTION_BYTES;

        measure_entity(entity, flow, NULL);
        metric(r, "sqrt_law_k", entity, "packets", goodput_mbps(r, flow) / 8e-6 / payload * way.rtt_s * sqrt(way.loss));
    }
}

/* ---- Metrics of flows whose client has Wi-Fi ----------------------------------------------------------------- */

struct interval {
    int64_t from, to;
};

/* The parts of [from, to] in range, or out of it. @return how many; @p parts has room for one more than there are changes. */
static size_t intervals(const struct measure_range *range, bool wanted, int64_t from, int64_t to,
                        struct interval *parts) {
    int64_t begin = from;
    bool state = is_in_range(range, from);
    size_t count = 0;

    for (size_t i = 0; i <= range->count; i++) {
        const struct measure_change *change = i < range->count ? &range->changes[i] : NULL;

        if (change && !(change->time_ns > from && change->time_ns < to && change->is_in_range != state))
            continue;
        int64_t end = change ? change->time_ns : to;

        if (state == wanted && end > begin)
            parts[count++] = (struct interval){begin, end};
        begin = end;
        state = change ? change->is_in_range : state;
    }
    return count;
}

static double mbps_within(const struct byte_log *log, const struct interval *parts, size_t count) {
    uint64_t bytes = 0;
    int64_t duration = 0;

    for (size_t i = 0; i < count; i++) {
        bytes += byte_log_between(log, parts[i].from, parts[i].to);
        duration += parts[i].to - parts[i].from;
    }
    return mbps(bytes, duration);
}

/*
 * The longest time from the moment the path leaves range to the next delivery. A path that the flow uses has left with
 * the last byte that arrived over it, any other with the last beacon.
 */
static void print_recovery(const struct report *r, const struct measure_flow *flow, const struct byte_log *used,
                           const struct interval *parts, size_t count) {
    char entity[ENTITY_BYTES];
    int64_t longest = -1;

    for (size_t i = 0; i < count; i++) {
        int64_t left = parts[i].from, next;

        if (used)
            byte_log_last_until(used, parts[i].to, &left);
        if (parts[i].from > flow->start_ns && byte_log_first_after(&flow->delivered, left, &next))
            longest = greatest(longest, next - left);
    }
    measure_entity(entity, flow, NULL);
    if (longest >= 0)
        metric(r, "recovery_time", entity, "s", (double)longest / 1e9);
}

/* The first Wi-Fi path that the flow's client has an interface on, used by the flow or not. */
static const struct measure_range *find_range(const struct measure *m, const struct measure_flow *flow) {
    for (size_t i = 0; i < m->range_count; i++)
        if (strcmp(m->ranges[i].host, flow->spec->client) == 0)
            return &m->ranges[i];
    return NULL;
}

static void print_range(const struct report *r, struct measure_flow *flow) {
    const struct measure_range *range = find_range(r->m, flow);
    struct interval *parts;
    size_t count = 0;
    char entity[ENTITY_BYTES];

    if (!range)
        return;
    parts = calloc(range->count + 1, sizeof *parts);
    if (!parts)
        abort();
    for (int out = 0; out <= 1; out++) {
        const char *name = out ? "goodput_out_of_range" : "goodput_in_range";

        count = intervals(range, !out, flow->start_ns, end_of(r, flow), parts);
        if (count == 0)
            continue;
        measure_entity(entity, flow, NULL);
        metric(r, name, entity, "Mb/s", mbps_within(&flow->delivered, parts, count));
        for (size_t i = 0; i < flow->path_count; i++) {
            measure_entity(entity, flow, flow->paths[i].spec);
            metric(r, name, entity, "Mb/s", mbps_within(&flow->paths[i].arrived, parts, count));
        }
    }
    print_recovery(r, flow, measure_path_log(flow, range->path), parts, count);
    free(parts);
}

/* ---- Metrics of the run ------------------------------------------------------------------------------------ */

/* The mean goodput of the protocol's flows that have one; 0 when there are none. */
static double mean_mbps(const struct report *r, int64_t protocol) {
    double sum = 0;
    size_t count = 0;

    for (size_t i = 0; i < r->m->flow_count; i++) {
        if (r->m->flows[i].spec->protocol == protocol && has_goodput(r, &r->m->flows[i])) {
            sum += goodput_mbps(r, &r->m->flows[i]);
            count++;
        }
    }
    return count > 0 ? sum / (double)count : 0;
}

static bool has_protocol(const struct report *r, int64_t protocol) {
    for (size_t i = 0; i < r->m->flow_count; i++)
        if (r->m->flows[i].spec->protocol == protocol && has_goodput(r, &r->m->flows[i]))
            return true;
    return false;
}

static void print_fairness(const struct report *r) {
    double sum = 0, squares = 0, single = mean_mbps(r, SCN_TCP), native = mean_mbps(r, SCN_NS3_TCP);
    double reference = has_protocol(r, SCN_TCP) ? single : native;
    size_t count = 0;

    for (size_t i = 0; i < r->m->flow_count; i++) {
        double rate = goodput_mbps(r, &r->m->flows[i]);

        if (!has_goodput(r, &r->m->flows[i]))
            continue;
        count++;
        sum += rate;
        squares += rate * rate;
    }
    if (count < 2)
        return;
    if (squares > 0)
        metric(r, "jain", "", "1", sum * sum / ((double)count * squares));
    if (has_protocol(r, SCN_MPTCP) && reference > 0)
        metric(r, "ratio_to_tcp", "", "1", mean_mbps(r, SCN_MPTCP) / reference);
    if (has_protocol(r, SCN_TCP) && native > 0)
        metric(r, "ratio_to_ns3_tcp", "", "1", single / native);
}

/* How much of the run a host was associated with a Wi-Fi path, and how often it began. */
static void print_associations(const struct report *r) {
    char entity[ENTITY_BYTES];

    for (size_t i = 0; i < r->m->range_count; i++) {
        const struct measure_range *range = &r->m->ranges[i];
        int64_t since_ns = -1, whole_ns = 0;
        size_t count = 0;

        for (size_t j = 0; j <= range->count; j++) {
            bool is_in = j < range->count && range->changes[j].is_in_range;
            int64_t now_ns = j < range->count ? range->changes[j].time_ns : r->end_ns;

            whole_ns += since_ns >= 0 && !is_in ? now_ns - since_ns : 0;
            count += is_in && since_ns < 0;
            since_ns = !is_in ? -1 : since_ns >= 0 ? since_ns : now_ns;
        }
        snprintf(entity, sizeof entity, "host:%s path:%s", range->host, range->path->name);
        metric(r, "associations", entity, "count", (double)count);
        if (r->end_ns > 0)
            metric(r, "associated", entity, "fraction", (double)whole_ns / (double)r->end_ns);
    }
}

static int by_host_and_name(const void *a_, const void *b_) {
    const struct measure_counter *a = a_, *b = b_;
    int order = strcmp(a->host, b->host);

    return order ? order : strcmp(a->name, b->name);
}

static void print_counters(const struct report *r) {
    char entity[ENTITY_BYTES];

    if (r->m->counter_count > 1)
        qsort(r->m->counters, r->m->counter_count, sizeof *r->m->counters, by_host_and_name);
    for (size_t i = 0; i < r->m->counter_count; i++) {
        snprintf(entity, sizeof entity, "host:%s", r->m->counters[i].host);
        metric(r, r->m->counters[i].name, entity, "count", (double)r->m->counters[i].value);
    }
}

static void print_middleboxes(const struct report *r) {
    char entity[ENTITY_BYTES];

    for (size_t i = 0; i < r->m->spec->paths.count; i++) {
        const struct scn_path *path = &r->m->spec->paths.at[i];

        snprintf(entity, sizeof entity, "path:%s", path->name);
        if (path->enabled && path->middleboxes.count > 0)
            metric(r, "middlebox_actions", entity, "segments", (double)r->m->middlebox_actions[i]);
    }
}

void measure_print(struct measure *m, int64_t end_ns) {
    const struct report r = {m, end_ns};

    print_series(&r);
    for (size_t i = 0; i < m->flow_count; i++) {
        print_flow(&r, &m->flows[i]);
        print_paths(&r, &m->flows[i]);
        print_transports(&r, &m->flows[i]);
        print_range(&r, &m->flows[i]);
        print_square_root_law(&r, &m->flows[i]);
    }
    print_fairness(&r);
    print_middleboxes(&r);
    print_associations(&r);
    print_counters(&r);
    measure_print_delays(m, end_ns);
    measure_add_events(m, end_ns);
    event_log_print(&m->events, end_ns, m->out);
}
