/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario_unused.c: values that have no effect beside others. They are no error, for a sweep over one of the two keys
 * has such points, but somebody may have meant something by them.
 */
#include "scenario.h"

#include <math.h>
#include <string.h>

static void tell(const struct doc_mark *mark, const char *what, FILE *out) {
    fprintf(out, "%s:%d:%d: %s\n", mark->file, mark->line, mark->column, what);
}

static bool differ(double a, double b) {
    return fabs(a - b) > 0;
}

static bool ever_loses(const struct scenario *s, const struct scn_path *w) {
    bool loses = w->loss_down > 0 || w->loss_up > 0;

    for (size_t i = 0; i < s->events.count; i++) {
        const struct scn_event *e = &s->events.at[i];

        loses |= strcmp(e->path, w->name) == 0 && (e->loss_down > 0 || e->loss_up > 0);
    }
    return loses || w->type == SCN_TRACE; /* a trace may have losses of its own */
}

static void tell_wire(const struct scenario *s, const struct scn_path *w, FILE *out) {
    enum { MIN_PACKETS = 5, MAX_PACKETS = 15 }; /* the defaults */

    if (w->queue_discipline == SCN_DROP_TAIL && w->ecn)
        tell(&w->mark, "ecn: has no effect with queue_discipline drop-tail, which marks nothing", out);
    if (w->queue_discipline != SCN_RED &&
        (differ(w->red_min_packets, MIN_PACKETS) || differ(w->red_max_packets, MAX_PACKETS) ||
         differ(w->red_max_probability, 0.1)))
        tell(&w->mark, "red_*: has no effect without queue_discipline red", out);
    if (differ(w->loss_burst_packets, 1) && !ever_loses(s, w))
        tell(&w->mark, "loss_burst_packets: has no effect without loss_down or loss_up", out);
    if (differ(w->reorder_ms, 1) && w->reorder <= 0)
        tell(&w->mark, "reorder_ms: has no effect without reorder", out);
}

static void tell_mobility(const struct scn_mobility *m, FILE *out) {
    bool walks = differ(m->walk_to_x_m, 0) || differ(m->walk_to_y_m, 0);

    if (m->waypoints.count > 0 && (walks || m->speed_mps > 0))
        tell(&m->mark, "walk_to_x_m, walk_to_y_m, speed_mps: have no effect with waypoints", out);
    else if (walks && m->speed_mps <= 0)
        tell(&m->mark, "walk_to_x_m, walk_to_y_m: have no effect without speed_mps", out);
}

static bool has_setting(const struct scn_flow *f, const char *setting) {
    for (size_t i = 0; i < f->settings.count; i++)
        if (strcmp(f->settings.at[i], setting) == 0)
            return true;
    return false;
}

static void tell_flow(const struct scn_flow *f, FILE *out) {
    if (f->protocol != SCN_MPTCP && (strcmp(f->scheduler, "earliest") != 0 || strcmp(f->path_manager, "fullmesh") != 0))
        tell(&f->mark, "scheduler, path_manager: have no effect without protocol mptcp", out);
    if (strcmp(f->congestion_control, "dctcp") == 0 && !has_setting(f, "Ecn=true") && !has_setting(f, "Ecn=1"))
        tell(&f->mark, "congestion_control: dctcp is reno without Ecn=true among its settings, as nothing is marked",
             out);
}

void scenario_tell_unused(const struct scenario *s, FILE *out) {
    for (size_t i = 0; i < s->paths.count; i++)
        if (s->paths.at[i].enabled)
            tell_wire(s, &s->paths.at[i], out);
    for (size_t i = 0; i < s->links.count; i++)
        tell_wire(s, &s->links.at[i], out);
    for (size_t i = 0; i < s->mobility.count; i++)
        tell_mobility(&s->mobility.at[i], out);
    for (size_t i = 0; i < s->flows.count; i++)
        tell_flow(&s->flows.at[i], out);
}
