/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link.c: one run of the engine, from a scenario to its results. */
#include "link.h"

#include "boxes.h"
#include "net.h"
#include "streams.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* ---- Events of the scenario -------------------------------------------------------------------------------- */

struct link_event {
    struct path *path; /* NULL: it is of a link that paths share */
    struct wire *up, *down;
    uint64_t stream; /* of the wires' */
    uint64_t seed;
    const struct scn_event *spec;
};

/* From now on; ns-3's model of losses draws for each packet, lost or not, once it is there. */
static void set_loss(struct wire *w, double fraction, uint64_t stream, uint64_t seed) {
    struct wire *at = w->beyond ? w->beyond : w;

    if (!wire_draws_losses(at))
        rng_init(&at->loss_rng, stream, seed);
    at->is_loss_told = true;
    at->loss = fraction;
}

static void set_losses(const struct link_event *event) {
    if (event->spec->loss_down >= 0)
        set_loss(event->down, event->spec->loss_down, event->stream, event->seed);
    if (event->spec->loss_up >= 0)
        set_loss(event->up, event->spec->loss_up, event->stream + 1, event->seed);
}

static void happen(void *object) {
    const struct link_event *event = object;
    const struct scn_event *spec = event->spec;

    if (spec->rate_mbps > 0)
        event->up->rate_bps = event->down->rate_bps = (uint64_t)(spec->rate_mbps * 1e6);
    if (spec->delay_ms >= 0) {
        wire_set_delay(event->up, (int64_t)(spec->delay_ms * 1e6));
        wire_set_delay(event->down, (int64_t)(spec->delay_ms * 1e6));
    }
    set_losses(event);
    if (spec->link != SCN_LINK_SAME && event->path)
        path_set_up(event->path, spec->link == SCN_LINK_UP);
    else if (spec->link != SCN_LINK_SAME)
        event->up->is_broken = event->down->is_broken = spec->link == SCN_LINK_DOWN;
}

/* What the event is about; event->up NULL: a path that is not built. */
static void find(struct net *n, struct link_event *event) {
    for (size_t i = 0; i < n->path_count; i++) {
        struct path *p = &n->paths[i];

        if (strcmp(p->spec->name, event->spec->path) != 0)
            continue;
        event->path = p;
        event->up = &p->up;
        event->down = &p->down;
        event->stream = STREAM_PATH + STREAM_PATH_STEP * (uint64_t)(p->number - 1) + STREAM_EVENT;
    }
    for (size_t i = 0; i < n->spec->links.count; i++) {
        if (strcmp(n->links[i].spec->name, event->spec->path) != 0)
            continue;
        event->up = &n->links[i].up;
        event->down = &n->links[i].down;
        event->stream = STREAM_LINK + STREAM_PATH_STEP * (uint64_t)i + STREAM_EVENT;
    }
}

/* @return what has to be freed after the run. */
static struct link_event *schedule_events(struct net *n) {
    struct link_event *events = calloc(n->spec->events.count + 1, sizeof *events);

    if (!events)
        abort();
    for (size_t i = 0; i < n->spec->events.count; i++) {
        struct link_event *event = &events[i];

        *event = (struct link_event){.spec = &n->spec->events.at[i], .seed = n->command->seed};
        find(n, event);
        if (event->up)
            clock_at(&n->clock, llround(event->spec->time_s * 1e9), clock_number(&n->clock), happen, event);
    }
    return events;
}

static void end(void *object) {
    struct net *n = object;

    clock_stop(&n->clock);
}

/* Added: minus what there was at measure_from_s, by unsigned arithmetic, plus what there is at the end. */
static void count_wire(struct measure_wire *of, const struct wire *w, bool is_end) {
    uint64_t dropped = w->queue.dropped + w->lost + (w->beyond ? w->beyond->lost : 0);
    uint64_t given = w->given + w->duplicated + (w->beyond ? w->beyond->duplicated : 0); /* copies are lost, too */

    of->given += is_end ? given : -given;
    of->dropped += is_end ? dropped : -dropped;
}

static void count_drops(struct net *n, bool is_end) {
    for (size_t i = 0; i < n->path_count; i++) {
        struct measure_wire *of = &n->record->wires[2 * (n->paths[i].spec - n->spec->paths.at)];

        count_wire(&of[0], &n->paths[i].down, is_end);
        count_wire(&of[1], &n->paths[i].up, is_end);
    }
    for (size_t i = 0; i < n->spec->links.count; i++) {
        struct measure_wire *of = &n->record->wires[2 * (n->spec->paths.count + i)];

        count_wire(&of[0], &n->links[i].down, is_end);
        count_wire(&of[1], &n->links[i].up, is_end);
    }
}

static void begin_to_count(void *object) {
    count_drops(object, false);
}

/* ---- A run ------------------------------------------------------------------------------------------------- */

#define MPT_X(counter) {#counter, offsetof(mpt_counters, counter)},
static struct counter_place {
    const char *name;
    size_t offset;
} counter_places[] = {MPT_COUNTERS(MPT_X)};
#undef MPT_X
enum { COUNTERS = sizeof counter_places / sizeof *counter_places };

static int by_name(const void *a, const void *b) {
    return strcmp(((const struct counter_place *)a)->name, ((const struct counter_place *)b)->name);
}

/* By binary search: to ask of each counter whether somebody wants it takes longer than all else at the end of a small run. */
static void find_wanted(const struct scenario *s, bool is_wanted[static COUNTERS]) {
    static bool is_sorted;

    if (!is_sorted)
        qsort(counter_places, COUNTERS, sizeof *counter_places, by_name);
    is_sorted = true;
    for (size_t i = 0; i < s->counters.count; i++) {
        const struct counter_place key = {.name = s->counters.at[i]};
        const struct counter_place *found = bsearch(&key, counter_places, COUNTERS, sizeof key, by_name);

        if (found)
            is_wanted[found - counter_places] = true;
        else if (strcmp(key.name, "all") == 0)
            memset(is_wanted, true, COUNTERS * sizeof *is_wanted);
    }
}

static void count(struct net *n) {
    const mpt_counters none = {0};
    bool is_wanted[COUNTERS] = {false};

    find_wanted(n->spec, is_wanted);
    for (size_t i = 0; i < n->spec->hosts.count; i++) {
        const struct host *h = &n->hosts[i];
        const char *counters = (const char *)(h->stack ? mpt_stack_counters(h->stack) : &none);

        if (!measure_wants_counters_of(n->record, h->name))
            continue;
        for (size_t k = 0; k < COUNTERS; k++)
            if (is_wanted[k])
                measure_count(n->record, h->name, counter_places[k].name,
                              *(const uint64_t *)(const void *)(counters + counter_places[k].offset));
    }
}

static bool run(struct net *n) {
    struct link_event *events;
    bool is_written = true;

    if (n->command->pcap_folder && !pcap_open_all(n, n->command->pcap_folder)) {
        pcap_close_all(n);
        return false;
    }
    command_print_config(n->spec, n->command, n->record->out);
    n->open_flows = n->spec->flows.count;
    n->keeps_writes = measure_wants(n->record, "app_delay");
    n->keeps_reorder = measure_wants(n->record, "reorder");
    sampler_schedule(n);
    if (n->spec->measure_from_s > 0 && measure_wants(n->record, "queue"))
        clock_at(&n->clock, llround(n->spec->measure_from_s * 1e9), clock_number(&n->clock), begin_to_count, n);
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
    count(n);
    if (n->clock.now_ns >= llround(n->spec->measure_from_s * 1e9)) /* else it ended before the measurement began */
        count_drops(n, true);
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
