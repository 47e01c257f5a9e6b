/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two metrics of each run against each other; with one unit, such as prediction and simulation, the diagonal is drawn. */
#define _GNU_SOURCE 1
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "output.h"
#include "plot.h"

/* Where both axes have numbers. */
static void add_diagonal(plot *p, chart_panel *panel) {
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < p->f.n; i++) {
        low = fmin(low, fmin(p->f.row[i].value, p->f.row[i].x_value));
        high = fmax(high, fmax(p->f.row[i].value, p->f.row[i].x_value));
    }
    low = !panel->y.is_log && low > 0.0 ? 0.0 : low;
    chart_layer *line = chart_add_layer(panel, LAYER_LEVEL, 7);
    double x_low = low / panel->x.scale, x_high = high / panel->x.scale;
    chart_add_point(
        line, (chart_point){x_low, low / panel->y.scale, x_low, x_high, low / panel->y.scale, high / panel->y.scale});
}

static void add_series(plot *p, chart_panel *panel, size_t index, size_t series) {
    const frame_row *row;
    size_t n = frame_cell(&p->f, index, series, 0, &row);
    summary sum = summary_cell(&p->f, index, series, 0, INTERVAL_NONE);
    chart_layer *points = chart_add_layer(panel, LAYER_POINTS, p->looks[series]);
    plot_count(p, &sum);
    for (size_t i = 0; i < n; i++) {
        if (row[i].is_censored)
            continue;
        chart_add_point(
            points, (chart_point){row[i].x_value / panel->x.scale, row[i].value / panel->y.scale, NAN, NAN, NAN, NAN});
        plot_csv_place(p, index, series, 0);
        output_number(p->csv, row[i].x_value);
        output_number(p->csv, row[i].value);
        fprintf(p->csv, ",%lld,%lld\n", (long long)row[i].seed, (long long)row[i].run);
    }
}

void plot_scatter(plot *p) {
    bool is_one_unit = strcmp(p->f.x_unit, p->f.unit[0]) == 0;
    plot_csv_head(p, "x,y,seed,run");
    plot_add_keys(p, SAMPLE_POINT);
    for (size_t i = 0; i < p->f.panel.n; i++) {
        chart_panel *panel = plot_new_panel(p, i);
        plot_set_x_metric(p, &panel->x, i);
        plot_set_y(p, &panel->y, i);
        if (is_one_unit)
            add_diagonal(p, panel);
        for (size_t k = 0; k < p->f.series.n; k++)
            add_series(p, panel, i, k);
    }
    memory_append(&p->caption, is_one_unit ? " A point is a run; dashed: both are equal." : " A point is a run.");
}
