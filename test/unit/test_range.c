/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_range.c: mpt_range against tables, and against a plain array of bytes under random operations. */
#include <string.h>

#include "wire/mpt_crypto.h"
#include "base/mpt_range.h"
#include "unit_support.h"

#define ROW_RANGES 4

typedef struct operation_row {
    const char *name;
    mpt_range before[ROW_RANGES]; /* ended by { 0, 0 } */
    mpt_range with;
    mpt_range after[ROW_RANGES];
    uint64_t changed;
} operation_row;

static const operation_row add_rows[] = {
    {"into the empty set", {{0}}, {5, 9}, {{5, 9}}, 4},
    {"a single number", {{0}}, {5, 6}, {{5, 6}}, 1},
    {"after with a gap of one", {{1, 4}}, {5, 9}, {{1, 4}, {5, 9}}, 4},
    {"adjacent after", {{1, 5}}, {5, 9}, {{1, 9}}, 4},
    {"overlapping the end by one", {{1, 6}}, {5, 9}, {{1, 9}}, 3},
    {"before with a gap of one", {{10, 12}}, {5, 9}, {{5, 9}, {10, 12}}, 4},
    {"adjacent before", {{9, 12}}, {5, 9}, {{5, 12}}, 4},
    {"overlapping the start by one", {{8, 12}}, {5, 9}, {{5, 12}}, 3},
    {"within", {{1, 20}}, {5, 9}, {{1, 20}}, 0},
    {"the same", {{5, 9}}, {5, 9}, {{5, 9}}, 0},
    {"around", {{6, 8}}, {5, 9}, {{5, 9}}, 2},
    {"between, touching neither", {{1, 3}, {20, 30}}, {5, 9}, {{1, 3}, {5, 9}, {20, 30}}, 4},
    {"filling a hole exactly", {{1, 5}, {9, 12}}, {5, 9}, {{1, 12}}, 4},
    {"one short of the next", {{1, 5}, {10, 12}}, {5, 9}, {{1, 9}, {10, 12}}, 4},
    {"over three ranges", {{1, 3}, {5, 7}, {9, 12}}, {2, 10}, {{1, 12}}, 4},
    {"across 2^32", {{0xfffffff0, 0x100000000}}, {0x100000000, 0x100000010}, {{0xfffffff0, 0x100000010}}, 16},
    {"up to the last number", {{0}}, {UINT64_MAX - 1, UINT64_MAX}, {{UINT64_MAX - 1, UINT64_MAX}}, 1},
};

static const operation_row remove_rows[] = {
    {"from the empty set", {{0}}, {5, 9}, {{0}}, 0},
    {"all of it", {{5, 9}}, {5, 9}, {{0}}, 4},
    {"all but the first", {{4, 9}}, {5, 9}, {{4, 5}}, 4},
    {"all but the last", {{5, 10}}, {5, 9}, {{9, 10}}, 4},
    {"from the middle", {{1, 20}}, {5, 9}, {{1, 5}, {9, 20}}, 4},
    {"just before", {{9, 12}}, {5, 9}, {{9, 12}}, 0},
    {"just after", {{1, 5}}, {5, 9}, {{1, 5}}, 0},
    {"in a hole", {{1, 5}, {9, 12}}, {5, 9}, {{1, 5}, {9, 12}}, 0},
    {"end of one and start of the next", {{1, 6}, {8, 12}}, {5, 9}, {{1, 5}, {9, 12}}, 2},
    {"around three", {{1, 3}, {5, 7}, {9, 12}}, {0, 20}, {{0}}, 7},
    {"the middle one", {{1, 3}, {5, 7}, {9, 12}}, {3, 9}, {{1, 3}, {9, 12}}, 2},
};

static const operation_row remove_below_rows[] = {
    {"below the empty set", {{0}}, {0, 9}, {{0}}, 0},
    {"nothing is below", {{9, 12}}, {0, 9}, {{9, 12}}, 0},
    {"one number is below", {{8, 12}}, {0, 9}, {{9, 12}}, 1},
    {"all is below", {{1, 3}, {5, 9}}, {0, 9}, {{0}}, 6},
    {"all but one", {{1, 3}, {5, 10}}, {0, 9}, {{9, 10}}, 6},
    {"ends in a hole", {{1, 3}, {9, 10}}, {0, 5}, {{9, 10}}, 2},
};

static void fill(mpt_ranges *r, const mpt_range *ranges, const mpt_mem *mem) {
    for (uint32_t i = 0; i < ROW_RANGES && ranges[i].end > 0; i++)
        assert_int_equal(mpt_ranges_add(r, ranges[i].start, ranges[i].end, NULL, mem), MPT_OK);
}

static void expect_ranges(const char *row, const mpt_ranges *r, const mpt_range *expected) {
    uint32_t count = 0;
    mpt_ranges_check(r);
    for (; count < ROW_RANGES && expected[count].end > 0; count++) {
        EXPECT_U64(row, count < r->count, true);
        EXPECT_U64(row, r->items[count].start, expected[count].start);
        EXPECT_U64(row, r->items[count].end, expected[count].end);
    }
    EXPECT_U64(row, r->count, count);
}

static void add_merges_what_touches(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(add_rows); i++) {
        const operation_row *row = &add_rows[i];
        unit_memory memory;
        unit_memory_init(&memory);
        mpt_ranges r = {0};
        uint64_t added = 99;
        fill(&r, row->before, &memory.mem);
        uint64_t total = r.total;
        EXPECT_U64(row->name, mpt_ranges_add(&r, row->with.start, row->with.end, &added, &memory.mem), MPT_OK);
        expect_ranges(row->name, &r, row->after);
        EXPECT_U64(row->name, added, row->changed);
        EXPECT_U64(row->name, r.total - total, row->changed);
        mpt_ranges_free(&r, &memory.mem);
        EXPECT_U64(row->name, memory.live, 0);
    }
}

static void remove_cuts_exactly(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(remove_rows); i++) {
        const operation_row *row = &remove_rows[i];
        unit_memory memory;
        unit_memory_init(&memory);
        mpt_ranges r = {0};
        fill(&r, row->before, &memory.mem);
        uint64_t total = r.total;
        EXPECT_U64(row->name, mpt_ranges_remove(&r, row->with.start, row->with.end, &memory.mem), MPT_OK);
        expect_ranges(row->name, &r, row->after);
        EXPECT_U64(row->name, total - r.total, row->changed);
        mpt_ranges_free(&r, &memory.mem);
    }
}

static void remove_below_keeps_the_rest(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(remove_below_rows); i++) {
        const operation_row *row = &remove_below_rows[i];
        unit_memory memory;
        unit_memory_init(&memory);
        mpt_ranges r = {0};
        fill(&r, row->before, &memory.mem);
        uint64_t total = r.total;
        mpt_ranges_remove_below(&r, row->with.end);
        expect_ranges(row->name, &r, row->after);
        EXPECT_U64(row->name, total - r.total, row->changed);
        mpt_ranges_free(&r, &memory.mem);
    }
}

static void look_up_at_the_boundaries(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t start, end;
        int64_t found;
        bool is_covered;
        uint64_t overlap;
    } rows[] = {
        {"before the first", 9, 10, -1, false, 0},
        {"first number", 10, 11, 0, true, 1},
        {"all of the first", 10, 20, 0, true, 10},
        {"one too many", 10, 21, 0, false, 10},
        {"last number", 19, 20, 0, true, 1},
        {"first number of the hole", 20, 21, -1, false, 0},
        {"last number of the hole", 29, 30, -1, false, 0},
        {"second range", 30, 40, 1, true, 10},
        {"across the hole", 15, 35, 0, false, 10},
        {"after the last", 40, 41, -1, false, 0},
        {"everything", 0, UINT64_MAX, -1, false, 20},
        {"nothing", 25, 25, -1, true, 0},
    };
    unit_memory memory;
    unit_memory_init(&memory);
    mpt_ranges r = {0};
    fill(&r, (const mpt_range[ROW_RANGES]){{10, 20}, {30, 40}}, &memory.mem);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        EXPECT_U64(rows[i].name, mpt_ranges_find(&r, rows[i].start), rows[i].found);
        EXPECT_U64(rows[i].name, mpt_ranges_covers(&r, rows[i].start, rows[i].end), rows[i].is_covered);
        EXPECT_U64(rows[i].name, mpt_ranges_overlap(&r, rows[i].start, rows[i].end), rows[i].overlap);
    }
    mpt_ranges_free(&r, &memory.mem);
}

static void refused_memory_changes_nothing(void **state) {
    (void)state;
    unit_memory memory;
    unit_memory_init(&memory);
    mpt_ranges r = {0};
    memory.is_exhausted = true;
    assert_int_equal(mpt_ranges_add(&r, 1, 2, NULL, &memory.mem), MPT_ERR_MEMORY);
    assert_int_equal(r.count, 0);
    memory.is_exhausted = false;
    do
        assert_int_equal(mpt_ranges_add(&r, r.count * 10, r.count * 10 + 5, NULL, &memory.mem), MPT_OK);
    while (r.count < r.capacity);
    memory.is_exhausted = true;
    uint32_t count = r.count;
    uint64_t total = r.total;
    assert_int_equal(mpt_ranges_add(&r, 1000, 1001, NULL, &memory.mem), MPT_ERR_MEMORY);
    assert_int_equal(mpt_ranges_remove(&r, 2, 3, &memory.mem), MPT_ERR_MEMORY);
    assert_int_equal(r.count, count);
    assert_int_equal(r.total, total);
    assert_int_equal(mpt_ranges_remove(&r, 0, 2, &memory.mem), MPT_OK); /* needs no room */
    mpt_ranges_check(&r);
    mpt_ranges_free(&r, &memory.mem);
    assert_int_equal(memory.live, 0);
}

/* ---- Model: one byte for each number ---------------------------------------------------------------------- */

#define MODEL_BYTES 256u

static void expect_as_model(const mpt_ranges *r, const uint8_t *model, uint64_t base) {
    uint64_t total = 0;
    uint32_t starts = 0;
    mpt_ranges_check(r);
    for (uint32_t i = 0; i < MODEL_BYTES; i++) {
        assert_int_equal(mpt_ranges_find(r, base + i) >= 0, model[i]);
        total += model[i];
        starts += model[i] && (i == 0 || !model[i - 1]);
    }
    assert_int_equal(r->total, total);
    assert_int_equal(r->count, starts);
}

static void random_operations_match_a_byte_array(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        mpt_random random = {.seed = seed};
        uint64_t base = seed % 2 ? UINT32_MAX - MODEL_BYTES / 2 : UINT64_MAX - MODEL_BYTES;
        uint8_t model[MODEL_BYTES] = {0};
        unit_memory memory;
        unit_memory_init(&memory);
        mpt_ranges r = {0};
        for (int step = 0; step < 1000; step++) {
            uint32_t from = (uint32_t)(mpt_random_u64(&random) % (MODEL_BYTES - 16));
            uint32_t to = from + 1 + (uint32_t)(mpt_random_u64(&random) % 16);
            uint64_t there = 0, added = 0;
            for (uint32_t i = from; i < to; i++)
                there += model[i];
            assert_int_equal(mpt_ranges_overlap(&r, base + from, base + to), there);
            assert_int_equal(mpt_ranges_covers(&r, base + from, base + to), there == to - from);
            switch (mpt_random_u64(&random) % 8) {
            case 0:
                mpt_ranges_remove_below(&r, base + from / 4);
                memset(model, 0, from / 4);
                break;
            case 1:
            case 2:
            case 3:
                assert_int_equal(mpt_ranges_remove(&r, base + from, base + to, &memory.mem), MPT_OK);
                memset(model + from, 0, to - from);
                break;
            default:
                assert_int_equal(mpt_ranges_add(&r, base + from, base + to, &added, &memory.mem), MPT_OK);
                assert_int_equal(added, to - from - there);
                memset(model + from, 1, to - from);
                break;
            }
            expect_as_model(&r, model, base);
        }
        mpt_ranges_free(&r, &memory.mem);
        assert_int_equal(memory.live, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(add_merges_what_touches),        cmocka_unit_test(remove_cuts_exactly),
        cmocka_unit_test(remove_below_keeps_the_rest),    cmocka_unit_test(look_up_at_the_boundaries),
        cmocka_unit_test(refused_memory_changes_nothing), cmocka_unit_test(random_operations_match_a_byte_array),
    };
    return cmocka_run_group_tests_name("range", tests, NULL, NULL);
}
