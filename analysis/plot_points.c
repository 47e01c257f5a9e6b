/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Means with intervals: lines, dots, bars, and differences from a baseline. */
#define _GNU_SOURCE 1
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "output.h"
#include "plot.h"
#include "report.h"

typedef struct {
    summary *cell; /* [(panel * series + series) * x + x] */
    bool *is_drawn;
    size_t tests, significant;
} grid;

static size_t at(const plot *p, size_t panel, size_t series, size_t x) {
    return (panel * p->f.series.n + series) * p->f.x.n + x;
}

/* ---- differences ---- */

/* The direction that has the baseline's axis, and which level that value is. */
static const levels *find_baseline(const plot *p, size_t *level) {
    char *key = memory_text(p->r->text[PLOT_BASELINE]), *value = strchr(key, '=');
    *value++ = '\0';
    const levels *directions[] = {&p->f.series, &p->f.x};
    for (size_t i = 0; i < 2; i++) {
        const char *dot = strrchr(directions[i]->key, '.');
        if (strcmp(directions[i]->key, key) != 0 && (dot == NULL || strcmp(dot + 1, key) != 0))
            continue;
        *level = level_find(directions[i], value);
        if (*level < directions[i]->n) {
            free(key);
            return directions[i];
        }
        char *all = memory_text("");
        for (size_t k = 0; k < directions[i]->n; k++)
            memory_append(&all, "%s%s", k > 0 ? ", " : "", directions[i]->text[k]);
        report_fatal(EXIT_DATA, "--baseline %s: '%s' isn't among %s", p->r->text[PLOT_BASELINE], value, all);
    }
    report_fatal(EXIT_USAGE, "--baseline %s: expected the key of --series or --x", p->r->text[PLOT_BASELINE]);
}

static void make_differences(plot *p, grid *g) {
    size_t base, n = p->f.panel.n * p->f.series.n * p->f.x.n;
    const levels *direction = find_baseline(p, &base);
    bool is_ratio = plot_request_is(p->r, PLOT_RATIO);
    double *p_value = memory_new(n, sizeof *p_value);
    for (size_t i = 0; i < n; i++) {
        size_t here[3] = {i / p->f.x.n / p->f.series.n, i / p->f.x.n % p->f.series.n, i % p->f.x.n};
        size_t there[3] = {here[0], direction == &p->f.series ? base : here[1], direction == &p->f.x ? base : here[2]};
        interval_kind kind = summary_interval(p->r->text[PLOT_INTERVAL], "", "");
        g->is_drawn[i] = memcmp(here, there, sizeof here) != 0;
        if (g->is_drawn[i])
            g->cell[i] = summary_paired(&p->f, here, there, is_ratio, kind);
        p_value[i] = g->is_drawn[i] ? g->cell[i].p : NAN;
    }
    stats_holm(p_value, n);
    for (size_t i = 0; i < n; i++) {
        g->cell[i].p = p_value[i];
        g->tests += !isnan(p_value[i]);
        g->significant += p_value[i] < 1.0 - STATS_CONFIDENCE;
    }
    free(p_value);
    memory_append(&p->caption, " %s %s, paired by seed.", is_ratio ? "Divided by the run with" : "Less the run with",
                  p->r->text[PLOT_BASELINE]);
    if (g->tests > 0)
        memory_append(&p->caption,
                      " Of %zu tested, %zu differ from %d at 5 %% after Holm's correction (t test, filled points).",
                      g->tests, g->significant, is_ratio);
}

static void make_means(plot *p, grid *g) {
    for (size_t i = 0; i < p->f.panel.n * p->f.series.n * p->f.x.n; i++) {
        size_t panel = i / p->f.x.n / p->f.series.n;
        interval_kind kind = summary_interval(p->r->text[PLOT_INTERVAL], p->f.metric[panel], p->f.unit[panel]);
        g->is_drawn[i] = true;
        g->cell[i] = summary_cell(&p->f, panel, i / p->f.x.n % p->f.series.n, i % p->f.x.n, kind);
    }
}

/* ---- drawing ---- */

/* The least distance of two places, as a share of the axis. */
static double least_gap(const plot *p, const chart_axis *axis) {
    double first = level_number(&p->f.x, 0), last = level_number(&p->f.x, p->f.x.n - 1), least = 1.0;
    for (size_t i = 0; i + 1 < p->f.x.n; i++) {
        double a = level_number(&p->f.x, i), b = level_number(&p->f.x, i + 1);
        least = fmin(least, axis->is_log ? log(b / a) / log(last / first) : (b - a) / (last - first));
    }
    return least;
}

/*
 * Points stand side by side, so that their intervals don't hide each other; those of lines only a little, for a line
 * must lead where its values are.
 */
static double shifted(const plot *p, const chart_axis *axis, double x, size_t series) {
    plot_kind kind = plot_request_kind(p->r);
    double n = (double)p->f.series.n, aside = (double)series - (n - 1.0) / 2.0;
    if (axis->is_category)
        return x + aside * (kind == KIND_BARS ? 0.8 : 0.7) / n;
    double first = level_number(&p->f.x, 0) / axis->scale, last = level_number(&p->f.x, p->f.x.n - 1) / axis->scale;
    double part = aside * (kind == KIND_LINES ? fmin(0.008, 0.04 / n) : fmin(0.022, 0.7 * least_gap(p, axis) / n));
    return axis->is_log ? x * pow(last / first, part) : x + part * (last - first);
}

static double scaled_or_nan(double value, double scale) {
    return isfinite(value) ? value / scale : NAN;
}

static chart_point point_of(const plot *p, const chart_panel *panel, const summary *sum, size_t series, size_t x) {
    return (chart_point){.x = shifted(p, &panel->x, plot_x(p, &panel->x, x), series),
                         .y = scaled_or_nan(sum->mean.mean, panel->y.scale),
                         .low = scaled_or_nan(sum->mean.low, panel->y.scale),
                         .high = scaled_or_nan(sum->mean.high, panel->y.scale),
                         .q1 = NAN,
                         .q3 = NAN};
}

/* Single runs behind the mean: what is multimodal is seen. */
static void add_runs(plot *p, chart_panel *panel, size_t index, size_t series) {
    chart_layer *dots = chart_add_layer(panel, LAYER_DOTS, (p->looks[series] - 1) % 7 + 8);
    for (size_t x = 0; x < p->f.x.n; x++) {
        const frame_row *row;
        size_t n = frame_cell(&p->f, index, series, x, &row);
        double middle = shifted(p, &panel->x, plot_x(p, &panel->x, x), series);
        for (size_t i = 0; i < n; i++) {
            if (row[i].is_censored)
                continue; /* nobody knows its value */
            double aside =
                panel->x.is_category ? 0.35 / (double)p->f.series.n * ((double)(i * 7 % 11) / 10.0 - 0.5) : 0.0;
            chart_add_point(dots, (chart_point){middle + aside, row[i].value / panel->y.scale, NAN, NAN, NAN, NAN});
        }
    }
}

static void add_curve(plot *p, chart_panel *panel, const grid *g, size_t index, size_t series, layer_kind kind) {
    chart_layer *layer = chart_add_layer(panel, kind, p->looks[series]);
    bool is_difference = plot_request_kind(p->r) == KIND_DIFFERENCE;
    for (size_t x = 0; x < p->f.x.n; x++) {
        const summary *sum = &g->cell[at(p, index, series, x)];
        bool is_hollow = !(sum->p < 1.0 - STATS_CONFIDENCE);
        if (!g->is_drawn[at(p, index, series, x)] || (is_difference && is_hollow != (kind == LAYER_HOLLOW)))
            continue;
        chart_point point = point_of(p, panel, sum, series, x);
        if (kind == LAYER_BARS)
            point.q1 = 0.72 / (double)p->f.series.n;
        if (kind == LAYER_CURVE || isfinite(point.y))
            chart_add_point(layer, point);
    }
}

/* A bar too flat to be seen has its value written. */
static void add_flat(chart_panel *panel, double greatest) {
    size_t n = panel->n;
    for (size_t i = 0; i < n; i++) {
        if (panel->layer[i].kind != LAYER_BARS)
            continue;
        chart_layer flat = {.kind = LAYER_FLAT, .look = 1};
        for (size_t k = 0; k < panel->layer[i].n; k++) {
            chart_point point = panel->layer[i].point[k];
            if (fabs(point.y) < 0.01 * greatest)
                chart_add_point(&flat, (chart_point){point.x, point.y, NAN, NAN, NAN, NAN});
        }
        if (flat.n > 0)
            *chart_add_layer(panel, LAYER_FLAT, 1) = flat;
    }
}

static void add_series(plot *p, chart_panel *panel, const grid *g, size_t index) {
    plot_kind kind = plot_request_kind(p->r);
    double greatest = 0.0;
    for (size_t series = 0; series < p->f.series.n; series++) {
        if (kind == KIND_DOTS)
            add_runs(p, panel, index, series);
        if (kind == KIND_DIFFERENCE)
            add_curve(p, panel, g, index, series, LAYER_HOLLOW);
        add_curve(p, panel, g, index, series,
                  kind == KIND_BARS                             ? LAYER_BARS
                  : kind == KIND_LINES && !panel->x.is_category ? LAYER_CURVE
                                                                : LAYER_POINTS);
        for (size_t x = 0; x < p->f.x.n; x++)
            greatest = fmax(greatest, g->cell[at(p, index, series, x)].mean.mean / panel->y.scale);
    }
    if (kind == KIND_BARS && !panel->y.is_log)
        add_flat(panel, greatest);
}

static void difference_title(const plot *p, chart_axis *y) {
    if (p->r->text[PLOT_Y_TITLE] != NULL)
        return;
    char *title = y->title, *bracket = strstr(title, " [");
    const char *value = strchr(p->r->text[PLOT_BASELINE], '=') + 1;
    if (plot_request_is(p->r, PLOT_RATIO)) {
        if (bracket != NULL)
            *bracket = '\0';
        y->title = memory_format("%s / %s", title, style_label(p->look, value));
    } else {
        char *unit = memory_text(bracket != NULL ? bracket : "");
        if (bracket != NULL)
            *bracket = '\0';
        y->title = memory_format("%s − %s%s", title, style_label(p->look, value), unit);
        free(unit);
    }
    free(title);
}

static void add_zero(const plot *p, chart_panel *panel) {
    chart_layer *zero = chart_add_layer(panel, LAYER_LEVEL, 7);
    double low = panel->x.is_category ? 0.4 : level_number(&p->f.x, 0) / panel->x.scale;
    double high = panel->x.is_category ? (double)p->f.x.n + 0.6 : level_number(&p->f.x, p->f.x.n - 1) / panel->x.scale;
    chart_add_point(zero, (chart_point){low, plot_request_is(p->r, PLOT_RATIO) ? 1.0 : 0.0, low, high, NAN, NAN});
}

static void write_csv(plot *p, const grid *g) {
    bool is_difference = plot_request_kind(p->r) == KIND_DIFFERENCE;
    plot_csv_head(p, is_difference ? "difference,low,high,median,n,values,runs,p_holm,interval,run"
                                   : "mean,low,high,median,n,values,runs,interval,run");
    for (size_t i = 0; i < p->f.panel.n * p->f.series.n * p->f.x.n; i++) {
        const summary *sum = &g->cell[i];
        if (!g->is_drawn[i])
            continue;
        plot_count(p, sum);
        plot_csv_place(p, i / p->f.x.n / p->f.series.n, i / p->f.x.n % p->f.series.n, i % p->f.x.n);
        output_number(p->csv, sum->mean.mean);
        output_number(p->csv, sum->mean.low);
        output_number(p->csv, sum->mean.high);
        output_number(p->csv, sum->median);
        fprintf(p->csv, ",%zu,%zu,", sum->mean.n, sum->values);
        if (p->f.knows_runs_at)
            fprintf(p->csv, "%zu", sum->runs);
        if (is_difference)
            output_number(p->csv, sum->p);
        fprintf(p->csv, ",%s,",
                !isfinite(sum->mean.low)          ? ""
                : sum->used == INTERVAL_T         ? "t"
                : sum->used == INTERVAL_BOOTSTRAP ? "bootstrap"
                : sum->used == INTERVAL_WILSON    ? "wilson"
                                                  : "");
        if (sum->mean.n > 0)
            fprintf(p->csv, "%lld", (long long)sum->run);
        fputc('\n', p->csv);
    }
}

void plot_points(plot *p) {
    plot_kind kind = plot_request_kind(p->r);
    size_t n = p->f.panel.n * p->f.series.n * p->f.x.n;
    grid g = {.cell = memory_new(n, sizeof *g.cell), .is_drawn = memory_new(n, sizeof *g.is_drawn)};
    if (kind == KIND_DIFFERENCE)
        make_differences(p, &g);
    else
        make_means(p, &g);
    write_csv(p, &g);
    size_t left_out = p->f.series.n, base; /* the baseline has no difference from itself */
    if (kind == KIND_DIFFERENCE && find_baseline(p, &base) == &p->f.series)
        left_out = base;
    plot_add_keys_but(p, left_out,
                      kind == KIND_BARS                         ? SAMPLE_BAR
                      : kind == KIND_LINES && p->f.x.is_numeric ? SAMPLE_BOTH
                                                                : SAMPLE_POINT);
    for (size_t i = 0; i < p->f.panel.n; i++) {
        chart_panel *panel = plot_new_panel(p, i);
        plot_set_x(p, &panel->x, kind == KIND_BARS);
        plot_set_y(p, &panel->y, i);
        if (kind == KIND_DIFFERENCE) {
            difference_title(p, &panel->y);
            panel->y.wants_zero = panel->y.wants_zero && !plot_request_is(p->r, PLOT_RATIO);
            add_zero(p, panel);
        }
        if (p->r->text[PLOT_REFERENCE] != NULL)
            plot_add_reference(p, panel, i, panel->x.is_category);
        add_series(p, panel, &g, i);
    }
    free(g.cell);
    free(g.is_drawn);
}
