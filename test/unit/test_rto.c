/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_rto.c: RFC 6298 and Linux's margin by hand; comments of rows are in ms. */
#include "tcp/mpt_rto.h"
#include "unit_support.h"

static void samples_are_smoothed_and_the_margin_is_held_for_a_round_trip(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct {
            int64_t rtt_us;
            uint64_t snd_una, snd_nxt;
        } samples[5]; /* ended by rtt_us = 0 */
        int64_t srtt_us, deviation_us, rto_us;
    } rows[] = {
        {"none yet: the initial value", {{0, 0, 0}}, 0, 0, 1000000},
        {"first: R, R/2, R + 4 R/2", {{100000, 1, 1}}, 100000, 50000, 300000},
        {"equal second: deviation falls by a quarter, the timeout not",
         {{100000, 1, 9}, {100000, 5, 9}},
         100000,
         37500,
         300000},
        {"longer second: 50 + (80 - 50)/4, 100 + 80/8, 4 x 57.5",
         {{100000, 1, 9}, {180000, 5, 9}},
         110000,
         57500,
         340000},
        {"shorter by more than the deviation: 50 + (80 - 50)/32, 100 - 80/8",
         {{100000, 1, 9}, {20000, 5, 9}},
         90000,
         50937,
         293750},
        {"shorter by less: 50 + (20 - 50)/4, 100 - 20/8; 97.5 + 200",
         {{100000, 1, 9}, {80000, 5, 9}},
         97500,
         42500,
         297500},
        {"the round is not over at its end", {{200000, 1, 9}, {200000, 9, 20}}, 200000, 75000, 600000},
        {"past it the margin, here that of its beginning, stays",
         {{200000, 1, 9}, {200000, 10, 20}},
         200000,
         75000,
         600000},
        {"a round on, a quarter closer to what that round had, 225",
         {{200000, 1, 9}, {200000, 10, 20}, {200000, 21, 30}},
         200000,
         56250,
         556250},
        {"but not below the least", {{2000, 1, 9}, {2000, 10, 20}, {2000, 21, 30}, {2000, 31, 40}}, 2000, 421, 202000},
        {"each sample of a round counts, and the greatest deviation stays",
         {{100000, 1, 900}, {180000, 2, 900}, {180000, 3, 900}, {180000, 4, 900}, {180000, 5, 900}},
         133105,
         58984,
         376230},
        {"margin just below the bound", {{99998, 1, 1}}, 99998, 49999, 299998},
        {"margin just above the bound", {{100002, 1, 1}}, 100002, 50001, 300006},
        {"tiny RTT", {{1, 1, 1}}, 1, 0, 200001},
        {"at the upper bound", {{40000000, 1, 1}}, 40000000, 20000000, 120000000},
        {"above the upper bound", {{40000004, 1, 1}}, 40000004, 20000002, 120000000},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        mpt_rto r;
        mpt_rto_init(&r, MPT_S, 200 * MPT_MS, 120 * MPT_S);
        for (size_t j = 0; j < COUNT_OF(rows[i].samples) && rows[i].samples[j].rtt_us > 0; j++)
            mpt_rto_sample(&r, rows[i].samples[j].rtt_us * MPT_US, rows[i].samples[j].snd_una,
                           rows[i].samples[j].snd_nxt);
        EXPECT_U64(rows[i].name, r.srtt_ns / MPT_US, rows[i].srtt_us);
        EXPECT_U64(rows[i].name, r.deviation_ns / MPT_US, rows[i].deviation_us);
        EXPECT_U64(rows[i].name, mpt_rto_get(&r) / MPT_US, rows[i].rto_us);
    }
}

static void initial_value_is_bounded(void **state) {
    (void)state;
    static const struct {
        const char *name;
        mpt_time initial, least, most, expected;
    } rows[] = {
        {"within", 1000, 200, 120000, 1000}, {"at the lower bound", 200, 200, 120000, 200},
        {"below", 199, 200, 120000, 200},    {"at the upper bound", 5000, 200, 5000, 5000},
        {"above", 5001, 200, 5000, 5000},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        mpt_rto r;
        mpt_rto_init(&r, rows[i].initial * MPT_MS, rows[i].least * MPT_MS, rows[i].most * MPT_MS);
        EXPECT_U64(rows[i].name, mpt_rto_get(&r), rows[i].expected * MPT_MS);
    }
}

static void backoff_doubles_up_to_the_bound(void **state) {
    (void)state;
    static const int64_t expected_s[] = {1, 2, 4, 8, 16, 32, 64, 120, 120};
    mpt_rto r;
    mpt_rto_init(&r, MPT_S, 200 * MPT_MS, 120 * MPT_S);
    for (size_t i = 0; i < COUNT_OF(expected_s); i++) {
        assert_int_equal(mpt_rto_get(&r), expected_s[i] * MPT_S);
        assert_int_equal(r.backoff, i);
        mpt_rto_backoff(&r);
    }
    for (int i = 0; i < 300; i++)
        mpt_rto_backoff(&r);
    assert_int_equal(mpt_rto_get(&r), 120 * MPT_S);
    mpt_rto_reset_backoff(&r);
    assert_int_equal(mpt_rto_get(&r), MPT_S);
}

static void backoff_reaches_the_bound_exactly(void **state) {
    (void)state;
    mpt_rto r;
    mpt_rto_init(&r, MPT_S, 200 * MPT_MS, 64 * MPT_S);
    for (int i = 0; i < 6; i++)
        mpt_rto_backoff(&r);
    assert_int_equal(mpt_rto_get(&r), 64 * MPT_S);
    mpt_rto_backoff(&r);
    assert_int_equal(mpt_rto_get(&r), 64 * MPT_S);
}

static void a_sample_leaves_the_backoff_to_the_caller(void **state) {
    (void)state;
    mpt_rto r;
    mpt_rto_init(&r, MPT_S, 200 * MPT_MS, 120 * MPT_S);
    mpt_rto_backoff(&r);
    mpt_rto_sample(&r, 100 * MPT_MS, 1, 1);
    assert_int_equal(mpt_rto_get(&r), 600 * MPT_MS);
    mpt_rto_reset_backoff(&r);
    assert_int_equal(mpt_rto_get(&r), 300 * MPT_MS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_are_smoothed_and_the_margin_is_held_for_a_round_trip),
        cmocka_unit_test(initial_value_is_bounded),
        cmocka_unit_test(backoff_doubles_up_to_the_bound),
        cmocka_unit_test(backoff_reaches_the_bound_exactly),
        cmocka_unit_test(a_sample_leaves_the_backoff_to_the_caller),
    };
    return cmocka_run_group_tests_name("rto", tests, NULL, NULL);
}
