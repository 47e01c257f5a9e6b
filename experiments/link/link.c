/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link.c: one run of the engine, from a scenario to its results. */
#include "link.h"

#include "boxes.h"
#include "net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Events of the scenario -------------------------------------------------------------------------------- */

struct link_event {
    struct path *path;
    const struct scn_event *spec;
};

static void set_delay(struct path *p, int64_t delay_ns) {
    wire_set_delay(&p->up, delay_ns);
    wire_set_delay(&p->down, delay_ns);
}

static void happen(void *object) {
    const struct link_event *event = object;
    const struct scn_event *spec = event->spec;

    if (spec->rate_mbps > 0)
        event->path->up.rate_bps = event->path->down.rate_bps = (uint64_t)(spec->rate_mbps * 1e6);
    if (spec->delay_ms >= 0)
        set_delay(event->path, (int64_t)(spec->delay_ms * 1e6));
    if (spec->link != SCN_LINK_SAME)
        path_set_up(event->path, spec->link == SCN_LINK_UP);
}

/* @return what has to be freed after the run. */
static struct link_event *schedule_events(struct net *n) {
    struct link_event *events = calloc(n->spec->events.count + 1, sizeof *events);

    if (!events)
        abort();
    for (size_t i = 0; i < n->spec->events.count; i++) {
        const struct scn_event *spec = &n->spec->events.at[i];

        for (size_t j = 0; j < n->path_count; j++) {
            if (strcmp(n->paths[j].spec->name, spec->path) != 0)
                continue;
            events[i] = (struct link_event){&n->paths[j], spec};
            clock_at(&n->clock, llround(spec->time_s * 1e9), clock_number(&n->clock), happen, &events[i]);
        }
    }
    return events;
}

static void end(void *object) {
    struct net *n = object;

    clock_stop(&n->clock);
}

static void count_wire(struct measure_wire *of, const struct wire *w) {
    of->given = w->given;
    of->dropped = w->queue.dropped + w->lost;
}

static void count_drops(struct net *n) {
    for (size_t i = 0; i < n->path_count; i++) {
        struct measure_wire *of = &n->record->wires[2 * (n->paths[i].spec - n->spec->paths.at)];

        count_wire(&of[0], &n->paths[i].down);
        count_wire(&of[1], &n->paths[i].up);
    }
}

/* ---- A run ------------------------------------------------------------------------------------------------- */

static void count(struct net *n, const struct host *h) {
    const mpt_counters none = {0}, *counters = h->stack ? mpt_stack_counters(h->stack) : &none;

#define MPT_X(counter)                                                                                                 \
    if (measure_wants_counter(n->record, #counter))                                                                    \
        measure_count(n->record, h->name, #counter, counters->counter);
    MPT_COUNTERS(MPT_X)
#undef MPT_X
}

static bool run(struct net *n) {
    struct link_event *events;
    bool is_written = true;

    if (n->command->pcap_folder && !pcap_open_all(n, n->command->pcap_folder)) {
        pcap_close_all(n);
        return false;
    }
    command_print_config(n->spec, n->record->out);
    n->open_flows = n->spec->flows.count;
    n->keeps_writes = measure_wants(n->record, "app_delay");
    n->keeps_reorder = measure_wants(n->record, "reorder");
    sampler_schedule(n);
    for (size_t i = 0; i < n->spec->flows.count; i++)
        flow_schedule(&n->flows[i]);
    events = schedule_events(n);
    for (size_t i = 0; i < n->path_count; i++) {
        wire_follow(&n->paths[i].down);
        wire_follow(&n->paths[i].up);
    }
    clock_at(&n->clock, llround(n->spec->duration_s * 1e9), clock_number(&n->clock), end, n);
    clock_run(&n->clock);
    net_check(n);
    for (size_t i = 0; i < n->spec->flows.count; i++)
        flow_finish(&n->flows[i]);
    for (size_t i = 0; i < n->path_count; i++)
        n->record->middlebox_actions[n->paths[i].spec - n->spec->paths.at] = boxes_actions(&n->paths[i]);
    for (size_t i = 0; i < n->spec->hosts.count; i++)
        if (measure_wants_counters_of(n->record, n->hosts[i].name))
            count(n, &n->hosts[i]);
    count_drops(n);
    if (n->command->pcap_folder)
        is_written = pcap_close_all(n);
    if (n->has_failed) {
        free(events);
        return false;
    }
    measure_print(n->record, n->clock.now_ns);
    free(events);
    return is_written;
}

bool link_simulate(const struct scenario *s, const struct command *c, struct measure *m) {
    struct net n = {.spec = s, .command = c, .record = m};
    bool is_good = net_build(&n) && run(&n);

    net_free(&n);
    return is_good;
}
