/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_seq.c: sequence arithmetic at the wraps of 2^32 and 2^64. */
#include "base/mpt_seq.h"
#include "unit_support.h"

static void order_is_modulo_2_32(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint32_t a, b;
        bool is_before;
    } rows[] = {
        {"equal", 7, 7, false},
        {"one below", 6, 7, true},
        {"one above", 8, 7, false},
        {"last before first", 0xffffffff, 0, true},
        {"first after last", 0, 0xffffffff, false},
        {"just less than half way", 0, 0x7fffffff, true},
        {"just less than half way, wrapped", 0xffffffff, 0x7ffffffe, true},
        {"one more than half way", 0, 0x80000001, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        EXPECT_U64(rows[i].name, mpt_seq32_before(rows[i].a, rows[i].b), rows[i].is_before);
}

static void expansion_is_the_nearest(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint32_t low;
        uint64_t near, expected;
    } rows[] = {
        {"the same", 5, 5, 5},
        {"forward", 9, 5, 9},
        {"back", 3, 5, 3},
        {"forward over 2^32", 0x10, 0xfffffff0, 0x100000010},
        {"back over 2^32", 0xfffffff0, 0x100000010, 0xfffffff0},
        {"exactly 2^32", 0, 0xffffffff, 0x100000000},
        {"last below 2^32", 0xffffffff, 0x100000000, 0xffffffff},
        {"farthest forward", 0x80000000, 1, 0x80000000},
        {"farthest back", 0x80000000, 0x100000000, 0x80000000},
        {"one more than farthest forward is back", 0x80000001, 0x100000000, 0x80000001},
        {"farthest forward in a high window", 0x7fffffff, 0x500000000, 0x57fffffff},
        {"half way counts as back in a high window", 0x80000000, 0x500000000, 0x480000000},
        {"forward over 2^64", 0x10, 0xfffffffffffffff0, 0x10},
        {"back over 2^64", 0xfffffff0, 0x10, 0xfffffffffffffff0},
        {"exactly 2^64", 0, 0xffffffffffffffff, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        EXPECT_U64(rows[i].name, mpt_seq_expand(rows[i].low, rows[i].near), rows[i].expected);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_is_modulo_2_32),
        cmocka_unit_test(expansion_is_the_nearest),
    };
    return cmocka_run_group_tests_name("seq", tests, NULL, NULL);
}
