/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_cc.c: Reno (RFC 5681, 3465), LIA (RFC 6356) and CUBIC (RFC 9438) against numbers worked out by hand. */
#include <string.h>

#include "cc/mpt_cc.h"
#include "wire/mpt_crypto.h"
#include "unit_support.h"

#define MSS UINT64_C(1000)
#define NO_THRESHOLD UINT64_MAX

static const mpt_cc_ops *const all[] = {&mpt_cc_reno,  &mpt_cc_cubic, &mpt_cc_lia,     &mpt_cc_lia_rfc, &mpt_cc_olia,
                                        &mpt_cc_balia, &mpt_cc_ewtcp, &mpt_cc_coupled, &mpt_cc_wvegas,  &mpt_cc_dctcp};

/** A subflow on its own, past slow start. */
typedef struct single {
    mpt_cc cc;
    mpt_cc *members[1];
    mpt_cc_group group;
} single;

static void single_init(single *s, const mpt_cc_ops *ops, uint64_t cwnd_bytes, uint64_t ssthresh_bytes,
                        mpt_time rtt_ns) {
    mpt_cc_init(&s->cc, ops, NULL, cwnd_bytes, MSS);
    s->cc.ssthresh_bytes = ssthresh_bytes;
    s->cc.srtt_ns = rtt_ns;
    s->members[0] = &s->cc;
    s->group = (mpt_cc_group){.members = s->members, .count = 1};
}

static void ack(single *s, uint64_t acked_bytes, mpt_time now) {
    s->cc.ops->on_ack(&s->cc, &s->group, acked_bytes, now);
}

static void lose(single *s, mpt_cc_loss kind, uint64_t flight_bytes, mpt_time now) {
    s->cc.ops->on_loss(&s->cc, &s->group, kind, flight_bytes, now);
}

/** A fast recovery as the caller plays it out: the window ends at ssthresh. */
static void lose_and_recover(single *s, mpt_time now) {
    lose(s, MPT_CC_LOSS_FAST, s->cc.cwnd_bytes, now);
    s->cc.cwnd_bytes = s->cc.ssthresh_bytes;
}

/* ---- What all have in common ------------------------------------------------------------------------------ */

static void algorithms_are_found_by_name(void **state) {
    (void)state;
    for (uint32_t i = 0; i < COUNT_OF(all); i++) {
        assert_string_equal(mpt_cc_name(i), all[i]->name);
        assert_ptr_equal(mpt_cc_find(all[i]->name), all[i]);
    }
    assert_ptr_equal(mpt_cc_find("bbr"), &mpt_cc_bbr); /* test_cc_bbr.c; the rules below are not its own */
    assert_null(mpt_cc_name(COUNT_OF(all) + 1));
    static const char *const unknown[] = {"", "ren", "renox", "Reno", "lia ", "vegas"};
    for (size_t i = 0; i < COUNT_OF(unknown); i++)
        assert_null(mpt_cc_find(unknown[i]));
}

static void slow_start_counts_bytes(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t cwnd, ssthresh, acked, cwnd_after, left;
    } rows[] = {
        {"one segment", 10000, NO_THRESHOLD, 1000, 11000, 0},
        {"a part of one", 10000, NO_THRESHOLD, 1, 10001, 0},
        {"two segments", 10000, NO_THRESHOLD, 2000, 12000, 0},
        {"more than two count as two", 10000, NO_THRESHOLD, 2001, 12000, 0},
        {"many count as two", 10000, NO_THRESHOLD, 50000, 12000, 0},
        {"one byte below the threshold", 10000, 12001, 2000, 12000, 0},
        {"up to the threshold", 10000, 12000, 2000, 12000, 0},
        {"one byte over the threshold", 10000, 11999, 2000, 11999, 1},
        {"far over the threshold", 10000, 10001, 5000, 10001, 1999},
        {"more than two up to the threshold", 10000, 12000, 5000, 12000, 0},
        {"at the threshold already", 10000, 10000, 1000, 10000, 1000},
        {"above the threshold", 10001, 10000, 1000, 10001, 1000},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        mpt_cc cc;
        mpt_cc_init(&cc, &mpt_cc_reno, NULL, rows[i].cwnd, MSS);
        assert_int_equal(cc.ssthresh_bytes, NO_THRESHOLD);
        cc.ssthresh_bytes = rows[i].ssthresh;
        EXPECT_U64(rows[i].name, mpt_cc_slow_start(&cc, rows[i].acked), rows[i].left);
        EXPECT_U64(rows[i].name, cc.cwnd_bytes, rows[i].cwnd_after);
    }
}

static void every_algorithm_doubles_in_slow_start(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        single s;
        single_init(&s, all[i], 10 * MSS, NO_THRESHOLD, 100 * MPT_MS);
        for (int round = 0; round < 5; round++) {
            uint64_t window = s.cc.cwnd_bytes;
            for (uint64_t acked = 0; acked < window; acked += 2 * MSS)
                ack(&s, 2 * MSS, round * 100 * MPT_MS);
            EXPECT_U64(all[i]->name, s.cc.cwnd_bytes, 2 * window);
        }
    }
}

static void losses_set_the_threshold(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t cwnd, flight, half, cubic; /* thresholds of Reno and LIA, and of CUBIC */
    } rows[] = {
        {"window in full use", 20000, 20000, 10000, 14000},
        {"window not in full use: whole segments", 20000, 15000, 7000, 10000},
        {"limited transmit does not count", 20000, 22000, 10000, 14000},
        {"CUBIC has three segments just left", 4287, 4287, 2000, 3000},
        {"CUBIC has three segments just not left", 4284, 4284, 2000, 2000},
        {"five segments", 5000, 5000, 2000, 3000},
        {"six segments", 6000, 6000, 3000, 4000},
        {"below six segments", 5999, 5999, 2000, 4000},
        {"four segments", 4000, 4000, 2000, 2000},
        {"below four segments", 3999, 3999, 2000, 2000},
        {"one segment", 1000, 1000, 2000, 2000},
        {"nothing in flight", 10000, 0, 2000, 2000},
    };
    static const mpt_cc_loss kinds[] = {MPT_CC_LOSS_FAST, MPT_CC_LOSS_TIMEOUT, MPT_CC_LOSS_ECN};
    for (size_t i = 0; i < COUNT_OF(rows) * COUNT_OF(all) * COUNT_OF(kinds); i++) {
        size_t row = i % COUNT_OF(rows);
        const mpt_cc_ops *ops = all[i / COUNT_OF(rows) % COUNT_OF(all)];
        single s;
        single_init(&s, ops, rows[row].cwnd, NO_THRESHOLD, 100 * MPT_MS);
        lose(&s, kinds[i / COUNT_OF(rows) / COUNT_OF(all)], rows[row].flight, 0);
        EXPECT_U64(rows[row].name, s.cc.ssthresh_bytes, ops == &mpt_cc_cubic ? rows[row].cubic : rows[row].half);
        EXPECT_U64(rows[row].name, s.cc.cwnd_bytes, rows[row].cwnd);
    }
}

static void undo_restores_the_windows(void **state) {
    (void)state;
    static const mpt_cc_loss kinds[] = {MPT_CC_LOSS_FAST, MPT_CC_LOSS_TIMEOUT};
    for (size_t i = 0; i < COUNT_OF(all) * COUNT_OF(kinds); i++) {
        const mpt_cc_ops *ops = all[i % COUNT_OF(all)];
        single s;
        single_init(&s, ops, 20 * MSS, 15 * MSS, 100 * MPT_MS);
        lose(&s, kinds[i / COUNT_OF(all)], 20 * MSS, 0);
        s.cc.cwnd_bytes = MSS;
        ops->on_undo(&s.cc, MPT_MS);
        EXPECT_U64(ops->name, s.cc.cwnd_bytes, 20 * MSS);
        EXPECT_U64(ops->name, s.cc.ssthresh_bytes, 15 * MSS);
        lose(&s, kinds[i / COUNT_OF(all)], 20 * MSS, 0);
        s.cc.cwnd_bytes = 30 * MSS; /* what was won meanwhile is kept */
        ops->on_undo(&s.cc, MPT_MS);
        EXPECT_U64(ops->name, s.cc.cwnd_bytes, 30 * MSS);
    }
}

/* ---- Reno ------------------------------------------------------------------------------------------------- */

/** From w0, n windows are w0 + (w0 + 1) + ... segments: the step comes with the last byte of the n-th, not before. */
static void reno_grows_one_segment_a_window(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t chunk_bytes;
    } rows[] = {{"byte by byte", 1},
                {"segments", MSS},
                {"two segments", 2 * MSS},
                {"odd sizes", 1337},
                {"at once", UINT64_MAX}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        single s;
        single_init(&s, &mpt_cc_reno, 10 * MSS, 10 * MSS, 100 * MPT_MS);
        uint64_t window = 10 * MSS;
        for (int step = 0; step < 20; step++, window += MSS) {
            for (uint64_t left = window - 1; left > 0;) {
                uint64_t chunk = left < rows[i].chunk_bytes ? left : rows[i].chunk_bytes;
                ack(&s, chunk, 0);
                left -= chunk;
            }
            EXPECT_U64(rows[i].name, s.cc.cwnd_bytes, window);
            ack(&s, 1, 0);
            EXPECT_U64(rows[i].name, s.cc.cwnd_bytes, window + MSS);
        }
        EXPECT_U64(rows[i].name, s.cc.acked_remainder, 0);
    }
}

static void one_ack_may_cover_several_windows(void **state) {
    (void)state;
    single s;
    single_init(&s, &mpt_cc_reno, 10 * MSS, 10 * MSS, 100 * MPT_MS);
    ack(&s, (10 + 11 + 12) * MSS + 5, 0);
    assert_int_equal(s.cc.cwnd_bytes, 13 * MSS);
    assert_int_equal(s.cc.acked_remainder, 5);
}

static void a_loss_starts_the_count_anew(void **state) {
    (void)state;
    single s;
    single_init(&s, &mpt_cc_reno, 20 * MSS, 10 * MSS, 100 * MPT_MS);
    ack(&s, 20 * MSS - 1, 0);
    lose_and_recover(&s, 0);
    ack(&s, 10 * MSS - 1, 0);
    assert_int_equal(s.cc.cwnd_bytes, 10 * MSS);
    ack(&s, 1, 0);
    assert_int_equal(s.cc.cwnd_bytes, 11 * MSS);
}

static void slow_start_hands_its_rest_to_avoidance(void **state) {
    (void)state;
    single s;
    single_init(&s, &mpt_cc_reno, 10 * MSS, 10 * MSS + 500, 100 * MPT_MS);
    ack(&s, 2 * MSS, 0);
    assert_int_equal(s.cc.cwnd_bytes, 10 * MSS + 500);
    assert_int_equal(s.cc.acked_remainder, 1500);
}

/* ---- LIA -------------------------------------------------------------------------------------------------- */

typedef struct lia_member {
    uint64_t cwnd_bytes;
    int64_t rtt_ms; /* 0 = unknown */
} lia_member;

/**
 * alpha = cwnd_total max(w/r^2) / (sum w/r)^2. The window of member 0 grows by one MSS when
 * cwnd_0 max(1, cwnd_total / (alpha cwnd_0)) bytes have been acknowledged.
 */
static const struct {
    const char *name;
    lia_member members[3];
    double alpha;
    uint64_t step_bytes;
} lia_rows[] = {
    /* 20000 x 10000 / 20000^2 = 1/2; 20000 / 0.5 */
    {"two equal paths", {{10000, 100}, {10000, 100}}, 0.5, 40000},
    /* 30000 x 10000 / 30000^2 = 1/3; 30000 x 3 */
    {"three equal paths", {{10000, 100}, {10000, 100}, {10000, 100}}, 1.0 / 3, 90000},
    /* w/r^2 = 1, 8; w/r = 100, 400; 30000 x 8 / 500^2; 30000 / 0.96 */
    {"the slower, smaller of two", {{10000, 100}, {20000, 50}}, 0.96, 31250},
    {"the faster, larger of two", {{20000, 50}, {10000, 100}}, 0.96, 31250},
    /* w/r^2 = 0.1, 10; w/r = 100, 100; 101000 x 10 / 200^2 = 25.25; 101000 / 25.25 = 4000 < 100000 */
    {"never faster than Reno", {{100000, 1000}, {1000, 10}}, 25.25, 100000},
    /* w/r^2 = 10, 0.1: 101000 / 25.25 = 4000 */
    {"the other side of it", {{1000, 10}, {100000, 1000}}, 25.25, 4000},
    {"a sibling without an RTT is left out", {{10000, 100}, {10000, 0}}, 1, 10000},
    {"one of two siblings has none", {{10000, 100}, {90000, 0}, {10000, 100}}, 0.5, 40000},
    {"own RTT not known", {{10000, 0}, {10000, 100}, {10000, 100}}, 1, 10000},
    {"alone", {{10000, 100}}, 1, 10000},
};

static void lia_init(size_t row, mpt_cc ccs[3], mpt_cc *members[3], mpt_cc_group *group) {
    *group = (mpt_cc_group){.members = members};
    for (uint32_t i = 0; i < 3 && lia_rows[row].members[i].cwnd_bytes > 0; i++) {
        mpt_cc_init(&ccs[i], &mpt_cc_lia, NULL, lia_rows[row].members[i].cwnd_bytes, MSS);
        ccs[i].ssthresh_bytes = 2 * MSS < ccs[i].cwnd_bytes ? 2 * MSS : ccs[i].cwnd_bytes;
        ccs[i].srtt_ns = lia_rows[row].members[i].rtt_ms * MPT_MS;
        members[i] = &ccs[i];
        group->count++;
    }
}

static void lia_increase_is_that_of_rfc_6356(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(lia_rows); i++) {
        const char *name = lia_rows[i].name;
        static const uint64_t chunks[] = {UINT64_MAX, 2 * MSS, 1};
        for (size_t j = 0; j < COUNT_OF(chunks); j++) {
            mpt_cc ccs[3], *members[3];
            mpt_cc_group group;
            lia_init(i, ccs, members, &group);
            uint64_t before = ccs[0].cwnd_bytes;
            for (uint64_t left = lia_rows[i].step_bytes - 2; left > 0;) { /* 2 bytes for the rounding of doubles */
                uint64_t chunk = left < chunks[j] ? left : chunks[j];
                mpt_cc_lia.on_ack(&ccs[0], &group, chunk, 0);
                left -= chunk;
            }
            EXPECT_U64(name, ccs[0].cwnd_bytes, before);
            EXPECT_U64(name, ccs[0].u.lia.alpha > lia_rows[i].alpha * (1 - 1e-12), true);
            EXPECT_U64(name, ccs[0].u.lia.alpha < lia_rows[i].alpha * (1 + 1e-12), true);
            mpt_cc_lia.on_ack(&ccs[0], &group, 4, 0);
            EXPECT_U64(name, ccs[0].cwnd_bytes, before + MSS);
        }
    }
}

static void lia_alone_is_reno_to_the_byte(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        mpt_random random = {.seed = seed};
        single lia, reno;
        single_init(&lia, &mpt_cc_lia, 10 * MSS, NO_THRESHOLD, 37 * MPT_MS);
        single_init(&reno, &mpt_cc_reno, 10 * MSS, NO_THRESHOLD, 37 * MPT_MS);
        mpt_cc sibling;
        mpt_cc_init(&sibling, &mpt_cc_lia, NULL, 10 * MSS, MSS); /* without an RTT: as if it were not there */
        mpt_cc *members[2] = {&lia.cc, &sibling};
        if (seed % 2 == 0)
            lia.group = (mpt_cc_group){.members = members, .count = 2};
        for (int step = 0; step < 2000; step++) {
            uint64_t acked = 1 + mpt_random_u64(&random) % (3 * MSS);
            if (mpt_random_u64(&random) % 200 == 0) {
                lose_and_recover(&lia, 0);
                lose_and_recover(&reno, 0);
            }
            ack(&lia, acked, 0);
            ack(&reno, acked, 0);
            assert_int_equal(lia.cc.cwnd_bytes, reno.cc.cwnd_bytes);
            assert_int_equal(lia.cc.ssthresh_bytes, reno.cc.ssthresh_bytes);
            assert_int_equal(lia.cc.acked_remainder, reno.cc.acked_remainder);
        }
    }
}

static void lia_slow_start_is_uncoupled(void **state) {
    (void)state;
    mpt_cc ccs[3], *members[3];
    mpt_cc_group group;
    lia_init(0, ccs, members, &group);
    ccs[0].ssthresh_bytes = NO_THRESHOLD;
    mpt_cc_lia.on_ack(&ccs[0], &group, 2 * MSS, 0);
    assert_int_equal(ccs[0].cwnd_bytes, 12 * MSS);
}

/* ---- CUBIC ------------------------------------------------------------------------------------------------ */

/** K = cbrt((W_max - W) / 0.4), W = 0.7 W_max in whole segments; cube roots from Python. */
static void cubic_k_is_the_closed_form(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t w_max_segments;
        mpt_time k_ns;
    } rows[] = {
        {"cbrt(5): 2 of 4 segments are left", 4, 1709975947},
        {"cbrt(7.5)", 10, 1957433821},
        {"cbrt(30)", 40, 3107232506},
        {"cbrt(75)", 100, 4217163327},
        {"cbrt(750)", 1000, 9085602964},
        {"cbrt(75000)", 100000, 42171633265},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        single s;
        single_init(&s, &mpt_cc_cubic, rows[i].w_max_segments * MSS, NO_THRESHOLD, 200 * MPT_MS);
        lose_and_recover(&s, 0);
        ack(&s, 1, 7 * MPT_S);
        EXPECT_U64(rows[i].name, s.cc.u.cubic.now.epoch_start_ns, 7 * MPT_S);
        EXPECT_U64(rows[i].name, s.cc.u.cubic.now.k_ns >= rows[i].k_ns - 1 && s.cc.u.cubic.now.k_ns <= rows[i].k_ns + 1,
                   true);
    }
}

/** Acknowledge one window a round trip in @p parts, from @p from to @p to. */
static void run_windows(single *s, uint64_t parts, mpt_time from, mpt_time to) {
    uint64_t part = 0;
    for (mpt_time now = from; now < to; part++) {
        mpt_time next = from + s->cc.srtt_ns / (mpt_time)parts * (mpt_time)(part + 1);
        ack(s, s->cc.cwnd_bytes / parts, now);
        now = next;
    }
}

/**
 * W_cubic(t) = 0.4 (t - K)^3 + 100 segments, K = cbrt(75) s, from Python. The RTT of 200 ms keeps the Reno-friendly
 * window below. Following a target one round trip ahead is off by about RTT^2 W'' / 2, 0.2 segments at the most.
 */
static void cubic_follows_its_curve(void **state) {
    (void)state;
    static const uint64_t expected_bytes[] = {70000, 86681, 95640, 99279, 99996, 100192, 102267, 108620, 121653};
    single s;
    single_init(&s, &mpt_cc_cubic, 100 * MSS, NO_THRESHOLD, 200 * MPT_MS);
    lose_and_recover(&s, 0);
    assert_int_equal(s.cc.cwnd_bytes, expected_bytes[0]);
    for (uint64_t t_s = 1; t_s < COUNT_OF(expected_bytes); t_s++) {
        run_windows(&s, 50, (mpt_time)(t_s - 1) * MPT_S, (mpt_time)t_s * MPT_S);
        int64_t error = (int64_t)s.cc.cwnd_bytes - (int64_t)expected_bytes[t_s];
        if (error < -400 || error > 400)
            print_error("after %d s: %d bytes, expected %d\n", (int)t_s, (int)s.cc.cwnd_bytes,
                        (int)expected_bytes[t_s]);
        assert_true(error >= -400 && error <= 400);
    }
}

/** Short RTT: 9/17 of a segment a window up to the window before the loss, then a whole one (section 4.3). */
static void cubic_is_reno_friendly(void **state) {
    (void)state;
    single s;
    single_init(&s, &mpt_cc_cubic, 100 * MSS, NO_THRESHOLD, 10 * MPT_MS);
    s.cc.cubic_alpha_one = true;
    lose_and_recover(&s, 0);
    run_windows(&s, 1, 0, 170 * MPT_MS);
    assert_true(s.cc.cwnd_bytes >= 79000 - 2 && s.cc.cwnd_bytes <= 79000);
    run_windows(&s, 1, 170 * MPT_MS, 560 * MPT_MS); /* 56 windows: 70 + 29.6 segments */
    assert_true(s.cc.cwnd_bytes >= 99647 - 5 && s.cc.cwnd_bytes <= 99647);
    run_windows(&s, 1, 560 * MPT_MS, 570 * MPT_MS);
    uint64_t before = s.cc.cwnd_bytes;
    assert_true(before > 100 * MSS);
    run_windows(&s, 1, 570 * MPT_MS, 670 * MPT_MS);
    assert_int_equal(s.cc.cwnd_bytes, before + 10 * MSS);
}

/** As RFC 8312 has it: 9/17 of a segment a window beyond it as well: 70 + 66 * 9/17 segments. */
static void cubic_without_alpha_one_grows_on_as_before(void **state) {
    (void)state;
    single s;
    single_init(&s, &mpt_cc_cubic, 100 * MSS, NO_THRESHOLD, 10 * MPT_MS);
    lose_and_recover(&s, 0);
    run_windows(&s, 1, 0, 570 * MPT_MS);
    uint64_t before = s.cc.cwnd_bytes;
    assert_true(before > 100 * MSS);
    run_windows(&s, 1, 570 * MPT_MS, 670 * MPT_MS);
    assert_true(s.cc.cwnd_bytes - before >= 5294 - 1 && s.cc.cwnd_bytes - before <= 5294 + 1);
}

static void cubic_remembers_the_window_of_a_loss(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t w_max, cwnd;
        mpt_cc_loss kind;
        uint64_t w_max_after;
    } rows[] = {
        {"first loss", 0, 100000, MPT_CC_LOSS_FAST, 100000},
        {"higher than before", 90000, 100000, MPT_CC_LOSS_FAST, 100000},
        {"as high as before", 100000, 100000, MPT_CC_LOSS_FAST, 100000},
        {"one byte lower: fast convergence", 100001, 100000, MPT_CC_LOSS_FAST, 85000},
        {"much lower", 200000, 100000, MPT_CC_LOSS_ECN, 85000},
        {"timeout", 200000, 100000, MPT_CC_LOSS_TIMEOUT, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        single s;
        single_init(&s, &mpt_cc_cubic, rows[i].cwnd, NO_THRESHOLD, 100 * MPT_MS);
        s.cc.u.cubic.now.w_max_bytes = rows[i].w_max;
        lose(&s, rows[i].kind, rows[i].cwnd, 0);
        EXPECT_U64(rows[i].name, s.cc.u.cubic.now.w_max_bytes, rows[i].w_max_after);
        EXPECT_U64(rows[i].name, s.cc.u.cubic.now.cwnd_prior_bytes, rows[i].cwnd);
        EXPECT_U64(rows[i].name, s.cc.u.cubic.now.epoch_start_ns, MPT_NEVER);
    }
}

/** Section 4.8: K = 0 and W_max = cwnd at the start of the stage. */
static void cubic_after_a_timeout_starts_on_its_plateau(void **state) {
    (void)state;
    single s;
    single_init(&s, &mpt_cc_cubic, 100 * MSS, NO_THRESHOLD, 100 * MPT_MS);
    lose(&s, MPT_CC_LOSS_TIMEOUT, 100 * MSS, 0);
    s.cc.cwnd_bytes = MSS;
    while (s.cc.cwnd_bytes < s.cc.ssthresh_bytes)
        ack(&s, MSS, MPT_S);
    assert_int_equal(s.cc.cwnd_bytes, 70 * MSS);
    ack(&s, MSS, 2 * MPT_S);
    assert_int_equal(s.cc.u.cubic.now.epoch_start_ns, 2 * MPT_S);
    assert_int_equal(s.cc.u.cubic.now.k_ns, 0);
    assert_int_equal(s.cc.u.cubic.now.w_max_bytes, 70 * MSS);
}

/** Section 4.2: the target is at most 1.5 times the window, so a window acknowledged makes it at most that. */
static void cubic_grows_by_half_a_window_at_most(void **state) {
    (void)state;
    single s;
    single_init(&s, &mpt_cc_cubic, 100 * MSS, 100 * MSS, 100 * MPT_S);
    ack(&s, 1, 0);
    assert_int_equal(s.cc.cwnd_bytes, 100 * MSS);
    ack(&s, 100 * MSS, 30 * MPT_S);
    assert_int_equal(s.cc.cwnd_bytes, 150 * MSS);
}

/** Half a byte for each byte acknowledged: every second one adds a byte. */
static void cubic_keeps_fractions_of_bytes(void **state) {
    (void)state;
    single s;
    single_init(&s, &mpt_cc_cubic, 100 * MSS, 100 * MSS, 100 * MPT_S);
    ack(&s, 1, 0);
    ack(&s, 1, 30 * MPT_S);
    assert_int_equal(s.cc.cwnd_bytes, 100 * MSS + 1);
}

static void cubic_does_not_count_idle_time(void **state) {
    (void)state;
    static const struct {
        const char *name;
        mpt_time gap_ns, shift_ns;
    } rows[] = {
        {"a round trip", 100 * MPT_MS, 0},
        {"two round trips", 200 * MPT_MS, 0},
        {"more than two", 200 * MPT_MS + 1, 100 * MPT_MS + 1},
        {"a minute", 60 * MPT_S, 60 * MPT_S - 100 * MPT_MS},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        single s;
        single_init(&s, &mpt_cc_cubic, 100 * MSS, 100 * MSS, 100 * MPT_MS);
        ack(&s, MSS, 5 * MPT_S);
        ack(&s, MSS, 5 * MPT_S + rows[i].gap_ns);
        EXPECT_U64(rows[i].name, s.cc.u.cubic.now.epoch_start_ns, 5 * MPT_S + rows[i].shift_ns);
    }
}

/** What Reno would have by then grew from a window that is not any more: each stage begins with its own (RFC 9438 4.2). */
static void cubic_begins_anew_after_an_idle_time(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t ssthresh_segments, first_segments; /* cwnd where congestion avoidance begins again */
    } rows[] = {
        {"slow start leads there", 70, 70},
        {"the initial window is where it begins", 10, 10},
        {"so it is when it is above the threshold", 4, 10},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        single s;
        single_init(&s, &mpt_cc_cubic, 100 * MSS, rows[i].ssthresh_segments * MSS, 20 * MPT_MS);
        for (int n = 0; n < 2000; n++)
            ack(&s, 2 * MSS, n * MPT_MS);
        uint64_t grown = s.cc.u.cubic.now.w_est_bytes;
        mpt_cc_restart(&s.cc, 10 * MSS);
        assert_int_equal(s.cc.cwnd_bytes, 10 * MSS);
        mpt_time now = 10 * MPT_S;
        for (; s.cc.cwnd_bytes < rows[i].first_segments * MSS; now += MPT_MS)
            ack(&s, 2 * MSS, now);
        for (int n = 0; n < 20; n++, now += MPT_MS) {
            uint64_t before = s.cc.cwnd_bytes;
            ack(&s, 2 * MSS, now);
            EXPECT_U64(rows[i].name, s.cc.cwnd_bytes - before <= MSS, true);
        }
        EXPECT_U64(rows[i].name, s.cc.u.cubic.now.epoch_start_ns >= 10 * MPT_S, true);
        EXPECT_U64(rows[i].name, s.cc.u.cubic.now.w_est_bytes < grown, true);
    }
}

static void a_window_that_is_short_already_is_not_restarted(void **state) {
    (void)state;
    single s;
    single_init(&s, &mpt_cc_cubic, 10 * MSS, 4 * MSS, 20 * MPT_MS);
    ack(&s, 2 * MSS, MPT_S);
    mpt_time epoch = s.cc.u.cubic.now.epoch_start_ns;
    uint64_t cwnd = s.cc.cwnd_bytes;
    mpt_cc_restart(&s.cc, cwnd);
    assert_int_equal(s.cc.cwnd_bytes, cwnd);
    assert_int_equal(s.cc.u.cubic.now.epoch_start_ns, epoch);
}

static void cubic_undo_restores_the_curve(void **state) {
    (void)state;
    single s;
    single_init(&s, &mpt_cc_cubic, 100 * MSS, NO_THRESHOLD, 100 * MPT_MS);
    lose_and_recover(&s, 0);
    run_windows(&s, 10, 0, 2 * MPT_S);
    mpt_cc_cubic_state before = s.cc.u.cubic.now;
    lose(&s, MPT_CC_LOSS_TIMEOUT, s.cc.cwnd_bytes, 2 * MPT_S);
    assert_int_equal(s.cc.u.cubic.now.epoch_start_ns, MPT_NEVER);
    mpt_cc_cubic.on_undo(&s.cc, 3 * MPT_S);
    assert_int_equal(s.cc.u.cubic.now.w_max_bytes, before.w_max_bytes);
    assert_int_equal(s.cc.u.cubic.now.cwnd_prior_bytes, before.cwnd_prior_bytes);
    assert_int_equal(s.cc.u.cubic.now.w_est_bytes, before.w_est_bytes);
    assert_int_equal(s.cc.u.cubic.now.epoch_start_ns, before.epoch_start_ns);
    assert_int_equal(s.cc.u.cubic.now.k_ns, before.k_ns);
}

/** No input leads to a window that shrinks on an ACK, or to one below 2 MSS after recovery. */
static void windows_stay_sane(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        mpt_random random = {.seed = i + 1};
        mpt_time now = 0;
        single s;
        single_init(&s, all[i], 10 * MSS, NO_THRESHOLD, 50 * MPT_MS);
        for (int step = 0; step < 100000; step++) {
            uint64_t before = s.cc.cwnd_bytes, roll = mpt_random_u64(&random) % 1000;
            now += (mpt_time)(mpt_random_u64(&random) % (10 * MPT_MS));
            s.cc.srtt_ns = (mpt_time)(1 + mpt_random_u64(&random) % (300 * MPT_MS));
            if (roll < 10) {
                lose_and_recover(&s, now);
                assert_true(s.cc.cwnd_bytes >= 2 * MSS);
            } else if (roll < 12) {
                lose(&s, MPT_CC_LOSS_TIMEOUT, s.cc.cwnd_bytes, now);
                s.cc.cwnd_bytes = MSS;
            } else {
                uint64_t acked = 1 + mpt_random_u64(&random) % (2 * MSS);
                ack(&s, acked < before ? acked : before, now);
                assert_true(s.cc.cwnd_bytes >= before && s.cc.cwnd_bytes <= 2 * before + MSS);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(algorithms_are_found_by_name),
        cmocka_unit_test(slow_start_counts_bytes),
        cmocka_unit_test(every_algorithm_doubles_in_slow_start),
        cmocka_unit_test(losses_set_the_threshold),
        cmocka_unit_test(undo_restores_the_windows),
        cmocka_unit_test(reno_grows_one_segment_a_window),
        cmocka_unit_test(one_ack_may_cover_several_windows),
        cmocka_unit_test(a_loss_starts_the_count_anew),
        cmocka_unit_test(slow_start_hands_its_rest_to_avoidance),
        cmocka_unit_test(lia_increase_is_that_of_rfc_6356),
        cmocka_unit_test(lia_alone_is_reno_to_the_byte),
        cmocka_unit_test(lia_slow_start_is_uncoupled),
        cmocka_unit_test(cubic_k_is_the_closed_form),
        cmocka_unit_test(cubic_follows_its_curve),
        cmocka_unit_test(cubic_is_reno_friendly),
        cmocka_unit_test(cubic_without_alpha_one_grows_on_as_before),
        cmocka_unit_test(cubic_remembers_the_window_of_a_loss),
        cmocka_unit_test(cubic_after_a_timeout_starts_on_its_plateau),
        cmocka_unit_test(cubic_grows_by_half_a_window_at_most),
        cmocka_unit_test(cubic_keeps_fractions_of_bytes),
        cmocka_unit_test(cubic_does_not_count_idle_time),
        cmocka_unit_test(cubic_begins_anew_after_an_idle_time),
        cmocka_unit_test(a_window_that_is_short_already_is_not_restarted),
        cmocka_unit_test(cubic_undo_restores_the_curve),
        cmocka_unit_test(windows_stay_sane),
    };
    return cmocka_run_group_tests_name("cc", tests, NULL, NULL);
}
