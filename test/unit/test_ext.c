/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ext.c: policies of one's own (mpt_ext.h), registered, chosen by name and in use between two stacks; and what becomes of
 * those that are wrong.
 */
#include "mpt_ext.h"
#include "unit_support.h"

#include <stdio.h>
#include <string.h>

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

/* ---- Two stacks, 10 ms apart -------------------------------------------------------------------------------- */

enum { BYTES = 500000, ONE_WAY_MS = 10, LOST = 40 /* the first data segment with such a number */ };

typedef struct pair {
    unit_memory memory;
    mpt_stack *stack[2];
    mpt_conn *conn;
    mpt_time now;
    uint64_t bytes, data_segments, most_in_a_turn, received_bytes;
    mpt_time later_ms;     /**< so much longer is a way once a hundred data segments were sent */
    mpt_segment last_back; /**< the last that stack 1 sent */
} pair;

static const mpt_endpoint ends[2] = {{{4, {10, 0, 0, 1}}, 5000}, {{4, {10, 0, 0, 2}}, 80}};

/** Two stacks that know nothing but what ships. */
static mpt_conn_settings pair_begin(pair *p) {
    *p = (pair){.bytes = BYTES};
    unit_memory_init(&p->memory);
    for (int i = 0; i < 2; i++) {
        mpt_settings set;
        mpt_local_address a = {.addr = ends[i].addr};
        mpt_settings_default(&set);
        set.seed = (uint64_t)i + 1;
        assert_int_equal(mpt_stack_new(&p->stack[i], &set, &p->memory.mem, 0), MPT_OK);
        assert_int_equal(mpt_address_up(p->stack[i], &a, 0), MPT_OK);
    }
    mpt_listener *l;
    mpt_settings set;
    mpt_settings_default(&set);
    assert_int_equal(mpt_listen(p->stack[1], &ends[1], 1, NULL, &l), MPT_OK);
    return set.conn;
}

static void pair_init(pair *p, const mpt_cc_ops *ops) {
    mpt_conn_settings cs = pair_begin(p);
    snprintf(cs.congestion_control, sizeof cs.congestion_control, "%s", ops->name);
    assert_int_equal(mpt_connect(p->stack[0], &ends[0], &ends[1], &cs, 0, &p->conn), MPT_ERR_SETTING);
    assert_int_equal(mpt_register_cc(p->stack[0], ops), MPT_OK);
    assert_int_equal(mpt_connect(p->stack[0], &ends[0], &ends[1], &cs, 0, &p->conn), MPT_OK);
}

/** All that stack @p from has to say is heard by the other. @return how many data segments that was */
static uint64_t carry(pair *p, int from) {
    static mpt_segment queue[1000];
    size_t count = 0;
    uint64_t data = 0;
    while (count < COUNT_OF(queue) && mpt_stack_transmit(p->stack[from], &queue[count], p->now))
        count++;
    p->now += (ONE_WAY_MS + (p->data_segments > 100 ? p->later_ms : 0)) * MPT_MS;
    for (size_t i = 0; i < count; i++) {
        mpt_store store = {0};
        data += queue[i].payload_bytes > 0;
        if (queue[i].payload_bytes > 0 && ++p->data_segments == LOST)
            continue;
        mpt_stack_receive(p->stack[1 - from], &queue[i], &store, p->now);
        if (from == 1)
            p->last_back = queue[i];
    }
    return data;
}

static void transfer(pair *p) {
    bool was_written = false;
    for (int turn = 0; turn < 4000 && p->received_bytes < p->bytes; turn++) {
        uint64_t sent = carry(p, 0);
        if (p->data_segments > sent) /* not the initial window, which is the core's */
            p->most_in_a_turn = sent > p->most_in_a_turn ? sent : p->most_in_a_turn;
        carry(p, 1);
        for (int i = 0; i < 2; i++) {
            mpt_notice notice;
            mpt_stack_timer(p->stack[i], p->now);
            while (mpt_stack_poll(p->stack[i], &notice)) {
                if (i == 0 && notice.kind == MPT_NOTICE_CONNECTED && !was_written) {
                    assert_int_equal(mpt_conn_write(p->conn, p->bytes, p->now), MPT_OK);
                    was_written = true;
                } else if (i == 1 && notice.kind == MPT_NOTICE_READABLE) {
                    p->received_bytes += mpt_conn_readable(notice.conn);
                    mpt_conn_consume(notice.conn, mpt_conn_readable(notice.conn), p->now);
                }
            }
            mpt_stack_check(p->stack[i]);
        }
    }
}

static void pair_end(pair *p) {
    mpt_stack_free(p->stack[0]);
    mpt_stack_free(p->stack[1]);
    assert_int_equal(p->memory.live, 0);
}

/** Until all is acknowledged, what is acknowledged late, too. */
static void quieten(pair *p) {
    for (int turn = 0; turn < 10; turn++) {
        mpt_stack_timer(p->stack[1], p->now);
        carry(p, 1);
        carry(p, 0);
    }
}

static void own_congestion_control_rules_the_window(void **state) {
    pair p;
    (void)state;
    pair_init(&p, &fixed);
    transfer(&p);
    assert_int_equal(p.received_bytes, BYTES);
    assert_int_equal(p.most_in_a_turn, FIXED_SEGMENTS);
    assert_int_equal(mpt_stack_counters(p.stack[0])->PolicyFaults, 0);
    assert_true(mpt_stack_counters(p.stack[0])->RetransSegs > 0);
    pair_end(&p);
}

/** Also of one that only repeats what is known, when nothing is outstanding. */
static void own_congestion_control_sees_each_acknowledgement(void **state) {
    pair p;
    mpt_store store;
    (void)state;
    pair_init(&p, &fixed);
    transfer(&p);
    quieten(&p);
    const fixed_state *seen = mpt_conn_cc(p.conn, 0)->priv;
    uint64_t before = seen->acknowledgements;
    assert_int_equal(seen->delivered_bytes, BYTES);
    mpt_stack_receive(p.stack[0], &p.last_back, &store, p.now);
    assert_int_equal(seen->acknowledgements, before + 1);
    pair_end(&p);
}

static void shut_window_is_opened_and_told(void **state) {
    pair p;
    (void)state;
    pair_init(&p, &shut);
    transfer(&p);
    assert_int_equal(p.received_bytes, BYTES);
    assert_true(mpt_stack_counters(p.stack[0])->PolicyFaults > 100);
    pair_end(&p);
}

static void crawling_pace_is_set_right_and_told(void **state) {
    pair p;
    (void)state;
    pair_init(&p, &crawl);
    transfer(&p);
    assert_int_equal(p.received_bytes, BYTES);
    assert_true(mpt_stack_counters(p.stack[0])->PolicyFaults > 10);
    pair_end(&p);
}

/** Over the setting's window of time: what is older is forgotten. */
static void own_congestion_control_is_told_the_least_round_trip_time(void **state) {
    const struct {
        const char *name;
        mpt_time window_ns, told_ms;
    } rows[] = {{"five minutes", 300 * MPT_S, 20}, {"a second", MPT_S, 60}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        pair p;
        mpt_conn_settings cs = pair_begin(&p);
        p.later_ms = 20;
        cs.rtt_min_window_ns = rows[i].window_ns;
        snprintf(cs.congestion_control, sizeof cs.congestion_control, "%s", watcher.name);
        assert_int_equal(mpt_register_cc(p.stack[0], &watcher), MPT_OK);
        assert_int_equal(mpt_connect(p.stack[0], &ends[0], &ends[1], &cs, 0, &p.conn), MPT_OK);
        transfer(&p);
        const least_state *seen = mpt_conn_cc(p.conn, 0)->priv;
        assert_int_equal(p.received_bytes, BYTES);
        EXPECT_U64(rows[i].name, (uint64_t)seen->least_ns, 20 * MPT_MS);
        EXPECT_U64(rows[i].name, (uint64_t)seen->told_ns, (uint64_t)(rows[i].told_ms * MPT_MS));
        assert_true(seen->smoothed_ns > 55 * MPT_MS);
        pair_end(&p);
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

/* ---- Schedulers ---- */

enum { FEW_BYTES = 30000 };

typedef struct counting_state {
    uint64_t asked, sent_bytes, acked_bytes;
    uint32_t ups, losses;
} counting_state;
static counting_state counted; /* of the last connection, to be looked at */

static mpt_sched_choice counting_next(const mpt_sched_view *v) {
    ((counting_state *)v->priv)->asked++;
    assert_true(v->snd_una <= v->snd_nxt && v->snd_nxt <= v->snd_end && v->snd_end <= v->snd_written);
    mpt_sched_path p = mpt_sched_look(v, 0);
    assert_true(p.has_room && p.mss_bytes > 0 && p.srtt_ns == 2 * ONE_WAY_MS * MPT_MS && p.rate_bytes_per_s > 0);
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

static void transfer_by(pair *p, const mpt_sched_ops *ops) {
    mpt_conn_settings cs = pair_begin(p);
    p->bytes = FEW_BYTES;
    snprintf(cs.scheduler, sizeof cs.scheduler, "%s", ops->name);
    assert_int_equal(mpt_connect(p->stack[0], &ends[0], &ends[1], &cs, 0, &p->conn), MPT_ERR_SETTING);
    assert_int_equal(mpt_register_scheduler(p->stack[0], ops), MPT_OK);
    assert_int_equal(mpt_connect(p->stack[0], &ends[0], &ends[1], &cs, 0, &p->conn), MPT_OK);
    transfer(p);
    assert_int_equal(p->received_bytes, FEW_BYTES);
}

static void own_scheduler_is_asked_and_told(void **state) {
    static const mpt_sched_ops ops = {.name = "counting",
                                      .priv_bytes = sizeof(counting_state),
                                      .makes_copies = true, /* it is asked for one path, too */
                                      .events = UINT32_MAX,
                                      .next = counting_next,
                                      .on_event = counting_on_event};
    pair p;
    (void)state;
    transfer_by(&p, &ops);
    assert_int_equal(mpt_stack_counters(p.stack[0])->PolicyFaults, 0);
    assert_int_equal(counted.sent_bytes, FEW_BYTES);
    assert_true(counted.acked_bytes > FEW_BYTES / 2 && counted.acked_bytes <= FEW_BYTES);
    assert_int_equal(counted.ups, 1);
    assert_true(counted.asked >= FEW_BYTES / 1460);
    pair_end(&p);
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
        pair p;
        transfer_by(&p, &ops);
        EXPECT_U64(rows[i].name, mpt_stack_counters(p.stack[0])->PolicyFaults > 0, true);
        pair_end(&p);
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
    pair p;
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
    pair_end(&p);
}

static mpt_sched_choice hundred_bytes(const mpt_sched_view *v) {
    mpt_sched_choice c = mpt_sched_new(v, 0);
    c.bytes_max = 100;
    return v->snd_nxt < v->snd_end ? c : mpt_sched_wait(MPT_NEVER);
}

/** Such pieces are small by its will: they wait for no larger ones (silly window avoidance, Nagle). */
static void own_scheduler_may_give_small_pieces(void **state) {
    (void)state;
    pair p;
    mpt_sched_ops ops = {.name = "hundred", .makes_copies = true, .next = hundred_bytes};
    transfer_by(&p, &ops);
    assert_int_equal(mpt_stack_counters(p.stack[0])->PolicyFaults, 0);
    assert_true(p.data_segments >= FEW_BYTES / 100);
    pair_end(&p);
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
        pair p;
        mpt_segment s;
        mpt_conn_settings cs = pair_begin(&p);
        first_view.snd_end = 0;
        cs.send_buffer_autotuning = has_tuning;
        snprintf(cs.scheduler, sizeof cs.scheduler, "%s", ops.name);
        assert_int_equal(mpt_register_scheduler(p.stack[0], &ops), MPT_OK);
        assert_int_equal(mpt_connect(p.stack[0], &ends[0], &ends[1], &cs, 0, &p.conn), MPT_OK);
        assert_int_equal(mpt_conn_writable(p.conn), has_tuning ? 16384 : cs.send_buffer_bytes);
        carry(&p, 0);
        carry(&p, 1);
        uint64_t room = mpt_conn_writable(p.conn);
        if (has_tuning) /* twice the first window */
            assert_in_range(room, 2 * 10 * 1400, 2 * 10 * 1460);
        assert_int_equal(mpt_conn_write(p.conn, 2 * 10 * 1460 < room ? 2 * 10 * 1460 : room, p.now), MPT_OK);
        while (mpt_stack_transmit(p.stack[0], &s, p.now))
            ;
        EXPECT_U64("window", first_view.window_bytes, has_tuning ? room : 65535);
        EXPECT_U64("more to come", first_view.has_more, has_tuning);
        pair_end(&p);
    }
}

/** Carries what is of address @p a alone, in both directions, for some round trips; the rest is lost. */
static void carry_only(pair *p, const mpt_addr *a) {
    for (int turn = 0; turn < 8; turn++) {
        mpt_segment s[64];
        mpt_store store;
        int from = turn & 1;
        size_t count = 0;
        while (count < COUNT_OF(s) && mpt_stack_transmit(p->stack[from], &s[count], p->now))
            count++;
        p->now += ONE_WAY_MS * MPT_MS;
        for (size_t i = 0; i < count; i++)
            if (mpt_addr_equal(from == 0 ? &s[i].source : &s[i].destination, a))
                mpt_stack_receive(p->stack[1 - from], &s[i], &store, p->now);
    }
}

static bool is_told_writable(pair *p) {
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
        pair p;
        mpt_conn_settings cs = pair_begin(&p);
        p.bytes = 10000;
        cs.send_buffer_autotuning = true;
        assert_int_equal(mpt_connect(p.stack[0], &ends[0], &ends[1], &cs, 0, &p.conn), MPT_OK);
        transfer(&p);
        quieten(&p);
        assert_int_equal(mpt_conn_write(p.conn, 1, p.now), MPT_OK); /* no window grows by that */
        quieten(&p);
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
        pair_end(&p);
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
static bool leaves(pair *p, mpt_segment *s, uint64_t bytes) {
    assert_int_equal(mpt_conn_write(p->conn, bytes, p->now), MPT_OK);
    return mpt_stack_transmit(p->stack[0], s, p->now);
}

/** A scheduler promises a run, is asked again in the same moment, of another path's news, and waits: that is its word from then on. */
static void run_ends_with_the_next_answer(void **state) {
    static const mpt_sched_ops ops = {.name = "as told", .next = as_told};
    const mpt_local_address other = {.addr = {4, {10, 0, 0, 3}}};
    pair p;
    (void)state;
    mpt_conn_settings cs = pair_begin(&p);
    p.bytes = FEW_BYTES;
    cs.nagle = false;
    snprintf(cs.scheduler, sizeof cs.scheduler, "%s", ops.name);
    memset(&answer, 0, sizeof answer);
    assert_int_equal(mpt_address_up(p.stack[0], &other, 0), MPT_OK);
    assert_int_equal(mpt_register_scheduler(p.stack[0], &ops), MPT_OK);
    assert_int_equal(mpt_connect(p.stack[0], &ends[0], &ends[1], &cs, 0, &p.conn), MPT_OK);
    transfer(&p);
    quieten(&p); /* both subflows are there */

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
    assert_true(leaves(&p, &sent, 1));
    assert_true(mpt_addr_equal(&sent.source, &ends[0].addr));
    uint32_t asked = answer.asked;
    assert_true(leaves(&p, &sent, 1)); /* of the run */
    assert_int_equal(answer.asked, asked);
    mpt_stack_receive(p.stack[0], &news, &store, p.now);
    answer.is_wait = true;
    assert_false(leaves(&p, &sent, 1));
    assert_int_equal(answer.asked, asked + 1);
    assert_false(leaves(&p, &sent, 1));
    assert_int_equal(answer.asked, asked + 2);
    assert_int_equal(mpt_stack_counters(p.stack[0])->PolicyFaults, 0);
    pair_end(&p);
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
    pair p;
    mpt_sched_ops ops = {.name = "penalising", .makes_copies = true, .next = penalising_next};
    penalised = 0;
    transfer_by(&p, &ops);
    assert_in_range(penalised, 1, 20);
    assert_int_equal(mpt_stack_counters(p.stack[0])->PolicyFaults, 0);
    pair_end(&p);
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
    pair p;
    (void)state;
    pair_begin(&p);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        EXPECT_U64(rows[i].what, mpt_register_scheduler(p.stack[0], &rows[i].ops), rows[i].status);
    for (int i = 1; i <= MPT_REGISTERED_MAX; i++) {
        static char names[MPT_REGISTERED_MAX + 1][MPT_NAME_BYTES];
        static mpt_sched_ops many[MPT_REGISTERED_MAX + 1];
        snprintf(names[i], sizeof names[i], "mine%d", i);
        many[i] = (mpt_sched_ops){.name = names[i], .next = wrong_path};
        assert_int_equal(mpt_register_scheduler(p.stack[0], &many[i]), i < MPT_REGISTERED_MAX ? MPT_OK : MPT_ERR_LIMIT);
    }
    pair_end(&p);
}

/* ---- Path managers ---- */

/** One subflow, after 100 ms three; the first that comes up is made a backup, the second is closed again. */
typedef struct later_state {
    uint32_t wanted, ups, downs, timers, established;
} later_state;
static later_state later;

static uint32_t later_wanted(const mpt_pm_view *v) {
    assert_true(v->is_client && v->is_initial_local && v->remote_rank == 0 && v->remote.port == 80);
    assert_true(v->subflows == v->subflows_of_all);
    return ((later_state *)v->priv)->wanted;
}

static void later_on_event(mpt_conn *c, const mpt_pm_event *e) {
    later_state *s = e->priv;
    s->established += e->kind == MPT_PM_ESTABLISHED;
    s->timers += e->kind == MPT_PM_TIMER;
    s->ups += e->kind == MPT_PM_SUBFLOW_UP;
    s->downs += e->kind == MPT_PM_SUBFLOW_DOWN;
    if (e->kind == MPT_PM_ESTABLISHED)
        mpt_pm_set_timer(c, e->now + 100 * MPT_MS);
    if (e->kind == MPT_PM_TIMER)
        s->wanted = 3;
    if (e->kind == MPT_PM_SUBFLOW_UP && s->ups == 1)
        assert_true(mpt_pm_set_backup(c, e->subflow_id, true));
    if (e->kind == MPT_PM_SUBFLOW_UP && s->ups == 2) {
        s->wanted = 0;
        assert_true(mpt_pm_close(c, e->subflow_id));
        assert_false(mpt_pm_close(c, 99));
    }
    later = *s;
}

static void greedy_on_event(mpt_conn *c, const mpt_pm_event *e) {
    mpt_pm_set_timer(c, e->now);
}
static uint32_t greedy_wanted(const mpt_pm_view *v) {
    (void)v;
    return UINT32_MAX;
}

static void transfer_with(pair *p, const mpt_pm_ops *ops) {
    mpt_conn_settings cs = pair_begin(p);
    snprintf(cs.path_manager, sizeof cs.path_manager, "%s", ops->name);
    assert_int_equal(mpt_connect(p->stack[0], &ends[0], &ends[1], &cs, 0, &p->conn), MPT_ERR_SETTING);
    assert_int_equal(mpt_register_path_manager(p->stack[0], ops), MPT_OK);
    assert_int_equal(mpt_register_path_manager(p->stack[0], ops), MPT_ERR_NAME);
    assert_int_equal(mpt_connect(p->stack[0], &ends[0], &ends[1], &cs, 0, &p->conn), MPT_OK);
    transfer(p);
    assert_int_equal(p->received_bytes, BYTES);
}

static void own_path_manager_opens_and_closes(void **state) {
    static const mpt_pm_ops ops = {
        .name = "later", .priv_bytes = sizeof(later_state), .wanted = later_wanted, .on_event = later_on_event};
    pair p;
    mpt_subflow_info info;
    uint32_t backups = 0, established = 0;
    (void)state;
    transfer_with(&p, &ops);
    const mpt_counters *k = mpt_stack_counters(p.stack[0]);
    assert_int_equal(later.established, 1);
    assert_int_equal(later.timers, 1);
    assert_int_equal(later.ups, 2);
    assert_int_equal(k->MPJoinSynTx, 2);
    assert_int_equal(k->MPPrioTx, 1);
    assert_int_equal(k->PolicyFaults, 0);
    for (uint32_t i = 0; mpt_conn_get_subflow_info(p.conn, i, &info); i++) {
        backups += info.is_backup;
        established += info.state == MPT_TCP_ESTABLISHED;
    }
    assert_int_equal(backups, 1);
    assert_int_equal(established, 2); /* of three */
    pair_end(&p);
}

static void greedy_path_manager_is_told_and_stops_nothing(void **state) {
    static const mpt_pm_ops ops = {.name = "greedy", .wanted = greedy_wanted, .on_event = greedy_on_event};
    static const mpt_pm_ops bare = {.name = "bare"};
    pair p;
    mpt_conn_info info;
    (void)state;
    transfer_with(&p, &ops);
    mpt_conn_get_info(p.conn, &info);
    assert_int_equal(info.subflow_count, 8); /* subflows_max */
    assert_true(mpt_stack_counters(p.stack[0])->PolicyFaults > 1);
    assert_int_equal(mpt_register_path_manager(p.stack[0], &bare), MPT_ERR_SETTING);
    pair_end(&p);
}

/* ---- One that announces and withdraws ---- */

enum { SERVER_LOCALS = 18 /* one more than the initial one and those that may be announced */ };

static struct {
    uint32_t locals, ok, limit, others;
    mpt_status initial, foreign, again, withdrawn_initial, withdrawn_foreign, withdrawn_silent, withdrawn_twice;
} announced;

static mpt_addr server_addr(uint32_t i) {
    return mpt_addr_v4(10, 0, (uint8_t)i, 2);
}

/** At the beginning all that there is; after 300 ms the first of them is withdrawn. */
static void announcing_on_event(mpt_conn *c, const mpt_pm_event *e) {
    mpt_addr foreign = mpt_addr_v4(10, 9, 9, 9), first = server_addr(1), second = server_addr(2);
    mpt_addr last = server_addr(SERVER_LOCALS - 1);
    if (e->kind == MPT_PM_ESTABLISHED) {
        announced.initial = mpt_pm_announce(c, &ends[1].addr);
        announced.foreign = mpt_pm_announce(c, &foreign);
        while (mpt_pm_local(c, announced.locals)) {
            mpt_addr a = mpt_pm_local(c, announced.locals++)->addr;
            mpt_status status = mpt_pm_announce(c, &a);
            announced.ok += status == MPT_OK;
            announced.limit += status == MPT_ERR_LIMIT;
            announced.others += status != MPT_OK && status != MPT_ERR_LIMIT;
        }
        announced.again = mpt_pm_announce(c, &first);
        mpt_pm_set_timer(c, e->now + 300 * MPT_MS);
    } else if (e->kind == MPT_PM_TIMER) {
        announced.withdrawn_initial = mpt_pm_withdraw(c, &ends[1].addr);
        announced.withdrawn_foreign = mpt_pm_withdraw(c, &foreign);
        assert_int_equal(mpt_pm_withdraw(c, &first), MPT_OK);
        announced.withdrawn_twice = mpt_pm_withdraw(c, &first);
        announced.withdrawn_silent = mpt_pm_withdraw(c, &last);
        assert_int_equal(mpt_pm_withdraw(c, &second), MPT_OK); /* on second thoughts */
        assert_int_equal(mpt_pm_announce(c, &second), MPT_OK);
    } else if (e->kind == MPT_PM_LOCAL_DOWN && mpt_addr_equal(&e->addr, &second)) {
        mpt_pm_announce(c, &e->addr); /* too late */
    } else if (e->kind == MPT_PM_LOCAL_DOWN) {
        mpt_pm_withdraw(c, &e->addr); /* which the core does, too */
    }
}

/** Nothing is written. */
static void let_pass(pair *p, mpt_time duration_ns) {
    for (mpt_time end = p->now + duration_ns; p->now < end;)
        for (int i = 0; i < 2; i++) {
            mpt_stack_timer(p->stack[i], p->now);
            carry(p, i);
            mpt_stack_check(p->stack[i]);
        }
}

static uint32_t no_subflow_wanted(const mpt_pm_view *v) {
    (void)v;
    return 0;
}

/** At port 81 of the server, whose addresses are not marked so, and that by itself announces none anyhow. */
static void own_path_manager_announces_and_withdraws(void **state) {
    static const mpt_pm_ops ops = {.name = "announcing", .wanted = no_subflow_wanted, .on_event = announcing_on_event};
    static const mpt_addr host_local[] = {
        {4, {127, 0, 0, 1}}, {6, {[15] = 1}}, {6, {0xfe, 0x80, [15] = 7}}, {6, {0xfe, 0xbf, [15] = 7}}};
    const mpt_endpoint at = {ends[1].addr, 81};
    mpt_listener *l;
    pair p;
    (void)state;
    memset(&announced, 0, sizeof announced);
    mpt_conn_settings cs = pair_begin(&p), server = cs;
    for (uint32_t i = 1; i < SERVER_LOCALS; i++) {
        mpt_local_address a = {.addr = server_addr(i), .port = i == 1 ? 8081 : 0};
        assert_int_equal(mpt_address_up(p.stack[1], &a, 0), MPT_OK);
    }
    for (size_t i = 0; i < COUNT_OF(host_local); i++) {
        mpt_local_address a = {.addr = host_local[i]};
        assert_int_equal(mpt_address_up(p.stack[1], &a, 0), MPT_OK);
    }
    assert_int_equal(mpt_register_path_manager(p.stack[1], &ops), MPT_OK);
    memcpy(server.path_manager, "announcing", sizeof "announcing");
    server.announce_addresses = false;
    server.subflows_max = cs.subflows_max = MPT_CC_GROUP_MAX;
    assert_int_equal(mpt_listen(p.stack[1], &at, 1, &server, &l), MPT_OK);
    assert_int_equal(mpt_connect(p.stack[0], &ends[0], &at, &cs, 0, &p.conn), MPT_OK);
    transfer(&p);
    let_pass(&p, 6 * MPT_S);
    const mpt_counters *client = mpt_stack_counters(p.stack[0]), *k = mpt_stack_counters(p.stack[1]);
    assert_int_equal(p.received_bytes, p.bytes);
    assert_int_equal(announced.locals, SERVER_LOCALS + COUNT_OF(host_local));
    assert_int_equal(announced.ok, 16);
    assert_int_equal(announced.limit, 1);
    assert_int_equal(announced.others, 1 + COUNT_OF(host_local)); /* the initial one */
    EXPECT_U64("announce the initial one", announced.initial, MPT_ERR_ADDRESS);
    EXPECT_U64("announce another host's", announced.foreign, MPT_ERR_ADDRESS);
    EXPECT_U64("announce again", announced.again, MPT_OK);
    EXPECT_U64("withdraw the initial one", announced.withdrawn_initial, MPT_ERR_ADDRESS);
    EXPECT_U64("withdraw another host's", announced.withdrawn_foreign, MPT_ERR_ADDRESS);
    EXPECT_U64("withdraw what is not announced", announced.withdrawn_silent, MPT_OK);
    EXPECT_U64("withdraw again", announced.withdrawn_twice, MPT_OK);
    assert_int_equal(k->EchoAdd, client->EchoAddTx);
    assert_in_range(k->EchoAdd, 16, 17); /* the peer knows 16 at once, the initial one among them; one comes twice */
    assert_int_equal(client->PortAdd, 1);
    assert_int_equal(client->AddAddrHMacFailure, 0);
    assert_int_equal(k->MPJoinPortSynRx, 1);
    assert_int_equal(client->RmAddr, 1);
    assert_int_equal(client->RmAddrDrop, 0);
    uint64_t told = k->AddAddrTx;
    for (uint32_t i = 2; i <= 3; i++) {
        mpt_addr a = server_addr(i);
        assert_int_equal(mpt_address_down(p.stack[1], &a, p.now), MPT_OK);
        let_pass(&p, 6 * MPT_S);
        assert_int_equal(client->RmAddr, i);
    }
    assert_int_equal(k->AddAddrTx, told);
    assert_int_equal(k->PolicyFaults, 0);
    pair_end(&p);
}

/* ---- Beginning and end ---- */

static struct {
    int cc, sched, pm;
    uint32_t begun;
} open_now;
static const mpt_sched_ops held_scheduler;
static const mpt_pm_ops held_manager;

static void held_init(mpt_cc *cc) {
    cc->cwnd_bytes = FIXED_SEGMENTS * (uint64_t)cc->mss_bytes;
    open_now.cc++;
    open_now.begun++;
}
static void held_end(mpt_cc *cc) {
    assert_non_null(cc->priv);
    open_now.cc--;
}
static void held_sched_start(const mpt_sched_ops *ops, void *priv) {
    assert_ptr_equal(ops, &held_scheduler);
    *(int **)priv = &open_now.sched;
    open_now.sched++;
}
static void held_sched_end(void *priv) {
    --**(int **)priv;
}
static void held_pm_start(const mpt_pm_ops *ops, void *priv) {
    assert_ptr_equal(ops, &held_manager);
    *(int **)priv = &open_now.pm;
    open_now.pm++;
}
static void held_pm_end(void *priv) {
    --**(int **)priv;
}
static mpt_sched_choice first_path(const mpt_sched_view *v) {
    assert_ptr_equal(*(int **)v->priv, &open_now.sched);
    return mpt_sched_new(v, 0);
}
static uint32_t none_wanted(const mpt_pm_view *v) {
    assert_ptr_equal(*(int **)v->priv, &open_now.pm);
    return 0;
}

static const mpt_cc_ops held_control = {.name = "held",
                                        .priv_bytes = 8,
                                        .init = held_init,
                                        .on_end = held_end,
                                        .on_ack = fixed_on_ack,
                                        .on_loss = mpt_cc_halve,
                                        .on_undo = mpt_cc_undo};
static const mpt_sched_ops held_scheduler = {.name = "held",
                                             .priv_bytes = sizeof(int *),
                                             .next = first_path,
                                             .on_start = held_sched_start,
                                             .on_end = held_sched_end};
static const mpt_pm_ops held_manager = {.name = "held",
                                        .priv_bytes = sizeof(int *),
                                        .wanted = none_wanted,
                                        .on_start = held_pm_start,
                                        .on_end = held_pm_end};

static void held_on_ack(mpt_cc *cc, const mpt_cc_group *group, uint64_t acked_bytes, mpt_time now) {
    (void)group;
    (void)acked_bytes;
    (void)now;
    assert_true(open_now.cc == 1 && cc->priv);
}

static void what_begins_with_a_connection_ends_with_it(void **state) {
    mpt_cc_ops control = held_control;
    pair p;
    (void)state;
    control.on_ack = held_on_ack; /* one beginning without an end, however often the MSS is learnt */
    mpt_conn_settings cs = pair_begin(&p);
    p.bytes = FEW_BYTES;
    memcpy(cs.congestion_control, "held", 5);
    memcpy(cs.scheduler, "held", 5);
    memcpy(cs.path_manager, "held", 5);
    assert_int_equal(mpt_register_cc(p.stack[0], &control), MPT_OK);
    assert_int_equal(mpt_register_scheduler(p.stack[0], &held_scheduler), MPT_OK);
    assert_int_equal(mpt_register_path_manager(p.stack[0], &held_manager), MPT_OK);
    assert_int_equal(mpt_connect(p.stack[0], &ends[0], &ends[1], &cs, 0, &p.conn), MPT_OK);
    transfer(&p);
    assert_int_equal(p.received_bytes, FEW_BYTES);
    assert_true(open_now.cc == 1 && open_now.sched == 1 && open_now.pm == 1 && open_now.begun >= 2);
    pair_end(&p);
    assert_true(open_now.cc == 0 && open_now.sched == 0 && open_now.pm == 0);
}

static void connection_of_a_four_tuple_is_found(void **state) {
    uint32_t id = 99;
    pair p;
    (void)state;
    pair_init(&p, &fixed);
    assert_ptr_equal(mpt_stack_find_conn(p.stack[0], &ends[0], &ends[1], &id), p.conn);
    assert_int_equal(id, 0);
    assert_null(mpt_stack_find_conn(p.stack[0], &ends[1], &ends[0], &id));
    pair_end(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_begins_with_a_connection_ends_with_it),
        cmocka_unit_test(connection_of_a_four_tuple_is_found),
        cmocka_unit_test(own_congestion_control_rules_the_window),
        cmocka_unit_test(own_congestion_control_sees_each_acknowledgement),
        cmocka_unit_test(shut_window_is_opened_and_told),
        cmocka_unit_test(crawling_pace_is_set_right_and_told),
        cmocka_unit_test(own_congestion_control_is_told_the_least_round_trip_time),
        cmocka_unit_test(registration_says_what_is_wrong),
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
        cmocka_unit_test(own_path_manager_opens_and_closes),
        cmocka_unit_test(greedy_path_manager_is_told_and_stops_nothing),
        cmocka_unit_test(own_path_manager_announces_and_withdraws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
