/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

#define BOOTSTRAP_SEED 20200301 /* any fixed number does */

/* A run is as bad as its worst moment, and times have no upper end. */
static bool is_skewed(const char *metric) {
    static const char *const skewed[] = {"stall_max", "recovery_time", "completion_time"};
    for (size_t i = 0; i < sizeof skewed / sizeof *skewed; i++)
        if (strcmp(metric, skewed[i]) == 0)
            return true;
    return false;
}

interval_kind summary_interval(const char *how, const char *metric, const char *unit) {
    if (how != NULL && strcmp(how, "auto") != 0)
        return how[0] == 't'   ? INTERVAL_T
               : how[0] == 'b' ? INTERVAL_BOOTSTRAP
               : how[0] == 'w' ? INTERVAL_WILSON
                               : INTERVAL_NONE;
    return strcmp(unit, "bool") == 0 ? INTERVAL_WILSON : is_skewed(metric) ? INTERVAL_BOOTSTRAP : INTERVAL_T;
}

const char *interval_name(interval_kind kind) {
    switch (kind) {
    case INTERVAL_T: return "Student's t";
    case INTERVAL_BOOTSTRAP: return "percentile bootstrap of 10,000 resamples";
    case INTERVAL_WILSON: return "Wilson's score";
    case INTERVAL_NONE: return "none";
    }
    return "none";
}

static bool all_are_0_or_1(const double *value, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (value[i] != 0.0 && value[i] != 1.0)
            return false;
    return true;
}

static stats_interval interval_of(const double *value, size_t n, interval_kind *kind) {
    if (*kind == INTERVAL_WILSON && !all_are_0_or_1(value, n))
        *kind = INTERVAL_T; /* differences, and means over a time, are no shares */
    if (*kind == INTERVAL_BOOTSTRAP && n < STATS_BOOTSTRAP_VALUES_MIN)
        *kind = INTERVAL_T; /* with few values the bootstrap is too narrow: stats.h */
    switch (*kind) {
    case INTERVAL_T: return stats_mean(value, n);
    case INTERVAL_BOOTSTRAP: return stats_mean_bootstrap(value, n, BOOTSTRAP_SEED);
    case INTERVAL_WILSON: return stats_share(value, n);
    case INTERVAL_NONE: break;
    }
    stats_interval mean = stats_mean(value, n);
    mean.low = mean.high = NAN;
    return mean;
}

static bool all_at_least_zero(const double *value, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (value[i] < 0.0)
            return false;
    return true;
}

summary summary_rows(const frame_row *row, size_t n, size_t runs, interval_kind kind) {
    size_t kept = 0;
    summary s = {.mean = {.mean = NAN, .low = NAN, .high = NAN},
                 .median = NAN,
                 .values = n,
                 .runs = runs,
                 .used = kind,
                 .p = NAN};
    if (n == 0)
        return s;
    double *value = memory_new(n, sizeof *value);
    s.values = 0;
    for (size_t i = 0; i < n; i++) {
        size_t before = 0;
        if (row[i].is_censored)
            continue;
        s.values++;
        while (before < i && !(row[before].result == row[i].result && row[before].point == row[i].point))
            before++;
        if (before == i)
            value[kept++] = row[i].value;
    }
    s.run = row[0].run;
    if (kept == 0) {
        free(value);
        return s;
    }
    s.mean = interval_of(value, kept, &s.used);
    s.median = stats_quantile(value, kept, 0.5);
    if (s.mean.low < 0.0 && all_at_least_zero(value, kept))
        s.mean.low = 0.0; /* what is never negative has no negative mean */
    free(value);
    return s;
}

summary summary_cell(const frame *f, size_t panel, size_t series, size_t x, interval_kind kind) {
    const frame_row *row;
    size_t n = frame_cell(f, panel, series, x, &row);
    return summary_rows(row, n, frame_runs_at(f, panel, series, x), kind);
}

summary summary_paired_rows(const frame_row *a, size_t n_a, const frame_row *b, size_t n_b, bool is_ratio,
                            interval_kind kind) {
    size_t n = 0;
    summary s = {.mean = {.mean = NAN, .low = NAN, .high = NAN}, .median = NAN, .values = n_a, .used = kind, .p = NAN};
    double *value = memory_new(n_a, sizeof *value), *shifted = memory_new(n_a, sizeof *shifted);
    uint64_t(*seen)[2] = memory_new(n_a, sizeof *seen);
    for (size_t i = 0; i < n_a; i++) {
        size_t k = 0, before = 0;
        while (k < n_b && (b[k].seed != a[i].seed || b[k].pooled != a[i].pooled))
            k++;
        if (k == n_b || a[i].is_censored || b[k].is_censored)
            continue;
        while (before < n && !(seen[before][0] == a[i].result && seen[before][1] == b[k].result))
            before++;
        double paired = is_ratio ? a[i].value / b[k].value : a[i].value - b[k].value;
        if (before < n || !isfinite(paired))
            continue;
        seen[n][0] = a[i].result;
        seen[n][1] = b[k].result;
        shifted[n] = is_ratio ? paired - 1.0 : paired;
        value[n++] = paired;
    }
    if (n > 0) {
        s.run = a[0].run;
        s.mean = interval_of(value, n, &s.used);
        s.median = stats_quantile(value, n, 0.5);
        s.p = stats_p_value(shifted, n);
    }
    free(value);
    free(shifted);
    free(seen);
    return s;
}

summary summary_paired(const frame *f, const size_t at[3], const size_t base[3], bool is_ratio, interval_kind kind) {
    const frame_row *a, *b;
    size_t n_a = frame_cell(f, at[0], at[1], at[2], &a), n_b = frame_cell(f, base[0], base[1], base[2], &b);
    summary s = summary_paired_rows(a, n_a, b, n_b, is_ratio, kind);
    s.runs = frame_runs_at(f, at[0], at[1], at[2]);
    return s;
}
