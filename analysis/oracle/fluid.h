/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fluid equilibria, found in two ways that share nothing but the network: the papers' fixed points with the links'
 * prices as unknowns (fluid_root.c), and the rules as differential equations, run until they rest (fluid_ode.c).
 *
 * A full link's price is its loss probability, from which follow RED's queue and the round-trip times; for drop-tail
 * the queue is full. Between wVegas alone the price is the queueing delay.
 */
#ifndef ORACLE_FLUID_H
#define ORACLE_FLUID_H

#include "network.h"

typedef struct {
    double rate_pps[NET_TOTAL_MAX]; /* by network_index() */
    double price[NET_LINKS_MAX];    /* of a link: loss probability, or seconds of queue */
} fluid_result;

/* @return NULL, or why the model does not hold for it: one sentence. */
const char *fluid_refuses(const network *n);
/* @return false when no equilibrium was found. */
bool fluid_by_root(const network *n, fluid_result *out);
bool fluid_by_ode(const network *n, fluid_result *out);

/*
 * Where queues are fair whatever the rules are: each subflow gets as much as the others at its bottleneck, or as much as
 * another link lets it have (fluid_fair.c). @return false when a link would be full that is not fair.
 */
bool fluid_is_fair(const network *n);
bool fluid_by_filling(const network *n, fluid_result *out);

/* For both: whether prices are delays; loss probability (or queueing delay) and round-trip time of a path. */
bool fluid_prices_are_delays(const network *n);
double fluid_path_price(const network *n, const net_path *path, const double *price);
double fluid_path_rtt_s(const network *n, const net_path *path, const double *price);
/* How many of the flow there are while something is measured. */
double fluid_load(const net_flow *flow);

#endif
