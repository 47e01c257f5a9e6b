/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "axes.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "report.h"

static void load_runs(axes *a, const store *s) {
    sqlite3_stmt *query = store_prepare(s, "frame-runs");
    while (store_step(s, query)) {
        axes_run run = {.run = sqlite3_column_int64(query, 0),
                        .point = sqlite3_column_int64(query, 1),
                        .seed = sqlite3_column_int64(query, 2),
                        .result = memory_hash((const char *)sqlite3_column_text(query, 3))};
        a->run = memory_grow(a->run, a->runs, sizeof *a->run);
        a->run[a->runs++] = run;
        if (a->points == 0 || a->point[a->points - 1] != run.point) {
            a->point = memory_grow(a->point, a->points, sizeof *a->point);
            a->point[a->points++] = run.point;
        }
    }
}

/*
 * Some of a point's runs may print the same by chance, as where nothing was lost that could have been: each of them counts,
 * or means would be of what is rare. Only where all do has the seed no effect.
 */
static void tell_apart(axes *a) {
    for (size_t i = 0, end; i < a->runs; i = end) {
        bool is_alike = true;
        for (end = i + 1; end < a->runs && a->run[end].point == a->run[i].point; end++)
            is_alike &= a->run[end].result == a->run[i].result;
        for (size_t k = i; !is_alike && k < end; k++)
            a->run[k].result = k;
    }
}

static size_t key_index(const axes *a, const char *key) {
    size_t i = 0;
    while (i < a->keys && strcmp(a->key[i], key) != 0)
        i++;
    return i;
}

static size_t point_index(const axes *a, int64_t point) {
    size_t low = 0, high = a->points;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (a->point[middle] < point)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void load_keys(axes *a, const store *s) {
    sqlite3_stmt *query = store_prepare(s, "frame-axes");
    while (store_step(s, query)) {
        const char *key = (const char *)sqlite3_column_text(query, 1);
        if (key_index(a, key) < a->keys)
            continue;
        a->key = memory_grow(a->key, a->keys, sizeof *a->key);
        a->key[a->keys++] = memory_text(key);
    }
}

static int compare_ids(const void *a, const void *b) {
    const axes_run *run_a = *(const axes_run *const *)a, *run_b = *(const axes_run *const *)b;
    return run_a->run < run_b->run ? -1 : run_a->run > run_b->run;
}

static void index_runs(axes *a) {
    a->by_id = memory_new(a->runs, sizeof *a->by_id);
    for (size_t i = 0; i < a->runs; i++)
        a->by_id[i] = &a->run[i];
    qsort(a->by_id, a->runs, sizeof *a->by_id, compare_ids);
}

axes axes_load(const store *s) {
    axes a = {0};
    load_runs(&a, s);
    tell_apart(&a);
    index_runs(&a);
    load_keys(&a, s);
    a.value = memory_new(a.points * a.keys, sizeof *a.value);
    sqlite3_stmt *query = store_prepare(s, "frame-axes");
    while (store_step(s, query)) {
        size_t point = point_index(&a, sqlite3_column_int64(query, 0));
        size_t key = key_index(&a, (const char *)sqlite3_column_text(query, 1));
        a.value[point * a.keys + key] = memory_text((const char *)sqlite3_column_text(query, 2));
    }
    return a;
}

void axes_free(axes *a) {
    for (size_t i = 0; i < a->points * a->keys; i++)
        free(a->value[i]);
    for (size_t i = 0; i < a->keys; i++)
        free(a->key[i]);
    free(a->value);
    free(a->key);
    free(a->point);
    free(a->run);
    free((void *)a->by_id);
    *a = (axes){0};
}

size_t axes_find(const axes *a, const char *name) {
    size_t found = key_index(a, name), matches = 0;
    if (found < a->keys)
        return found;
    for (size_t i = 0; i < a->keys; i++) {
        size_t length = strlen(a->key[i]), end = strlen(name);
        if (length > end && a->key[i][length - end - 1] == '.' && strcmp(a->key[i] + length - end, name) == 0) {
            found = i;
            matches++;
        }
    }
    return matches == 1 ? found : a->keys;
}

const char *axes_value(const axes *a, int64_t point, size_t key) {
    const char *value = a->value[point_index(a, point) * a->keys + key];
    return value != NULL ? value : "";
}

const axes_run *axes_find_run(const axes *a, int64_t run) {
    const axes_run wanted = {.run = run}, *key = &wanted;
    const axes_run *const *found = bsearch(&key, a->by_id, a->runs, sizeof *a->by_id, compare_ids);
    return found != NULL ? *found : NULL;
}

/* Of two points' values; the number of axes comes with them. */
static int compare_values(const void *a, const void *b, void *keys) {
    char *const *const *value_a = a, *const *const *value_b = b;
    int order = 0;
    for (size_t i = 0; i < *(const size_t *)keys && order == 0; i++) {
        const char *text_a = (*value_a)[i], *text_b = (*value_b)[i];
        order = strcmp(text_a != NULL ? text_a : "", text_b != NULL ? text_b : "");
    }
    return order;
}

void axes_refuse_twins(const axes *a, const store *s) {
    char ***row = memory_new(a->points, sizeof *row);
    for (size_t i = 0; i < a->points; i++)
        row[i] = a->value + i * a->keys;
    qsort_r(row, a->points, sizeof *row, compare_values, (void *)&a->keys);
    for (size_t i = 1; i < a->points; i++)
        if (compare_values(&row[i - 1], &row[i], (void *)&a->keys) == 0)
            report_fatal(EXIT_DATA,
                         "%s: campaign %s has two different points of the same values on all axes: expected a sweep "
                         "with an axis that tells them apart",
                         s->file, s->campaign);
    free(row);
}

char *axes_names(const axes *a) {
    char *text = NULL;
    for (size_t i = 0; i < a->keys; i++)
        memory_append(&text, "%s%s", i > 0 ? ", " : "", a->key[i]);
    return text != NULL ? text : memory_text("none");
}

void axes_count_alike(const axes *a, size_t *alike, size_t *several) {
    *alike = *several = 0;
    for (size_t i = 0, end; i < a->runs; i = end) {
        bool is_alike = true;
        for (end = i + 1; end < a->runs && a->run[end].point == a->run[i].point; end++)
            is_alike &= a->run[end].result == a->run[i].result;
        *several += end - i > 1;
        *alike += end - i > 1 && is_alike;
    }
}
