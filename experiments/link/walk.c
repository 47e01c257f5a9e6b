/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "walk.h"

#include "rng.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { WALK_POINTS = 5 };

static int64_t from_seconds(double seconds) {
    return llround(seconds * 1e9);
}

static void add(struct walk *w, int64_t time_ns, double x_m, double y_m) {
    w->points[w->count++] = (struct walk_point){time_ns, x_m, y_m};
}

static void follow_waypoints(struct walk *w) {
    for (size_t i = 0; i < w->spec->waypoints.count; i++) {
        const struct scn_waypoint *p = &w->spec->waypoints.at[i];

        if (i == 0 && p->time_s > 0)
            add(w, 0, p->x_m, p->y_m);
        add(w, from_seconds(p->time_s), p->x_m, p->y_m);
    }
}

/* There, and perhaps back after a pause. */
static void go(struct walk *w, uint64_t stream, uint64_t seed) {
    const struct scn_mobility *m = w->spec;
    double x_m = m->walk_to_x_m - m->x_m, y_m = m->walk_to_y_m - m->y_m, distance_m = sqrt(x_m * x_m + y_m * y_m);
    int64_t leave_ns, walk_ns, turn_ns;
    struct rng jitter;

    add(w, 0, m->x_m, m->y_m);
    if (m->speed_mps <= 0 || distance_m <= 0)
        return;
    rng_init(&jitter, stream, seed);
    leave_ns = from_seconds(m->leave_s + rng_between(&jitter, 0, m->leave_jitter_s));
    walk_ns = from_seconds(distance_m / m->speed_mps);
    if (leave_ns > 0)
        add(w, leave_ns, m->x_m, m->y_m);
    add(w, leave_ns + walk_ns, m->walk_to_x_m, m->walk_to_y_m);
    if (!m->come_back)
        return;
    turn_ns = leave_ns + walk_ns + from_seconds(m->pause_s);
    if (m->pause_s > 0)
        add(w, turn_ns, m->walk_to_x_m, m->walk_to_y_m);
    add(w, turn_ns + walk_ns, m->x_m, m->y_m);
}

void walk_init(struct walk *w, const struct scn_mobility *spec, uint64_t stream, uint64_t seed) {
    *w = (struct walk){.spec = spec};
    w->points = calloc(spec->waypoints.count + WALK_POINTS, sizeof *w->points);
    if (!w->points) {
        fprintf(stderr, "mptcp-run: out of memory\n");
        abort();
    }
    if (spec->waypoints.count > 0)
        follow_waypoints(w);
    else
        go(w, stream, seed);
    w->now = w->points[0];
    w->next = 1;
}

void walk_until(struct walk *w, int64_t now_ns) {
    while (w->next < w->count && now_ns >= w->points[w->next].time_ns)
        w->now = w->points[w->next++];
    if (w->next < w->count && now_ns > w->now.time_ns) {
        const struct walk_point *from = &w->points[w->next - 1], *to = &w->points[w->next];
        double span_s = (double)(to->time_ns - from->time_ns) / 1e9, passed_s = (double)(now_ns - w->now.time_ns) / 1e9;

        w->now.x_m += (to->x_m - from->x_m) / span_s * passed_s;
        w->now.y_m += (to->y_m - from->y_m) / span_s * passed_s;
        w->now.time_ns = now_ns;
    }
}

void walk_free(struct walk *w) {
    free(w->points);
}
