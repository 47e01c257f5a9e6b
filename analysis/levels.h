/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The values along one direction of a figure (panels, series, x), in the order in which they are drawn. */
#ifndef ANALYSIS_LEVELS_H
#define ANALYSIS_LEVELS_H

#include <stdbool.h>
#include <stddef.h>

#include "style.h"

#define LEVEL_JOIN "\x1f" /* no name has it */

typedef struct {
    char *key; /* 'transport', or several with LEVEL_JOIN between; "" when there is no direction: one level named "" */
    char **text; /* as the sweep file writes them, joined likewise */
    size_t n;
    bool is_numeric;
    bool is_metric; /* of panels: each is a metric of its own */
} levels;

double level_number(const levels *l, size_t i);
size_t level_find(const levels *l, const char *text); /* l->n when it isn't there */
size_t level_add(levels *l, const char *text);        /* unless it is there; gives its index */

/* Puts numbers in their order, names in that of the style; gives the new index of each old one, which the caller frees. */
size_t *levels_sort(levels *l, const style *look);
void levels_free(levels *l);

/* How a level is written for people: 'MPTCP / 10 ms'. The caller frees it. */
char *level_label(const levels *l, const style *look, size_t i);
/* The same with what it is, if that isn't plain: 'one-way delay 10 ms'. */
char *level_phrase(const levels *l, const style *look, size_t i);
char *levels_names(const levels *l,
                   const style *look); /* of the keys, within a sentence: 'scheduler and receive buffer' */
bool level_keys_next(const char **at, char *key,
                     size_t size); /* goes through joined keys or texts, one after the other */

#endif
