/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "cells.h"

#include <stdlib.h>
#include <string.h>

static void *checked(void *memory) {
    if (memory == NULL)
        abort();
    return memory;
}

static cell *cells_append(cells *list, const char *series, const char *x) {
    list->item = checked(realloc(list->item, (list->n + 1) * sizeof *list->item));
    cell *added = &list->item[list->n++];
    *added = (cell){.series = checked(strdup(series)), .x = checked(strdup(x))};
    return added;
}

bool cells_add(cells *list, const char *series, const char *x, int64_t seed, double value) {
    cell *last = list->n > 0 ? &list->item[list->n - 1] : NULL;
    if (last == NULL || strcmp(last->series, series) != 0 || strcmp(last->x, x) != 0)
        last = cells_append(list, series, x);
    for (size_t i = 0; i < last->n; i++) {
        if (last->seed[i] == seed)
            return false;
    }
    last->value = checked(realloc(last->value, (last->n + 1) * sizeof *last->value));
    last->seed = checked(realloc(last->seed, (last->n + 1) * sizeof *last->seed));
    last->value[last->n] = value;
    last->seed[last->n] = seed;
    last->n++;
    return true;
}

const cell *cells_find(const cells *list, const char *series, const char *x) {
    for (size_t i = 0; i < list->n; i++) {
        if (strcmp(list->item[i].series, series) == 0 && strcmp(list->item[i].x, x) == 0)
            return &list->item[i];
    }
    return NULL;
}

size_t cells_pair(const cell *a, const cell *b, double *value_a, double *value_b) {
    size_t n = 0;
    for (size_t i = 0; i < a->n; i++) {
        for (size_t k = 0; k < b->n; k++) {
            if (a->seed[i] != b->seed[k])
                continue;
            value_a[n] = a->value[i];
            value_b[n] = b->value[k];
            n++;
        }
    }
    return n;
}

void cells_free(cells *list) {
    for (size_t i = 0; i < list->n; i++) {
        free(list->item[i].series);
        free(list->item[i].x);
        free(list->item[i].value);
        free(list->item[i].seed);
    }
    free(list->item);
    *list = (cells){0};
}
