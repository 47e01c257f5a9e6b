/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Heat map: the mean of a cell as its colour, and as a number where there is room. */
#define _GNU_SOURCE 1
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "output.h"
#include "plot.h"
#include "text_width.h"

#define WHITE 0xFFFFFF
#define BLACK 0x000000

/* Numbers grow upwards, names are read from the top. */
static double row_of(const levels *l, size_t i) {
    return (double)(l->is_numeric ? i : l->n - 1 - i) + 1.0;
}

static void set_y(plot *p, chart_axis *y) {
    const levels *l = &p->f.series;
    y->title =
        p->r->text[PLOT_Y_TITLE] != NULL ? memory_text(p->r->text[PLOT_Y_TITLE]) : style_title(p->look, l->key, NULL);
    y->is_category = true;
    y->is_fixed_low = y->is_fixed_high = true;
    y->low = 0.5;
    y->high = (double)l->n + 0.5;
    char *bracket = strstr(y->title, " [");
    if (bracket != NULL && p->r->text[PLOT_Y_TITLE] == NULL) /* each level says its unit */
        *bracket = '\0';
    for (size_t i = 0; i < l->n; i++) {
        char *label = level_label(l, p->look, i);
        chart_add_tick(y, row_of(l, i), label);
        free(label);
    }
}

static void set_colours(plot *p, double least, double greatest) {
    chart_axis scale = {.scale = 1.0};
    plot_scale(p, &scale, NULL, p->f.metric[0], p->f.unit[0], greatest);
    p->c.colour_title = scale.title;
    bool is_flat = !(greatest > least);
    p->c.colour_scale = scale.scale;
    p->c.colour_low = (is_flat ? least - 0.5 * fmax(fabs(least), 1.0) : least) / scale.scale;
    p->c.colour_high = (is_flat ? greatest + 0.5 * fmax(fabs(greatest), 1.0) : greatest) / scale.scale;
}

/* Dark cells have white numbers. */
static int text_colour(const plot *p, double value) {
    return (value - p->c.colour_low) / (p->c.colour_high - p->c.colour_low) < 0.55 ? WHITE : BLACK;
}

static void add_cells(plot *p, chart_panel *panel, const summary *sums, size_t index) {
    double room = (p->c.is_wide ? 14.5 : 5.6) / fmin((double)p->f.panel.n, p->c.is_wide ? 4.0 : 2.0) / (double)p->f.x.n;
    bool has_numbers = text_width_cm("0.000", NOTE_PT) < room;
    chart_layer *layer = chart_add_layer(panel, has_numbers ? LAYER_CELLS : LAYER_CELLS_PLAIN, 1);
    chart_layer holes = {.kind = LAYER_FIELD, .look = 1};
    for (size_t y = 0; y < p->f.series.n; y++) {
        for (size_t x = 0; x < p->f.x.n; x++) {
            double value = sums[(index * p->f.series.n + y) * p->f.x.n + x].mean.mean / p->c.colour_scale;
            double at_x = (double)x + 1.0, at_y = row_of(&p->f.series, y);
            if (isfinite(value))
                chart_add_point(layer, (chart_point){at_x, at_y, value, text_colour(p, value), 0.49, 0.485});
            else
                chart_add_point(&holes,
                                (chart_point){at_x, at_y, at_y - 0.485, at_y + 0.485, at_x - 0.49, at_x + 0.49});
        }
    }
    *chart_add_layer(panel, LAYER_FIELD, 1) = holes;
}

static void write_line(plot *p, const summary *sum, size_t panel, size_t series, size_t x) {
    plot_count(p, sum);
    plot_csv_place(p, panel, series, x);
    output_number(p->csv, sum->mean.mean);
    output_number(p->csv, sum->mean.low);
    output_number(p->csv, sum->mean.high);
    fprintf(p->csv, ",%zu,%zu,", sum->mean.n, sum->values);
    if (p->f.knows_runs_at)
        fprintf(p->csv, "%zu", sum->runs);
    fputc('\n', p->csv);
}

void plot_heat(plot *p) {
    size_t n = p->f.panel.n * p->f.series.n * p->f.x.n;
    summary *sums = memory_new(n, sizeof *sums);
    double least = INFINITY, greatest = -INFINITY;
    plot_csv_head(p, "mean,low,high,n,values,runs");
    for (size_t i = 0; i < n; i++) {
        size_t panel = i / p->f.x.n / p->f.series.n, series = i / p->f.x.n % p->f.series.n, x = i % p->f.x.n;
        interval_kind kind = summary_interval(p->r->text[PLOT_INTERVAL], p->f.metric[panel], p->f.unit[panel]);
        sums[i] = summary_cell(&p->f, panel, series, x, kind);
        write_line(p, &sums[i], panel, series, x);
        if (sums[i].mean.n > 0) {
            least = fmin(least, sums[i].mean.mean);
            greatest = fmax(greatest, sums[i].mean.mean);
        }
    }
    set_colours(p, least <= greatest ? least : 0.0, least <= greatest ? greatest : 1.0);
    for (size_t i = 0; i < p->f.panel.n; i++) {
        chart_panel *panel = plot_new_panel(p, i);
        plot_set_x(p, &panel->x, true);
        panel->x.is_fixed_low = panel->x.is_fixed_high = true;
        panel->x.low = 0.5;
        panel->x.high = (double)p->f.x.n + 0.5;
        set_y(p, &panel->y);
        add_cells(p, panel, sums, i);
    }
    if (p->empty > 0)
        memory_append(&p->caption, " Grey: no value.");
    free(sums);
}
