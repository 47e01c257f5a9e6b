/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ext_cc.c: congestion controls of one's own (mpt_ext.h), registered, chosen by name and in use between two stacks; and what becomes of
 * those that are wrong.
 */
#include "mpt_ext.h"
#include "unit_pair.h"

#include <stdio.h>

/* ---- A whole policy: a window of so many segments, whatever happens ---------------------------------------- */

enum { FIXED_SEGMENTS = 4 };

typedef struct fixed_state {
    uint64_t acked_bytes, delivered_bytes, losses, acknowledgements;
} fixed_state;

static fixed_state *fixed_of(mpt_cc *cc) {
    return (fixed_state *)cc->priv;
}

static void fixed_init(mpt_cc *cc) {
    cc->cwnd_bytes = FIXED_SEGMENTS * (uint64_t)cc->mss_bytes;
}

static void fixed_on_delivered(mpt_cc *cc, const mpt_cc_sample *sample, mpt_time now) {
    (void)now;
    fixed_of(cc)->delivered_bytes += sample->delivered_bytes;
    fixed_of(cc)->acknowledgements++;
}

static void fixed_on_ack(mpt_cc *cc, const mpt_cc_group *group, uint64_t acked_bytes, mpt_time now) {
    (void)group;
    (void)now;
    fixed_of(cc)->acked_bytes += acked_bytes;
    cc->cwnd_bytes = FIXED_SEGMENTS * (uint64_t)cc->mss_bytes;
}

static void fixed_on_loss(mpt_cc *cc, const mpt_cc_group *group, mpt_cc_loss kind, uint64_t flight_bytes,
                          mpt_time now) {
    (void)group;
    (void)kind;
    (void)flight_bytes;
    (void)now;
    fixed_of(cc)->losses++;
    cc->ssthresh_bytes = FIXED_SEGMENTS * (uint64_t)cc->mss_bytes;
}

static const mpt_cc_ops fixed = {
    .name = "fixed",
    .priv_bytes = sizeof(fixed_state),
    .init = fixed_init,
    .on_delivered = fixed_on_delivered,
    .on_ack = fixed_on_ack,
    .on_loss = fixed_on_loss,
    .on_undo = mpt_cc_undo,
};

/* ---- One that shuts its window ------------------------------------------------------------------------------ */

static void shut_on_ack(mpt_cc *cc, const mpt_cc_group *group, uint64_t acked_bytes, mpt_time now) {
    (void)group;
    (void)acked_bytes;
    (void)now;
    cc->cwnd_bytes = 0;
}

static void shut_on_loss(mpt_cc *cc, const mpt_cc_group *group, mpt_cc_loss kind, uint64_t flight_bytes, mpt_time now) {
    (void)group;
    (void)kind;
    (void)flight_bytes;
    (void)now;
    cc->ssthresh_bytes = 1;
}

static const mpt_cc_ops shut = {
    .name = "shut", .init = fixed_init, .on_ack = shut_on_ack, .on_loss = shut_on_loss, .on_undo = mpt_cc_undo};

/* ---- One that keeps what it is told of round-trip times ----------------------------------------------------- */

typedef struct least_state {
    mpt_time least_ns;    /**< as it works it out itself, without the handshake */
    mpt_time told_ns;     /**< at the last acknowledgement */
    mpt_time smoothed_ns; /**< likewise */
} least_state;

static void least_on_delivered(mpt_cc *cc, const mpt_cc_sample *sample, mpt_time now) {
    least_state *s = cc->priv;
    (void)now;
    if (sample->rtt_ns > 0 && (s->least_ns == 0 || sample->rtt_ns < s->least_ns))
        s->least_ns = sample->rtt_ns;
    s->told_ns = cc->rtt_min_ns;
    s->smoothed_ns = cc->srtt_ns;
}

static void least_on_ack(mpt_cc *cc, const mpt_cc_group *group, uint64_t acked_bytes, mpt_time now) {
    (void)acked_bytes;
    (void)now;
    assert_int_equal(group->members[0]->rtt_min_ns, cc->rtt_min_ns); /* a sibling's can be seen as one's own */
    fixed_init(cc);
}

static const mpt_cc_ops watcher = {.name = "least",
                                   .priv_bytes = sizeof(least_state),
                                   .init = fixed_init,
                                   .on_delivered = least_on_delivered,
                                   .on_ack = least_on_ack,
                                   .on_loss = shut_on_loss,
                                   .on_undo = mpt_cc_undo};

/* ---- One that lets a segment go in half an hour ------------------------------------------------------------- */

static void crawl_on_ack(mpt_cc *cc, const mpt_cc_group *group, uint64_t acked_bytes, mpt_time now) {
    fixed_on_ack(cc, group, acked_bytes, now);
    cc->pacing_bytes_per_s = 1;
}

static const mpt_cc_ops crawl = {.name = "crawl",
                                 .priv_bytes = sizeof(fixed_state),
                                 .init = fixed_init,
                                 .on_ack = crawl_on_ack,
                                 .on_loss = fixed_on_loss,
                                 .on_undo = mpt_cc_undo};

/* ---- Tests ------------------------------------------------------------------------------------------------ */

static void pair_init(unit_pair *p, const mpt_cc_ops *ops) {
    mpt_conn_settings cs = unit_pair_begin(p);
    snprintf(cs.congestion_control, sizeof cs.congestion_control, "%s", ops->name);
    assert_int_equal(mpt_connect(p->stack[0], &unit_pair_ends[0], &unit_pair_ends[1], &cs, 0, &p->conn),
                     MPT_ERR_SETTING);
    assert_int_equal(mpt_register_cc(p->stack[0], ops), MPT_OK);
    assert_int_equal(mpt_connect(p->stack[0], &unit_pair_ends[0], &unit_pair_ends[1], &cs, 0, &p->conn), MPT_OK);
}

static void own_congestion_control_rules_the_window(void **state) {
    unit_pair p;
    (void)state;
    pair_init(&p, &fixed);
    unit_pair_transfer(&p);
    assert_int_equal(p.received_bytes, PAIR_BYTES);
    assert_int_equal(p.most_in_a_turn, FIXED_SEGMENTS);
    assert_int_equal(mpt_stack_counters(p.stack[0])->PolicyFaults, 0);
    assert_true(mpt_stack_counters(p.stack[0])->RetransSegs > 0);
    unit_pair_end(&p);
}

/** Also of one that only repeats what is known, when nothing is outstanding. */
static void own_congestion_control_sees_each_acknowledgement(void **state) {
    unit_pair p;
    mpt_store store;
    (void)state;
    pair_init(&p, &fixed);
    unit_pair_transfer(&p);
    unit_pair_quieten(&p);
    const fixed_state *seen = mpt_conn_cc(p.conn, 0)->priv;
    uint64_t before = seen->acknowledgements;
    assert_int_equal(seen->delivered_bytes, PAIR_BYTES);
    mpt_stack_receive(p.stack[0], &p.last_back, &store, p.now);
    assert_int_equal(seen->acknowledgements, before + 1);
    unit_pair_end(&p);
}

static void shut_window_is_opened_and_told(void **state) {
    unit_pair p;
    (void)state;
    pair_init(&p, &shut);
    unit_pair_transfer(&p);
    assert_int_equal(p.received_bytes, PAIR_BYTES);
    assert_true(mpt_stack_counters(p.stack[0])->PolicyFaults > 100);
    unit_pair_end(&p);
}

static void crawling_pace_is_set_right_and_told(void **state) {
    unit_pair p;
    (void)state;
    pair_init(&p, &crawl);
    unit_pair_transfer(&p);
    assert_int_equal(p.received_bytes, PAIR_BYTES);
    assert_true(mpt_stack_counters(p.stack[0])->PolicyFaults > 10);
    unit_pair_end(&p);
}

/** Over the setting's window of time: what is older is forgotten. */
static void own_congestion_control_is_told_the_least_round_trip_time(void **state) {
    const struct {
        const char *name;
        mpt_time window_ns, told_ms;
    } rows[] = {{"five minutes", 300 * MPT_S, 20}, {"a second", MPT_S, 60}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        unit_pair p;
        mpt_conn_settings cs = unit_pair_begin(&p);
        p.later_ms = 20;
        cs.rtt_min_window_ns = rows[i].window_ns;
        snprintf(cs.congestion_control, sizeof cs.congestion_control, "%s", watcher.name);
        assert_int_equal(mpt_register_cc(p.stack[0], &watcher), MPT_OK);
        assert_int_equal(mpt_connect(p.stack[0], &unit_pair_ends[0], &unit_pair_ends[1], &cs, 0, &p.conn), MPT_OK);
        unit_pair_transfer(&p);
        const least_state *seen = mpt_conn_cc(p.conn, 0)->priv;
        assert_int_equal(p.received_bytes, PAIR_BYTES);
        EXPECT_U64(rows[i].name, (uint64_t)seen->least_ns, 20 * MPT_MS);
        EXPECT_U64(rows[i].name, (uint64_t)seen->told_ns, (uint64_t)(rows[i].told_ms * MPT_MS));
        assert_true(seen->smoothed_ns > 55 * MPT_MS);
        unit_pair_end(&p);
    }
}

static void registration_says_what_is_wrong(void **state) {
    static char names[MPT_REGISTERED_MAX + 1][MPT_NAME_BYTES];
    static mpt_cc_ops many[MPT_REGISTERED_MAX + 1];
    const struct {
        const char *name;
        mpt_cc_ops ops;
        mpt_status status;
    } rows[] = {
        {"no name", {.name = NULL}, MPT_ERR_SETTING},
        {"an empty name", {.name = ""}, MPT_ERR_SETTING},
        {"15 characters", {.name = "abcdefghijklmno"}, MPT_OK},
        {"16 characters", {.name = "abcdefghijklmnop"}, MPT_ERR_SETTING},
        {"a name that ships", {.name = "lia"}, MPT_ERR_NAME},
        {"once more", {.name = "abcdefghijklmno"}, MPT_ERR_NAME},
        {"all the state", {.name = "all", .priv_bytes = MPT_CC_PRIV_BYTES}, MPT_OK},
        {"too much state", {.name = "more", .priv_bytes = MPT_CC_PRIV_BYTES + 1}, MPT_ERR_SETTING},
    };
    static mpt_cc_ops kept[COUNT_OF(rows)];
    unit_memory memory;
    mpt_settings set;
    mpt_stack *st;
    (void)state;
    unit_memory_init(&memory);
    mpt_settings_default(&set);
    assert_int_equal(mpt_stack_new(&st, &set, &memory.mem, 0), MPT_OK);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        kept[i] = fixed;
        kept[i].name = rows[i].ops.name;
        kept[i].priv_bytes = rows[i].ops.priv_bytes;
        EXPECT_U64(rows[i].name, mpt_register_cc(st, &kept[i]), rows[i].status);
    }
    assert_int_equal(mpt_register_cc(st, NULL), MPT_ERR_SETTING);
    assert_int_equal(mpt_register_scheduler(st, NULL), MPT_ERR_SETTING);
    assert_int_equal(mpt_register_path_manager(st, NULL), MPT_ERR_SETTING);
    mpt_cc_ops bare = {.name = "bare"};
    assert_int_equal(mpt_register_cc(st, &bare), MPT_ERR_SETTING);
    for (int i = 0; i <= MPT_REGISTERED_MAX; i++) {
        snprintf(names[i], sizeof names[i], "mine%d", i);
        many[i] = fixed;
        many[i].name = names[i];
        assert_int_equal(mpt_register_cc(st, &many[i]), i + 2 < MPT_REGISTERED_MAX ? MPT_OK : MPT_ERR_LIMIT);
    }
    mpt_stack_free(st);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_congestion_control_rules_the_window),
        cmocka_unit_test(own_congestion_control_sees_each_acknowledgement),
        cmocka_unit_test(shut_window_is_opened_and_told),
        cmocka_unit_test(crawling_pace_is_set_right_and_told),
        cmocka_unit_test(own_congestion_control_is_told_the_least_round_trip_time),
        cmocka_unit_test(registration_says_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
