/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_least.c: the window is 100; times and values are plain numbers. */
#include "base/mpt_least.h"
#include "unit_support.h"

enum { WINDOW = 100, SAMPLES_MAX = 8 };

static void windows_of_samples_by_hand(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct {
            mpt_time at, value;
        } samples[SAMPLES_MAX]; /* ended by value 0 */
        mpt_time expected;
    } rows[] = {
        {"none", {{0, 0}}, MPT_NEVER},
        {"the first", {{5, 50}}, 50},
        {"a lower one counts at once", {{5, 50}, {6, 49}}, 49},
        {"a higher one does not", {{5, 50}, {6, 51}}, 50},
        {"the best lives as long as the window", {{0, 50}, {60, 70}, {100, 80}}, 50},
        {"and not longer: the best since is next", {{0, 50}, {60, 70}, {101, 80}}, 70},
        {"then the third", {{0, 50}, {30, 60}, {60, 70}, {101, 80}, {131, 90}}, 70},
        {"two too old at once", {{0, 50}, {30, 60}, {60, 70}, {131, 90}}, 70},
        {"all too old", {{0, 50}, {30, 60}, {60, 70}, {161, 90}}, 90},
        {"silence longer than the window", {{0, 50}, {101, 90}}, 90},
        {"silence as long as the window", {{0, 50}, {100, 90}}, 50},
        {"a successor within the first quarter is not looked for", {{0, 50}, {25, 60}, {26, 70}, {101, 80}}, 70},
        {"an equal value is the same, but younger", {{0, 50}, {90, 50}, {180, 60}}, 50},
        {"a lower second replaces both successors", {{0, 50}, {30, 80}, {60, 90}, {70, 60}, {101, 99}}, 60},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        mpt_least m;
        mpt_least_init(&m);
        for (size_t j = 0; j < SAMPLES_MAX && rows[i].samples[j].value > 0; j++)
            mpt_least_add(&m, WINDOW, rows[i].samples[j].value, rows[i].samples[j].at);
        EXPECT_U64(rows[i].name, mpt_least_get(&m), rows[i].expected);
    }
}

static void window_of_nothing_keeps_the_latest(void **state) {
    (void)state;
    mpt_least m;
    mpt_least_init(&m);
    mpt_least_add(&m, 0, 50, 10);
    mpt_least_add(&m, 0, 60, 11);
    assert_int_equal(mpt_least_get(&m), 60);
    mpt_least_add(&m, 0, 55, 11);
    assert_int_equal(mpt_least_get(&m), 55);
}

/** Beside a list of all: never below the least of the window, equal to it while that is the best ever, never older than the window. */
static void random_samples_match_a_list(void **state) {
    (void)state;
    static struct { mpt_time at, value; } all[20000];
    uint32_t random = 1, from = 0, exact = 0;
    mpt_least m;
    mpt_least_init(&m);
    mpt_time now = 0;
    for (uint32_t n = 0; n < COUNT_OF(all); n++) {
        random = random * 1664525 + 1013904223;
        now += (random >> 16) % 8;
        all[n].at = now;
        all[n].value = 100 + n / 100 % 50 + (random >> 24) % 64; /* a base that grows, and falls back now and then */
        mpt_least_add(&m, WINDOW, all[n].value, now);
        while (now - all[from].at > WINDOW)
            from++;
        mpt_time least = MPT_NEVER;
        bool is_one_of_them = false;
        for (uint32_t i = from; i <= n; i++) {
            least = all[i].value < least ? all[i].value : least;
            is_one_of_them |= all[i].value == mpt_least_get(&m);
        }
        assert_true(mpt_least_get(&m) >= least);
        assert_true(is_one_of_them);
        exact += mpt_least_get(&m) == least;
    }
    assert_true(exact > COUNT_OF(all) * 3 / 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_of_samples_by_hand),
        cmocka_unit_test(window_of_nothing_keeps_the_latest),
        cmocka_unit_test(random_samples_match_a_list),
    };
    return cmocka_run_group_tests_name("least", tests, NULL, NULL);
}
