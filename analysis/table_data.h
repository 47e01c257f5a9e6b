/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbers of a table: each metric of each point, in the order of the sweep. */
#ifndef ANALYSIS_TABLE_DATA_H
#define ANALYSIS_TABLE_DATA_H

#include "axes.h"
#include "summary.h"
#include "table.h"

typedef struct {
    char *metric, *entity, *unit;
    int64_t point;
    frame_row *row;
    size_t n;
    size_t runs;       /* of the point, with or without a value */
    int64_t first_run; /* of them */
    summary mean;
    summary difference; /* mean.n = 0 without a baseline */
} table_line;

typedef struct {
    axes axes;
    table_line *line;
    size_t n;
    size_t tests, significant; /* differences tested, and those that Holm's correction leaves */
} table_data;

/* Ends the program when a metric or the baseline's value isn't there. */
table_data table_load(const store *s, const table_options *options);
void table_free(table_data *t);

char *table_label(const table_data *t, int64_t point); /* 'key=value key=value'; the caller frees it */
bool table_begins_metric(const table_data *t, size_t i);

/* Four significant digits, without exponent as long as it fits. */
const char *table_number(char *text, size_t size, double value);
const char *table_interval(char *text, size_t size, const summary *s);
const char *table_count(char *text, size_t size, const summary *s); /* '5', or '4 of 8' */

#endif
