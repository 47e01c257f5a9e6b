/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "network.h"

#include <string.h>

static const char *const names[RULE_COUNT] = {"reno",  "ewtcp",  "coupled", "lia",   "lia-rfc", "olia",
                                              "balia", "wvegas", "cubic",   "dctcp", "bbr"};

rule_kind rule_find(const char *name) {
    rule_kind rule = 0;
    while (rule < RULE_COUNT && strcmp(names[rule], name) != 0)
        rule++;
    return rule;
}

const char *rule_name(rule_kind rule) {
    return names[rule];
}

size_t network_index(const network *n, size_t flow, size_t path) {
    size_t index = path;
    for (size_t f = 0; f < flow; f++)
        index += n->flow[f].path_count;
    return index;
}

size_t network_paths(const network *n) {
    return network_index(n, n->flow_count, 0);
}

double red_probability(const net_link *link, double queue) {
    if (queue < link->red_min)
        return 0;
    if (queue < link->red_max)
        return link->red_max_p * (queue - link->red_min) / (link->red_max - link->red_min);
    if (queue < 2 * link->red_max)
        return link->red_max_p + (1 - link->red_max_p) * (queue - link->red_max) / link->red_max;
    return 1;
}

double red_queue(const net_link *link, double p) {
    if (p <= link->red_max_p)
        return link->red_min + (link->red_max - link->red_min) * p / link->red_max_p;
    return link->red_max * (1 + (p - link->red_max_p) / (1 - link->red_max_p));
}
