/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbers of a figure: values of runs, each at a panel, a series and a place on the x axis. */
#ifndef ANALYSIS_FRAME_H
#define ANALYSIS_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "axes.h"
#include "levels.h"
#include "plot_request.h"
#include "store.h"
#include "style.h"

typedef struct {
    size_t panel, series, x; /* into the levels */
    int64_t run, seed, point;
    uint64_t result; /* equal for runs that count as one, see axes_run */
    uint64_t pooled; /* equal for points that are the same on the axes which are taken together */
    double value;
    bool is_censored; /* the true value is above: the run ended first */
    double x_value;   /* scatter: the other metric */
} frame_row;

typedef struct {
    levels panel, series, x;
    frame_row *row; /* ordered by panel, series, x, seed, run */
    size_t n;
    size_t *runs_at;       /* [(panel * series.n + series) * x.n + x]: chosen runs there, with or without a value */
    bool knows_runs_at;    /* not when a direction is flow, path or entity: nobody knows which there should be */
    char **metric, **unit; /* of each panel */
    char *x_unit;          /* of scatter */
    char *entity;          /* "" when there are several */
    size_t points_alike, points_several;
    double bin_s;          /* time: width of a place along x; else 0 */
    double gap_s;          /* time: values that are further apart than this are not connected */
    size_t points_unshown; /* no run has a value at any point of that series, panel or place on the x axis */
} frame;

/* Loads what the request asks for from the chosen runs; refuses, with what to do, when that is ambiguous. */
frame frame_load(const store *s, const plot_request *r, const style *look);
void frame_free(frame *f);

/* The same of a sampled series, for the panels of a frame: x is the time; points may be mixed. */
frame frame_load_shade(const store *s, const plot_request *r, const style *look, double bin_s);

/* First row of a cell and how many there are. */
size_t frame_cell(const frame *f, size_t panel, size_t series, size_t x, const frame_row **first);
size_t frame_runs_at(const frame *f, size_t panel, size_t series, size_t x);

#endif
