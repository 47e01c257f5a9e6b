/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_settings.c: every setting has its range: both sides of both ends are tried; names are of what there is. */
#include <stdio.h>
#include <string.h>

#include "unit_support.h"

static mpt_conn_settings defaults(void) {
    mpt_settings s;
    mpt_settings_default(&s);
    return s.conn;
}

static void defaults_are_in_range(void **state) {
    mpt_conn_settings s = defaults();
    (void)state;
    assert_null(mpt_conn_settings_check(&s));
}

static void expect_refused(const mpt_conn_settings *s, const char *name) {
    const char *bad = mpt_conn_settings_check(s);
    if (bad == NULL || strcmp(bad, name) != 0) {
        print_error("%s: out of its range, found bad is %s\n", name, bad ? bad : "nothing");
        fail();
    }
}

/** In its range; another setting may not go with it. */
static void expect_allowed(const mpt_conn_settings *s, const char *name) {
    const char *bad = mpt_conn_settings_check(s);
    if (bad != NULL && strcmp(bad, name) == 0 && strcmp(name, "rto_min_ns") != 0 && strcmp(name, "rto_max_ns") != 0) {
        print_error("%s: in its range and refused\n", name);
        fail();
    }
}

#define TRY_BOOL(s, name, lo, hi) (void)(s)
#define TRY_NAME(s, name, lo, hi) (void)(s)
#define TRY_U32(s, name, lo, hi)                                                                                       \
    try_number((s), (int64_t)UINT32_MAX, (lo), (hi), #name, offsetof(mpt_conn_settings, name), sizeof(uint32_t))
#define TRY_TIME(s, name, lo, hi)                                                                                      \
    try_number((s), INT64_MAX, INT64_C(lo), INT64_C(hi), #name, offsetof(mpt_conn_settings, name), sizeof(mpt_time))

static void set(mpt_conn_settings *s, size_t at, size_t bytes, int64_t value) {
    uint32_t small = (uint32_t)value;
    memcpy((char *)s + at, bytes == sizeof small ? (const void *)&small : &value, bytes);
}

static void try_number(mpt_conn_settings *s, int64_t most, int64_t lo, int64_t hi, const char *name, size_t at,
                       size_t bytes) {
    if (lo > 0 || bytes == sizeof(mpt_time)) {
        set(s, at, bytes, lo - 1);
        expect_refused(s, name);
    }
    set(s, at, bytes, lo);
    expect_allowed(s, name);
    set(s, at, bytes, hi);
    expect_allowed(s, name);
    if (hi < most) {
        set(s, at, bytes, hi + 1);
        expect_refused(s, name);
    }
}

static void numbers_outside_their_range_are_refused(void **state) {
    mpt_conn_settings s;
    (void)state;
#define MPT_X(type, name, def, lo, hi, help)                                                                           \
    s = defaults();                                                                                                    \
    TRY_##type(&s, name, lo, hi);
    MPT_CONN_SETTINGS(MPT_X)
#undef MPT_X
}

static void names_of_nothing_are_refused(void **state) {
    static const struct {
        const char *name;
        size_t at;
    } rows[] = {
        {"congestion_control", offsetof(mpt_conn_settings, congestion_control)},
        {"scheduler", offsetof(mpt_conn_settings, scheduler)},
        {"path_manager", offsetof(mpt_conn_settings, path_manager)},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        mpt_conn_settings s = defaults();
        snprintf((char *)&s + rows[i].at, MPT_NAME_BYTES, "nobody");
        expect_refused(&s, rows[i].name);
        memset((char *)&s + rows[i].at, 'x', MPT_NAME_BYTES); /* without an end */
        expect_refused(&s, rows[i].name);
    }
}

static void least_timeout_above_the_greatest_is_refused(void **state) {
    mpt_conn_settings s = defaults();
    (void)state;
    s.rto_max_ns = s.rto_min_ns;
    assert_null(mpt_conn_settings_check(&s));
    s.rto_max_ns--;
    expect_refused(&s, "rto_min_ns");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_in_range),
        cmocka_unit_test(numbers_outside_their_range_are_refused),
        cmocka_unit_test(names_of_nothing_are_refused),
        cmocka_unit_test(least_timeout_above_the_greatest_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
