/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ext_sched.c: schedulers of one's own (mpt_ext.h), what they are shown and told, and what becomes of those that are wrong.
 */
#include "mpt_ext.h"
#include "unit_pair.h"

#include <stdio.h>
#include <string.h>

typedef struct counting_state {
    uint64_t asked, sent_bytes, acked_bytes;
    uint32_t ups, losses;
} counting_state;
static counting_state counted; /* of the last connection, to be looked at */

static mpt_sched_choice counting_next(const mpt_sched_view *v) {
    ((counting_state *)v->priv)->asked++;
    assert_true(v->snd_una <= v->snd_nxt && v->snd_nxt <= v->snd_end && v->snd_end <= v->snd_written);
    mpt_sched_path p = mpt_sched_look(v, 0);
    assert_true(p.has_room && p.mss_bytes > 0 && p.srtt_ns == 2 * PAIR_ONE_WAY_MS * MPT_MS && p.rate_bytes_per_s > 0);
    assert_true((p.flight_bytes == 0) == (p.low_offset == UINT64_MAX) || p.unacked_bytes > 0);
    return v->snd_nxt < v->snd_end ? mpt_sched_new(v, 0) : mpt_sched_wait(MPT_NEVER);
}

static void counting_on_event(const mpt_sched_event *e) {
    counting_state *s = e->priv;
    s->sent_bytes += e->kind == MPT_SCHED_SENT ? e->bytes : 0;
    s->acked_bytes += e->kind == MPT_SCHED_ACKED ? e->bytes : 0;
    s->ups += e->kind == MPT_SCHED_UP;
    s->losses += e->kind == MPT_SCHED_LOSS;
    counted = *s;
}

static mpt_sched_choice wrong_path(const mpt_sched_view *v) {
    return mpt_sched_new(v, v->count);
}
static mpt_sched_choice beyond_the_end(const mpt_sched_view *v) {
    return mpt_sched_copy(0, v->snd_nxt + 1);
}
static mpt_sched_choice acknowledged_already(const mpt_sched_view *v) {
    return mpt_sched_copy(0, v->snd_una - 1);
}
static mpt_sched_choice what_it_holds(const mpt_sched_view *v) {
    return mpt_sched_copy(0, v->snd_una);
}
static mpt_sched_choice nothing_of_it(const mpt_sched_view *v) {
    mpt_sched_choice c = mpt_sched_new(v, 0);
    c.bytes_max = 0;
    return c;
}
static mpt_sched_choice waits_for_ever(const mpt_sched_view *v) {
    (void)v;
    return mpt_sched_wait(MPT_NEVER);
}
static mpt_sched_choice waits_till_yesterday(const mpt_sched_view *v) {
    return mpt_sched_wait(v->now);
}
static mpt_sched_choice waits_again_and_again(const mpt_sched_view *v) {
    return mpt_sched_wait(v->now + MPT_MS);
}

static void transfer_by(unit_pair *p, const mpt_sched_ops *ops) {
    mpt_conn_settings cs = unit_pair_begin(p);
    p->bytes = PAIR_FEW_BYTES;
    snprintf(cs.scheduler, sizeof cs.scheduler, "%s", ops->name);
    assert_int_equal(mpt_connect(p->stack[0], &unit_pair_ends[0], &unit_pair_ends[1], &cs, 0, &p->conn),
                     MPT_ERR_SETTING);
    assert_int_equal(mpt_register_scheduler(p->stack[0], ops), MPT_OK);
    assert_int_equal(mpt_connect(p->stack[0], &unit_pair_ends[0], &unit_pair_ends[1], &cs, 0, &p->conn), MPT_OK);
    unit_pair_transfer(p);
    assert_int_equal(p->received_bytes, PAIR_FEW_BYTES);
}

static void own_scheduler_is_asked_and_told(void **state) {
    static const mpt_sched_ops ops = {.name = "counting",
                                      .priv_bytes = sizeof(counting_state),
                                      .makes_copies = true, /* it is asked for one path, too */
                                      .events = UINT32_MAX,
                                      .next = counting_next,
                                      .on_event = counting_on_event};
    unit_pair p;
    (void)state;
    transfer_by(&p, &ops);
    assert_int_equal(mpt_stack_counters(p.stack[0])->PolicyFaults, 0);
    assert_int_equal(counted.sent_bytes, PAIR_FEW_BYTES);
    assert_true(counted.acked_bytes > PAIR_FEW_BYTES / 2 && counted.acked_bytes <= PAIR_FEW_BYTES);
    assert_int_equal(counted.ups, 1);
    assert_true(counted.asked >= PAIR_FEW_BYTES / 1460);
    unit_pair_end(&p);
}

static void wrong_scheduler_is_told_and_stops_nothing(void **state) {
    const struct {
        const char *name;
        mpt_sched_choice (*next)(const mpt_sched_view *v);
    } rows[] = {{"wrong path", wrong_path},
                {"beyond the end", beyond_the_end},
                {"acknowledged", acknowledged_already},
                {"holds it", what_it_holds},
                {"nothing of it", nothing_of_it},
                {"for ever", waits_for_ever},
                {"yesterday", waits_till_yesterday},
                {"again and again", waits_again_and_again}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        mpt_sched_ops ops = {.name = rows[i].name, .makes_copies = true, .next = rows[i].next};
        unit_pair p;
        transfer_by(&p, &ops);
        EXPECT_U64(rows[i].name, mpt_stack_counters(p.stack[0])->PolicyFaults > 0, true);
        unit_pair_end(&p);
    }
}

static mpt_time patient_until;

static mpt_sched_choice waits_once(const mpt_sched_view *v) {
    if (patient_until == 0)
        patient_until = v->now + 5 * MPT_US;
    return v->now < patient_until ? mpt_sched_wait(patient_until) : mpt_sched_new(v, 0);
}

/** One short wait is one, however often it is asked for before it ends. */
static void wait_that_is_asked_for_often_is_no_fault(void **state) {
    static const mpt_sched_ops ops = {.name = "waits once", .makes_copies = true, .next = waits_once};
    unit_pair p;
    mpt_segment s;
    (void)state;
    patient_until = 0;
    transfer_by(&p, &ops);
    patient_until = 0;
    for (int i = 0; i < 300; i++) {
        assert_int_equal(mpt_conn_write(p.conn, 10, p.now), MPT_OK);
        assert_false(mpt_stack_transmit(p.stack[0], &s, p.now));
    }
    assert_int_equal(mpt_stack_counters(p.stack[0])->PolicyFaults, 0);
    unit_pair_end(&p);
}

static mpt_sched_choice hundred_bytes(const mpt_sched_view *v) {
    mpt_sched_choice c = mpt_sched_new(v, 0);
    c.bytes_max = 100;
    return v->snd_nxt < v->snd_end ? c : mpt_sched_wait(MPT_NEVER);
}

/** Such pieces are small by its will: they wait for no larger ones (silly window avoidance, Nagle). */
static void own_scheduler_may_give_small_pieces(void **state) {
    (void)state;
    unit_pair p;
    mpt_sched_ops ops = {.name = "hundred", .makes_copies = true, .next = hundred_bytes};
    transfer_by(&p, &ops);
    assert_int_equal(mpt_stack_counters(p.stack[0])->PolicyFaults, 0);
    assert_true(p.data_segments >= PAIR_FEW_BYTES / 100);
    unit_pair_end(&p);
}

static mpt_sched_view first_view; /* that it was shown: what of it is a number */

static mpt_sched_choice first_viewed(const mpt_sched_view *v) {
    if (first_view.snd_end == 0)
        first_view = *v;
    return v->snd_nxt < v->snd_end ? mpt_sched_new(v, 0) : mpt_sched_wait(MPT_NEVER);
}

/** A send buffer that grows: what it is now counts, not what it may come to. */
static void own_scheduler_sees_the_buffer_as_it_is(void **state) {
    static const mpt_sched_ops ops = {.name = "first", .makes_copies = true, .next = first_viewed};
    (void)state;
    for (int has_tuning = 0; has_tuning <= 1; has_tuning++) {
        unit_pair p;
        mpt_segment s;
        mpt_conn_settings cs = unit_pair_begin(&p);
        first_view.snd_end = 0;
        cs.send_buffer_autotuning = has_tuning;
        snprintf(cs.scheduler, sizeof cs.scheduler, "%s", ops.name);
        assert_int_equal(mpt_register_scheduler(p.stack[0], &ops), MPT_OK);
        assert_int_equal(mpt_connect(p.stack[0], &unit_pair_ends[0], &unit_pair_ends[1], &cs, 0, &p.conn), MPT_OK);
        assert_int_equal(mpt_conn_writable(p.conn), has_tuning ? 16384 : cs.send_buffer_bytes);
        unit_pair_carry(&p, 0);
        unit_pair_carry(&p, 1);
        uint64_t room = mpt_conn_writable(p.conn);
        if (has_tuning) /* twice the first window */
            assert_in_range(room, 2 * 10 * 1400, 2 * 10 * 1460);
        assert_int_equal(mpt_conn_write(p.conn, 2 * 10 * 1460 < room ? 2 * 10 * 1460 : room, p.now), MPT_OK);
        while (mpt_stack_transmit(p.stack[0], &s, p.now))
            ;
        EXPECT_U64("window", first_view.window_bytes, has_tuning ? room : 65535);
        EXPECT_U64("more to come", first_view.has_more, has_tuning);
        unit_pair_end(&p);
    }
}

/** Carries what is of address @p a alone, in both directions, for some round trips; the rest is lost. */
static void carry_only(unit_pair *p, const mpt_addr *a) {
    for (int turn = 0; turn < 8; turn++) {
        mpt_segment s[64];
        mpt_store store;
        int from = turn & 1;
        size_t count = 0;
        while (count < COUNT_OF(s) && mpt_stack_transmit(p->stack[from], &s[count], p->now))
            count++;
        p->now += PAIR_ONE_WAY_MS * MPT_MS;
        for (size_t i = 0; i < count; i++)
            if (mpt_addr_equal(from == 0 ? &s[i].source : &s[i].destination, a))
                mpt_stack_receive(p->stack[1 - from], &s[i], &store, p->now);
    }
}

static bool is_told_writable(unit_pair *p) {
    mpt_notice notice;
    bool is_told = false;
    while (mpt_stack_poll(p->stack[0], &notice))
        is_told |= notice.kind == MPT_NOTICE_WRITABLE;
    return is_told;
}

/** A full send buffer that grows, for there is another path, though none of the data are acknowledged; not for a path that is only a backup. */
static void room_for_another_path_is_told(void **state) {
    (void)state;
    for (int is_backup = 0; is_backup <= 1; is_backup++) {
        const mpt_local_address other = {.addr = {4, {10, 0, 0, 3}}, .is_backup = is_backup};
        unit_pair p;
        mpt_conn_settings cs = unit_pair_begin(&p);
        p.bytes = 10000;
        cs.send_buffer_autotuning = true;
        assert_int_equal(mpt_connect(p.stack[0], &unit_pair_ends[0], &unit_pair_ends[1], &cs, 0, &p.conn), MPT_OK);
        unit_pair_transfer(&p);
        unit_pair_quieten(&p);
        assert_int_equal(mpt_conn_write(p.conn, 1, p.now), MPT_OK); /* no window grows by that */
        unit_pair_quieten(&p);
        assert_int_equal(mpt_conn_write(p.conn, mpt_conn_writable(p.conn), p.now), MPT_OK);
        is_told_writable(&p);
        assert_int_equal(mpt_address_up(p.stack[0], &other, p.now), MPT_OK);
        uint64_t acked = mpt_conn_acked_offset(p.conn);
        carry_only(&p, &other.addr);
        mpt_subflow_info second;
        assert_true(mpt_conn_get_subflow_info(p.conn, 1, &second) && second.is_established);
        assert_int_equal(mpt_conn_acked_offset(p.conn), acked);
        EXPECT_U64(is_backup ? "backup" : "path", is_told_writable(&p), !is_backup);
        EXPECT_U64(is_backup ? "backup" : "path", mpt_conn_writable(p.conn) > 0, !is_backup);
        unit_pair_end(&p);
    }
}

/** What it answers next, and how often it was asked. */
static struct {
    bool is_wait;
    uint32_t path, asked;
} answer;

static mpt_sched_choice as_told(const mpt_sched_view *v) {
    mpt_sched_choice c = mpt_sched_new(v, answer.path < v->count ? answer.path : 0);
    answer.asked++;
    c.run_bytes = answer.path == 0 ? 100000 : 0;
    return answer.is_wait ? mpt_sched_wait(MPT_NEVER) : c;
}

/** @return whether of @p bytes more any leave at once */
static bool leaves(unit_pair *p, mpt_segment *s, uint64_t bytes) {
    assert_int_equal(mpt_conn_write(p->conn, bytes, p->now), MPT_OK);
    return mpt_stack_transmit(p->stack[0], s, p->now);
}

/** A scheduler promises a run, is asked again in the same moment, as more was written and of another path's news, and waits: that is its word from then on. */
static void run_ends_with_the_next_answer(void **state) {
    enum { TWO_SEGMENTS_BYTES = 2000 };
    static const mpt_sched_ops ops = {.name = "as told", .next = as_told};
    const mpt_local_address other = {.addr = {4, {10, 0, 0, 3}}};
    unit_pair p;
    (void)state;
    mpt_conn_settings cs = unit_pair_begin(&p);
    p.bytes = PAIR_FEW_BYTES;
    cs.nagle = false;
    snprintf(cs.scheduler, sizeof cs.scheduler, "%s", ops.name);
    memset(&answer, 0, sizeof answer);
    assert_int_equal(mpt_address_up(p.stack[0], &other, 0), MPT_OK);
    assert_int_equal(mpt_register_scheduler(p.stack[0], &ops), MPT_OK);
    assert_int_equal(mpt_connect(p.stack[0], &unit_pair_ends[0], &unit_pair_ends[1], &cs, 0, &p.conn), MPT_OK);
    unit_pair_transfer(&p);
    unit_pair_quieten(&p); /* both subflows are there */

    mpt_segment sent, news;
    mpt_store store;
    answer.path = 1;
    assert_true(leaves(&p, &sent, 1));
    assert_true(mpt_addr_equal(&sent.source, &other.addr));
    p.now += 100 * MPT_MS;
    mpt_stack_receive(p.stack[1], &sent, &store, p.now);
    mpt_stack_timer(p.stack[1], p.now + 100 * MPT_MS);
    assert_true(mpt_stack_transmit(p.stack[1], &news, p.now + 100 * MPT_MS));
    p.now += 100 * MPT_MS;
    answer.path = 0;
    assert_true(leaves(&p, &sent, TWO_SEGMENTS_BYTES));
    assert_true(mpt_addr_equal(&sent.source, &unit_pair_ends[0].addr));
    uint32_t asked = answer.asked;
    assert_true(mpt_stack_transmit(p.stack[0], &sent, p.now)); /* of the run */
    assert_int_equal(answer.asked, asked);
    assert_true(leaves(&p, &sent, 1));
    assert_int_equal(answer.asked, ++asked);
    mpt_stack_receive(p.stack[0], &news, &store, p.now);
    answer.is_wait = true;
    assert_false(leaves(&p, &sent, 1));
    assert_int_equal(answer.asked, asked + 1);
    assert_false(leaves(&p, &sent, 1));
    assert_int_equal(answer.asked, asked + 2);
    assert_int_equal(mpt_stack_counters(p.stack[0])->PolicyFaults, 0);
    unit_pair_end(&p);
}

static uint32_t penalised;

/** Twice each time: the second time in a round trip nothing happens. */
static mpt_sched_choice penalising_next(const mpt_sched_view *v) {
    mpt_sched_path before = mpt_sched_look(v, 0);
    mpt_sched_penalise(v, 0);
    mpt_sched_path after = mpt_sched_look(v, 0);
    uint64_t half = before.cwnd_bytes / 2, least = 2 * (uint64_t)before.mss_bytes;
    if (after.cwnd_bytes != before.cwnd_bytes) {
        penalised++;
        assert_int_equal(after.cwnd_bytes, half > least ? half : least);
    }
    mpt_sched_penalise(v, 0);
    assert_int_equal(mpt_sched_look(v, 0).cwnd_bytes, after.cwnd_bytes);
    return v->snd_nxt < v->snd_end ? mpt_sched_new(v, 0) : mpt_sched_wait(MPT_NEVER);
}

static void own_scheduler_may_penalise(void **state) {
    (void)state;
    unit_pair p;
    mpt_sched_ops ops = {.name = "penalising", .makes_copies = true, .next = penalising_next};
    penalised = 0;
    transfer_by(&p, &ops);
    assert_in_range(penalised, 1, 20);
    assert_int_equal(mpt_stack_counters(p.stack[0])->PolicyFaults, 0);
    unit_pair_end(&p);
}

/** A question about a path that there is not is told where it is asked. */
static void questions_about_no_path_are_told(void **state) {
    (void)state;
    mpt_sched_view v = {.count = 0, .room = UINT32_MAX};
    expect_assert_failure(mpt_sched_look(&v, 0));
    expect_assert_failure(mpt_sched_path_priv(&v, 99));
    expect_assert_failure(mpt_sched_arrival(&v, 0));
    expect_assert_failure(mpt_sched_path_holds(&v, UINT32_MAX, 0));
    assert_false(mpt_sched_has_room(&v, 0));
    assert_false(mpt_sched_has_room(&v, 32));
}

static void schedulers_names_are_checked(void **state) {
    const struct {
        const char *what;
        mpt_sched_ops ops;
        mpt_status status;
    } rows[] = {
        {"no name", {.next = wrong_path}, MPT_ERR_SETTING},
        {"no next()", {.name = "none"}, MPT_ERR_SETTING},
        {"16 characters", {.name = "abcdefghijklmnop", .next = wrong_path}, MPT_ERR_SETTING},
        {"a name that ships", {.name = "blest", .next = wrong_path}, MPT_ERR_NAME},
        {"all the state", {.name = "all", .priv_bytes = MPT_SCHED_PRIV_BYTES, .next = wrong_path}, MPT_OK},
        {"too much state",
         {.name = "m", .path_priv_bytes = MPT_SCHED_PRIV_BYTES + 1, .next = wrong_path},
         MPT_ERR_SETTING},
        {"once more", {.name = "all", .next = wrong_path}, MPT_ERR_NAME},
    };
    unit_pair p;
    (void)state;
    unit_pair_begin(&p);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        EXPECT_U64(rows[i].what, mpt_register_scheduler(p.stack[0], &rows[i].ops), rows[i].status);
    for (int i = 1; i <= MPT_REGISTERED_MAX; i++) {
        static char names[MPT_REGISTERED_MAX + 1][MPT_NAME_BYTES];
        static mpt_sched_ops many[MPT_REGISTERED_MAX + 1];
        snprintf(names[i], sizeof names[i], "mine%d", i);
        many[i] = (mpt_sched_ops){.name = names[i], .next = wrong_path};
        assert_int_equal(mpt_register_scheduler(p.stack[0], &many[i]), i < MPT_REGISTERED_MAX ? MPT_OK : MPT_ERR_LIMIT);
    }
    unit_pair_end(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_scheduler_is_asked_and_told),
        cmocka_unit_test(wrong_scheduler_is_told_and_stops_nothing),
        cmocka_unit_test(wait_that_is_asked_for_often_is_no_fault),
        cmocka_unit_test(own_scheduler_may_give_small_pieces),
        cmocka_unit_test(own_scheduler_sees_the_buffer_as_it_is),
        cmocka_unit_test(room_for_another_path_is_told),
        cmocka_unit_test(run_ends_with_the_next_answer),
        cmocka_unit_test(own_scheduler_may_penalise),
        cmocka_unit_test(questions_about_no_path_are_told),
        cmocka_unit_test(schedulers_names_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
