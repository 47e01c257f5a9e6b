/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "table_data.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "report.h"

static table_line *line_for(table_data *t, const char *const text[3], int64_t point) {
    table_line *last = t->n > 0 ? &t->line[t->n - 1] : NULL;
    if (last != NULL && last->point == point && strcmp(last->metric, text[0]) == 0 &&
        strcmp(last->entity, text[1]) == 0)
        return last;
    t->line = memory_grow(t->line, t->n, sizeof *t->line);
    last = &t->line[t->n++];
    *last = (table_line){
        .metric = memory_text(text[0]), .entity = memory_text(text[1]), .unit = memory_text(text[2]), .point = point};
    return last;
}

static void load_lines(table_data *t, const store *s, const table_options *options) {
    sqlite3_stmt *query = store_prepare(s, "table");
    if (options->metrics != NULL)
        store_bind_text(query, ":metrics", options->metrics);
    if (options->entity != NULL)
        store_bind_text(query, ":entity", options->entity);
    while (store_step(s, query)) {
        const char *text[3];
        for (int i = 0; i < 3; i++)
            text[i] = (const char *)sqlite3_column_text(query, i);
        const axes_run *run = axes_find_run(&t->axes, sqlite3_column_int64(query, 3));
        table_line *line = line_for(t, text, run->point);
        line->first_run = line->first_run != 0 ? line->first_run : run->run;
        line->runs++;
        if (sqlite3_column_type(query, 4) == SQLITE_NULL)
            continue;
        line->row = memory_grow(line->row, line->n, sizeof *line->row);
        line->row[line->n++] = (frame_row){.run = run->run,
                                           .seed = run->seed,
                                           .point = run->point,
                                           .result = run->result,
                                           .value = sqlite3_column_double(query, 4),
                                           .is_censored = sqlite3_column_int(query, 5) != 0};
    }
}

static void need_metrics(const store *s, const table_data *t, const char *metrics) {
    char *copy = memory_text(metrics != NULL ? metrics : ""), *rest = copy;
    for (char *metric; (metric = strsep(&rest, ",")) != NULL;) {
        bool is_there = metric[0] == '\0';
        for (size_t i = 0; i < t->n; i++)
            is_there |= strcmp(t->line[i].metric, metric) == 0;
        if (!is_there)
            report_fatal(EXIT_DATA, "%s: campaign %s has no metric '%s'", s->file, s->campaign, metric);
    }
    free(copy);
    if (t->n == 0)
        report_fatal(EXIT_DATA, "%s: campaign %s has no metrics", s->file, s->campaign);
}

/* The axis of the baseline, whose value must be there. */
static size_t baseline_axis(const store *s, const axes *a, const store_filter *baseline) {
    size_t axis = axes_find(a, baseline->key);
    if (axis == a->keys) {
        char *all = axes_names(a);
        report_fatal(EXIT_DATA, "%s: campaign %s has no axis '%s' for --baseline; it has %s", s->file, s->campaign,
                     baseline->key, all);
    }
    char *values = NULL;
    for (size_t i = 0; i < a->points; i++) {
        const char *value = axes_value(a, a->point[i], axis);
        if (strcmp(value, baseline->value) == 0) {
            free(values);
            return axis;
        }
        if (values == NULL || strstr(values, value) == NULL)
            memory_append(&values, "%s%s", values != NULL ? ", " : "", value);
    }
    report_fatal(EXIT_DATA, "%s: --baseline %s=%s: the values swept are %s", s->file, baseline->key, baseline->value,
                 values);
}

/* Whether a point is another one with the baseline's value there. */
static bool is_base_of(const axes *a, int64_t base, int64_t point, size_t axis, const char *value) {
    if (base == point || strcmp(axes_value(a, base, axis), value) != 0)
        return false;
    for (size_t i = 0; i < a->keys; i++)
        if (i != axis && strcmp(axes_value(a, base, i), axes_value(a, point, i)) != 0)
            return false;
    return true;
}

static void compare(table_data *t, size_t axis, const char *value) {
    double *p = memory_new(t->n, sizeof *p);
    for (size_t i = 0; i < t->n; i++) {
        table_line *line = &t->line[i];
        p[i] = NAN;
        for (size_t k = 0; k < t->n; k++) {
            const table_line *base = &t->line[k];
            if (strcmp(base->metric, line->metric) != 0 || strcmp(base->entity, line->entity) != 0 ||
                !is_base_of(&t->axes, base->point, line->point, axis, value))
                continue;
            line->difference = summary_paired_rows(line->row, line->n, base->row, base->n, false, INTERVAL_T);
            p[i] = line->difference.p;
        }
    }
    stats_holm(p, t->n);
    for (size_t i = 0; i < t->n; i++) {
        t->line[i].difference.p = p[i];
        t->tests += !isnan(p[i]);
        t->significant += p[i] < 1.0 - STATS_CONFIDENCE;
    }
    free(p);
}

table_data table_load(const store *s, const table_options *options) {
    table_data t = {.axes = axes_load(s)};
    load_lines(&t, s, options);
    need_metrics(s, &t, options->metrics);
    for (size_t i = 0; i < t.n; i++) {
        table_line *line = &t.line[i];
        interval_kind kind = summary_interval(NULL, line->metric, line->unit);
        line->mean = summary_rows(line->row, line->n, line->runs, kind);
        line->mean.run = line->first_run;
    }
    if (options->baseline.key != NULL) {
        axes_refuse_twins(&t.axes, s);
        compare(&t, baseline_axis(s, &t.axes, &options->baseline), options->baseline.value);
    }
    return t;
}

void table_free(table_data *t) {
    for (size_t i = 0; i < t->n; i++) {
        free(t->line[i].metric);
        free(t->line[i].entity);
        free(t->line[i].unit);
        free(t->line[i].row);
    }
    free(t->line);
    axes_free(&t->axes);
}

char *table_label(const table_data *t, int64_t point) {
    char *label = NULL;
    for (size_t i = 0; i < t->axes.keys; i++)
        memory_append(&label, "%s%s=%s", i > 0 ? " " : "", t->axes.key[i], axes_value(&t->axes, point, i));
    return label != NULL ? label : memory_text("(the one point)");
}

bool table_begins_metric(const table_data *t, size_t i) {
    return i == 0 || strcmp(t->line[i].metric, t->line[i - 1].metric) != 0 ||
           strcmp(t->line[i].entity, t->line[i - 1].entity) != 0;
}

const char *table_number(char *text, size_t size, double value) {
    if (!isfinite(value))
        return "-";
    double magnitude = fabs(value);
    int decimals = magnitude >= 1000 || magnitude == 0 ? 0 : magnitude >= 100 ? 1 : magnitude >= 10 ? 2 : 3;
    if (magnitude > 0 && magnitude < 0.01)
        snprintf(text, size, "%.3g", value);
    else
        snprintf(text, size, "%.*f", decimals, value);
    return text;
}

const char *table_interval(char *text, size_t size, const summary *s) {
    char low[32], high[32];
    if (s->mean.n == 0 || !isfinite(s->mean.low))
        return "-";
    snprintf(text, size, "[%s, %s]", table_number(low, sizeof low, s->mean.low),
             table_number(high, sizeof high, s->mean.high));
    return text;
}

const char *table_count(char *text, size_t size, const summary *s) {
    if (s->runs > s->mean.n)
        snprintf(text, size, "%zu of %zu", s->mean.n, s->runs);
    else
        snprintf(text, size, "%zu", s->mean.n);
    return text;
}
