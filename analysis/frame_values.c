/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "frame_values.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "levels.h"
#include "memory.h"
#include "report.h"
#include "stats.h"

static _Noreturn void fail_missing(const store *s, const values_request *r) {
    sqlite3_stmt *names = store_prepare(s, r->bin_s > 0.0 ? "sample-names" : "metric-names");
    store_step(s, names);
    const char *all = (const char *)sqlite3_column_text(names, 0);
    report_fatal(EXIT_DATA, "%s: campaign %s has no %s '%s'%s%s; there are %s", s->file, s->campaign,
                 r->bin_s > 0.0 ? "sampled series" : "metric", r->metric, r->entity != NULL ? " of " : "",
                 r->entity != NULL ? r->entity : "", all != NULL ? all : "none");
}

static sqlite3_stmt *query_for(const store *s, const values_request *r) {
    sqlite3_stmt *query = store_prepare(s, r->bin_s > 0.0 ? "frame-samples" : "frame-metric");
    store_bind_text(query, ":name", r->metric);
    store_bind_text(query, ":entity", r->entity != NULL ? r->entity : "*");
    if (r->bin_s > 0.0)
        store_bind_int(query, ":bin_us", (sqlite3_int64)llround(r->bin_s * 1e6));
    return query;
}

static values load(const store *s, const axes *a, const values_request *r) {
    values list = {0};
    sqlite3_stmt *query = query_for(s, r);
    const axes_run *run = NULL, *end = a->run + a->runs;
    while (store_step(s, query)) {
        int64_t id = sqlite3_column_int64(query, 0);
        if (run == NULL || run->run != id) /* the runs come in the same order */
            run = run != NULL && run + 1 < end && run[1].run == id ? run + 1 : axes_find_run(a, id);
        list.item = memory_grow(list.item, list.n, sizeof *list.item);
        list.item[list.n++] = (value_of_run){.run = run,
                                             .entity = memory_text((const char *)sqlite3_column_text(query, 1)),
                                             .value = sqlite3_column_double(query, 3),
                                             .is_censored = r->bin_s == 0.0 && sqlite3_column_int(query, 4) != 0,
                                             .time_s = r->bin_s > 0.0 ? sqlite3_column_double(query, 4) : 0.0};
        const char *unit = (const char *)sqlite3_column_text(query, 2);
        if (list.unit == NULL) {
            list.unit = memory_text(unit);
        } else if (strcmp(list.unit, unit) != 0) {
            char units[64];
            snprintf(units, sizeof units, "%s and in %s", list.unit, unit);
            values_free(&list);
            report_fatal(EXIT_DATA, "%s: campaign %s has '%s' in %s; choose with --entity or --where", s->file,
                         s->campaign, r->metric, units);
        }
    }
    return list;
}

static bool has_path(const char *entity) {
    return strchr(entity, ' ') != NULL;
}

/* Without a word on entities, what is of a whole flow counts and not its parts on each path. */
static void drop_parts(const values_request *r, values *list) {
    bool has_whole = false;
    if (r->entity != NULL || r->shows_parts)
        return;
    for (size_t i = 0; i < list->n; i++)
        has_whole |= !has_path(list->item[i].entity);
    size_t kept = 0;
    for (size_t i = 0; i < list->n; i++) {
        if (has_whole && has_path(list->item[i].entity))
            free(list->item[i].entity);
        else
            list->item[kept++] = list->item[i];
    }
    list->n = kept;
}

static char *entity_names(const values *list) {
    levels names = {0};
    char *text = NULL;
    for (size_t i = 0; i < list->n; i++)
        level_add(&names, list->item[i].entity);
    for (size_t i = 0; i < names.n; i++)
        memory_append(&text, "%s%s", i > 0 ? ", " : "", names.text[i]);
    levels_free(&names);
    return text;
}

bool values_are_of_one(const values *list) {
    for (size_t i = 1; i < list->n; i++)
        if (strcmp(list->item[i].entity, list->item[0].entity) != 0)
            return false;
    return true;
}

static double combined(const char *how, const double *value, size_t n) {
    double sum = 0.0, least = INFINITY, greatest = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        sum += value[i];
        least = fmin(least, value[i]);
        greatest = fmax(greatest, value[i]);
    }
    return strcmp(how, "sum") == 0    ? sum
           : strcmp(how, "mean") == 0 ? sum / (double)n
           : strcmp(how, "min") == 0  ? least
           : strcmp(how, "max") == 0  ? greatest
                                      : stats_jain(value, n);
}

/* Behind the last value of the same run, and time, as value i. */
static size_t end_of_run(const values *list, size_t i) {
    size_t end = i;
    while (end < list->n && list->item[end].run == list->item[i].run && list->item[end].time_s == list->item[i].time_s)
        end++;
    return end;
}

/* How many entities the runs of the point of value i have, those that have most; *next is behind the point's runs. */
static size_t entities_of_point(const values *list, size_t i, size_t *next) {
    size_t most = 0;
    int64_t point = list->item[i].run->point;
    for (*next = i; *next < list->n && list->item[*next].run->point == point;) {
        size_t end = end_of_run(list, *next);
        most = end - *next > most ? end - *next : most;
        *next = end;
    }
    return most;
}

/*
 * One value of all entities of a run; if one of them is censored, so is what they make. A run that lacks the value of a
 * flow which others of its point have has none: the sum of the rest would be of something else.
 */
static void combine(values *list, const char *how) {
    size_t kept = 0, wanted = 0, next = 0;
    for (size_t i = 0, end; i < list->n; i = end) {
        wanted = i == next ? entities_of_point(list, i, &next) : wanted;
        end = end_of_run(list, i);
        double *value = memory_new(end - i, sizeof *value);
        for (size_t k = i; k < end; k++)
            value[k - i] = list->item[k].value;
        value_of_run one = {.run = list->item[i].run,
                            .entity = memory_text(how),
                            .value = combined(how, value, end - i),
                            .time_s = list->item[i].time_s};
        for (size_t k = i; k < end; k++)
            one.is_censored |= list->item[k].is_censored;
        for (size_t k = i; k < end; k++)
            free(list->item[k].entity);
        bool is_whole = end - i == wanted && isfinite(one.value); /* Jain's index of nothing is none */
        free(value);
        if (is_whole)
            list->item[kept++] = one;
        else
            free(one.entity);
    }
    list->n = kept;
    bool is_bool = strcmp(list->unit, "bool") == 0;
    const char *unit = strcmp(how, "jain") == 0              ? "1"
                       : is_bool && strcmp(how, "sum") == 0  ? "count"
                       : is_bool && strcmp(how, "mean") == 0 ? "fraction"
                                                             : NULL;
    if (unit != NULL) {
        free(list->unit);
        list->unit = memory_text(unit);
    }
}

values values_load(const store *s, const axes *a, const values_request *r) {
    values list = load(s, a, r);
    if (list.n == 0)
        fail_missing(s, r);
    drop_parts(r, &list);
    if (r->combine != NULL) {
        combine(&list, r->combine);
    } else if (!values_are_of_one(&list) && !r->shows_entities) {
        report_fatal(EXIT_DATA,
                     "%s: campaign %s has '%s' of %s; choose with --entity, show them with --series flow (or path, "
                     "host, entity), or take them together with --combine",
                     s->file, s->campaign, r->metric, entity_names(&list));
    }
    return list;
}

void values_free(values *list) {
    for (size_t i = 0; i < list->n; i++)
        free(list->item[i].entity);
    free(list->item);
    free(list->unit);
    *list = (values){0};
}
