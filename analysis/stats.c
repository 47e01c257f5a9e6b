/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stats.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#define BOOTSTRAP_RESAMPLES 10000
#define BOOTSTRAP_SEED 20200301 /* any fixed number does */

#define TAIL ((1.0 - STATS_CONFIDENCE) / 2.0)

static double *array_new(size_t n) {
    double *array = calloc(n, sizeof *array);
    if (array == NULL)
        abort();
    return array;
}

stats_interval stats_mean(const double *value, size_t n) {
    assert(n >= 1);
    stats_interval result = {.mean = gsl_stats_mean(value, 1, n), .low = NAN, .high = NAN, .n = n};
    if (n < 2)
        return result;
    double standard_error = gsl_stats_sd_m(value, 1, n, result.mean) / sqrt((double)n);
    double half_width = gsl_cdf_tdist_Pinv(1.0 - TAIL, (double)(n - 1)) * standard_error;
    result.low = result.mean - half_width;
    result.high = result.mean + half_width;
    return result;
}

stats_interval stats_mean_bootstrap(const double *value, size_t n, unsigned long seed) {
    assert(n >= 1);
    stats_interval result = {.mean = gsl_stats_mean(value, 1, n), .low = NAN, .high = NAN, .n = n};
    if (n < 2)
        return result;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, seed);
    double *resample = array_new(n);
    double *means = array_new(BOOTSTRAP_RESAMPLES);
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++) {
        gsl_ran_sample(rng, resample, n, (void *)(uintptr_t)value, n, sizeof *value);
        means[i] = gsl_stats_mean(resample, 1, n);
    }
    gsl_sort(means, 1, BOOTSTRAP_RESAMPLES);
    result.low = gsl_stats_quantile_from_sorted_data(means, 1, BOOTSTRAP_RESAMPLES, TAIL);
    result.high = gsl_stats_quantile_from_sorted_data(means, 1, BOOTSTRAP_RESAMPLES, 1.0 - TAIL);
    free(means);
    free(resample);
    gsl_rng_free(rng);
    return result;
}

stats_interval stats_mean_skewed(const double *value, size_t n) {
    if (n >= STATS_BOOTSTRAP_VALUES_MIN)
        return stats_mean_bootstrap(value, n, BOOTSTRAP_SEED);
    stats_interval result = stats_mean(value, n);
    if (result.low < 0.0)
        result.low = 0.0;
    return result;
}

stats_interval stats_paired_difference(const double *a, const double *b, size_t n) {
    double *difference = array_new(n);
    for (size_t i = 0; i < n; i++)
        difference[i] = a[i] - b[i];
    stats_interval result = stats_mean(difference, n);
    free(difference);
    return result;
}

stats_interval stats_paired_ratio(const double *a, const double *b, size_t n) {
    double *ratio = array_new(n);
    for (size_t i = 0; i < n; i++)
        ratio[i] = a[i] / b[i];
    stats_interval result = stats_mean(ratio, n);
    free(ratio);
    return result;
}

stats_interval stats_share(const double *value, size_t n) {
    assert(n >= 1);
    double successes = 0.0, count = (double)n, z = gsl_cdf_ugaussian_Pinv(1.0 - TAIL);
    for (size_t i = 0; i < n; i++)
        successes += value[i] != 0.0;
    double share = successes / count, middle = (share + z * z / (2.0 * count)) / (1.0 + z * z / count);
    double half_width = z / (1.0 + z * z / count) * sqrt(share * (1.0 - share) / count + z * z / (4.0 * count * count));
    /* Rounding may not leave an interval that begins past a share of 0 or ends before one of 1. */
    return (stats_interval){.mean = share,
                            .low = successes == 0.0 ? 0.0 : middle - half_width,
                            .high = successes == count ? 1.0 : middle + half_width,
                            .n = n};
}

double stats_p_value(const double *value, size_t n) {
    assert(n >= 1);
    if (n < 2)
        return NAN;
    double mean = gsl_stats_mean(value, 1, n), deviation = gsl_stats_sd_m(value, 1, n, mean);
    if (deviation == 0.0)
        return mean == 0.0 ? 1.0 : 0.0;
    return 2.0 * gsl_cdf_tdist_Q(fabs(mean) / deviation * sqrt((double)n), (double)(n - 1));
}

void stats_holm(double *p, size_t n) {
    size_t tests = 0, *order = calloc(n > 0 ? n : 1, sizeof *order);
    double *key = calloc(n > 0 ? n : 1, sizeof *key), greatest = 0.0;
    if (order == NULL || key == NULL)
        abort();
    for (size_t i = 0; i < n; i++) {
        key[i] = isnan(p[i]) ? INFINITY : p[i];
        tests += !isnan(p[i]);
    }
    gsl_sort_index(order, key, 1, n);
    for (size_t i = 0; i < tests; i++) {
        greatest = fmax(greatest, fmin(1.0, (double)(tests - i) * key[order[i]]));
        p[order[i]] = greatest;
    }
    free(key);
    free(order);
}

double stats_quantile(const double *value, size_t n, double fraction) {
    assert(n >= 1 && fraction >= 0.0 && fraction <= 1.0);
    double *sorted = array_new(n);
    memcpy(sorted, value, n * sizeof *value);
    gsl_sort(sorted, 1, n);
    double result = gsl_stats_quantile_from_sorted_data(sorted, 1, n, fraction);
    free(sorted);
    return result;
}

double stats_jain(const double *value, size_t n) {
    assert(n >= 1);
    double sum = 0.0, sum_of_squares = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += value[i];
        sum_of_squares += value[i] * value[i];
    }
    return sum * sum / ((double)n * sum_of_squares);
}
