/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fluid.h"

#include <math.h>

bool fluid_prices_are_delays(const network *n) {
    for (size_t f = 0; f < n->flow_count; f++)
        if (n->flow[f].rule != RULE_WVEGAS)
            return false;
    return true;
}

const char *fluid_refuses(const network *n) {
    bool is_delay = fluid_prices_are_delays(n);
    for (size_t f = 0; f < n->flow_count; f++) {
        if (n->flow[f].rule == RULE_BBR && !fluid_is_fair(n))
            return "BBR answers to no loss probability: it sends what it has measured; ideal senders predict it";
        if (n->flow[f].rule == RULE_WVEGAS && !is_delay)
            return "wVegas yields to what fills queues; the fluid model knows it among itself only";
        for (size_t r = 0; r < n->flow[f].path_count; r++) {
            const net_path *path = &n->flow[f].path[r];
            bool is_limited = false;
            for (size_t i = 0; i < path->hop_count; i++) {
                const net_link *link = &n->link[path->hop[i]];
                is_limited = is_limited || link->capacity_pps > 0 || (!is_delay && link->loss > 0);
            }
            if (!is_limited)
                return "a path has neither loss nor a rate: nothing limits its flow";
        }
    }
    return NULL;
}

double fluid_path_price(const network *n, const net_path *path, const double *price) {
    double passes = 1, delay_s = 0;
    for (size_t i = 0; i < path->hop_count; i++) {
        passes *= (1 - n->link[path->hop[i]].loss) * (1 - price[path->hop[i]]);
        delay_s += price[path->hop[i]];
    }
    return fluid_prices_are_delays(n) ? delay_s : 1 - passes;
}

/* How long a full link's queue takes at a loss probability. */
static double queue_s(const net_link *link, double p) {
    if (link->is_codel)
        return fmin(CODEL_TARGET_S, link->queue_max / link->capacity_pps);
    return (link->is_red ? red_queue(link, p) : link->queue_max) / link->capacity_pps;
}

double fluid_load(const net_flow *flow) {
    return flow->is_over ? 0 : (double)flow->copies;
}

double fluid_path_rtt_s(const network *n, const net_path *path, const double *price) {
    double rtt_s = path->rtt_s + path->spread_s / 2;
    bool is_delay = fluid_prices_are_delays(n);
    for (size_t i = 0; i < path->hop_count; i++) {
        const net_link *link = &n->link[path->hop[i]];
        double p = price[path->hop[i]];
        if (is_delay)
            rtt_s += p;
        else if (link->capacity_pps > 0) /* a price of nothing is a queue of nothing */
            rtt_s += queue_s(link, p) * p / (p + 1e-6);
    }
    return rtt_s;
}
