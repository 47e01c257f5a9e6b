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

bool cells_have_series(const cells *list, const char *series) {
    for (size_t i = 0; i < list->n; i++) {
        if (strcmp(list->item[i].series, series) == 0)
            return true;
    }
    return false;
}

double cell_x(const cell *c) {
    return strtod(c->x, NULL);
}

void cells_seed_count(const cells *list, size_t *n_min, size_t *n_max) {
    *n_min = SIZE_MAX;
    *n_max = 0;
    for (size_t i = 0; i < list->n; i++) {
        *n_min = list->item[i].n < *n_min ? list->item[i].n : *n_min;
        *n_max = list->item[i].n > *n_max ? list->item[i].n : *n_max;
    }
}

/* Appends a word to a list of words with blanks between, unless it is there. */
static char *words_add(char *words, const char *word) {
    size_t length = strlen(words), word_length = strlen(word);
    for (const char *at = words; (at = strstr(at, word)) != NULL; at += word_length) {
        if ((at == words || at[-1] == ' ') && (at[word_length] == ' ' || at[word_length] == '\0'))
            return words;
    }
    words = checked(realloc(words, length + word_length + 2));
    if (length > 0)
        words[length++] = ' ';
    memcpy(words + length, word, word_length + 1);
    return words;
}

/*
 * The order of curves and keys is the same in every figure: the algorithms under test first, the plain ones after them.
 * Names that are not listed follow in the order of the query.
 */
static const char *const series_order[] = {"mptcp", "tcp-wifi", "tcp-lte", "wifi",   "lte",
                                           "lia",   "olia",     "balia",   "wvegas", "reno"};

char *cells_series_words(const cells *list) {
    char *words = checked(strdup(""));
    for (size_t i = 0; i < sizeof series_order / sizeof *series_order; i++) {
        if (cells_have_series(list, series_order[i]))
            words = words_add(words, series_order[i]);
    }
    for (size_t i = 0; i < list->n; i++) {
        if (list->item[i].series[0] != '\0')
            words = words_add(words, list->item[i].series);
    }
    return words;
}

char *cells_x_words(const cells *list) {
    char *words = checked(strdup(""));
    for (size_t i = 0; i < list->n; i++)
        words = words_add(words, list->item[i].x);
    return words;
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
