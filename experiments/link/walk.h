/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * walk.h: where a host is while it walks. Nothing in this engine depends on it; it is sampled (series position), as ns-3's
 * WaypointMobilityModel has it: from one waypoint to the next in a straight line.
 */
#ifndef LINK_WALK_H
#define LINK_WALK_H

#include "scenario.h"

struct walk_point {
    int64_t time_ns;
    double x_m, y_m;
};

struct walk {
    const struct scn_mobility *spec;
    struct walk_point *points; /**< in order of time */
    size_t count;
    size_t next;           /**< the point that it is on its way to; the first one is where it starts */
    struct walk_point now; /**< where it was when it was last looked at */
};

/** Plan the walk. @param stream of random numbers, for the moment when it leaves */
void walk_init(struct walk *w, const struct scn_mobility *spec, uint64_t stream, uint64_t seed);
/** Go on to @p now_ns, which is no earlier than the time before. */
void walk_until(struct walk *w, int64_t now_ns);
void walk_free(struct walk *w);

#endif
