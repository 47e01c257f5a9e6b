/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the figures must show: reference/NAME.csv, lines of
 *   name,campaign,metric,entity,where,over,expected,low,high,source
 * where: KEY=VALUE or KEY=LOW..HIGH, an axis of the sweep and its value; the other axes give one line of the result
 * each. over:  KEY=VALUE, or several joined by '+': the metric is divided, seed by seed, by its sum over these. low,
 * high: the mean must be within; either may be empty. expected: what theory or others' measurement gives, which the
 * figures draw. A line with neither low nor high is only drawn. Lines that start with '#' are remarks.
 */
#ifndef ANALYSIS_REFERENCE_H
#define ANALYSIS_REFERENCE_H

#include <stddef.h>

typedef struct {
    char *name, *campaign, *metric, *entity, *where, *over;
    double expected, low, high; /* NaN where the field is empty */
    char *source;
} reference_line;

typedef struct {
    reference_line *item;
    size_t n;
} reference;

/* Ends the program, naming file and line, on anything that isn't as described. */
reference reference_read(const char *name);
void reference_free(reference *r);

/* The first line of this name; NULL when there is none. */
const reference_line *reference_find(const reference *r, const char *name);

/* Splits KEY=LOW..HIGH in place; low and high are the same text when there is one value. Returns 0 if there is no '='.
 */
int reference_split_where(char *where, char **key, char **low, char **high);

#endif
