/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ANALYSIS_TABLE_H
#define ANALYSIS_TABLE_H

#include "store.h"

typedef struct {
    const char *metrics;   /* names with commas between; NULL for all */
    const char *entity;    /* only of this one, as flow:download; NULL for all */
    const char *folder;    /* table.csv and table.tex go there; NULL for none */
    store_filter baseline; /* with a key: also the paired difference from the run of the same seed with this value */
} table_options;

/* Means, 95 % intervals and medians of the chosen runs, one line for each metric and configuration, on standard output.
 */
void table_print(const store *s, const table_options *options);

#endif
