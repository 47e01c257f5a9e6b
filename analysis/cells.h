/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of several seeds, grouped by what the seeds share: one cell is one point of one curve. */
#ifndef ANALYSIS_CELLS_H
#define ANALYSIS_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stats.h"

typedef struct {
    char *series; /* which curve or bar: 'mptcp' */
    char *x;      /* where on the axis, as the sweep file writes it: '1.5'; empty when there is no such axis */
    double *value;
    int64_t *seed;
    size_t n;
} cell;

typedef struct {
    cell *item;
    size_t n;
} cells;

/* Appends to the last cell, or to a new one when series or x differ from it. Returns false if that cell has the seed.
 */
bool cells_add(cells *list, const char *series, const char *x, int64_t seed, double value);

/* NULL when there is none. */
const cell *cells_find(const cells *list, const char *series, const char *x);

/* The seeds two cells share: values of a and b side by side in arrays of the caller, each of at least a->n. */
size_t cells_pair(const cell *a, const cell *b, double *value_a, double *value_b);

void cells_free(cells *list);

#endif
