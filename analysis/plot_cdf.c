/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The share of runs whose value is at most x. Runs without a value, or with a censored one, count: their curve ends below 1. */
#define _GNU_SOURCE 1
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>

#include "memory.h"
#include "output.h"
#include "plot.h"

static void add_curve(plot *p, chart_panel *panel, size_t index, size_t series, double end) {
    const frame_row *row;
    size_t rows = frame_cell(&p->f, index, series, 0, &row), n = 0;
    summary sum = summary_cell(&p->f, index, series, 0, INTERVAL_NONE);
    size_t all = sum.runs > rows ? sum.runs : rows;
    double *value = memory_new(rows, sizeof *value);
    plot_count(p, &sum);
    for (size_t i = 0; i < rows; i++)
        if (!row[i].is_censored)
            value[n++] = row[i].value;
    gsl_sort(value, 1, n);
    chart_layer *layer = chart_add_layer(panel, LAYER_STEPS, p->looks[series]);
    for (size_t i = 0; i < n; i++) {
        double share = (double)(i + 1) / (double)all, x = value[i] / panel->x.scale;
        if (i == 0)
            chart_add_point(layer, (chart_point){x, 0.0, NAN, NAN, NAN, NAN});
        if (i + 1 == n || value[i + 1] > value[i])
            chart_add_point(layer, (chart_point){x, share, NAN, NAN, NAN, NAN});
        plot_csv_place(p, index, series, 0);
        output_number(p->csv, value[i]);
        output_number(p->csv, share);
        fprintf(p->csv, ",%zu,%zu\n", n, all);
    }
    if (n > 0)
        chart_add_point(layer, (chart_point){end / panel->x.scale, (double)n / (double)all, NAN, NAN, NAN, NAN});
    free(value);
}

/* Where all curves of the panels end. */
static double greatest_value(const plot *p, size_t panel) {
    double greatest = -INFINITY;
    for (size_t i = 0; i < p->f.n; i++)
        if (!p->f.row[i].is_censored && (p->f.row[i].panel == panel || !p->f.panel.is_metric))
            greatest = fmax(greatest, p->f.row[i].value);
    return greatest;
}

void plot_cdf(plot *p) {
    plot_csv_head(p, "value,share,n,runs");
    plot_add_keys(p, SAMPLE_LINE);
    for (size_t i = 0; i < p->f.panel.n; i++) {
        chart_panel *panel = plot_new_panel(p, i);
        plot_set_x_metric(p, &panel->x, i);
        panel->y.title = memory_text(p->r->text[PLOT_Y_TITLE] != NULL ? p->r->text[PLOT_Y_TITLE] : "Share of runs");
        panel->y.is_fixed_low = panel->y.is_fixed_high = true;
        panel->y.low = 0.0;
        panel->y.high = 1.03;
        for (size_t k = 0; k < p->f.series.n; k++)
            add_curve(p, panel, i, k, greatest_value(p, i));
    }
    memory_append(&p->caption, " Empirical distribution over runs.");
}
