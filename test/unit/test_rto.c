/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_rto.c: RFC 6298 by hand; comments of rows are in ms. */
#include "tcp/mpt_rto.h"
#include "unit_support.h"

static void samples_follow_rfc_6298(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct {
            int64_t rtt_us;
            uint32_t samples_per_window;
        } samples[3]; /* ended by rtt_us = 0 */
        int64_t srtt_us, rttvar_us, base_us;
    } rows[] = {
        {"none yet: the initial value", {{0, 0}}, 0, 0, 1000000},
        {"first: R, R/2, R + 4 R/2", {{100000, 1}}, 100000, 50000, 300000},
        {"equal second: variation falls by a quarter", {{100000, 1}, {100000, 1}}, 100000, 37500, 300000},
        {"longer second: 50 + (80 - 50)/4, 100 + 80/8", {{100000, 1}, {180000, 1}}, 110000, 57500, 340000},
        {"shorter second: 50 + (80 - 50)/4, 100 - 80/8", {{100000, 1}, {20000, 1}}, 90000, 57500, 320000},
        {"four samples a window: 50 + (80 - 50)/16, 100 + 80/32", {{100000, 1}, {180000, 4}}, 102500, 51875, 310000},
        {"variation just below the bound", {{99998, 1}}, 99998, 49999, 299998},
        {"variation just above the bound", {{100002, 1}}, 100002, 50001, 300006},
        {"tiny RTT", {{1, 1}}, 1, 0, 200001},
        {"at the upper bound", {{40000000, 1}}, 40000000, 20000000, 120000000},
        {"above the upper bound", {{40000004, 1}}, 40000004, 20000002, 120000000},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        mpt_rto r;
        mpt_rto_init(&r, MPT_S, 200 * MPT_MS, 120 * MPT_S);
        for (size_t j = 0; j < COUNT_OF(rows[i].samples) && rows[i].samples[j].rtt_us > 0; j++)
            mpt_rto_sample(&r, rows[i].samples[j].rtt_us * MPT_US, rows[i].samples[j].samples_per_window);
        EXPECT_U64(rows[i].name, r.srtt_ns, rows[i].srtt_us * MPT_US);
        EXPECT_U64(rows[i].name, r.rttvar_ns / MPT_US, rows[i].rttvar_us);
        EXPECT_U64(rows[i].name, mpt_rto_get(&r), rows[i].base_us * MPT_US);
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
    mpt_rto_sample(&r, 100 * MPT_MS, 1);
    assert_int_equal(mpt_rto_get(&r), 600 * MPT_MS);
    mpt_rto_reset_backoff(&r);
    assert_int_equal(mpt_rto_get(&r), 300 * MPT_MS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_follow_rfc_6298),
        cmocka_unit_test(initial_value_is_bounded),
        cmocka_unit_test(backoff_doubles_up_to_the_bound),
        cmocka_unit_test(backoff_reaches_the_bound_exactly),
        cmocka_unit_test(a_sample_leaves_the_backoff_to_the_caller),
    };
    return cmocka_run_group_tests_name("rto", tests, NULL, NULL);
}
