/* SPDX-License-Identifier: GPL-2.0-or-later */
/* handover-stall and handover-goodput: a metric of the download against walking speed, by transport. */
#define _GNU_SOURCE 1
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "figures.h"
#include "output.h"
#include "report.h"

#define FLOW "flow:download"
#define SPEED_KEY "mobility.phone.speed_mps"

typedef stats_interval (*mean_function)(const double *value, size_t n);

/* Position of a speed on the axis, from 1: bars stand side by side whatever the speeds are. */
static size_t position_of(const cells *list, const char *x) {
    size_t position = 1;
    for (size_t i = 0; i < list->n; i++) {
        size_t before = 0;
        while (before < i && cell_x(&list->item[before]) != cell_x(&list->item[i]))
            before++;
        if (before == i && cell_x(&list->item[i]) < strtod(x, NULL))
            position++;
    }
    return position;
}

static void write_rows(FILE *file, const cells *list, const char *panel, mean_function mean_of) {
    for (size_t i = 0; i < list->n; i++) {
        const cell *c = &list->item[i];
        stats_interval mean = mean_of(c->value, c->n);
        output_text(file, c->series);
        fprintf(file, ",%s,%s,%zu", panel, c->x, position_of(list, c->x));
        output_number(file, mean.mean);
        output_number(file, mean.low);
        output_number(file, mean.high);
        output_number(file, stats_quantile(c->value, c->n, 0.5));
        fprintf(file, ",%zu\n", c->n);
    }
}

static cells load_metric(const store *s, const char *metric) {
    return store_metric(s, metric, FLOW, "transport", SPEED_KEY);
}

/* Limits and kind of the scale: with a factor of 20 between the means, small ones vanish on a linear axis. */
static void assign_scales(FILE *file, const cells *list) {
    double x_min = INFINITY, x_max = 0.0, y_min = INFINITY, y_max = 0.0;
    for (size_t i = 0; i < list->n; i++) {
        const cell *c = &list->item[i];
        double mean = stats_mean(c->value, c->n).mean;
        x_min = fmin(x_min, cell_x(c));
        x_max = fmax(x_max, cell_x(c));
        y_min = fmin(y_min, mean);
        y_max = fmax(y_max, mean);
    }
    int is_log = y_min > 0.0 && y_max / y_min > 20.0;
    output_assign_number(file, "x_min", x_min);
    output_assign_number(file, "x_max", x_max);
    output_assign_number(file, "y_log", is_log);
    output_assign_number(file, "y_min", is_log ? pow(10.0, floor(log10(y_min / 1.5))) : 0.0);
}

static void assign_speeds(FILE *file, const cells *list) {
    char *speeds = cells_x_words(list);
    output_assign_text(file, "speeds", speeds);
    free(speeds);
}

static const char head[] = "transport,panel,speed_mps,position,mean,low,high,median,n\n";

void figure_handover_stall(const store *s, const char *name, const figure_options *options) {
    cells stall = load_metric(s, "stall_max");
    output_begin(options->folder, name);
    FILE *file = output_open(".csv");
    fputs(head, file);
    write_rows(file, &stall, "stall_max_s", stats_mean_skewed);
    output_close(file);
    file = output_open(".gpv");
    output_assign_cells(file, &stall);
    assign_speeds(file, &stall);
    assign_scales(file, &stall);
    output_close(file);
    output_draw(name);
    output_commit();
    cells_free(&stall);
}

void figure_handover_goodput(const store *s, const char *name, const figure_options *options) {
    cells in_range = load_metric(s, "goodput_in_range");
    cells out_of_range = load_metric(s, "goodput_out_of_range");
    output_begin(options->folder, name);
    FILE *file = output_open(".csv");
    fputs(head, file);
    write_rows(file, &in_range, "in_range_mbps", stats_mean);
    write_rows(file, &out_of_range, "out_of_range_mbps", stats_mean);
    output_close(file);
    file = output_open(".gpv");
    output_assign_cells(file, &in_range);
    assign_speeds(file, &in_range);
    output_close(file);
    output_draw(name);
    output_commit();
    cells_free(&in_range);
    cells_free(&out_of_range);
}
