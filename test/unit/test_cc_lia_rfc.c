/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_cc_lia_rfc.c: LIA in whole numbers (RFC 6356 section 4) against numbers worked out by hand, and against real ones. */
#include <math.h>
#include <string.h>

#include "cc/mpt_cc.h"
#include "unit_support.h"
#include "wire/mpt_crypto.h"

#define MSS UINT64_C(1000)
enum { MEMBERS_MAX = MPT_CC_GROUP_MAX };

typedef struct subflows {
    mpt_cc cc[MEMBERS_MAX], *members[MEMBERS_MAX];
    mpt_cc_group group;
} subflows;

static void add(subflows *s, uint64_t cwnd_bytes, mpt_time rtt_ns) {
    mpt_cc *cc = &s->cc[s->group.count];
    mpt_cc_init(cc, &mpt_cc_lia_rfc, NULL, cwnd_bytes, MSS);
    cc->ssthresh_bytes = cwnd_bytes;
    cc->srtt_ns = rtt_ns;
    s->members[s->group.count++] = cc;
    s->group.members = s->members;
}

static void ack(subflows *s, uint32_t i, uint64_t acked_bytes) {
    mpt_cc_lia_rfc.on_ack(&s->cc[i], &s->group, acked_bytes, 0);
}

typedef struct member {
    uint64_t cwnd_bytes;
    mpt_time rtt_ms;
} member;

/** The first member's: alpha of 512, and the bytes to be acknowledged until its window is a segment larger. */
static const struct {
    const char *name;
    member members[3];
    uint64_t alpha, step_bytes;
} rows[] = {
    /* 512 x 20000 x 10000 / 20000^2; 512 x 20000 / 256 */
    {"two equal paths", {{10000, 100}, {10000, 100}}, 256, 40000},
    /* 512 x 30000 x 10000 / 30000^2 = 170.67; 512 x 30000 / 170 = 90352.9 (real numbers: 90000) */
    {"three equal paths", {{10000, 100}, {10000, 100}, {10000, 100}}, 170, 90352},
    /* max is the second; 10000 x 50 / 100 + 20000 = 25000; 512 x 30000 x 20000 / 25000^2 = 491.52; 512 x 30000 / 491 = 31283.1 */
    {"the slower, smaller of two", {{10000, 100}, {20000, 50}}, 491, 31283},
    {"the faster, larger of two", {{20000, 50}, {10000, 100}}, 491, 31283},
    /* max is the second; 100000 x 10 / 1000 + 1000 = 2000; 512 x 101000 x 1000 / 2000^2; 512 x 101000 / 12928 = 4000 < 100000 */
    {"never faster than Reno", {{100000, 1000}, {1000, 10}}, 12928, 100000},
    {"the other side of it", {{1000, 10}, {100000, 1000}}, 12928, 4000},
    /* 10000 x 30 / 7 = 42857.14; max is the second: 5000 x 7 / 30 = 1166.67 for it, 1166 + 10000 = 11166 */
    {"quotients are rounded down",
     {{10000, 7}, {5000, 30}},
     512 * 15000ull * 10000 / (11166 * 11166),
     512 * 15000 / 615},
    {"a sibling without an RTT is left out", {{10000, 100}, {10000, 0}}, 512, 10000},
    {"own RTT not known", {{10000, 0}, {10000, 100}, {10000, 100}}, 256, 10000},
    {"alone", {{10000, 100}}, 512, 10000},
};

static void lia_rfc_counts_in_whole_numbers(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        static const uint64_t chunks[] = {UINT64_MAX, 2 * MSS, 1};
        for (size_t j = 0; j < COUNT_OF(chunks); j++) {
            subflows s = {0};
            for (size_t k = 0; k < 3 && rows[i].members[k].cwnd_bytes > 0; k++)
                add(&s, rows[i].members[k].cwnd_bytes, rows[i].members[k].rtt_ms * MPT_MS);
            for (uint64_t left = rows[i].step_bytes - 1; left > 0;) {
                uint64_t chunk = left < chunks[j] ? left : chunks[j];
                ack(&s, 0, chunk);
                left -= chunk;
            }
            EXPECT_U64(rows[i].name, s.cc[0].cwnd_bytes, rows[i].members[0].cwnd_bytes);
            EXPECT_U64(rows[i].name, s.cc[0].u.lia_rfc.alpha, rows[i].alpha);
            ack(&s, 0, 1);
            EXPECT_U64(rows[i].name, s.cc[0].cwnd_bytes, rows[i].members[0].cwnd_bytes + MSS);
        }
    }
}

/** 4.1: a change of round-trip times alone does not matter until a window has another whole segment, whosever; a loss counts at once. */
static void lia_rfc_keeps_alpha_between_segments(void **state) {
    (void)state;
    subflows s = {0};
    add(&s, 10000, 100 * MPT_MS);
    add(&s, 10000, 100 * MPT_MS);
    ack(&s, 0, 1);
    ack(&s, 1, 1);
    s.cc[1].srtt_ns = 50 * MPT_MS;
    ack(&s, 0, 1);
    assert_int_equal(s.cc[0].u.lia_rfc.alpha, 256);
    ack(&s, 1, 39999); /* 40000 by the alpha of before */
    assert_int_equal(s.cc[1].cwnd_bytes, 11000);
    /* max is the second; 10000 x 50 / 100 + 11000 = 16000; 512 x 21000 x 11000 / 16000^2 = 462 */
    assert_int_equal(s.cc[0].u.lia_rfc.alpha, 462);
    assert_int_equal(s.cc[1].u.lia_rfc.alpha, 462);

    s.cc[1].srtt_ns = 100 * MPT_MS;
    mpt_cc_lia_rfc.on_loss(&s.cc[1], &s.group, MPT_CC_LOSS_FAST, 11000, 0);
    s.cc[1].cwnd_bytes = s.cc[1].ssthresh_bytes;
    assert_int_equal(s.cc[1].cwnd_bytes, 5000);
    ack(&s, 0, 1);
    /* 512 x 15000 x 10000 / 15000^2 = 341.3 */
    assert_int_equal(s.cc[0].u.lia_rfc.alpha, 341);
    assert_int_equal(s.cc[1].u.lia_rfc.alpha, 341);
}

/** What is not said to the policy is noticed: a window that the core has lowered. */
static void lia_rfc_notices_windows_set_by_the_core(void **state) {
    (void)state;
    subflows s = {0};
    add(&s, 40000, 100 * MPT_MS);
    add(&s, 10000, 100 * MPT_MS);
    ack(&s, 0, 1);
    assert_int_equal(s.cc[0].u.lia_rfc.alpha, 512 * 4 / 5);
    s.cc[0].cwnd_bytes = s.cc[0].ssthresh_bytes = 10000; /* as after idle times */
    ack(&s, 0, 1);
    assert_int_equal(s.cc[0].u.lia_rfc.alpha, 256);
}

/** 512 times alpha in real numbers. @param rounding what whole bytes may make of it, relative */
static double real_alpha(const subflows *s, double *rounding) {
    double total = 0, rates = 0, best = 0, best_window = 1;
    for (uint32_t i = 0; i < s->group.count; i++) {
        double window = (double)s->cc[i].cwnd_bytes, rtt = (double)s->cc[i].srtt_ns;
        total += window;
        rates += window / rtt;
        if (window / rtt / rtt > best) {
            best = window / rtt / rtt;
            best_window = window;
        }
    }
    /* each quotient lacks less than a byte, or than 2^-25 of the total where windows are large; their sum is best_window at least, and squared */
    *rounding = 4 * s->group.count * fmax(1, total / (1 << 25)) / best_window;
    return 512 * total * best / (rates * rates);
}

/**
 * Windows from one segment to what window scaling allows (RFC 7323: 1 GiB), round-trip times from 1 us to an hour, 2 to 32
 * subflows: alpha is the real one to the last digit of its scale, and what whole microseconds and bytes round away. Nothing wraps.
 */
static void lia_rfc_is_real_arithmetic_whatever_the_paths(void **state) {
    (void)state;
    mpt_random random = {.seed = 1};
    for (int round = 0; round < 20000; round++) {
        subflows s = {0};
        uint32_t count = 2 + (uint32_t)(mpt_random_u64(&random) % 31);
        for (uint32_t i = 0; i < count; i++) {
            uint64_t cwnd_bytes = MSS << mpt_random_u64(&random) % 21;
            mpt_time rtt_ns =
                (mpt_time)(1000 * (1 + mpt_random_u64(&random) % (UINT64_C(1) << mpt_random_u64(&random) % 32)));
            add(&s, cwnd_bytes + mpt_random_u64(&random) % cwnd_bytes, rtt_ns);
        }
        double rounding, alpha = real_alpha(&s, &rounding);
        ack(&s, 0, 1);
        double counted = (double)s.cc[0].u.lia_rfc.alpha;
        if (!(counted >= alpha * (1 - rounding) - 1 &&
              counted <= alpha * (1 + rounding) / (1 - fmin(rounding, 0.9)) + 1))
            fail_msg("round %d: %u subflows, alpha %g, in real numbers %g, rounding %g", round, count, counted, alpha,
                     rounding);
    }
}

/** RTTs under a microsecond count as one; nothing is divided by zero, and the window grows. */
static void lia_rfc_lives_with_least_and_greatest(void **state) {
    (void)state;
    static const uint64_t windows[] = {1, MSS, UINT64_C(1) << 30, UINT64_C(1) << 40};
    static const mpt_time rtts_ns[] = {1, 999, 1000, 3600 * MPT_S, INT64_MAX};
    for (size_t a = 0; a < COUNT_OF(windows); a++)
        for (size_t b = 0; b < COUNT_OF(windows); b++)
            for (size_t c = 0; c < COUNT_OF(rtts_ns); c++)
                for (size_t d = 0; d < COUNT_OF(rtts_ns); d++) {
                    subflows s = {0};
                    add(&s, windows[a], rtts_ns[c]);
                    add(&s, windows[b], rtts_ns[d]);
                    ack(&s, 0, 1);
                    /* at least the n-th part of Reno's growth for n equal ones: alpha is never below 1 / n of its scale */
                    assert_in_range(s.cc[0].u.lia_rfc.alpha, 250, UINT64_MAX);
                    bool is_alone_in_rate =
                        rtts_ns[c] / 1000 != rtts_ns[d] / 1000 && (rtts_ns[c] > MPT_S) != (rtts_ns[d] > MPT_S);
                    if (windows[a] == windows[b] && is_alone_in_rate && windows[a] > 1) /* 512 x 2 w w / w^2 */
                        assert_in_range(s.cc[0].u.lia_rfc.alpha, 1022, 1024);
                    ack(&s, 0, 3 * (windows[a] + windows[b]));
                    assert_true(s.cc[0].cwnd_bytes > windows[a]);
                }
}

static void lia_rfc_alone_is_reno_to_the_byte(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        mpt_random random = {.seed = seed};
        subflows lia = {0};
        add(&lia, 10 * MSS, 37 * MPT_MS);
        if (seed % 2 == 0)
            add(&lia, 10 * MSS, 0); /* without a round-trip time: as if it were not there */
        mpt_cc reno = lia.cc[0];
        reno.ops = &mpt_cc_reno;
        mpt_cc_group alone = {.members = (mpt_cc *[]){&reno}, .count = 1};
        lia.cc[0].ssthresh_bytes = reno.ssthresh_bytes = UINT64_MAX;
        for (int step = 0; step < 2000; step++) {
            uint64_t acked = 1 + mpt_random_u64(&random) % (3 * MSS);
            if (mpt_random_u64(&random) % 200 == 0) {
                mpt_cc_lia_rfc.on_loss(&lia.cc[0], &lia.group, MPT_CC_LOSS_FAST, lia.cc[0].cwnd_bytes, 0);
                mpt_cc_reno.on_loss(&reno, &alone, MPT_CC_LOSS_FAST, reno.cwnd_bytes, 0);
                lia.cc[0].cwnd_bytes = lia.cc[0].ssthresh_bytes;
                reno.cwnd_bytes = reno.ssthresh_bytes;
            }
            ack(&lia, 0, acked);
            mpt_cc_reno.on_ack(&reno, &alone, acked, 0);
            assert_int_equal(lia.cc[0].cwnd_bytes, reno.cwnd_bytes);
            assert_int_equal(lia.cc[0].acked_remainder, reno.acked_remainder);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lia_rfc_counts_in_whole_numbers),
        cmocka_unit_test(lia_rfc_keeps_alpha_between_segments),
        cmocka_unit_test(lia_rfc_notices_windows_set_by_the_core),
        cmocka_unit_test(lia_rfc_is_real_arithmetic_whatever_the_paths),
        cmocka_unit_test(lia_rfc_lives_with_least_and_greatest),
        cmocka_unit_test(lia_rfc_alone_is_reno_to_the_byte),
    };
    return cmocka_run_group_tests_name("cc_lia_rfc", tests, NULL, NULL);
}
