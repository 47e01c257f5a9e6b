/* SPDX-License-Identifier: GPL-2.0-only */
/* Asks mptcp-run --print-config for the configuration of every point of a grid. */
#ifndef LAB_RESOLVE_H
#define LAB_RESOLVE_H

#include "grid.h"

/* On failure one line is on standard error (none after a stop signal) and false returned. */
bool resolve_points(grid *g, const char *program, const char *scenario, size_t jobs);

#endif
