/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boxes: median, quartiles, whiskers to the last value within 1.5 times their distance, and what lies beyond. */
#define _GNU_SOURCE 1
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>

#include "memory.h"
#include "output.h"
#include "plot.h"

#define BOX_VALUES_MIN 5 /* quartiles of fewer say less than the values themselves */

typedef struct {
    double *value; /* ascending */
    size_t n;
    double median, q1, q3, low, high; /* low, high: ends of the whiskers */
} box;

static box box_of(const plot *p, size_t panel, size_t series, size_t x, summary *sum) {
    const frame_row *row;
    size_t n = frame_cell(&p->f, panel, series, x, &row);
    box b = {.value = memory_new(n, sizeof *b.value), .median = NAN, .q1 = NAN, .q3 = NAN, .low = NAN, .high = NAN};
    *sum = summary_cell(&p->f, panel, series, x, INTERVAL_NONE);
    for (size_t i = 0; i < n; i++)
        if (!row[i].is_censored)
            b.value[b.n++] = row[i].value;
    if (b.n == 0)
        return b;
    gsl_sort(b.value, 1, b.n);
    b.median = stats_quantile(b.value, b.n, 0.5);
    b.q1 = stats_quantile(b.value, b.n, 0.25);
    b.q3 = stats_quantile(b.value, b.n, 0.75);
    double reach = 1.5 * (b.q3 - b.q1);
    for (size_t i = 0; i < b.n; i++) {
        if (isnan(b.low) && b.value[i] >= b.q1 - reach)
            b.low = b.value[i];
        if (b.value[i] <= b.q3 + reach)
            b.high = b.value[i];
    }
    /* Of few values the quartile may lie between a far value and the last one that is not: no whisker then. */
    b.low = fmin(b.low, b.q1);
    b.high = fmax(b.high, b.q3);
    return b;
}

static void write_line(plot *p, const box *b, const summary *sum, size_t panel, size_t series, size_t x) {
    const double numbers[] = {
        b->median, b->q1, b->q3, b->low, b->high, b->n > 0 ? b->value[0] : NAN, b->n > 0 ? b->value[b->n - 1] : NAN};
    plot_count(p, sum);
    plot_csv_place(p, panel, series, x);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        output_number(p->csv, numbers[i]);
    fprintf(p->csv, ",%zu,", b->n);
    if (p->f.knows_runs_at)
        fprintf(p->csv, "%zu", sum->runs);
    fputc('\n', p->csv);
}

static void add_box(plot *p, chart_panel *panel, const box *b, double at, size_t series) {
    double scale = panel->y.scale;
    bool has_box = b->n >= BOX_VALUES_MIN;
    if (has_box) {
        chart_layer *layer = chart_add_layer(panel, LAYER_BOX, p->looks[series]);
        chart_add_point(
            layer, (chart_point){at, b->median / scale, b->low / scale, b->high / scale, b->q1 / scale, b->q3 / scale});
    }
    chart_layer *dots = chart_add_layer(panel, LAYER_DOTS, p->looks[series]);
    for (size_t i = 0; i < b->n; i++)
        if (!has_box || b->value[i] < b->low || b->value[i] > b->high)
            chart_add_point(dots, (chart_point){at, b->value[i] / scale, NAN, NAN, NAN, NAN});
}

void plot_box(plot *p) {
    double n = (double)p->f.series.n;
    size_t small = 0;
    plot_csv_head(p, "median,q1,q3,whisker_low,whisker_high,min,max,n,runs");
    plot_add_keys(p, SAMPLE_BAR);
    p->c.box_width = 0.62 / n;
    for (size_t i = 0; i < p->f.panel.n; i++) {
        chart_panel *panel = plot_new_panel(p, i);
        plot_set_x(p, &panel->x, true);
        plot_set_y(p, &panel->y, i);
        for (size_t k = 0; k < p->f.series.n; k++) {
            for (size_t x = 0; x < p->f.x.n; x++) {
                summary sum;
                box b = box_of(p, i, k, x, &sum);
                write_line(p, &b, &sum, i, k, x);
                add_box(p, panel, &b, (double)x + 1.0 + ((double)k - (n - 1.0) / 2.0) * 0.8 / n, k);
                small += b.n > 0 && b.n < BOX_VALUES_MIN;
                free(b.value);
            }
        }
    }
    memory_append(&p->caption,
                  " Boxes: median and quartiles; whiskers reach the last value within 1.5 times their distance; points "
                  "lie beyond.");
    if (small > 0)
        memory_append(&p->caption, " Fewer than %d values are drawn as points.", BOX_VALUES_MIN);
}
