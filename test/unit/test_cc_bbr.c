/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_cc_bbr.c: BBR's model, by samples that are made up: modes and their gains, losses, timeouts, a policer. What it does to links: cases_policy.c. */
#include "cc/mpt_cc.h"
#include "unit_support.h"

enum { MSS = 1000, RTT_MS = 50 };
#define RATE 1000000.0 /* bytes/s: a BDP of 50 segments */

typedef struct bench {
    mpt_cc cc;
    mpt_cc_sample s;
    mpt_time now;
    mpt_cc_bbr_state bbr;
} bench;

static const mpt_cc_bbr_state *state_of(const bench *b) {
    return &b->bbr;
}

static void begin(bench *b) {
    *b = (bench){.now = MPT_S};
    mpt_cc_init(&b->cc, &mpt_cc_bbr, &b->bbr, 10 * MSS, MSS);
    b->cc.srtt_ns = RTT_MS * MPT_MS;
    b->cc.seed = 1;
    b->cc.ops->on_event(&b->cc, &(mpt_cc_event){.kind = MPT_CC_STARTED}, b->now);
}

/** A round trip in which @p rate is delivered, told in one acknowledgement; @p lost bytes are found lost. */
static void round_at(bench *b, double rate, uint64_t lost, mpt_cc_state state) {
    uint64_t bytes = (uint64_t)(rate * RTT_MS / 1000);
    b->now += RTT_MS * MPT_MS;
    b->s = (mpt_cc_sample){.delivered_bytes = bytes,
                           .rtt_ns = RTT_MS * MPT_MS,
                           .state = state,
                           .flight_bytes = bytes,
                           .prior_flight_bytes = bytes,
                           .lost_bytes = lost,
                           .prior_delivered_bytes = b->s.total_delivered_bytes,
                           .total_delivered_bytes = b->s.total_delivered_bytes + bytes,
                           .total_lost_bytes = b->s.total_lost_bytes + lost,
                           .rate_bytes = bytes,
                           .interval_ns = RTT_MS * MPT_MS,
                           .departs_at_ns = b->now};
    b->cc.ops->on_rate(&b->cc, NULL, &b->s, b->now);
}

/** Startup and drain are over. */
static void to_probe_bw(bench *b) {
    begin(b);
    for (int i = 0; i < 8; i++)
        round_at(b, RATE, 0, MPT_CC_OPEN);
    assert_int_equal(state_of(b)->mode, MPT_BBR_PROBE_BW);
}

static void first_rate_is_that_of_the_initial_window(void **state) {
    bench b;
    (void)state;
    begin(&b);
    assert_int_equal(b.cc.pacing_bytes_per_s / 1000, 571); /* 2.885 0.99 10000 / 0.05 */
}

static void startup_ends_when_bw_stands_for_three_rounds(void **state) {
    bench b;
    (void)state;
    begin(&b);
    for (int i = 0; i < 4; i++) { /* it doubles */
        round_at(&b, RATE / (1 << (3 - i)), 0, MPT_CC_OPEN);
        assert_int_equal(state_of(&b)->mode, MPT_BBR_STARTUP);
        assert_true(state_of(&b)->pacing_gain > 2.88 && state_of(&b)->cwnd_gain > 2.88);
    }
    round_at(&b, RATE * 1.24, 0, MPT_CC_OPEN);
    round_at(&b, RATE * 1.24, 0, MPT_CC_OPEN);
    assert_int_equal(state_of(&b)->mode, MPT_BBR_STARTUP);
    round_at(&b, RATE * 1.24, 0, MPT_CC_OPEN);
    assert_true(state_of(&b)->is_full_bw_reached);
    assert_int_equal(b.cc.ssthresh_bytes,
                     72 * MSS); /* 1.24 BDP: 62 segments, and 3 bursts of 3 (1/1024 s at 3.5 MB/s), made even */
}

static void app_limited_rounds_do_not_end_startup(void **state) {
    bench b;
    (void)state;
    begin(&b);
    for (int i = 0; i < 10; i++) {
        b.now += RTT_MS * MPT_MS;
        b.s.prior_delivered_bytes = b.s.total_delivered_bytes;
        b.s.total_delivered_bytes += MSS;
        b.s.delivered_bytes = b.s.rate_bytes = MSS;
        b.s.interval_ns = b.s.rtt_ns = RTT_MS * MPT_MS;
        b.s.is_app_limited = true;
        b.cc.ops->on_rate(&b.cc, NULL, &b.s, b.now);
    }
    assert_false(state_of(&b)->is_full_bw_reached);
}

static void probe_bw_goes_through_its_phases(void **state) {
    bench b;
    uint32_t up = 0, down = 0, cruise = 0;
    (void)state;
    to_probe_bw(&b);
    for (int i = 0; i < 80; i++) {
        b.now += MPT_MS; /* a little longer than min_rtt */
        round_at(&b, RATE * state_of(&b)->pacing_gain, state_of(&b)->pacing_gain > 1, MPT_CC_OPEN);
        double gain = state_of(&b)->pacing_gain;
        up += gain > 1.2;
        down += gain < 0.8;
        cruise += gain > 0.99 && gain < 1.01;
    }
    assert_in_range(up, 9, 11);
    assert_in_range(down, 9, 11);
    assert_in_range(cruise, 58, 62);
}

static void rates_are_forgotten_after_ten_rounds(void **state) {
    bench b;
    (void)state;
    to_probe_bw(&b);
    for (int i = 0; i < 13; i++)
        round_at(&b, RATE / 2, 0, MPT_CC_OPEN);
    assert_in_range((uint64_t)state_of(&b)->bw.best[0].value, (uint64_t)(RATE * 0.49), (uint64_t)(RATE * 0.51));
}

static void probe_rtt_comes_after_ten_seconds(void **state) {
    bench b;
    (void)state;
    to_probe_bw(&b);
    mpt_time at = b.now;
    while (state_of(&b)->mode == MPT_BBR_PROBE_BW && b.now < at + 20 * MPT_S) {
        b.bbr.min_rtt_ns = RTT_MS * MPT_MS - MPT_MS; /* there is a queue now */
        round_at(&b, RATE, 0, MPT_CC_OPEN);
    }
    assert_int_equal(state_of(&b)->mode, MPT_BBR_PROBE_RTT);
    assert_in_range(b.now - at, 9 * MPT_S, 11 * MPT_S);
    assert_int_equal(b.cc.cwnd_bytes, 4 * MSS);
    assert_true(b.s.limits_by_itself);
    at = b.now;
    while (state_of(&b)->mode == MPT_BBR_PROBE_RTT && b.now < at + 5 * MPT_S)
        round_at(&b, 4.0 * MSS * 1000 / RTT_MS, 0, MPT_CC_OPEN);
    assert_in_range(b.now - at, 200 * MPT_MS, 400 * MPT_MS);
    assert_true(b.cc.cwnd_bytes >= 2 * (RTT_MS - 1) * MSS);
}

static void recovery_conserves_packets_for_a_round(void **state) {
    bench b;
    (void)state;
    to_probe_bw(&b);
    uint64_t before = b.cc.cwnd_bytes;
    b.cc.ops->on_loss(&b.cc, NULL, MPT_CC_LOSS_FAST, 50 * MSS, b.now);
    b.s.state = MPT_CC_RECOVERY;
    b.s.delivered_bytes = MSS;
    b.s.flight_bytes = 30 * MSS;
    b.s.lost_bytes = MSS;
    b.s.interval_ns = 0;
    b.cc.ops->on_rate(&b.cc, NULL, &b.s, b.now);
    assert_int_equal(b.cc.cwnd_bytes, 31 * MSS);
    b.s.lost_bytes = 0;
    b.s.state = MPT_CC_OPEN;
    b.cc.ops->on_rate(&b.cc, NULL, &b.s, b.now);
    assert_in_range(b.cc.cwnd_bytes, before - 2 * MSS, before + MSS);
}

static void timeout_leaves_a_segment_beside_the_flight(void **state) {
    bench b;
    (void)state;
    to_probe_bw(&b);
    uint64_t before = b.cc.cwnd_bytes;
    b.cc.ops->on_loss(&b.cc, NULL, MPT_CC_LOSS_TIMEOUT, 50 * MSS, b.now);
    b.cc.ops->on_event(&b.cc, &(mpt_cc_event){.kind = MPT_CC_TIMED_OUT, .flight_bytes = 3 * MSS}, b.now);
    assert_int_equal(b.cc.cwnd_bytes, 4 * MSS);
    round_at(&b, RATE, 0, MPT_CC_OPEN); /* what is acknowledged ends it */
    assert_in_range(b.cc.cwnd_bytes, before - 2 * MSS, before + 2 * MSS);
}

/** Two intervals of losses above a fifth at the same rate: that rate is taken for 48 rounds. */
static void policer_is_found(void **state) {
    bench b;
    (void)state;
    to_probe_bw(&b);
    int rounds = 0;
    for (; !state_of(&b)->is_lt_bw_used && rounds < 40; rounds++)
        round_at(&b, RATE / 2, (uint64_t)(RATE / 2 * RTT_MS / 1000 / 4), MPT_CC_RECOVERY);
    assert_in_range(rounds, 8, 12);
    assert_in_range((uint64_t)state_of(&b)->lt_bw, (uint64_t)(RATE * 0.49), (uint64_t)(RATE * 0.51));
    for (rounds = 0; state_of(&b)->is_lt_bw_used && rounds < 100; rounds++)
        round_at(&b, RATE / 2, 0, MPT_CC_OPEN);
    assert_in_range(rounds, 46, 50);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_rate_is_that_of_the_initial_window),
        cmocka_unit_test(startup_ends_when_bw_stands_for_three_rounds),
        cmocka_unit_test(app_limited_rounds_do_not_end_startup),
        cmocka_unit_test(probe_bw_goes_through_its_phases),
        cmocka_unit_test(rates_are_forgotten_after_ten_rounds),
        cmocka_unit_test(probe_rtt_comes_after_ten_seconds),
        cmocka_unit_test(recovery_conserves_packets_for_a_round),
        cmocka_unit_test(timeout_leaves_a_segment_beside_the_flight),
        cmocka_unit_test(policer_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
