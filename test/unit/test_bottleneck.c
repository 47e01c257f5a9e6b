/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_bottleneck.c: trains of eight segments of 1000 bytes; an acknowledgement for each. */
#include "sched/mpt_bottleneck.h"
#include "unit_support.h"

enum { SEGMENT_BYTES = 1000, TRAIN_BYTES = 8 * SEGMENT_BYTES };

/** @p count segments arrive every @p spacing_ms, sent every @p sent_ms. @return when the last did */
static mpt_time arrive(mpt_bottleneck *b, mpt_time from, uint32_t count, mpt_time spacing_ms, mpt_time sent_ms) {
    enum { RTT_MS = 100, ROUND_MS = 1000 };
    mpt_time now = from;
    for (uint32_t i = 0; i < count; i++) {
        mpt_time rtt_ms = RTT_MS + (mpt_time)i * (spacing_ms - sent_ms);
        now = from + (mpt_time)i * spacing_ms * MPT_MS;
        mpt_bottleneck_acked(b, SEGMENT_BYTES, TRAIN_BYTES, rtt_ms * MPT_MS, ROUND_MS * MPT_MS, now);
    }
    return now;
}

static void burst_tells_the_rate(void **state) {
    (void)state;
    mpt_bottleneck b = {0};
    arrive(&b, MPT_S, 8, 10, 0);
    assert_int_equal(b.rate_bytes_per_s, 0); /* seven after the first */
    arrive(&b, MPT_S, 9, 10, 0);
    assert_int_equal(b.rate_bytes_per_s, 100000);
    assert_int_equal(mpt_bottleneck_span(b.rate_bytes_per_s, SEGMENT_BYTES),
                     8 * MPT_MS); /* a quarter faster than 10 ms */
    assert_int_equal(mpt_bottleneck_span(0, SEGMENT_BYTES), 0);
}

static void what_left_as_slowly_tells_a_lower_bound(void **state) {
    (void)state;
    mpt_bottleneck b = {0};
    mpt_time now = arrive(&b, MPT_S, 9, 10, 10);
    assert_int_equal(b.rate_bytes_per_s, 0); /* of what is not known */
    now = arrive(&b, now + 2 * MPT_S, 9, 10, 0);
    assert_int_equal(b.rate_bytes_per_s, 100000);
    now = arrive(&b, now + 2 * MPT_S, 9, 20, 20);
    assert_int_equal(b.rate_bytes_per_s, 100000); /* of the application */
    arrive(&b, now + 2 * MPT_S, 9, 5, 5);
    assert_int_equal(b.rate_bytes_per_s, 200000); /* the path can do more */
}

static void the_better_of_two_trains_counts(void **state) {
    (void)state;
    mpt_bottleneck b = {0};
    mpt_time now = arrive(&b, MPT_S, 9, 10, 0);
    now = arrive(&b, now + 2 * MPT_S, 9, 40, 0);
    assert_int_equal(b.rate_bytes_per_s, 100000); /* one segment may have come late */
    arrive(&b, now + 2 * MPT_S, 9, 40, 0);
    assert_int_equal(b.rate_bytes_per_s, 25000); /* it is the path */
}

static void train_longer_than_a_round_trip_says_nothing(void **state) {
    (void)state;
    mpt_bottleneck b = {0};
    arrive(&b, MPT_S, 40, 300, 0);
    assert_int_equal(b.rate_bytes_per_s, 0);
}

/** Else the pace would be believed for ever, as at that pace no train ends within a round trip. */
static void rate_of_a_longer_round_trip_is_not_believed(void **state) {
    (void)state;
    mpt_bottleneck b = {0};
    arrive(&b, MPT_S, 9, 10, 0); /* at 125,000 bytes/s a train takes 64 ms */
    assert_int_equal(mpt_bottleneck_rate(&b, TRAIN_BYTES, 64 * MPT_MS), 100000);
    assert_int_equal(mpt_bottleneck_rate(&b, TRAIN_BYTES, 63 * MPT_MS), 0);
    assert_int_equal(mpt_bottleneck_rate(&b, TRAIN_BYTES, 64 * MPT_MS),
                     100000); /* it is, once round trips are long again */
}

static void what_is_too_fast_to_tell_is_not_known(void **state) {
    (void)state;
    mpt_bottleneck b = {0};
    arrive(&b, MPT_S, 30, 0, 0); /* all at once */
    assert_int_equal(b.rate_bytes_per_s, 0);
    arrive(&b, 4 * MPT_S, 9, 10, 0);
    assert_int_equal(b.rate_bytes_per_s, 100000);
    mpt_bottleneck_acked(&b, SEGMENT_BYTES, TRAIN_BYTES, 100 * MPT_MS, MPT_S, 20 * MPT_S);
    mpt_bottleneck_acked(&b, UINT32_MAX / 2, TRAIN_BYTES, 200 * MPT_MS, MPT_S, 20 * MPT_S + 10 * MPT_MS);
    assert_int_equal(b.rate_bytes_per_s, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(burst_tells_the_rate),
        cmocka_unit_test(what_left_as_slowly_tells_a_lower_bound),
        cmocka_unit_test(the_better_of_two_trains_counts),
        cmocka_unit_test(train_longer_than_a_round_trip_says_nothing),
        cmocka_unit_test(rate_of_a_longer_round_trip_is_not_believed),
        cmocka_unit_test(what_is_too_fast_to_tell_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
