/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the tasks of a plan in a pool of processes and puts each result into the store. */
#ifndef LAB_RUNNER_H
#define LAB_RUNNER_H

#include "plan.h"
#include "progress.h"

typedef struct {
    const grid *points;
    const plan *tasks;
    const program *prog;
    const char *scenario;
    const char *host; /* name of this machine */
    size_t jobs;
    bool stop_at_first_failure;
    const char *pcap_folder; /* whole path of where captures are kept; NULL: none are made */
    store *results;
    progress *shown;
} runner;

/* False when it could not go on, with one line on standard error, or a stop signal came, to it or to a run; such runs and those under
 * way are dropped. */
bool runner_run(const runner *r);

#endif
