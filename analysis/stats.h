/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Statistics of a few runs: means with 95 % confidence intervals, quantiles, Jain's index. Pure functions of their
 * arguments; the bootstrap's random numbers come from a seed, so the same values always give the same interval.
 */
#ifndef ANALYSIS_STATS_H
#define ANALYSIS_STATS_H

#include <stddef.h>

#define STATS_CONFIDENCE 0.95

/* From this many values on the bootstrap's interval of a skewed mean is used; see stats_mean_skewed(). */
#define STATS_BOOTSTRAP_VALUES_MIN 15

typedef struct {
    double mean;
    double low; /* ends of the interval; both NaN when one value says nothing about the spread */
    double high;
    size_t n;
} stats_interval;

/* Mean and Student's t interval: exact for normal values, n - 1 degrees of freedom. n >= 1. */
stats_interval stats_mean(const double *value, size_t n);

/* Mean and percentile interval of 10,000 resamples with replacement (Efron and Tibshirani 1993, chapter 13). n >= 1. */
stats_interval stats_mean_bootstrap(const double *value, size_t n, unsigned long seed);

/*
 * Mean of values that can't be negative and have a long upper tail, such as the longest stall. The bootstrap follows
 * the skew, but with few values its interval is too narrow by sqrt((n - 1) / n) and by the normal's quantile in place
 * of t's (a nominal 95 % covers some 80 % at n = 5), so that below STATS_BOOTSTRAP_VALUES_MIN values the t interval is
 * given, cut at 0.
 */
stats_interval stats_mean_skewed(const double *value, size_t n);

/* Mean of a[i] - b[i] and of a[i] / b[i]: i is a seed, so that what both runs share cancels out. n >= 1. */
stats_interval stats_paired_difference(const double *a, const double *b, size_t n);
stats_interval stats_paired_ratio(const double *a, const double *b, size_t n);

/* Share of successes (values that aren't 0) and Wilson's score interval, which stays within 0 and 1. n >= 1. */
stats_interval stats_share(const double *value, size_t n);

/*
 * Two-sided p-value of Student's test that the mean is 0. NaN for one value; when all values are equal, 1 for zeros and
 * 0 otherwise.
 */
double stats_p_value(const double *value, size_t n);

/*
 * Holm's step-down method (1979): adjusts n p-values in place, so that each may be held against 0.05 though many are
 * tested. NaN stays and does not count.
 */
void stats_holm(double *p, size_t n);

/* Quantile by linear interpolation between the order statistics; fraction in 0 to 1; 0.5 is the median. n >= 1. */
double stats_quantile(const double *value, size_t n, double fraction);

/* Jain's fairness index (sum x)^2 / (n sum x^2): 1 when all are equal, 1/n when one has all. NaN when all are 0. */
double stats_jain(const double *value, size_t n);

#endif
