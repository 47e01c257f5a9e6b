/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Known answers of the statistics, and the grouping of values by seed. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "../../analysis/cells.h"
#include "../../analysis/stats.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void assert_near(double value, double expected, double tolerance) {
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.12g, expected %.12g within %g", value, expected, tolerance);
}

/* t quantiles at 0.975 from the tables: 12.706 with 1, 2.776 with 4 and 2.262 with 9 degrees of freedom. */
static void t_interval_has_table_quantiles(void **state) {
    static const struct {
        const char *name;
        double value[10];
        size_t n;
        double mean, half_width;
    } rows[] = {
        {"two values", {1, 3}, 2, 2, 12.7062 * 1.0},
        {"five values", {1, 2, 3, 4, 5}, 5, 3, 2.776445 * 1.5811388 / 2.2360680},
        {"ten values", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 10, 5.5, 2.262157 * 3.0276504 / 3.1622777},
        {"equal values", {7, 7, 7}, 3, 7, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        stats_interval got = stats_mean(rows[i].value, rows[i].n);
        print_message("%s\n", rows[i].name);
        assert_near(got.mean, rows[i].mean, 1e-12);
        assert_near(got.low, rows[i].mean - rows[i].half_width, 2e-4);
        assert_near(got.high, rows[i].mean + rows[i].half_width, 2e-4);
        assert_int_equal(got.n, rows[i].n);
    }
}

static void one_value_has_no_interval(void **state) {
    double value = 4.5;
    (void)state;
    stats_interval t = stats_mean(&value, 1), bootstrap = stats_mean_bootstrap(&value, 1, 1);
    assert_near(t.mean, 4.5, 0);
    assert_true(isnan(t.low) && isnan(t.high) && isnan(bootstrap.low) && isnan(bootstrap.high));
}

static const double skewed[] = {0.1, 0.1, 0.2, 0.2, 0.2, 0.3, 0.3, 0.3, 0.4, 0.4, 0.5, 0.6, 0.9, 1.5, 3.0, 6.0};

static void bootstrap_repeats_for_a_seed(void **state) {
    (void)state;
    stats_interval a = stats_mean_bootstrap(skewed, COUNT(skewed), 1),
                   b = stats_mean_bootstrap(skewed, COUNT(skewed), 1);
    stats_interval other = stats_mean_bootstrap(skewed, COUNT(skewed), 2);
    assert_true(a.low == b.low && a.high == b.high);
    assert_true(a.low != other.low || a.high != other.high);
}

static void bootstrap_follows_the_skew(void **state) {
    (void)state;
    stats_interval got = stats_mean_bootstrap(skewed, COUNT(skewed), 1);
    assert_near(got.mean, 0.9375, 1e-12);
    assert_true(got.high - got.mean > 1.2 * (got.mean - got.low));
    assert_true(got.low > 0.0);
}

/* Two values have three means of resamples, with probabilities 1/4, 1/2, 1/4: the 2.5 % and 97.5 % quantiles are the
 * ends. */
static void bootstrap_of_two_values_is_exact(void **state) {
    static const double value[] = {2, 4};
    (void)state;
    stats_interval got = stats_mean_bootstrap(value, 2, 3);
    assert_near(got.low, 2, 0);
    assert_near(got.high, 4, 0);
}

/* For many normal values both intervals estimate the same thing. */
static void bootstrap_agrees_with_t_for_normal_values(void **state) {
    double value[400];
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    (void)state;
    for (size_t i = 0; i < COUNT(value); i++)
        value[i] = 10 + gsl_ran_gaussian(rng, 2);
    stats_interval t = stats_mean(value, COUNT(value)), bootstrap = stats_mean_bootstrap(value, COUNT(value), 1);
    assert_near(bootstrap.low, t.low, 0.02);
    assert_near(bootstrap.high, t.high, 0.02);
    gsl_rng_free(rng);
}

/* Why few skewed values get the t interval: with five exponential values the bootstrap's covers the mean far too
 * seldom. */
static void t_covers_better_than_bootstrap_with_few_skewed_values(void **state) {
    enum { TRIALS = 400 };
    int covered_t = 0, covered_bootstrap = 0;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    (void)state;
    for (int trial = 0; trial < TRIALS; trial++) {
        double value[5];
        for (size_t i = 0; i < COUNT(value); i++)
            value[i] = gsl_ran_exponential(rng, 1.0);
        stats_interval chosen = stats_mean_skewed(value, COUNT(value));
        stats_interval bootstrap = stats_mean_bootstrap(value, COUNT(value), 1);
        covered_t += chosen.low <= 1.0 && 1.0 <= chosen.high;
        covered_bootstrap += bootstrap.low <= 1.0 && 1.0 <= bootstrap.high;
        assert_true(chosen.low >= 0.0);
    }
    print_message("of %d: chosen interval %d, bootstrap %d\n", (int)TRIALS, covered_t, covered_bootstrap);
    assert_true(covered_t > 0.84 * TRIALS);
    assert_true(covered_bootstrap < 0.84 * TRIALS);
    gsl_rng_free(rng);
}

static void skewed_mean_bootstraps_from_fifteen_values_on(void **state) {
    (void)state;
    stats_interval few = stats_mean_skewed(skewed, STATS_BOOTSTRAP_VALUES_MIN - 1);
    stats_interval t = stats_mean(skewed, STATS_BOOTSTRAP_VALUES_MIN - 1);
    assert_near(few.high, t.high, 0);
    stats_interval enough = stats_mean_skewed(skewed, STATS_BOOTSTRAP_VALUES_MIN);
    t = stats_mean(skewed, STATS_BOOTSTRAP_VALUES_MIN);
    assert_true(enough.high != t.high);
    assert_near(enough.mean, t.mean, 0);
}

static void pairing_cancels_what_seeds_share(void **state) {
    static const double a[] = {11, 22, 33, 44}, b[] = {10, 21, 32, 43}, twice[] = {22, 44, 66, 88};
    (void)state;
    stats_interval difference = stats_paired_difference(a, b, 4), ratio = stats_paired_ratio(twice, a, 4);
    assert_near(difference.mean, 1, 1e-12);
    assert_near(difference.high - difference.low, 0, 1e-9);
    assert_near(ratio.mean, 2, 1e-12);
    assert_near(ratio.high - ratio.low, 0, 1e-9);
}

static void quantiles_interpolate(void **state) {
    static const double value[] = {4, 1, 3, 2};
    (void)state;
    assert_near(stats_quantile(value, 4, 0.5), 2.5, 1e-12);
    assert_near(stats_quantile(value, 4, 0.25), 1.75, 1e-12);
    assert_near(stats_quantile(value, 4, 0.0), 1, 0);
    assert_near(stats_quantile(value, 4, 1.0), 4, 0);
    assert_near(stats_quantile(value, 1, 0.5), 4, 0);
    assert_near(value[0], 4, 0); /* the values stay in their order */
}

static void jain_index(void **state) {
    static const double equal[] = {3, 3, 3, 3}, one_has_all[] = {8, 0, 0, 0}, double_share[] = {2, 1, 1, 1, 1},
                        none[] = {0, 0};
    (void)state;
    assert_near(stats_jain(equal, 4), 1, 1e-12);
    assert_near(stats_jain(one_has_all, 4), 0.25, 1e-12);
    assert_near(stats_jain(double_share, 5), 36.0 / 40.0, 1e-12);
    assert_true(isnan(stats_jain(none, 2)));
}

static void cells_group_by_series_and_x(void **state) {
    cells list = {0};
    double a[2], b[2];
    (void)state;
    assert_true(cells_add(&list, "tcp", "1", 1, 10));
    assert_true(cells_add(&list, "tcp", "1", 2, 20));
    assert_false(cells_add(&list, "tcp", "1", 2, 99)); /* the seed is there */
    assert_true(cells_add(&list, "tcp", "2", 2, 5));
    assert_true(cells_add(&list, "mptcp", "2", 2, 6));
    assert_int_equal(list.n, 3);
    assert_int_equal(cells_pair(cells_find(&list, "tcp", "1"), cells_find(&list, "mptcp", "2"), a, b), 1);
    assert_near(a[0], 20, 0);
    assert_near(b[0], 6, 0);
    assert_null(cells_find(&list, "mptcp", "1"));
    cells_free(&list);
}

static void wilson_interval_stays_within_0_and_1(void **state) {
    const double seven_of_ten[] = {1, 1, 0, 1, 1, 0, 1, 1, 0, 1}, none[5] = {0}, all[] = {1, 1, 1, 1, 1};
    (void)state;
    stats_interval share = stats_share(seven_of_ten, 10);
    assert_near(share.mean, 0.7, 1e-12);
    assert_near(share.low, 0.3967781475, 1e-9); /* Wilson (1927), by hand */
    assert_near(share.high, 0.8922087326, 1e-9);
    share = stats_share(none, 5);
    assert_near(share.low, 0, 0);
    assert_near(share.high, 0.4344824648, 1e-9);
    share = stats_share(all, 5);
    assert_near(share.low, 0.5655175352, 1e-9);
    assert_near(share.high, 1, 0);
    share = stats_share(all, 1);
    assert_int_equal(share.n, 1);
    assert_true(share.low > 0 && share.low < 0.25); /* one success says little, but something */
}

static void p_value_is_that_of_student(void **state) {
    const double value[] = {1, 2, 3, 4, 5}, zeros[3] = {0}, equal[] = {2, 2, 2};
    (void)state;
    assert_near(stats_p_value(value, 5), 0.0132355996, 1e-9); /* t = 3 sqrt(2), 4 degrees of freedom */
    assert_true(isnan(stats_p_value(value, 1)));
    assert_near(stats_p_value(zeros, 3), 1, 0);
    assert_near(stats_p_value(equal, 3), 0, 0);
}

static void holm_steps_down(void **state) {
    double p[] = {0.01, 0.04, NAN, 0.03, 0.005}, one[] = {0.04}, large[] = {0.6, 0.7};
    (void)state;
    stats_holm(p, 5);
    assert_near(p[4], 0.02, 1e-12); /* times 4: what is NaN is no test */
    assert_near(p[0], 0.03, 1e-12); /* times 3 */
    assert_near(p[3], 0.06, 1e-12); /* times 2 */
    assert_near(p[1], 0.06, 1e-12); /* never less than the one before */
    assert_true(isnan(p[2]));
    stats_holm(one, 1);
    assert_near(one[0], 0.04, 0);
    stats_holm(large, 2);
    assert_near(large[0], 1, 0);
    assert_near(large[1], 1, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(t_interval_has_table_quantiles),
        cmocka_unit_test(one_value_has_no_interval),
        cmocka_unit_test(bootstrap_repeats_for_a_seed),
        cmocka_unit_test(bootstrap_follows_the_skew),
        cmocka_unit_test(bootstrap_of_two_values_is_exact),
        cmocka_unit_test(bootstrap_agrees_with_t_for_normal_values),
        cmocka_unit_test(t_covers_better_than_bootstrap_with_few_skewed_values),
        cmocka_unit_test(skewed_mean_bootstraps_from_fifteen_values_on),
        cmocka_unit_test(pairing_cancels_what_seeds_share),
        cmocka_unit_test(quantiles_interpolate),
        cmocka_unit_test(jain_index),
        cmocka_unit_test(wilson_interval_stays_within_0_and_1),
        cmocka_unit_test(p_value_is_that_of_student),
        cmocka_unit_test(holm_steps_down),
        cmocka_unit_test(cells_group_by_series_and_x),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
