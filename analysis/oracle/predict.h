/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Both predictions of a scenario. */
#ifndef ORACLE_PREDICT_H
#define ORACLE_PREDICT_H

#include "fluid.h"
#include "from_scenario.h"
#include "packets.h"

#include "../stats.h"

enum { PREDICT_RUNS_MAX = 1000 };

typedef struct {
    fluid_result root, ode;
    bool has_root, has_ode;
    const char *refusal; /* why there is no fluid equilibrium, or NULL */
    double *packets;     /* by run, then by path */
    size_t runs, rates;
} predictions;

/* Fluid equilibria, and `runs` runs of the packet senders with seeds from 1. */
void predict(const oracle_case *c, size_t runs, predictions *p);
void predictions_free(predictions *p);

/* The sum of the paths from..to: in a run of the packet senders, over the runs, and of an equilibrium (or NaN). */
double packets_in_run(const predictions *p, size_t run, size_t from, size_t to);
stats_interval packets_of(const predictions *p, size_t from, size_t to);
double fluid_of(const fluid_result *result, bool is_found, size_t from, size_t to);

#endif
