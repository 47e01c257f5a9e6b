/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Both predictions of a scenario. */
#ifndef ORACLE_PREDICT_H
#define ORACLE_PREDICT_H

#include "fluid.h"
#include "from_scenario.h"
#include "packets.h"

#include "../stats.h"

#include <stdio.h>

enum { PREDICT_RUNS_MAX = 1000 };

typedef struct {
    fluid_result root, ode;
    bool has_root, has_ode;
    bool is_fair;        /* the equilibrium is that of fair queues: there is no second way to it */
    const char *refusal; /* why there is no fluid equilibrium, or NULL */
    double *packets;     /* by run, then by path */
    size_t runs, rates;
    unsigned long first_seed;
} predictions;

/* Fluid equilibria, and `runs` runs of the packet senders with seeds from first_seed. */
void predict(const oracle_case *c, unsigned long first_seed, size_t runs, predictions *p);
void predictions_free(predictions *p);
/* Whether two ways to the equilibrium were asked for and both found one. */
bool predictions_have_both(const predictions *p);

/* The sum of the paths from..to: in a run of the packet senders, over the runs, and of an equilibrium (or NaN). */
double packets_in_run(const predictions *p, size_t run, size_t from, size_t to);
stats_interval packets_of(const predictions *p, size_t from, size_t to);
double fluid_of(const fluid_result *result, bool is_found, size_t from, size_t to);

/*
 * Everything as lines "predicted SEED NAME ENTITY UNIT VALUE", separated by TABs (seed 0: whatever the seed), under the names
 * that the measured values have: predicted_fluid, predicted_fluid_ode, predicted_packets of each flow and of its paths
 * in Mb/s of payload, and ..._ratio_to_tcp, ..._jain of the run.
 */
void predictions_print(const predictions *p, const oracle_case *c, const struct scenario *s, FILE *out);

#endif
