/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One figure of any kind from the runs of a campaign: its images, script, numbers and caption. */
#ifndef ANALYSIS_PLOT_H
#define ANALYSIS_PLOT_H

#include "chart.h"
#include "frame.h"
#include "plot_request.h"
#include "summary.h"

/* What the builders of the kinds share. */
typedef struct {
    const store *s;
    const plot_request *r;
    const style *look;
    frame f;
    int *looks; /* of each series */
    chart c;
    FILE *csv;
    char *caption;       /* sentences of the kind itself */
    size_t n_min, n_max; /* values of a cell that isn't empty */
    size_t runs_max;     /* of a cell */
    size_t cells, empty; /* and those without a value */
    size_t incomplete;   /* cells with a value of some of their runs only */
    bool is_used[INTERVAL_NONE + 1];
} plot;

/* Chooses the runs, draws, writes DIR/NAME.{csv,gp,txt} and the images. */
void plot_draw(store *s, const plot_request *r, const char *folder);

/* The builders: each fills the chart and the CSV file from the frame. */
void plot_points(plot *p); /* lines, dots, bars, difference */
void plot_box(plot *p);
void plot_cdf(plot *p);
void plot_heat(plot *p);
void plot_scatter(plot *p);
void plot_time(plot *p);

/* ---- for the builders ---- */

void plot_set_x(plot *p, chart_axis *axis, bool is_category);
/* Title (the given one, unless NULL) and scale of an axis for numbers up to this. */
void plot_scale(const plot *p, chart_axis *axis, const char *given, const char *metric, const char *unit,
                double greatest);
void plot_set_x_metric(plot *p, chart_axis *axis, size_t panel); /* cdf, scatter: a metric lies along x */
void plot_set_range(const plot *p, chart_axis *axis, plot_key key);
void plot_set_y(plot *p, chart_axis *axis, size_t panel);
chart_panel *plot_new_panel(plot *p, size_t panel);
void plot_add_keys(plot *p, sample_kind sample);
void plot_add_keys_but(plot *p, size_t left_out, sample_kind sample); /* without one series */
void plot_add_reference(plot *p, chart_panel *panel, size_t index, bool is_category);
double plot_x(const plot *p, const chart_axis *axis, size_t x); /* place of a level */
void plot_count(plot *p, const summary *sum);

/* The first columns of a line of the CSV file: panel, series, x as far as they are there, then the metric. */
void plot_csv_head(plot *p, const char *columns);
void plot_csv_place(plot *p, size_t panel, size_t series, size_t x);

#endif
