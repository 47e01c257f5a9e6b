/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the configuration of every point of a grid: mptcp-run --print-config says it, once for each build, content of
 * the scenario file and changes to it; later it is in the store.
 */
#ifndef LAB_RESOLVE_H
#define LAB_RESOLVE_H

#include "grid.h"
#include "program.h"
#include "store.h"

typedef struct {
    const program *prog;
    const char *scenario;
    const char *sweep_path; /* for messages */
    size_t jobs;
    store *known; /* NULL: nothing is known */
    /* Keeps what was found so far, when that took long or is given up; NULL: nothing is kept. */
    bool (*keep)(void *user, grid *g);
    void *user;
} resolve_options;

/* On failure returns false, with one line on standard error but after a stop signal. */
bool resolve_points(grid *g, const resolve_options *options);

#endif
