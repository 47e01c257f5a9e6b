/* SPDX-License-Identifier: GPL-2.0-or-later */
/* handover-timeline: goodput over time, in total of each transport, and of each path of MPTCP. */
#define _GNU_SOURCE 1
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figures.h"
#include "output.h"
#include "report.h"

#define SPEED_KEY "mobility.phone.speed_mps"

/* A walk at one speed only can be averaged: without --where, the slowest. */
static char *keep_one_speed(const store *s) {
    sqlite3_stmt *query = store_prepare(s, "slowest");
    store_bind_text(query, ":key", SPEED_KEY);
    if (!store_step(s, query))
        return strdup("");
    char *speed = strdup((const char *)sqlite3_column_text(query, 0));
    sqlite3_finalize(query);
    query = store_prepare(s, "drop-unmatched");
    store_bind_text(query, ":key", SPEED_KEY);
    store_bind_text(query, ":value", speed);
    store_step(s, query);
    return speed;
}

static void keep_one_seed(const store *s, int64_t seed) {
    sqlite3_stmt *query = store_prepare(s, "drop-other-seeds");
    store_bind_int(query, ":seed", seed);
    store_step(s, query);
}

/* Keeps only the cells whose series ends as the columns of the upper ("total") or the lower panel ask for. */
static void write_rows(FILE *file, const cells *goodput) {
    fputs("transport,path,time_s,goodput_mbps,low_mbps,high_mbps,n\n", file);
    for (size_t i = 0; i < goodput->n; i++) {
        const cell *c = &goodput->item[i];
        stats_interval mean = stats_mean(c->value, c->n);
        const char *path = strchr(c->series, ' ') + 1;
        fprintf(file, "%.*s,%s", (int)(path - 1 - c->series), c->series, path);
        output_number(file, cell_x(c));
        output_number(file, mean.mean);
        output_number(file, fmax(mean.low, 0.0));
        output_number(file, mean.high);
        fprintf(file, ",%zu\n", c->n);
    }
}

/* Two texts of numbers: where the phone leaves the range, and where it is back. Still out at the end: the end. */
static void assign_out_of_range(FILE *file, const store *s, double time_end_s) {
    sqlite3_stmt *query = store_prepare(s, "in-range");
    char begin[1024] = "", end[1024] = "", number[32];
    int is_in_range = 1, has_rows = 0;
    while (store_step(s, query)) {
        int is_now = sqlite3_column_double(query, 1) >= 0.5;
        char *list = is_now ? end : begin;
        has_rows = 1;
        if (is_now == is_in_range)
            continue;
        snprintf(number, sizeof number, "%.9g ", sqlite3_column_double(query, 0));
        if (strlen(list) + strlen(number) < sizeof begin)
            strcat(list, number);
        is_in_range = is_now;
    }
    if (!has_rows)
        report_fatal(EXIT_DATA, "%s: campaign %s has no series 'in_range path:wifi bool'", s->file, s->campaign);
    if (!is_in_range) {
        snprintf(number, sizeof number, "%.9g", time_end_s);
        if (strlen(end) + strlen(number) < sizeof end)
            strcat(end, number);
    }
    output_assign_text(file, "out_of_range_begin", begin);
    output_assign_text(file, "out_of_range_end", end);
}

/* The first word of each series is the transport. */
static cells transports_of(const cells *goodput) {
    cells totals = {0};
    for (size_t i = 0; i < goodput->n; i++) {
        const cell *c = &goodput->item[i];
        const char *blank = strchr(c->series, ' ');
        if (strcmp(blank, " total") != 0)
            continue;
        char *transport = strndup(c->series, (size_t)(blank - c->series));
        for (size_t k = 0; k < c->n; k++)
            cells_add(&totals, transport, c->x, c->seed[k], c->value[k]);
        free(transport);
    }
    return totals;
}

static char *mptcp_paths(const cells *goodput) {
    cells paths = {0};
    for (size_t i = 0; i < goodput->n; i++) {
        const char *path = strchr(goodput->item[i].series, ' ') + 1;
        if (strcmp(path, "total") != 0 && !cells_have_series(&paths, path))
            cells_add(&paths, path, "", 0, 0.0);
    }
    char *words = cells_series_words(&paths);
    cells_free(&paths);
    return words;
}

void figure_handover_timeline(const store *s, const char *name, const figure_options *options) {
    char *speed = keep_one_speed(s);
    if (options->seed >= 0)
        keep_one_seed(s, options->seed);
    sqlite3_stmt *query = store_prepare(s, "goodput-series");
    store_bind_int(query, ":bin_us", (sqlite3_int64)(options->bin_s * 1e6));
    cells goodput = store_cells(s, query);
    cells totals = transports_of(&goodput);
    if (totals.n == 0)
        report_fatal(EXIT_DATA, "%s: campaign %s has no series 'goodput flow:download Mb/s'", s->file, s->campaign);
    char *paths = mptcp_paths(&goodput);
    if (paths[0] == '\0')
        report_fatal(EXIT_DATA,
                     "%s: campaign %s has no series 'goodput flow:download path:NAME Mb/s' for transport=mptcp",
                     s->file, s->campaign);
    double time_end_s = 0.0;
    for (size_t i = 0; i < goodput.n; i++)
        time_end_s = fmax(time_end_s, cell_x(&goodput.item[i]) + options->bin_s / 2.0);

    output_begin(options->folder, name);
    FILE *file = output_open(".csv");
    write_rows(file, &goodput);
    output_close(file);
    file = output_open(".gpv");
    output_assign_cells(file, &totals);
    output_assign_text(file, "paths", paths);
    output_assign_text(file, "speed", speed);
    output_assign_number(file, "time_end", time_end_s);
    output_assign_number(file, "seed", (double)options->seed);
    assign_out_of_range(file, s, time_end_s);
    output_close(file);
    output_draw(name);
    output_commit();
    free(paths);
    free(speed);
    cells_free(&totals);
    cells_free(&goodput);
}
