/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ideal packet senders over a network's links: first in, first out or a queue for each, gentle RED, CoDel or drop-tail, random loss. A path's
 * links follow each other at once; all of its delay lies behind them, and acknowledgements are neither lost nor queued.
 */
#ifndef ORACLE_PACKETS_H
#define ORACLE_PACKETS_H

#include "network.h"

typedef struct {
    double warm_up_s, measured_s; /* what is delivered in the first does not count */
    double start_s;               /* flows start within this, at random */
    unsigned long seed;
} packets_settings;

/* Fills in the rates, flow by flow, in it copy by copy, in that path by path. */
void packets_run(const network *n, const packets_settings *settings, double *rate_pps);

/* How many rates that are. */
size_t packets_rates(const network *n);

#endif
