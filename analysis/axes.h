/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The chosen runs and what each is on every axis of the sweep, in memory. */
#ifndef ANALYSIS_AXES_H
#define ANALYSIS_AXES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store.h"

typedef struct {
    int64_t run, point, seed;
    uint64_t result; /* equal for those of a point where all runs printed the same, so that its seeds have no effect */
} axes_run;

typedef struct {
    char **key; /* the axes, each once */
    size_t keys;
    int64_t *point; /* ascending: the order of the sweep */
    char **value;   /* [point * keys + key]; NULL where a point has no such axis */
    size_t points;
    axes_run *run; /* by point, then seed */
    size_t runs;
    const axes_run **by_id; /* the same, ascending by run */
} axes;

axes axes_load(const store *s);
void axes_free(axes *a);

/* Index of an axis by its name, or by the end of its name from a dot on where that is clear; a->keys if there is none. */
size_t axes_find(const axes *a, const char *name);
const char *axes_value(const axes *a, int64_t point, size_t key); /* "" where there is none */
const axes_run *axes_find_run(const axes *a, int64_t run);
/* Ends the program when two points have the same values on all axes: a figure would take both for one. */
void axes_refuse_twins(const axes *a, const store *s);

char *axes_names(const axes *a); /* 'a, b, c'; the caller frees it */

/* Points with several seeds, and those of them whose seeds all gave the same result. */
void axes_count_alike(const axes *a, size_t *alike, size_t *several);

#endif
