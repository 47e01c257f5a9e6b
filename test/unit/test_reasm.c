/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_reasm.c: mpt_reasm: what is new, how far it goes, which SACK blocks in which order (RFC 2018 section 4). */
#include <string.h>

#include "wire/mpt_crypto.h"
#include "tcp/mpt_reasm.h"
#include "unit_support.h"

enum { BUFFER_BYTES = 65536 };

typedef struct arrival {
    uint64_t start, end;
    uint64_t fresh, next; /* expected afterwards */
} arrival;

static const struct {
    const char *name;
    uint64_t next;
    arrival arrivals[6]; /* ended by next = 0 */
    uint32_t sack_max, sack_count;
    mpt_range sack[5];
} insert_rows[] = {
    {"in order", 100, {{100, 110, 10, 110}, {110, 120, 10, 120}}, 4, 0, {{0}}},
    {"nothing", 100, {{105, 105, 0, 100}}, 4, 0, {{0}}},
    {"wholly old", 100, {{90, 100, 0, 100}}, 4, 0, {{0}}},
    {"old with one new", 100, {{90, 101, 1, 101}}, 4, 0, {{0}}},
    {"one beyond", 100, {{101, 110, 9, 100}}, 4, 1, {{101, 110}}},
    {"hole filled exactly", 100, {{110, 120, 10, 100}, {100, 110, 10, 120}}, 4, 0, {{0}}},
    {"hole filled but for one", 100, {{110, 120, 10, 100}, {100, 109, 9, 109}}, 4, 1, {{110, 120}}},
    {"filled with overlap", 100, {{110, 120, 10, 100}, {95, 115, 10, 120}}, 4, 0, {{0}}},
    {"over everything", 100, {{110, 120, 10, 100}, {130, 140, 10, 100}, {100, 150, 30, 150}}, 4, 0, {{0}}},
    {"over one up to the next", 100, {{110, 120, 10, 100}, {130, 140, 10, 100}, {100, 130, 20, 140}}, 4, 0, {{0}}},
    {"twice the same", 100, {{110, 120, 10, 100}, {110, 120, 0, 100}}, 4, 1, {{110, 120}}},
    {"newest first",
     100,
     {{110, 120, 10, 100}, {150, 160, 10, 100}, {130, 140, 10, 100}},
     4,
     3,
     {{130, 140}, {150, 160}, {110, 120}}},
    {"a duplicate is an arrival, too",
     100,
     {{110, 120, 10, 100}, {150, 160, 10, 100}, {112, 114, 0, 100}},
     4,
     2,
     {{110, 120}, {150, 160}}},
    {"two become one",
     100,
     {{110, 120, 10, 100}, {150, 160, 10, 100}, {130, 140, 10, 100}, {120, 130, 10, 100}},
     4,
     2,
     {{110, 140}, {150, 160}}},
    {"fewer asked for than there are",
     100,
     {{110, 120, 10, 100}, {150, 160, 10, 100}, {130, 140, 10, 100}},
     2,
     2,
     {{130, 140}, {150, 160}}},
    {"the rest follows in order",
     100,
     {{110, 111, 1, 100}, {120, 121, 1, 100}, {130, 131, 1, 100}, {140, 141, 1, 100}, {150, 151, 1, 100}},
     5,
     5,
     {{150, 151}, {140, 141}, {130, 131}, {120, 121}, {110, 111}}},
    {"across 2^32",
     0xfffffff0,
     {{0x100000000, 0x100000008, 8, 0xfffffff0}, {0xfffffff0, 0x100000000, 16, 0x100000008}},
     4,
     0,
     {{0}}},
    {"up to the last number", UINT64_MAX - 10, {{UINT64_MAX - 10, UINT64_MAX, 10, UINT64_MAX}}, 4, 0, {{0}}},
};

static void arrivals_move_next_and_the_blocks(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(insert_rows); i++) {
        const char *name = insert_rows[i].name;
        unit_memory memory;
        unit_memory_init(&memory);
        mpt_reasm q;
        mpt_recent recent = {{0}, 0};
        mpt_reasm_init(&q, insert_rows[i].next, BUFFER_BYTES);
        for (size_t j = 0; j < COUNT_OF(insert_rows[i].arrivals) && insert_rows[i].arrivals[j].next > 0; j++) {
            const arrival *a = &insert_rows[i].arrivals[j];
            uint64_t fresh = 99;
            EXPECT_U64(name, mpt_reasm_insert(&q, a->start, a->end, &fresh, &memory.mem), MPT_OK);
            if (a->end > a->start)
                mpt_recent_arrived(&recent, &q, a->start);
            mpt_reasm_check(&q);
            mpt_recent_check(&recent, &q);
            EXPECT_U64(name, fresh, a->fresh);
            EXPECT_U64(name, q.next, a->next);
        }
        mpt_range sack[5];
        EXPECT_U64(name, mpt_reasm_sack(&q, &recent, sack, insert_rows[i].sack_max), insert_rows[i].sack_count);
        for (uint32_t j = 0; j < insert_rows[i].sack_count; j++) {
            EXPECT_U64(name, sack[j].start, insert_rows[i].sack[j].start);
            EXPECT_U64(name, sack[j].end, insert_rows[i].sack[j].end);
        }
        mpt_reasm_free(&q, &memory.mem);
        EXPECT_U64(name, memory.live, 0);
    }
}

static void refused_memory_changes_nothing(void **state) {
    (void)state;
    unit_memory memory;
    unit_memory_init(&memory);
    mpt_reasm q;
    mpt_reasm_init(&q, 0, BUFFER_BYTES);
    memory.is_exhausted = true;
    assert_int_equal(mpt_reasm_insert(&q, 5, 9, NULL, &memory.mem), MPT_ERR_MEMORY);
    mpt_reasm_check(&q);
    assert_int_equal(q.next, 0);
    assert_int_equal(q.beyond.total, 0);
    assert_int_equal(mpt_reasm_insert(&q, 0, 9, NULL, &memory.mem), MPT_OK); /* in order needs no memory */
    assert_int_equal(q.next, 9);
    mpt_reasm_free(&q, &memory.mem);
}

/** Every other segment is lost: no buffer is so large that this were too many holes. */
static void holes_of_a_whole_buffer_find_room(void **state) {
    enum { LARGE_BYTES = 64 << 20, SEGMENT_BYTES = 1400, SEGMENTS = LARGE_BYTES / SEGMENT_BYTES };
    unit_memory memory;
    mpt_reasm q;
    (void)state;
    unit_memory_init(&memory);
    mpt_reasm_init(&q, 0, LARGE_BYTES);
    for (uint64_t i = 1; i < SEGMENTS; i += 2) {
        assert_int_equal(mpt_reasm_reserve(&q, i * SEGMENT_BYTES, &memory.mem), MPT_OK);
        assert_int_equal(mpt_reasm_insert(&q, i * SEGMENT_BYTES, (i + 1) * SEGMENT_BYTES, NULL, &memory.mem), MPT_OK);
    }
    for (uint64_t i = 0; i < SEGMENTS; i += 2)
        assert_int_equal(mpt_reasm_insert(&q, i * SEGMENT_BYTES, (i + 1) * SEGMENT_BYTES, NULL, &memory.mem), MPT_OK);
    assert_int_equal(q.next, (uint64_t)(SEGMENTS + SEGMENTS % 2) * SEGMENT_BYTES);
    assert_int_equal(memory.live, 0); /* nothing beyond, no memory */
}

/** A peer that sends every other byte takes no more memory than the buffer has bytes. */
static void ranges_are_bounded_by_the_buffer(void **state) {
    unit_memory memory;
    mpt_reasm q;
    uint64_t at = 1;
    (void)state;
    unit_memory_init(&memory);
    mpt_reasm_init(&q, 0, BUFFER_BYTES);
    for (; at < BUFFER_BYTES && mpt_reasm_reserve(&q, at, &memory.mem) == MPT_OK; at += 2)
        assert_int_equal(mpt_reasm_insert(&q, at, at + 1, NULL, &memory.mem), MPT_OK);
    assert_int_equal(q.beyond.count, BUFFER_BYTES / MPT_REASM_BYTES_A_RANGE);
    assert_true(q.beyond.block_count * sizeof(mpt_span_block) < BUFFER_BYTES);
    assert_int_equal(mpt_reasm_reserve(&q, at, &memory.mem), MPT_ERR_LIMIT);
    assert_int_equal(mpt_reasm_reserve(&q, 2, &memory.mem), MPT_OK); /* what touches a range is welcome */
    mpt_reasm_free(&q, &memory.mem);
    assert_int_equal(memory.live, 0);
}

/* ---- Model: one byte for each number ---------------------------------------------------------------------- */

#define MODEL_BYTES 512u
#define SEGMENT_BYTES_MAX 24u

static void expect_sack_as_model(const mpt_reasm *q, const mpt_recent *recent, const uint8_t *model, uint64_t base,
                                 uint64_t last_start) {
    mpt_range sack[MODEL_BYTES];
    uint32_t count = mpt_reasm_sack(q, recent, sack, MODEL_BYTES);
    uint64_t covered = 0;
    assert_int_equal(count, q->beyond.count);
    for (uint32_t i = 0; i < count; i++) {
        assert_true(sack[i].start > q->next && !model[sack[i].start - 1 - base] && !model[sack[i].end - base]);
        for (uint64_t x = sack[i].start; x < sack[i].end; x++)
            assert_true(model[x - base]);
        for (uint32_t j = 0; j < i; j++)
            assert_true(sack[i].start != sack[j].start);
        covered += sack[i].end - sack[i].start;
    }
    assert_int_equal(covered, q->beyond.total);
    if (last_start > q->next) /* the newest arrival is in the first block */
        assert_true(sack[0].start <= last_start && last_start < sack[0].end);
}

static void random_arrivals_match_a_byte_array(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        mpt_random random = {.seed = seed};
        uint64_t base = seed % 3 == 0 ? 0 : seed % 3 == 1 ? UINT32_MAX - MODEL_BYTES / 2 : UINT64_MAX - 2 * MODEL_BYTES;
        uint8_t model[MODEL_BYTES + 1] = {0};
        uint64_t next = base;
        unit_memory memory;
        unit_memory_init(&memory);
        mpt_reasm q;
        mpt_recent recent = {{0}, 0};
        mpt_reasm_init(&q, base, BUFFER_BYTES);
        while (next < base + MODEL_BYTES) {
            uint64_t ahead = next - base + mpt_random_u64(&random) % 100;
            uint64_t from = ahead < 20 ? 0 : ahead - 20;
            uint64_t to = from + mpt_random_u64(&random) % (SEGMENT_BYTES_MAX + 1);
            uint64_t fresh = 0, expected = 0;
            from = from < MODEL_BYTES ? from : MODEL_BYTES;
            to = to < MODEL_BYTES ? to : MODEL_BYTES;
            for (uint64_t i = from; i < to; i++) {
                expected += !model[i];
                model[i] = 1;
            }
            assert_int_equal(mpt_reasm_insert(&q, base + from, base + to, &fresh, &memory.mem), MPT_OK);
            if (from < to)
                mpt_recent_arrived(&recent, &q, base + from);
            mpt_reasm_check(&q);
            mpt_recent_check(&recent, &q);
            while (next < base + MODEL_BYTES && model[next - base])
                next++;
            assert_int_equal(fresh, expected);
            assert_int_equal(q.next, next);
            expect_sack_as_model(&q, &recent, model, base, from < to ? base + from : 0);
        }
        assert_int_equal(q.beyond.count, 0);
        mpt_reasm_free(&q, &memory.mem);
        assert_int_equal(memory.live, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrivals_move_next_and_the_blocks),  cmocka_unit_test(refused_memory_changes_nothing),
        cmocka_unit_test(holes_of_a_whole_buffer_find_room),  cmocka_unit_test(ranges_are_bounded_by_the_buffer),
        cmocka_unit_test(random_arrivals_match_a_byte_array),
    };
    return cmocka_run_group_tests_name("reasm", tests, NULL, NULL);
}
