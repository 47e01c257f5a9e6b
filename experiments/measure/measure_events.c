/* SPDX-License-Identifier: GPL-2.0-or-later */
/* measure_events.c: events that the engines need not tell, for they follow from the scenario and the logs. */
#include "measure.h"

#include <math.h>
#include <string.h>

enum { ENTITY_BYTES = 512, DETAIL_BYTES = 512 };

#define IN_USE_NS INT64_C(1000000000) /* a path that carried nothing for so long before it went was not in use */

static int64_t from_seconds(double seconds) {
    return llround(seconds * 1e9);
}

/* ---- The scenario's ---------------------------------------------------------------------------------------- */

static void tell_change(struct measure *m, const struct scn_event *e, const char *entity) {
    char detail[DETAIL_BYTES];

    if (e->link != SCN_LINK_SAME)
        measure_event(m, from_seconds(e->time_s), e->link == SCN_LINK_UP ? "link_up" : "link_down", entity, "");
    if (e->rate_mbps > 0) {
        snprintf(detail, sizeof detail, "%g Mb/s", e->rate_mbps);
        measure_event(m, from_seconds(e->time_s), "rate", entity, detail);
    }
    if (e->delay_ms >= 0) {
        snprintf(detail, sizeof detail, "%g ms", e->delay_ms);
        measure_event(m, from_seconds(e->time_s), "delay", entity, detail);
    }
    if (e->loss_down >= 0 || e->loss_up >= 0) {
        snprintf(detail, sizeof detail, "%g towards the hosts, %g away (-1: as before)", e->loss_down, e->loss_up);
        measure_event(m, from_seconds(e->time_s), "loss", entity, detail);
    }
}

/* Before the run, so that a change comes before what follows from it at that moment. */
void measure_add_changes(struct measure *m) {
    char entity[ENTITY_BYTES];

    for (size_t i = 0; i < m->spec->events.count; i++) {
        const struct scn_event *e = &m->spec->events.at[i];

        const struct scn_path *path = measure_path_of_name(m->spec, e->path);

        snprintf(entity, sizeof entity, "%s:%s", path ? "path" : "link", e->path);
        if (!path || path->enabled)
            tell_change(m, e, entity);
    }
}

static void add_ranges(struct measure *m) {
    char entity[ENTITY_BYTES];

    for (size_t i = 0; i < m->range_count; i++) {
        const struct measure_range *range = &m->ranges[i];

        snprintf(entity, sizeof entity, "host:%s path:%s", range->host, range->path->name);
        for (size_t j = 0; j < range->count; j++)
            measure_event(m, range->changes[j].time_ns, range->changes[j].is_in_range ? "associated" : "out_of_range",
                          entity, range->changes[j].is_in_range ? "" : "since the last beacon");
    }
}

/* ---- Flows ------------------------------------------------------------------------------------------------- */

/* The path of the client's that data come over first after @p time_ns, or NULL. */
static const struct scn_path *next_path(const struct measure_flow *flow, int64_t time_ns) {
    const struct scn_path *found = NULL;
    int64_t first_ns = INT64_MAX, at_ns;

    for (size_t i = 0; i < flow->path_count; i++) {
        if (flow->paths[i].is_clients && byte_log_first_after(&flow->paths[i].arrived, time_ns, &at_ns) &&
            at_ns < first_ns) {
            first_ns = at_ns;
            found = flow->paths[i].spec;
        }
    }
    return found;
}

/*
 * A path that a flow used is lost at @p lost_ns, until @p back_ns: the flow goes on with the first delivery after the
 * last byte that came over it.
 */
static void tell_handover(struct measure *m, const struct measure_flow *flow, const struct scn_path *path,
                          int64_t lost_ns, int64_t back_ns) {
    struct byte_log *log = measure_path_log((struct measure_flow *)flow, path);
    int64_t left_ns, next_ns;
    char detail[DETAIL_BYTES];

    if (lost_ns <= flow->start_ns || (flow->completed_ns > 0 && lost_ns >= flow->completed_ns))
        return;
    if (!log || !byte_log_last_until(log, back_ns, &left_ns) || left_ns < lost_ns - IN_USE_NS)
        return;
    const struct scn_path *next = next_path(flow, left_ns);

    if (!next || !byte_log_first_after(&flow->delivered, left_ns, &next_ns))
        return;
    snprintf(detail, sizeof detail, "%.200s%s%.3f s after the last byte", next == path ? "" : path->name,
             next == path ? "" : " is gone: ", (double)(next_ns - left_ns) / 1e9);
    measure_flow_event(m, next_ns, next == path ? "recovered" : "handover", flow, next, detail);
}

/* When the path's link is there again after @p time_ns. */
static int64_t back_after(const struct measure *m, const char *path, int64_t time_ns, int64_t end_ns) {
    int64_t back_ns = end_ns;

    for (size_t i = 0; i < m->spec->events.count; i++) {
        const struct scn_event *e = &m->spec->events.at[i];
        int64_t at_ns = from_seconds(e->time_s);

        if (e->link == SCN_LINK_UP && strcmp(e->path, path) == 0 && at_ns > time_ns && at_ns < back_ns)
            back_ns = at_ns;
    }
    return back_ns;
}

static void add_handovers_by_link(struct measure *m, const struct measure_flow *flow, int64_t end_ns) {
    for (size_t i = 0; i < m->spec->events.count; i++) {
        const struct scn_event *e = &m->spec->events.at[i];
        int64_t lost_ns = from_seconds(e->time_s);

        if (e->link == SCN_LINK_DOWN)
            tell_handover(m, flow, measure_path_of_name(m->spec, e->path), lost_ns,
                          back_after(m, e->path, lost_ns, end_ns));
    }
}

static void add_handovers_by_range(struct measure *m, const struct measure_flow *flow, int64_t end_ns) {
    for (size_t i = 0; i < m->range_count; i++) {
        const struct measure_range *range = &m->ranges[i];

        for (size_t j = 0; strcmp(range->host, flow->spec->client) == 0 && j < range->count; j++)
            if (!range->changes[j].is_in_range)
                tell_handover(m, flow, range->path, range->changes[j].time_ns,
                              j + 1 < range->count ? range->changes[j + 1].time_ns : end_ns);
    }
}

void measure_add_events(struct measure *m, int64_t end_ns) {
    add_ranges(m);
    for (size_t i = 0; i < m->flow_count; i++) {
        struct measure_flow *flow = &m->flows[i];

        measure_end_burst(m, flow);
        if (flow->completed_ns > 0)
            measure_flow_event(m, flow->completed_ns, "completed", flow, NULL, "");
        add_handovers_by_link(m, flow, end_ns);
        add_handovers_by_range(m, flow, end_ns);
    }
}
