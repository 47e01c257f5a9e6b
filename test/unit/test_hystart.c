/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_hystart.c: HyStart++ (RFC 9406) round by round: thresholds, conservative slow start, its five rounds, the way back. */
#include "cc/mpt_cc.h"
#include "unit_support.h"

#define MSS UINT64_C(1000)
#define ROUND_ACKS 8

typedef struct fixture {
    mpt_cc cc;
    mpt_cc *members[1];
    mpt_cc_group group;
} fixture;

static void begin(fixture *f, uint64_t cwnd_segments) {
    mpt_cc_init(&f->cc, &mpt_cc_cubic, NULL, cwnd_segments * MSS, MSS);
    mpt_hystart_begin(&f->cc);
    f->cc.srtt_ns = 40 * MPT_MS;
    f->cc.snd_una = 1;
    f->cc.snd_nxt = 1 + f->cc.cwnd_bytes;
    f->members[0] = &f->cc;
    f->group = (mpt_cc_group){.members = f->members, .count = 1};
}

static void ack(fixture *f, uint64_t bytes, mpt_time rtt_ns) {
    f->cc.snd_una += bytes;
    f->cc.rtt_ns = rtt_ns;
    f->cc.ops->on_ack(&f->cc, &f->group, bytes, 0);
    f->cc.snd_nxt = f->cc.snd_una + f->cc.cwnd_bytes;
}

/** The rest of the round is acknowledged by @p acks of one segment each and one of the rest; each measures @p rtt_ns. */
static void round_of(fixture *f, uint32_t acks, mpt_time rtt_ns) {
    uint64_t end = f->cc.hystart.window_end > 0 ? f->cc.hystart.window_end : f->cc.snd_nxt;
    for (uint32_t i = 1; i < acks; i++)
        ack(f, MSS, rtt_ns);
    ack(f, end - f->cc.snd_una, rtt_ns);
}

static bool is_conservative(const fixture *f) {
    return f->cc.hystart.baseline_min_ns != MPT_NEVER;
}

/* 4.3: RttThresh = max(4 ms, min(lastRoundMinRTT / 8, 16 ms)); eight samples are needed. */
static void growth_of_the_least_round_trip_time_is_noticed(void **state) {
    static const struct {
        const char *name;
        mpt_time last_ns, current_ns;
        uint32_t samples;
        bool is_noticed;
    } rows[] = {
        {"at 10 ms, 4 ms are needed: just not", 10 * MPT_MS, 14 * MPT_MS - 1, 8, false},
        {"at 10 ms, 4 ms are needed", 10 * MPT_MS, 14 * MPT_MS, 8, true},
        {"at 80 ms, an eighth: just not", 80 * MPT_MS, 90 * MPT_MS - 1, 8, false},
        {"at 80 ms, an eighth", 80 * MPT_MS, 90 * MPT_MS, 8, true},
        {"at 400 ms, 16 ms: just not", 400 * MPT_MS, 416 * MPT_MS - 1, 8, false},
        {"at 400 ms, 16 ms", 400 * MPT_MS, 416 * MPT_MS, 8, true},
        {"seven samples are too few", 80 * MPT_MS, 200 * MPT_MS, 7, false},
        {"less is no growth", 80 * MPT_MS, 40 * MPT_MS, 8, false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        fixture f;
        begin(&f, 10);
        round_of(&f, ROUND_ACKS, rows[i].last_ns);
        EXPECT_U64(rows[i].name, is_conservative(&f), false);
        for (uint32_t n = 0; n < rows[i].samples; n++)
            ack(&f, MSS, rows[i].current_ns);
        EXPECT_U64(rows[i].name, is_conservative(&f), rows[i].is_noticed);
    }
}

/* The least sample of a round counts, not the last. */
static void one_short_round_trip_keeps_slow_start(void **state) {
    fixture f;
    (void)state;
    begin(&f, 10);
    round_of(&f, ROUND_ACKS, 40 * MPT_MS);
    ack(&f, MSS, 41 * MPT_MS);
    for (int i = 0; i < 9; i++)
        ack(&f, MSS, 100 * MPT_MS);
    assert_false(is_conservative(&f));
}

/* 4.2: min(N, 8 SMSS) for each acknowledgement in slow start, a quarter of it in CSS, nothing lost to rounding. */
static void conservative_slow_start_grows_a_quarter_as_fast(void **state) {
    fixture f;
    (void)state;
    begin(&f, 20);
    ack(&f, 3 * MSS, 40 * MPT_MS);
    assert_int_equal(f.cc.cwnd_bytes, 23 * MSS);
    ack(&f, 9 * MSS, 40 * MPT_MS);
    assert_int_equal(f.cc.cwnd_bytes, 31 * MSS);
    ack(&f, 8 * MSS, 40 * MPT_MS);
    assert_int_equal(f.cc.cwnd_bytes, 39 * MSS);
    for (int i = 0; i < 8; i++)
        ack(&f, MSS, 50 * MPT_MS);
    assert_true(is_conservative(&f));
    uint64_t cwnd_bytes = f.cc.cwnd_bytes;
    for (int i = 0; i < 4; i++)
        ack(&f, 999, 50 * MPT_MS);
    assert_int_equal(f.cc.cwnd_bytes, cwnd_bytes + 999);
    ack(&f, 9 * MSS, 50 * MPT_MS);
    assert_int_equal(f.cc.cwnd_bytes, cwnd_bytes + 999 + 2 * MSS);
}

/* The round in which CSS began is the first of its five. */
static void after_five_rounds_congestion_avoidance_begins(void **state) {
    fixture f;
    (void)state;
    begin(&f, 10);
    round_of(&f, ROUND_ACKS, 40 * MPT_MS);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(f.cc.ssthresh_bytes, UINT64_MAX);
        round_of(&f, ROUND_ACKS, 50 * MPT_MS);
        assert_true(is_conservative(&f));
    }
    uint64_t cwnd_bytes = f.cc.cwnd_bytes;
    assert_int_equal(f.cc.ssthresh_bytes, cwnd_bytes);
    assert_false(f.cc.hystart.is_on);
    ack(&f, MSS, 50 * MPT_MS);
    assert_true(f.cc.cwnd_bytes < cwnd_bytes + MSS / 4);
}

/* The round-trip time falls below what it was when CSS began: slow start goes on, and looks again. */
static void noise_leads_back_to_slow_start(void **state) {
    fixture f;
    (void)state;
    begin(&f, 10);
    round_of(&f, ROUND_ACKS, 40 * MPT_MS);
    round_of(&f, ROUND_ACKS, 50 * MPT_MS);
    assert_true(is_conservative(&f));
    for (int i = 0; i < 7; i++)
        ack(&f, MSS, 50 * MPT_MS - 1);
    assert_true(is_conservative(&f));
    ack(&f, MSS, 50 * MPT_MS - 1);
    assert_false(is_conservative(&f));
    uint64_t cwnd_bytes = f.cc.cwnd_bytes;
    ack(&f, MSS, 50 * MPT_MS);
    assert_int_equal(f.cc.cwnd_bytes, cwnd_bytes + MSS);
    round_of(&f, 2, 50 * MPT_MS);
    round_of(&f, ROUND_ACKS, 60 * MPT_MS);
    assert_true(is_conservative(&f));
}

static void loss_ends_it(void **state) {
    fixture f;
    (void)state;
    begin(&f, 10);
    round_of(&f, ROUND_ACKS, 40 * MPT_MS);
    round_of(&f, ROUND_ACKS, 50 * MPT_MS);
    f.cc.ops->on_loss(&f.cc, &f.group, MPT_CC_LOSS_TIMEOUT, f.cc.cwnd_bytes, 0);
    f.cc.cwnd_bytes = MSS;
    ack(&f, 4 * MSS, 50 * MPT_MS);
    assert_int_equal(f.cc.cwnd_bytes, 3 * MSS); /* slow start as ever, L = 2 */
    assert_false(f.cc.hystart.is_on);
}

/* Off, and with other algorithms: slow start until a loss. */
static void others_know_nothing_of_it(void **state) {
    const mpt_cc_ops *const ops[] = {&mpt_cc_cubic, &mpt_cc_reno, &mpt_cc_lia};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ops); i++) {
        fixture f;
        begin(&f, 10);
        mpt_cc_init(&f.cc, ops[i], NULL, 10 * MSS, MSS);
        if (ops[i] != &mpt_cc_cubic)
            mpt_hystart_begin(&f.cc);
        f.cc.snd_una = 1;
        f.cc.snd_nxt = 1 + f.cc.cwnd_bytes;
        for (int n = 0; n < 10; n++)
            round_of(&f, ROUND_ACKS, (40 + 20 * n) * MPT_MS);
        EXPECT_U64(ops[i]->name, f.cc.ssthresh_bytes, UINT64_MAX);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(growth_of_the_least_round_trip_time_is_noticed),
        cmocka_unit_test(one_short_round_trip_keeps_slow_start),
        cmocka_unit_test(conservative_slow_start_grows_a_quarter_as_fast),
        cmocka_unit_test(after_five_rounds_congestion_avoidance_begins),
        cmocka_unit_test(noise_leads_back_to_slow_start),
        cmocka_unit_test(loss_ends_it),
        cmocka_unit_test(others_know_nothing_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
