/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The network of a scenario file, in packets of the first flow's MSS and 40 bytes. Only what the oracles can judge is
 * taken: greedy flows over cables that are always there; all else is refused with the line it stands in. A flow that
 * stops before anything is measured is none of the equilibrium's. ECN's marks count as losses; acknowledgements meet
 * neither loss nor queues.
 */
#ifndef ORACLE_FROM_SCENARIO_H
#define ORACLE_FROM_SCENARIO_H

#include "network.h"

#include "scenario.h"

typedef struct {
    network n;
    double warm_up_s, measured_s;
    double started_s;     /* by when all have started that do not stop */
    double *mbps_per_pps; /* of each flow: payload, as the metric goodput counts it */
} oracle_case;

/* @return false after writing one line "FILE:LINE:COLUMN: key: what was expected" to `error`. */
bool oracle_from_scenario(oracle_case *out, const struct scenario *s, struct scn_arena *arena, char *error,
                          size_t error_bytes);

#endif
