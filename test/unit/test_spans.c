/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_spans.c: mpt_spans against a plain array of bytes, under random operations, and with many ranges. */
#include <string.h>

#include "base/mpt_spans.h"
#include "unit_support.h"
#include "wire/mpt_crypto.h"

#define MODEL 4096u

static void expect_as_model(const mpt_spans *s, const uint8_t *model, uint64_t base) {
    mpt_range r = {base, base};
    uint64_t x = base;
    uint32_t count = 0;
    mpt_spans_check(s);
    for (; mpt_spans_after(s, r.end, &r); count++) {
        for (; x < r.start; x++)
            assert_false(model[x - base]);
        for (; x < r.end; x++)
            assert_true(model[x - base]);
        assert_true(r.end == base + MODEL || !model[r.end - base]);
    }
    for (; x < base + MODEL; x++)
        assert_false(model[x - base]);
    assert_int_equal(count, s->count);
}

static uint64_t in_model(const uint8_t *model, uint64_t from, uint64_t to) {
    uint64_t sum = 0;
    for (; from < to; from++)
        sum += model[from];
    return sum;
}

/** @param length_max short ranges make many, long ones put many together */
static void random_operations(uint64_t seed, uint64_t length_max) {
    mpt_random random = {.seed = seed};
    uint64_t base = seed % 2 ? UINT64_MAX - 2 * MODEL : 0;
    uint8_t model[MODEL] = {0};
    unit_memory memory;
    mpt_spans s = {0};
    unit_memory_init(&memory);
    for (uint32_t i = 0; i < 2000; i++) {
        uint64_t from = mpt_random_u64(&random) % MODEL, to = from + 1 + mpt_random_u64(&random) % length_max,
                 added = 0;
        mpt_range r;
        to = to < MODEL ? to : MODEL;
        if (mpt_random_u64(&random) % 200 == 0) {
            mpt_spans_remove_below(&s, base + from, &memory.mem);
            memset(model, 0, from);
        } else if (mpt_random_u64(&random) % 100 == 0) {
            uint64_t at = mpt_random_u64(&random) % 2 == 0 && mpt_spans_after(&s, 0, &r) ? r.start - base : 0, end = at;
            bool is_first = mpt_spans_after(&s, 0, &r) && r.start == base + at;
            for (; is_first && end < MODEL && model[end]; end++)
                model[end] = 0;
            assert_int_equal(mpt_spans_take_first(&s, base + at, &memory.mem), base + end);
        } else {
            uint64_t had = in_model(model, from, to);
            assert_int_equal(mpt_spans_overlap(&s, base + from, base + to), had);
            bool is_made = mpt_spans_reserve(&s, base + from, &memory.mem) == MPT_OK;
            memory.is_exhausted = is_made; /* what was reserved is there */
            assert_int_equal(mpt_spans_add(&s, base + from, base + to, &added, &memory.mem), MPT_OK);
            memory.is_exhausted = false;
            memset(model + from, 1, to - from);
            assert_int_equal(added, to - from - had);
        }
        uint64_t x = mpt_random_u64(&random) % MODEL;
        assert_int_equal(mpt_spans_find(&s, base + x, &r), model[x]);
        expect_as_model(&s, model, base);
    }
    mpt_spans_remove_below(&s, base + MODEL, &memory.mem);
    assert_int_equal(s.count, 0);
    assert_int_equal(memory.live, 0); /* empty, it owns nothing */
}

static void random_operations_match_an_array_of_bytes(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        random_operations(seed, 1);
        random_operations(seed, 3);
        random_operations(seed, 200);
    }
}

static void refused_memory_changes_nothing(void **state) {
    unit_memory memory;
    mpt_spans s = {0};
    (void)state;
    unit_memory_init(&memory);
    memory.is_exhausted = true;
    assert_int_equal(mpt_spans_reserve(&s, 5, &memory.mem), MPT_ERR_MEMORY);
    assert_int_equal(mpt_spans_add(&s, 5, 9, NULL, &memory.mem), MPT_ERR_MEMORY);
    memory.is_exhausted = false;
    for (uint64_t i = 0; i < MPT_SPANS_BLOCK; i++)
        assert_int_equal(mpt_spans_add(&s, 10 * i + 5, 10 * i + 9, NULL, &memory.mem), MPT_OK);
    memory.is_exhausted = true; /* the block is full */
    assert_int_equal(mpt_spans_add(&s, 1, 2, NULL, &memory.mem), MPT_ERR_MEMORY);
    assert_int_equal(mpt_spans_add(&s, 9, 15, NULL, &memory.mem), MPT_OK); /* but this makes one of two */
    assert_int_equal(mpt_spans_add(&s, 1, 2, NULL, &memory.mem), MPT_OK);
    mpt_spans_check(&s);
    assert_int_equal(s.count, MPT_SPANS_BLOCK);
    assert_int_equal(s.total, 4 * MPT_SPANS_BLOCK + 6 + 1);
    mpt_spans_free(&s, &memory.mem);
    assert_int_equal(memory.live, 0);
}

/** Every other number from the last to the first, then the holes from both ends inwards: memory follows the number of ranges, both ways. */
static void many_ranges_take_the_memory_of_as_many(void **state) {
    enum { RANGES = 20000 };
    unit_memory memory;
    mpt_spans s = {0};
    (void)state;
    unit_memory_init(&memory);
    for (uint64_t i = RANGES; i-- > 0;)
        assert_int_equal(mpt_spans_add(&s, 2 * i, 2 * i + 1, NULL, &memory.mem), MPT_OK);
    assert_int_equal(s.count, RANGES);
    assert_true(s.block_count <= RANGES / (MPT_SPANS_BLOCK / 2) + 1);
    for (uint64_t i = 0; i < RANGES / 2 - 1; i++) {
        assert_int_equal(mpt_spans_add(&s, 2 * i + 1, 2 * i + 2, NULL, &memory.mem), MPT_OK);
        assert_int_equal(mpt_spans_add(&s, 2 * (RANGES - i) - 3, 2 * (RANGES - i) - 2, NULL, &memory.mem), MPT_OK);
    }
    mpt_spans_check(&s);
    assert_int_equal(s.count, 2);
    assert_int_equal(s.block_count, 1);
    mpt_spans_free(&s, &memory.mem);
    assert_int_equal(memory.live, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_operations_match_an_array_of_bytes),
        cmocka_unit_test(refused_memory_changes_nothing),
        cmocka_unit_test(many_ranges_take_the_memory_of_as_many),
    };
    return cmocka_run_group_tests_name("spans", tests, NULL, NULL);
}
