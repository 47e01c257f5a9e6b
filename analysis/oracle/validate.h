/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of mptcp-validate share. */
#ifndef ORACLE_VALIDATE_H
#define ORACLE_VALIDATE_H

#include "validate_point.h"

#include "../chart.h"
#include "../memory.h"

#include <stdbool.h>

typedef enum { WITHIN, OUTSIDE, NOT_PREDICTED, TOLD, VERDICTS } verdict;

/* A published figure. */
typedef struct {
    char *experiment, *point, *quantity, *source;
    double value;
    bool is_used;
} target;

typedef struct {
    const char *file, *targets_file, *figures;
    sqlite3 *db;
    point **point;
    size_t points;
    target *target;
    size_t targets;
} page;

/* validate_targets.c: lines experiment,point,quantity,value,source. @return false after one line on standard error */
bool targets_read(page *pg);
/* NaN where there is none. */
double target_of(const page *pg, const char *experiment, const char *label, const char *quantity);
/* Of experiments that the database holds: a target that no row has is a mistake in the file. @return false after naming it */
bool targets_are_used(const page *pg);

/* The points of the campaigns whose names match; those without completed runs are left out. */
void page_load(page *pg, const char *campaigns);
void page_free(page *pg);

/*
 * Figures in the folder. @return whether the database holds what they show
 *
 * validate_figure.c: fairness-ratio.* in the folder: ratio to TCP against the number of TCP flows, sweeps fairness-shared-N.
 */
bool figure_ratio(const page *pg);
/* Script, caption and images of a chart whose numbers were written, and the end of its files. */
void figure_write(chart *c, const char *caption);

/* validate_map.c: fairness-map.* and aggregation-map.*, of the sweeps map and map-alone. */
bool figure_maps(const page *pg);

/* validate_delay.c: schedulers-delay.*, of the sweep schedulers-blest. */
bool figure_delay(const page *pg);

#endif
