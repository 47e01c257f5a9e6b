/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A sampled series over time: the mean over the runs with its interval as a band, or each run. */
#define _GNU_SOURCE 1
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "output.h"
#include "plot.h"

/* A line ends where nothing was sampled for a while, and begins again behind it. */
static void add_gap(const plot *p, chart_layer *layer, double time_s) {
    const chart_point *last = layer->n > 0 ? &layer->point[layer->n - 1] : NULL;
    if (last != NULL && time_s - last->x > p->f.gap_s)
        chart_add_point(layer, (chart_point){time_s, NAN, NAN, NAN, NAN, NAN});
}

static void add_mean(plot *p, chart_panel *panel, size_t index, size_t series) {
    interval_kind kind = summary_interval(p->r->text[PLOT_INTERVAL], p->f.metric[index], p->f.unit[index]);
    size_t band_at = panel->n;
    chart_add_layer(panel, LAYER_BAND, p->looks[series]);
    chart_add_layer(panel, LAYER_LINE, p->looks[series]);
    for (size_t x = 0; x < p->f.x.n; x++) {
        summary sum = summary_cell(&p->f, index, series, x, kind);
        double scale = panel->y.scale, time_s = level_number(&p->f.x, x);
        bool has_band = isfinite(sum.mean.low);
        add_gap(p, &panel->layer[band_at], time_s);
        add_gap(p, &panel->layer[band_at + 1], time_s);
        chart_add_point(&panel->layer[band_at], (chart_point){time_s, has_band ? sum.mean.mean / scale : NAN,
                                                              sum.mean.low / scale, sum.mean.high / scale, NAN, NAN});
        chart_add_point(&panel->layer[band_at + 1],
                        (chart_point){time_s, sum.mean.n > 0 ? sum.mean.mean / scale : NAN, NAN, NAN, NAN, NAN});
        if (sum.mean.n == 0)
            continue;
        plot_count(p, &sum);
        plot_csv_place(p, index, series, x);
        output_number(p->csv, time_s);
        output_number(p->csv, sum.mean.mean);
        output_number(p->csv, sum.mean.low);
        output_number(p->csv, sum.mean.high);
        fprintf(p->csv, ",%zu\n", sum.mean.n);
    }
}

static void add_runs(plot *p, chart_panel *panel, size_t index, size_t series) {
    int64_t *run = NULL;
    size_t runs = 0, first = panel->n;
    for (size_t x = 0; x < p->f.x.n; x++) {
        const frame_row *row;
        size_t n = frame_cell(&p->f, index, series, x, &row);
        for (size_t i = 0; i < n; i++) {
            size_t k = 0;
            while (k < runs && run[k] != row[i].run)
                k++;
            if (k == runs) {
                run = memory_grow(run, runs, sizeof *run);
                run[runs++] = row[i].run;
                chart_add_layer(panel, LAYER_THIN, p->looks[series]);
            }
            double time_s = level_number(&p->f.x, x);
            add_gap(p, &panel->layer[first + k], time_s);
            chart_add_point(&panel->layer[first + k],
                            (chart_point){time_s, row[i].value / panel->y.scale, NAN, NAN, NAN, NAN});
            plot_csv_place(p, index, series, x);
            output_number(p->csv, time_s);
            output_number(p->csv, row[i].value);
            fprintf(p->csv, ",%lld,%lld\n", (long long)row[i].seed, (long long)row[i].run);
        }
    }
    p->cells++;
    p->n_min = p->n_max == 0 || runs < p->n_min ? runs : p->n_min;
    p->n_max = runs > p->n_max ? runs : p->n_max;
    free(run);
}

/* Grey as dark as the share of the panel's runs whose series is below 0.5 just then: runs need not agree. */
static void add_shade(plot *p, chart_panel *panel, const frame *shade, size_t index, double bin_s) {
    size_t at = level_find(&shade->panel, p->f.panel.text[index]);
    chart_layer layer = {.kind = LAYER_SHADE, .look = 1};
    for (size_t x = 0; at < shade->panel.n && x < shade->x.n; x++) {
        const frame_row *row;
        size_t n = frame_cell(shade, at, 0, x, &row), below = 0;
        for (size_t i = 0; i < n; i++)
            below += row[i].value < 0.5;
        double share = n > 0 ? (double)below / (double)n : 0.0, time_s = level_number(&shade->x, x);
        chart_point *last = layer.n > 0 ? &layer.point[layer.n - 1] : NULL;
        if (share == 0.0)
            continue;
        if (last != NULL && last->low == share && fabs(last->y - (time_s - bin_s / 2.0)) < 1e-6 * bin_s)
            last->y = time_s + bin_s / 2.0;
        else
            chart_add_point(&layer, (chart_point){time_s - bin_s / 2.0, time_s + bin_s / 2.0, share, NAN, NAN, NAN});
    }
    *chart_add_layer(panel, LAYER_SHADE, 1) = layer;
}

void plot_time(plot *p) {
    bool by_run = plot_request_is(p->r, PLOT_RUNS);
    double bin_s = p->f.bin_s;
    frame shade = {0};
    if (p->r->text[PLOT_SHADE] != NULL)
        shade = frame_load_shade(p->s, p->r, p->look, bin_s);
    plot_csv_head(p, by_run ? "time_s,value,seed,run" : "time_s,mean,low,high,n");
    plot_add_keys(p, SAMPLE_LINE);
    for (size_t i = 0; i < p->f.panel.n; i++) {
        chart_panel *panel = plot_new_panel(p, i);
        panel->x.title = memory_text(p->r->text[PLOT_X_TITLE] != NULL ? p->r->text[PLOT_X_TITLE] : "Time [s]");
        plot_set_range(p, &panel->x, PLOT_X_RANGE);
        panel->x.wants_zero = !panel->x.is_fixed_low;
        plot_set_y(p, &panel->y, i);
        if (shade.n > 0)
            add_shade(p, panel, &shade, i, bin_s);
        for (size_t k = 0; k < p->f.series.n; k++) {
            if (by_run)
                add_runs(p, panel, i, k);
            else
                add_mean(p, panel, i, k);
        }
    }
    memory_append(&p->caption, " Averages over %g s.", bin_s);
    if (shade.n > 0) {
        memory_append(&p->caption, " Grey: %s is 0, the darker the more of the runs.", p->r->text[PLOT_SHADE]);
        frame_free(&shade);
    }
}
