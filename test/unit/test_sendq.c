/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_sendq.c: the scoreboard of a subflow: what is in flight, what comes next, which bytes the host must keep. */
#include "tcp/mpt_sendq.h"
#include "unit_support.h"

typedef struct fixture {
    unit_memory memory;
    mpt_sendq q;
    uint64_t next; /* subflow offset of the next chunk */
} fixture;

static void begin(fixture *f) {
    *f = (fixture){.next = 1};
    unit_memory_init(&f->memory);
    f->q.resend_from = UINT64_MAX;
}

static void end(fixture *f) {
    mpt_sendq_check(&f->q);
    mpt_sendq_free(&f->q, &f->memory.mem);
    assert_int_equal(f->memory.live, 0);
}

static mpt_chunk *append(fixture *f, uint64_t stream_offset, uint32_t bytes, uint8_t flags) {
    mpt_chunk k = {.start = f->next, .stream_offset = stream_offset, .bytes = bytes, .flags = flags};
    assert_int_equal(mpt_sendq_reserve(&f->q, &f->memory.mem), MPT_OK);
    mpt_sendq_append(&f->q, &k);
    f->next = mpt_chunk_end(&k);
    mpt_sendq_check(&f->q);
    return mpt_sendq_at(&f->q, f->q.count - 1);
}

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

static void ring_that_has_grown_is_given_back_when_it_is_empty(void **state) {
    fixture f;
    (void)state;
    begin(&f);
    for (uint32_t i = 0; i < MPT_SENDQ_KEPT + 1; i++)
        append(&f, 100 * i, 100, 0);
    while (f.q.count > 0) {
        mpt_sendq_shrink(&f.q, &f.memory.mem);
        assert_int_equal(f.memory.live, 1);
        mpt_sendq_pop(&f.q);
    }
    mpt_sendq_shrink(&f.q, &f.memory.mem);
    assert_int_equal(f.memory.live, 0);
    append(&f, 5000, 100, 0); /* and begun again */
    mpt_sendq_shrink(&f.q, &f.memory.mem);
    mpt_sendq_pop(&f.q);
    mpt_sendq_shrink(&f.q, &f.memory.mem);
    assert_int_equal(f.memory.live, 1); /* a small one stays */
    end(&f);
}

/* ---- The lowest stream offset: the host drops what is below ------------------------------------------------------ */

static void lowest_offset_is_that_of_the_head_in_order(void **state) {
    fixture f;
    (void)state;
    begin(&f);
    assert_int_equal(mpt_sendq_low_offset(&f.q), UINT64_MAX);
    append(&f, 500, 100, 0);
    append(&f, 600, 100, 0);
    assert_int_equal(mpt_sendq_low_offset(&f.q), 500);
    mpt_sendq_pop(&f.q);
    assert_int_equal(mpt_sendq_low_offset(&f.q), 600);
    mpt_sendq_trim(&f.q, 30);
    assert_int_equal(mpt_sendq_low_offset(&f.q), 630);
    end(&f);
}

static void lowest_offset_covers_what_was_reinjected_behind(void **state) {
    fixture f;
    (void)state;
    begin(&f);
    append(&f, 500, 100, 0);
    append(&f, 200, 100, 0);
    append(&f, 300, 100, 0);
    assert_int_equal(mpt_sendq_low_offset(&f.q), 200);
    mpt_sendq_pop(&f.q);
    assert_int_equal(mpt_sendq_low_offset(&f.q), 200);
    mpt_sendq_pop(&f.q);
    assert_int_equal(mpt_sendq_low_offset(&f.q), 300);
    end(&f);
}

static void lowest_offset_stays_right_when_the_same_bytes_follow_and_the_head_is_trimmed(void **state) {
    static const uint64_t second[] = {500, 520, 599};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(second); i++) {
        fixture f;
        begin(&f);
        append(&f, 500, 100, 0);
        append(&f, second[i], 100, 0);
        mpt_sendq_trim(&f.q, 99);
        assert_true(mpt_sendq_low_offset(&f.q) <= second[i]);
        mpt_sendq_pop(&f.q);
        end(&f);
    }
}

/* ---- What is in flight (RFC 6675 pipe) --------------------------------------------------------------------------- */

static void pipe_follows_the_flags(void **state) {
    fixture f;
    (void)state;
    begin(&f);
    for (uint32_t i = 0; i < 4; i++)
        append(&f, i * 100, 100, 0);
    mpt_sendq *q = &f.q;
    assert_int_equal(mpt_sendq_pipe(q), 400);
    mpt_sendq_mark_lost(q, mpt_sendq_at(q, 0));
    mpt_sendq_mark_lost(q, mpt_sendq_at(q, 0));
    assert_int_equal(mpt_sendq_pipe(q), 300);
    assert_ptr_equal(mpt_sendq_next_resend(q), mpt_sendq_at(q, 0));
    mpt_sendq_mark_resent(q, mpt_sendq_at(q, 0), 1);
    assert_int_equal(mpt_sendq_pipe(q), 400);
    assert_null(mpt_sendq_next_resend(q));
    mpt_sendq_mark_lost(q, mpt_sendq_at(q, 0));
    assert_int_equal(mpt_sendq_pipe(q), 300);
    assert_ptr_equal(mpt_sendq_next_resend(q), mpt_sendq_at(q, 0));
    mpt_sendq_forget_losses(q);
    assert_int_equal(mpt_sendq_pipe(q), 400);
    assert_null(mpt_sendq_next_resend(q));
    end(&f);
}

static void lost_chunks_are_sent_again_in_order(void **state) {
    fixture f;
    (void)state;
    begin(&f);
    for (uint32_t i = 0; i < 3; i++)
        append(&f, i * 100, 100, 0);
    mpt_sendq_mark_lost(&f.q, mpt_sendq_at(&f.q, 2));
    mpt_sendq_mark_lost(&f.q, mpt_sendq_at(&f.q, 1));
    for (uint32_t i = 1; i <= 2; i++) {
        mpt_chunk *k = mpt_sendq_next_resend(&f.q);
        assert_ptr_equal(k, mpt_sendq_at(&f.q, i));
        mpt_sendq_mark_resent(&f.q, k, 1);
    }
    assert_null(mpt_sendq_next_resend(&f.q));
    end(&f);
}

static void fin_counts_as_one_number(void **state) {
    fixture f;
    (void)state;
    begin(&f);
    append(&f, 0, 100, 0);
    append(&f, 100, 0, MPT_CHUNK_FIN);
    assert_int_equal(mpt_sendq_pipe(&f.q), 101);
    assert_int_equal(mpt_chunk_end(mpt_sendq_at(&f.q, 1)), 102);
    assert_int_equal(mpt_sendq_find(&f.q, 101), 1);
    assert_int_equal(mpt_sendq_find(&f.q, 102), 2);
    end(&f);
}

/* ---- The order of transmission (RFC 8985 6.2) --------------------------------------------------------------------- */

/** The chunks in flight by index, oldest first, are those of @p expected; they are taken for lost on the way. */
static void expect_order(fixture *f, const uint32_t *expected, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        mpt_chunk *k = mpt_sendq_oldest(&f->q);
        assert_ptr_equal(k, mpt_sendq_at(&f->q, expected[i]));
        mpt_sendq_mark_lost(&f->q, k);
        mpt_sendq_check(&f->q);
    }
    assert_null(mpt_sendq_oldest(&f->q));
}

static void chunk_sent_again_is_the_newest(void **state) {
    fixture f;
    (void)state;
    begin(&f);
    for (uint32_t i = 0; i < 5; i++)
        append(&f, i * 100, 100, 0);
    mpt_sendq_mark_lost(&f.q, mpt_sendq_at(&f.q, 1));
    mpt_sendq_mark_resent(&f.q, mpt_sendq_at(&f.q, 1), 7);
    mpt_sendq_mark_resent(&f.q, mpt_sendq_at(&f.q, 3), 8); /* a probe: it was not held lost */
    mpt_sendq_pop(&f.q);
    expect_order(&f, (uint32_t[]){1, 3, 0, 2}, 4);
    end(&f);
}

static void order_survives_the_growth_of_a_ring_that_wraps(void **state) {
    fixture f;
    (void)state;
    begin(&f);
    for (uint32_t i = 0; i < 21; i++) {
        append(&f, i * 100, 100, 0);
        if (i < 10)
            mpt_sendq_pop(&f.q); /* the head is in the middle of the ring of 16 */
    }
    mpt_sendq_mark_resent(&f.q, mpt_sendq_at(&f.q, 4), 0);
    for (uint32_t i = 21; i < 27; i++)
        append(&f, i * 100, 100, 0);
    static const uint32_t order[] = {0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 4, 11, 12, 13, 14, 15, 16};
    assert_int_equal(f.q.capacity, 32);
    expect_order(&f, order, COUNT_OF(order));
    end(&f);
}

/* Losses that were none, and SACKs that the peer took back: everything is where its last transmission belongs. */
static void what_was_not_lost_after_all_is_put_in_its_place(void **state) {
    fixture f;
    (void)state;
    begin(&f);
    for (uint32_t i = 0; i < 8; i++)
        append(&f, i * 100, 100, 0);
    for (uint32_t i = 0; i < 6; i++)
        mpt_sendq_mark_lost(&f.q, mpt_sendq_at(&f.q, i));
    mpt_sendq_mark_resent(&f.q, mpt_sendq_at(&f.q, 2), 5);
    mpt_sendq_mark_resent(&f.q, mpt_sendq_at(&f.q, 0), 6);
    mpt_sendq_mark_resent(&f.q, mpt_sendq_at(&f.q, 4), 6);
    mpt_sendq_mark_lost(&f.q, mpt_sendq_at(&f.q, 0));
    mpt_sendq_forget_losses(&f.q);
    expect_order(&f, (uint32_t[]){1, 3, 5, 6, 7, 2, 0, 4}, 8);
    mpt_sendq_forget_losses(&f.q);
    expect_order(&f, (uint32_t[]){1, 3, 5, 6, 7, 2, 0, 4}, 8);
    end(&f);
}

/* ---- Memory ------------------------------------------------------------------------------------------------------- */

static void queue_grows_around_its_ring(void **state) {
    fixture f;
    (void)state;
    begin(&f);
    for (uint32_t i = 0; i < 200; i++) {
        append(&f, i * 10, 10, 0);
        if (i % 3 == 0)
            mpt_sendq_pop(&f.q);
    }
    for (uint32_t i = 0; i < f.q.count; i++)
        assert_int_equal(mpt_sendq_at(&f.q, i)->stream_offset, (i + 67) * 10);
    end(&f);
}

static void without_memory_the_queue_stays_as_it_is(void **state) {
    fixture f;
    (void)state;
    begin(&f);
    f.memory.is_exhausted = true;
    assert_int_equal(mpt_sendq_reserve(&f.q, &f.memory.mem), MPT_ERR_MEMORY);
    assert_int_equal(f.q.count, 0);
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ring_that_has_grown_is_given_back_when_it_is_empty),
        cmocka_unit_test(lowest_offset_is_that_of_the_head_in_order),
        cmocka_unit_test(lowest_offset_covers_what_was_reinjected_behind),
        cmocka_unit_test(lowest_offset_stays_right_when_the_same_bytes_follow_and_the_head_is_trimmed),
        cmocka_unit_test(pipe_follows_the_flags),
        cmocka_unit_test(lost_chunks_are_sent_again_in_order),
        cmocka_unit_test(fin_counts_as_one_number),
        cmocka_unit_test(chunk_sent_again_is_the_newest),
        cmocka_unit_test(order_survives_the_growth_of_a_ring_that_wraps),
        cmocka_unit_test(what_was_not_lost_after_all_is_put_in_its_place),
        cmocka_unit_test(queue_grows_around_its_ring),
        cmocka_unit_test(without_memory_the_queue_stays_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
