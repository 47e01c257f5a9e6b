/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "timeline_load.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "report.h"

#define STALL_MIN_S 0.5 /* shorter ones are nothing to tell */

static char *load_head(const store *s, int64_t run) {
    char *head = NULL;
    sqlite3_stmt *query = store_prepare(s, "timeline-run");
    store_bind_int(query, ":run", run);
    while (store_step(s, query)) {
        const char *text[9];
        for (int i = 0; i < 9; i++)
            text[i] = (const char *)sqlite3_column_text(query, i);
        memory_append(&head, "run %lld of campaign %s: %s, seed %s, %s\n", (long long)run, text[0], text[1], text[2],
                      text[3]);
        memory_append(&head, "%s%s%s%scommit %.12s%s; %s\n", text[4], text[5][0] != '\0' ? " on " : "", text[5],
                      text[4][0] != '\0' || text[5][0] != '\0' ? ", " : "", text[6],
                      strcmp(text[7], "0") != 0 ? " with changes" : "", text[8]);
    }
    if (head == NULL)
        report_fatal(EXIT_DATA, "%s: has no run %lld", s->file, (long long)run);
    return head;
}

static void load_series(timeline *t, const store *s, int64_t run) {
    sqlite3_stmt *query = store_prepare(s, "timeline-samples");
    store_bind_int(query, ":run", run);
    while (store_step(s, query)) {
        const char *name = (const char *)sqlite3_column_text(query, 0),
                   *entity = (const char *)sqlite3_column_text(query, 1);
        timeline_series *last = t->series_count > 0 ? &t->series[t->series_count - 1] : NULL;
        if (last == NULL || strcmp(last->name, name) != 0 || strcmp(last->entity, entity) != 0) {
            t->series = memory_grow(t->series, t->series_count, sizeof *t->series);
            last = &t->series[t->series_count++];
            *last = (timeline_series){memory_text(name), memory_text(entity),
                                      memory_text((const char *)sqlite3_column_text(query, 2)), NULL, 0};
        }
        last->sample = memory_grow(last->sample, last->n, sizeof *last->sample);
        last->sample[last->n++] = (timeline_sample){sqlite3_column_double(query, 3), sqlite3_column_double(query, 4)};
        t->end_s = fmax(t->end_s, last->sample[last->n - 1].time_s);
    }
}

static void add_event(timeline *t, timeline_event event) {
    t->event = memory_grow(t->event, t->events, sizeof *t->event);
    t->event[t->events++] = event;
}

static void load_events(timeline *t, const store *s, int64_t run) {
    sqlite3_stmt *query = store_prepare(s, "timeline-events");
    store_bind_int(query, ":run", run);
    while (store_step(s, query)) {
        add_event(t, (timeline_event){.time_s = sqlite3_column_double(query, 0),
                                      .end_s = NAN,
                                      .name = memory_text((const char *)sqlite3_column_text(query, 1)),
                                      .entity = memory_text((const char *)sqlite3_column_text(query, 2)),
                                      .detail = memory_text((const char *)sqlite3_column_text(query, 3))});
        t->end_s = fmax(t->end_s, t->event[t->events - 1].time_s);
    }
}

static void add_span(timeline *t, const char *name, const char *entity, double from_s, double to_s) {
    if (to_s > from_s)
        add_event(t, (timeline_event){.time_s = from_s,
                                      .end_s = to_s,
                                      .name = memory_text(name),
                                      .entity = memory_text(entity),
                                      .detail = memory_format("%.4g s", to_s - from_s),
                                      .is_derived = true});
}

/*
 * Times in which a series is low: a path out of range, or a flow without goodput after its first byte. A sample tells of
 * the time since the one before it.
 */
static void find_spans(timeline *t, const timeline_series *series, const char *name, bool begins_low, double min_s) {
    double from_s = begins_low ? 0.0 : NAN, before_s = 0.0;
    bool has_begun = begins_low;
    for (size_t i = 0; i < series->n; i++) {
        bool is_low = series->sample[i].value < (begins_low ? 0.5 : 1e-9);
        if (is_low && has_begun && isnan(from_s))
            from_s = before_s;
        if (!is_low && !isnan(from_s)) {
            if (before_s - from_s >= min_s)
                add_span(t, name, series->entity, from_s, before_s);
            from_s = NAN;
        }
        has_begun |= !is_low;
        before_s = series->sample[i].time_s;
    }
    if (!isnan(from_s) && before_s - from_s >= min_s)
        add_span(t, name, series->entity, from_s, before_s);
}

static int compare_events(const void *a_, const void *b_) {
    const timeline_event *a = a_, *b = b_;
    if (a->time_s != b->time_s)
        return a->time_s < b->time_s ? -1 : 1;
    int order = strcmp(a->name, b->name);
    return order != 0 ? order : strcmp(a->entity, b->entity);
}

timeline timeline_load(const store *s, int64_t run) {
    timeline t = {.head = load_head(s, run)};
    load_series(&t, s, run);
    load_events(&t, s, run);
    for (size_t i = 0; i < t.series_count; i++) {
        const timeline_series *series = &t.series[i];
        if (strcmp(series->name, "in_range") == 0)
            find_spans(&t, series, "out of range", true, 0.0);
        else if (strcmp(series->name, "goodput") == 0 && strstr(series->entity, "path:") == NULL)
            find_spans(&t, series, "stall", false, STALL_MIN_S);
    }
    if (t.events > 0)
        qsort(t.event, t.events, sizeof *t.event, compare_events);
    return t;
}

void timeline_free(timeline *t) {
    for (size_t i = 0; i < t->series_count; i++) {
        free(t->series[i].name);
        free(t->series[i].entity);
        free(t->series[i].unit);
        free(t->series[i].sample);
    }
    for (size_t i = 0; i < t->events; i++) {
        free(t->event[i].name);
        free(t->event[i].entity);
        free(t->event[i].detail);
    }
    free(t->series);
    free(t->event);
    free(t->head);
    *t = (timeline){0};
}
