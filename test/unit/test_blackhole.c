/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_blackhole.c: how long it is remembered that SYNs with MP_CAPABLE do not arrive somewhere. */
#include "stack/mpt_stack.h"
#include "unit_support.h"

static const mpt_time HOUR = 3600 * MPT_S;

static mpt_stack *stack(unit_memory *memory) {
    mpt_settings s;
    mpt_stack *st = NULL;
    unit_memory_init(memory);
    mpt_settings_default(&s);
    assert_int_equal(mpt_stack_new(&st, &s, &memory->mem, 0), MPT_OK);
    return st;
}

static void time_doubles_up_to_64_times(void **state) {
    (void)state;
    unit_memory memory;
    mpt_stack *st = stack(&memory);
    mpt_addr a = mpt_addr_v4(10, 0, 0, 1), other = mpt_addr_v4(10, 0, 0, 2);
    static const int64_t hours[] = {1, 2, 4, 8, 16, 32, 64, 64, 64};
    mpt_time now = 5;
    assert_false(mpt_blackhole_is_known(st, &a, now));
    for (size_t i = 0; i < COUNT_OF(hours); i++) {
        mpt_blackhole_found(st, &a, HOUR, now);
        assert_true(mpt_blackhole_is_known(st, &a, now));
        assert_true(mpt_blackhole_is_known(st, &a, now + hours[i] * HOUR - 1));
        assert_false(mpt_blackhole_is_known(st, &a, now + hours[i] * HOUR));
        assert_false(mpt_blackhole_is_known(st, &other, now));
        now += hours[i] * HOUR;
    }
    EXPECT_U64("counted", mpt_stack_counters(st)->Blackhole, COUNT_OF(hours));
    mpt_stack_free(st);
}

static void an_answer_ends_it_and_the_next_begins_anew(void **state) {
    (void)state;
    unit_memory memory;
    mpt_stack *st = stack(&memory);
    mpt_addr a = mpt_addr_v4(10, 0, 0, 1);
    mpt_blackhole_found(st, &a, HOUR, 0);
    mpt_blackhole_found(st, &a, HOUR, 0);
    mpt_blackhole_gone(st, &a);
    assert_false(mpt_blackhole_is_known(st, &a, 0));
    mpt_blackhole_found(st, &a, HOUR, 0);
    assert_false(mpt_blackhole_is_known(st, &a, HOUR));
    mpt_stack_free(st);
}

static void no_time_means_no_memory(void **state) {
    (void)state;
    unit_memory memory;
    mpt_stack *st = stack(&memory);
    mpt_addr a = mpt_addr_v4(10, 0, 0, 1);
    mpt_blackhole_found(st, &a, 0, 0);
    assert_false(mpt_blackhole_is_known(st, &a, 0));
    EXPECT_U64("counted", mpt_stack_counters(st)->Blackhole, 0);
    mpt_stack_free(st);
}

static void the_one_that_ends_soonest_makes_room(void **state) {
    (void)state;
    unit_memory memory;
    mpt_stack *st = stack(&memory);
    for (uint32_t i = 0; i <= MPT_BLACKHOLES_MAX; i++) {
        mpt_addr a = mpt_addr_v4(10, 0, 0, (uint8_t)i);
        mpt_blackhole_found(st, &a, i == 3 ? HOUR / 2 : HOUR, 0);
    }
    for (uint32_t i = 0; i <= MPT_BLACKHOLES_MAX; i++) {
        mpt_addr a = mpt_addr_v4(10, 0, 0, (uint8_t)i);
        EXPECT_U64("known", mpt_blackhole_is_known(st, &a, 1), i != 3);
    }
    mpt_stack_free(st);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_doubles_up_to_64_times),
        cmocka_unit_test(an_answer_ends_it_and_the_next_begins_anew),
        cmocka_unit_test(no_time_means_no_memory),
        cmocka_unit_test(the_one_that_ends_soonest_makes_room),
    };
    return cmocka_run_group_tests_name("blackhole", tests, NULL, NULL);
}
