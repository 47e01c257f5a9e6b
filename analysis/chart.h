/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A figure as it is drawn, whatever it tells of: panels of layers over two axes, and a key. chart_script() writes it as
 * one gnuplot script that holds all its numbers, as data blocks by number.
 */
#ifndef ANALYSIS_CHART_H
#define ANALYSIS_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef struct {
    double x, y, low, high; /* NaN: isn't there */
    double q1, q3;          /* of a box; of a cell: half its width and height */
} chart_point;

typedef enum {
    LAYER_CURVE,  /* line, points and intervals; a point without y breaks the line */
    LAYER_POINTS, /* points and intervals */
    LAYER_HOLLOW, /* the same, open: not significant */
    LAYER_LINE,
    LAYER_STEPS,
    LAYER_THIN,        /* one run of many */
    LAYER_BAND,        /* from low to high */
    LAYER_BARS,        /* q1: width */
    LAYER_FLAT,        /* value written where a bar is too flat to be seen */
    LAYER_BOX,         /* y: median, q1, q3, whiskers low and high */
    LAYER_DOTS,        /* small points: single runs */
    LAYER_CELLS,       /* of a heat map; coloured by y's value in low, with a number */
    LAYER_CELLS_PLAIN, /* without the number */
    LAYER_SHADE,       /* grey from x to y over the whole height; low: how dark, in 0 to 1 */
    LAYER_LEVEL,       /* thin line at y from low to high along x: theory, zero, the diagonal's ends in q1, q3 */
    LAYER_FIELD,       /* grey field: x from q1 to q3, y from low to high */
    LAYER_MARK         /* vertical thin line at x with a text */
} layer_kind;

typedef struct {
    layer_kind kind;
    int look;    /* 1 to STYLE_LOOKS */
    char *label; /* LAYER_LEVEL, LAYER_MARK: written beside it; may be NULL */
    chart_point *point;
    size_t n;
} chart_layer;

typedef struct {
    char *title; /* with its unit; "" for none */
    bool is_log, is_category;
    bool is_fixed_low, is_fixed_high;
    double low, high; /* NaN until chart_fit() */
    double *tick;     /* where, and what is written there; none: chart_fit() makes them */
    char **tick_label;
    size_t ticks;
    bool wants_zero;
    double scale; /* numbers were divided by this for the unit in the title; 1 for none */
} chart_axis;

typedef struct {
    char *title; /* "" for none */
    chart_axis x, y;
    chart_layer *layer;
    size_t n;
} chart_panel;

typedef enum { SAMPLE_LINE, SAMPLE_POINT, SAMPLE_BOTH, SAMPLE_BAR } sample_kind;

typedef struct {
    char *label;
    int look;
    sample_kind sample;
} chart_key;

typedef struct {
    char *name, *note;
    bool is_wide;   /* two columns of a paper */
    size_t columns; /* panels in a row; 0: as many as look well */
    chart_panel *panel;
    size_t n;
    chart_key *key;
    size_t keys;
    char *colour_title; /* of a heat map, else NULL */
    double colour_low, colour_high, colour_scale;
    double box_width;
} chart;

chart_panel *chart_add_panel(chart *c, const char *title);
chart_layer *chart_add_layer(chart_panel *p, layer_kind kind, int look);
void chart_add_point(chart_layer *layer, chart_point point);
void chart_add_key(chart *c, const char *label, int look, sample_kind sample);
void chart_add_tick(chart_axis *axis, double at, const char *label);
void chart_free(chart *c);

/* Sets the ends of all axes from what is drawn, the same for panels whose titles are the same, and their ticks. */
void chart_fit(chart *c);

/* Writes the script; common is the text of gp/common.gp. */
void chart_script(const chart *c, FILE *file, const char *common);

#endif
