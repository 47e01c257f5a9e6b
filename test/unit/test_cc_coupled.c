/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_cc_coupled.c: OLIA, BALIA, EWTCP, COUPLED, wVegas and DCTCP against numbers worked out by hand from their papers. */
#include "cc/mpt_cc.h"
#include "unit_support.h"

#define MSS UINT64_C(1000)

typedef struct member {
    uint64_t cwnd_bytes;
    int64_t rtt_ms; /* 0 = unknown */
} member;

/** Subflows past slow start; the first one is looked at. */
typedef struct family {
    mpt_cc cc[3];
    mpt_cc *members[3];
    mpt_cc_group group;
} family;

static void family_init(family *f, const mpt_cc_ops *ops, const member *members, uint32_t most) {
    f->group = (mpt_cc_group){.members = f->members};
    for (uint32_t i = 0; i < most && members[i].cwnd_bytes > 0; i++) {
        mpt_cc_init(&f->cc[i], ops, NULL, members[i].cwnd_bytes, MSS);
        f->cc[i].ssthresh_bytes = 2 * MSS < members[i].cwnd_bytes ? 2 * MSS : members[i].cwnd_bytes;
        f->cc[i].srtt_ns = members[i].rtt_ms * MPT_MS;
        f->members[i] = &f->cc[i];
        f->group.count++;
    }
}

static void ack(family *f, uint64_t acked_bytes) {
    f->cc[0].ops->on_ack(&f->cc[0], &f->group, acked_bytes, 0);
}

static void lose(family *f, uint32_t i) {
    f->cc[i].ops->on_loss(&f->cc[i], &f->group, MPT_CC_LOSS_FAST, f->cc[i].cwnd_bytes, 0);
}

static void deliver(family *f, uint32_t i, uint64_t bytes, int64_t rtt_ms, bool is_ece) {
    mpt_cc_sample sample = {.delivered_bytes = bytes, .rtt_ns = rtt_ms * MPT_MS, .is_ece = is_ece};
    f->cc[i].ops->on_delivered(&f->cc[i], &sample, 0);
}

/** Member 0 grows by a segment with exactly (but for rounding) @p step_bytes, however they come. */
static void expect_step(const char *name, const mpt_cc_ops *ops, const member *members, uint64_t step_bytes) {
    static const uint64_t chunks[] = {UINT64_MAX, 2 * MSS, 1};
    for (size_t j = 0; j < COUNT_OF(chunks); j++) {
        family f;
        family_init(&f, ops, members, 3);
        for (uint64_t left = step_bytes - 2; left > 0;) {
            uint64_t chunk = left < chunks[j] ? left : chunks[j];
            ack(&f, chunk);
            left -= chunk;
        }
        EXPECT_U64(name, f.cc[0].cwnd_bytes, members[0].cwnd_bytes);
        ack(&f, 4);
        EXPECT_U64(name, f.cc[0].cwnd_bytes, members[0].cwnd_bytes + MSS);
    }
}

/* ---- Increases -------------------------------------------------------------------------------------------- */

static void increases_are_those_of_the_papers(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const mpt_cc_ops *ops;
        member members[3];
        uint64_t step_bytes; /* cwnd / share of Reno's speed */
    } rows[] = {
        /* a = 1/n^2 */
        {"ewtcp, two", &mpt_cc_ewtcp, {{10000, 100}, {50000, 10}}, 40000},
        {"ewtcp, three", &mpt_cc_ewtcp, {{10000, 100}, {10000, 100}, {10000, 100}}, 90000},
        {"ewtcp, one of two is not measured", &mpt_cc_ewtcp, {{10000, 100}, {10000, 0}}, 10000},
        {"ewtcp alone", &mpt_cc_ewtcp, {{10000, 100}}, 10000},
        /* w_r / sum w */
        {"coupled, a third", &mpt_cc_coupled, {{10000, 100}, {20000, 10}}, 30000},
        {"coupled alone", &mpt_cc_coupled, {{10000, 100}}, 10000},
        /* (x_r / X)^2: x = 100, 100 */
        {"olia, equal", &mpt_cc_olia, {{10000, 100}, {10000, 100}}, 40000},
        {"olia alone", &mpt_cc_olia, {{10000, 100}}, 10000},
        {"olia, not measured itself", &mpt_cc_olia, {{10000, 0}, {10000, 100}}, 10000},
        /* a = 1: 1/4 x 2 x 5 / 10 */
        {"balia, equal", &mpt_cc_balia, {{10000, 100}, {10000, 100}}, 40000},
        /* x = 100, 300: a = 3; 1/16 x 4 x 7 / 10 = 0.175 */
        {"balia, the slower", &mpt_cc_balia, {{7000, 70}, {30000, 100}}, 40000},
        /* a = 1: 9/16 */
        {"balia, the faster", &mpt_cc_balia, {{9000, 30}, {10000, 100}}, 16000},
        {"balia alone", &mpt_cc_balia, {{10000, 100}}, 10000},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        expect_step(rows[i].name, rows[i].ops, rows[i].members, rows[i].step_bytes);
}

/** Path 0 is better (longer without losses) and smaller: alpha = 1/2 for it, -1/2 for the other. */
static void olia_moves_windows_to_the_best_path(void **state) {
    (void)state;
    static const member members[] = {{10000, 100}, {30000, 100}};
    family f;
    family_init(&f, &mpt_cc_olia, members, 2);
    deliver(&f, 0, 200000, 0, false);
    deliver(&f, 1, 100000, 0, false);
    ack(&f, 17777); /* (1/4)^2 + 1/2 = 0.5625: 17777.8 bytes for a window */
    EXPECT_U64("not yet", f.cc[0].cwnd_bytes, 10000);
    ack(&f, 2);
    EXPECT_U64("a segment more", f.cc[0].cwnd_bytes, 11000);

    family_init(&f, &mpt_cc_olia, (const member[]){{30000, 100}, {10000, 100}}, 2);
    deliver(&f, 0, 100000, 0, false);
    deliver(&f, 1, 200000, 0, false);
    ack(&f, 480000); /* (3/4)^2 - 1/2 = 0.0625: 480000 bytes for a window */
    EXPECT_U64("slower, but still up", f.cc[0].cwnd_bytes, 31000);
}

/** The largest window, on a path that is not the best and whose rate is small: it shrinks by a segment a window. */
static void olia_shrinks_but_not_below_a_segment(void **state) {
    (void)state;
    family f;
    family_init(&f, &mpt_cc_olia, (const member[]){{10000, 1000}, {9000, 10}}, 2);
    deliver(&f, 1, 100000, 0, false);
    uint64_t before = f.cc[0].cwnd_bytes; /* x = 10, 900: share (1/91)^2 - 1/2 */
    ack(&f, 19000);
    EXPECT_U64("not yet", f.cc[0].cwnd_bytes, before);
    ack(&f, 2000);
    EXPECT_U64("a segment less", f.cc[0].cwnd_bytes, before - MSS);
    family_init(&f, &mpt_cc_olia, (const member[]){{1000, 1000}, {900, 10}}, 2);
    deliver(&f, 1, 100000, 0, false);
    for (int i = 0; i < 100; i++)
        ack(&f, MSS);
    EXPECT_U64("never nothing", f.cc[0].cwnd_bytes, MSS);
}

static void olia_remembers_the_longer_interval(void **state) {
    (void)state;
    family f;
    family_init(&f, &mpt_cc_olia, (const member[]){{10000, 100}, {10000, 100}}, 2);
    deliver(&f, 0, 50000, 0, false);
    lose(&f, 0);
    deliver(&f, 0, 7000, 0, false);
    EXPECT_U64("between", f.cc[0].u.olia.between_losses, 50000);
    EXPECT_U64("since", f.cc[0].u.olia.since_loss, 7000);
    f.cc[0].ops->on_undo(&f.cc[0], 0);
    EXPECT_U64("it was none", f.cc[0].u.olia.since_loss, 57000);
}

/* ---- Decreases -------------------------------------------------------------------------------------------- */

static void decreases_are_those_of_the_papers(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const mpt_cc_ops *ops;
        member members[3];
        uint64_t ssthresh_bytes;
    } rows[] = {
        {"ewtcp halves", &mpt_cc_ewtcp, {{20000, 100}, {10000, 100}}, 10000},
        {"olia halves", &mpt_cc_olia, {{20000, 100}, {10000, 100}}, 10000},
        {"wvegas halves", &mpt_cc_wvegas, {{20000, 100}, {10000, 100}}, 10000},
        {"coupled: half of all", &mpt_cc_coupled, {{20000, 100}, {10000, 100}}, 5000},
        {"coupled: as far as there is", &mpt_cc_coupled, {{20000, 100}, {30000, 100}}, 2000},
        {"coupled alone halves", &mpt_cc_coupled, {{20000, 100}}, 10000},
        {"balia, the fastest: half", &mpt_cc_balia, {{20000, 100}, {10000, 100}}, 10000},
        /* a = 1.2: 20000 (1 - 0.6) */
        {"balia, a = 1.2", &mpt_cc_balia, {{20000, 100}, {24000, 100}}, 8000},
        {"balia, a = 1.5 at most", &mpt_cc_balia, {{20000, 100}, {90000, 100}}, 5000},
        {"balia alone halves", &mpt_cc_balia, {{20000, 100}}, 10000},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        family f;
        family_init(&f, rows[i].ops, rows[i].members, 3);
        lose(&f, 0);
        EXPECT_U64(rows[i].name, f.cc[0].ssthresh_bytes, rows[i].ssthresh_bytes);
        EXPECT_U64(rows[i].name, f.cc[0].cwnd_bytes, rows[i].members[0].cwnd_bytes);
    }
}

/* ---- wVegas ----------------------------------------------------------------------------------------------- */

/** A round: @p rtt_ms measured, all in flight acknowledged. */
static void vegas_round(family *f, int64_t rtt_ms) {
    deliver(f, 0, MSS, rtt_ms, false);
    f->cc[0].snd_una = f->cc[0].snd_nxt;
    f->cc[0].snd_nxt += f->cc[0].cwnd_bytes;
    ack(f, MSS);
}

static void wvegas_keeps_its_packets_queued(void **state) {
    (void)state;
    static const struct {
        const char *name;
        member members[2];
        int64_t rtt_ms; /* the least is 100 */
        uint64_t cwnd_after;
    } rows[] = {
        /* 100 (1 - 100/110) = 9.1 packets queued; alone it wants 10 */
        {"alone, less than ten", {{100000, 110}}, 110, 101000},
        {"alone, more than ten", {{100000, 113}}, 113, 99000},
        /* half of the rate: five */
        {"of two, more than five", {{100000, 110}, {100000, 110}}, 110, 99000},
        {"of two, less than five", {{100000, 105}, {100000, 105}}, 105, 101000},
        /* a hundredth of the rate: two */
        {"a small one wants two", {{10000, 120}, {990000, 120}}, 120, 11000},
        {"and no more", {{10000, 130}, {990000, 130}}, 130, 9000},
        {"nothing queued", {{100000, 100}}, 100, 101000},
        {"down to two segments", {{3000, 500}, {990000, 100}}, 50000, 2000},
        {"and not below", {{2500, 500}, {990000, 100}}, 50000, 2500},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        family f;
        family_init(&f, &mpt_cc_wvegas, rows[i].members, 2);
        f.cc[0].ssthresh_bytes = 2 * MSS;
        deliver(&f, 0, MSS, 100, false);
        f.cc[0].u.wvegas.rtt_sum_ns = 0; /* of another round */
        f.cc[0].u.wvegas.rtt_count = 0;
        vegas_round(&f, rows[i].rtt_ms);
        EXPECT_U64(rows[i].name, f.cc[0].cwnd_bytes, rows[i].cwnd_after);
        ack(&f, MSS); /* the round is not over */
        EXPECT_U64(rows[i].name, f.cc[0].cwnd_bytes, rows[i].cwnd_after);
    }
}

static void wvegas_ends_slow_start_with_a_queue(void **state) {
    (void)state;
    family f;
    family_init(&f, &mpt_cc_wvegas, (const member[]){{10000, 100}}, 1);
    f.cc[0].ssthresh_bytes = UINT64_MAX;
    vegas_round(&f, 100);
    EXPECT_U64("goes on", f.cc[0].cwnd_bytes, 11000);
    vegas_round(&f, 120); /* 11 (1 - 100/120) = 1.8 */
    EXPECT_U64("over", f.cc[0].ssthresh_bytes, 11000);
    EXPECT_U64("over", f.cc[0].cwnd_bytes, 11000);
}

/* ---- DCTCP ------------------------------------------------------------------------------------------------ */

static void dctcp_window(family *f, uint64_t marked_bytes, uint64_t bytes) {
    mpt_cc *cc = &f->cc[0];
    deliver(f, 0, marked_bytes, 0, true);
    cc->snd_una = cc->u.dctcp.window_end;
    cc->snd_nxt = cc->snd_una + bytes;
    deliver(f, 0, bytes - marked_bytes, 0, false);
}

static void dctcp_falls_by_the_marked_part(void **state) {
    (void)state;
    family f;
    family_init(&f, &mpt_cc_dctcp, (const member[]){{40000, 1}}, 1);
    mpt_cc *cc = &f.cc[0];
    f.cc[0].ops->on_loss(cc, &f.group, MPT_CC_LOSS_ECN, 40000, 0);
    EXPECT_U64("at first as Reno", cc->ssthresh_bytes, 20000);
    cc->u.dctcp.window_end = 1; /* one is under way */
    deliver(&f, 0, 0, 0, false);
    for (int i = 0; i < 1000; i++)
        dctcp_window(&f, 10000, 40000); /* alpha goes to 1/4 */
    assert_true(cc->u.dctcp.alpha > 0.2499 && cc->u.dctcp.alpha < 0.2501);
    f.cc[0].ops->on_loss(cc, &f.group, MPT_CC_LOSS_ECN, 40000, 0);
    EXPECT_U64("an eighth, in whole segments", cc->ssthresh_bytes / MSS, 34 + (cc->u.dctcp.alpha <= 0.25));
    f.cc[0].ops->on_loss(cc, &f.group, MPT_CC_LOSS_FAST, 40000, 0);
    EXPECT_U64("a loss is a loss", cc->ssthresh_bytes, 20000);
    dctcp_window(&f, 0, 40000);
    assert_true(cc->u.dctcp.alpha < 0.25 * 15.01 / 16);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(increases_are_those_of_the_papers),    cmocka_unit_test(olia_moves_windows_to_the_best_path),
        cmocka_unit_test(olia_shrinks_but_not_below_a_segment), cmocka_unit_test(olia_remembers_the_longer_interval),
        cmocka_unit_test(decreases_are_those_of_the_papers),    cmocka_unit_test(wvegas_keeps_its_packets_queued),
        cmocka_unit_test(wvegas_ends_slow_start_with_a_queue),  cmocka_unit_test(dctcp_falls_by_the_marked_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
