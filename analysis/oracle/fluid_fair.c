/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Max-min fairness by progressive filling (Bertsekas and Gallager, Data Networks, 6.5.2): all rates rise together until a link is full. */
#include "fluid.h"

#include <math.h>

bool fluid_is_fair(const network *n) {
    for (size_t l = 0; l < n->link_count; l++)
        if (n->link[l].is_fair)
            return true;
    return false;
}

static bool has_hop(const net_path *path, size_t link) {
    for (size_t i = 0; i < path->hop_count; i++)
        if (path->hop[i] == link)
            return true;
    return false;
}

/* What link l carries of the paths that are settled, and how many others want a part of it. */
static void look_at(const network *n, size_t l, const double *rate, const bool *is_settled, double *load,
                    double *wanting) {
    size_t at = 0;
    *load = *wanting = 0;
    for (size_t f = 0; f < n->flow_count; f++)
        for (size_t r = 0; r < n->flow[f].path_count; r++, at++)
            if (has_hop(&n->flow[f].path[r], l)) {
                *load += is_settled[at] ? rate[at] * fluid_load(&n->flow[f]) : 0;
                *wanting += is_settled[at] ? 0 : fluid_load(&n->flow[f]);
            }
}

/* The link that is full first. @return false when no path is left that wants more. */
static bool next_full(const network *n, const double *rate, const bool *is_settled, size_t *full, double *share) {
    *share = INFINITY;
    for (size_t l = 0; l < n->link_count; l++) {
        double load, wanting;
        look_at(n, l, rate, is_settled, &load, &wanting);
        double part = (n->link[l].capacity_pps - load) / wanting;
        if (n->link[l].capacity_pps > 0 && wanting > 0 && part < *share) {
            *share = part;
            *full = l;
        }
    }
    return isfinite(*share);
}

bool fluid_by_filling(const network *n, fluid_result *out) {
    bool is_settled[NET_TOTAL_MAX] = {false}, is_good = true;
    size_t full = 0;
    double share;
    *out = (fluid_result){0};
    while (next_full(n, out->rate_pps, is_settled, &full, &share)) {
        size_t at = 0;
        is_good = is_good && n->link[full].is_fair;
        for (size_t f = 0; f < n->flow_count; f++)
            for (size_t r = 0; r < n->flow[f].path_count; r++, at++)
                if (!is_settled[at] && has_hop(&n->flow[f].path[r], full)) {
                    is_settled[at] = true;
                    out->rate_pps[at] = n->flow[f].is_over ? 0 : share;
                }
    }
    return is_good;
}
