/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a cell of a figure says: mean, interval and of how many; and differences from a baseline, paired by seed. */
#ifndef ANALYSIS_SUMMARY_H
#define ANALYSIS_SUMMARY_H

#include "frame.h"
#include "stats.h"

typedef enum { INTERVAL_T, INTERVAL_BOOTSTRAP, INTERVAL_WILSON, INTERVAL_NONE } interval_kind;

typedef struct {
    stats_interval mean; /* mean.n: values that tell something of their own, see below; 0 for an empty cell */
    double median;
    size_t values;      /* with seeds that gave the same result counted each */
    size_t runs;        /* chosen runs there; 0 when it can't be said */
    int64_t run;        /* the first one */
    interval_kind used; /* which interval it is */
    double p;           /* of a difference: p-value, adjusted after Holm; else NaN */
} summary;

/*
 * The interval for a metric: Wilson's for shares (unit bool), the bootstrap for metrics with a long tail, else Student's.
 * how: the text of --interval.
 */
interval_kind summary_interval(const char *how, const char *metric, const char *unit);
const char *interval_name(interval_kind kind); /* within a sentence */

/* Runs that gave the same result, whatever their seeds, are one value: n is what was really sampled. */
summary summary_cell(const frame *f, size_t panel, size_t series, size_t x, interval_kind kind);

/* The same of rows of one's own, of which there might be as many as runs. */
summary summary_rows(const frame_row *row, size_t n, size_t runs, interval_kind kind);
summary summary_paired_rows(const frame_row *a, size_t n_a, const frame_row *b, size_t n_b, bool is_ratio,
                            interval_kind kind);

/* Less than, or divided by, the runs of the same seed at another series or x. */
summary summary_paired(const frame *f, const size_t at[3], const size_t base[3], bool is_ratio, interval_kind kind);

#endif
