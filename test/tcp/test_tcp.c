/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_tcp.c: the core's TCP with a user of its own and nothing of MPTCP linked: two of them over a line that loses what a row says. Both send
 * a stream, both end it.
 */
#include <stdlib.h>

#include "tcp/mpt_tcp.h"
#include "tcp_support.h"

enum { STREAM_BYTES = 300000, WINDOW_BYTES = 65535, QUEUE_MAX = 4096 };

typedef struct end {
    mpt_stack host;
    mpt_conn_settings set;
    mpt_tcp_node node;
    mpt_tcp t;
    mpt_ranges received; /**< of the peer's stream */
    uint64_t sent_bytes, acked_bytes;
    bool is_established, has_fin, is_reset;
} end;

typedef struct flight {
    mpt_segment segment;
    end *to;
    mpt_time at;
} flight;

/** The line: 10 ms each way; every @p lose-th segment that carries data is lost, counted over both directions. */
typedef struct line {
    end ends[2];
    flight queue[QUEUE_MAX];
    uint32_t queued, data_segments, lose;
    mpt_time now;
} line;

static end *end_of(const mpt_tcp *t) {
    return MPT_LIST_ENTRY(t, end, t);
}

/* ---- The user of a TCP ---- */

static void options_out(mpt_tcp *t, mpt_wire *w, mpt_tcp_kind kind, uint64_t seq, const mpt_chunk *k) {
    (void)t, (void)w, (void)kind, (void)seq, (void)k;
}
static uint32_t option_bytes(const mpt_tcp *t, uint64_t seq) {
    (void)t, (void)seq;
    return 0;
}
static uint64_t window(mpt_tcp *t, uint8_t scale) {
    (void)t;
    return (uint64_t)WINDOW_BYTES >> scale << scale;
}
static uint64_t acceptable_edge(const mpt_tcp *t) {
    return t->rcv_edge;
}
static uint32_t siblings(const mpt_tcp *t, mpt_cc **members) {
    members[0] = &end_of(t)->t.cc;
    return 1;
}
static bool handshake_in(mpt_tcp *t, const mpt_wire *w, mpt_tcp_step step, mpt_time now) {
    (void)t, (void)w, (void)step, (void)now;
    return true;
}
static void established(mpt_tcp *t, const mpt_wire *w, mpt_time now) {
    (void)w, (void)now;
    end_of(t)->is_established = true;
}
static bool segment_in(mpt_tcp *t, const mpt_wire *w, mpt_time now) {
    (void)t, (void)w, (void)now;
    return true;
}
static void remove_tcp(mpt_tcp *t) {
    mpt_hash_remove(&t->stack->tuples, &t->hash);
    t->state = MPT_TCP_CLOSED;
    t->rto_at = t->stall_at = t->ack_at = t->time_wait_at = MPT_NEVER;
    t->rack.timer_at = t->tlp.timer_at = t->release_at = MPT_NEVER;
}
static bool reset_in(mpt_tcp *t, const mpt_wire *w, bool is_exact, mpt_time now) {
    (void)w, (void)now;
    if (!is_exact)
        return false;
    end_of(t)->is_reset = true;
    remove_tcp(t);
    return true;
}
static void acked(mpt_tcp *t, uint64_t ack, bool is_new, const mpt_wire *w, mpt_time now) {
    (void)is_new, (void)w, (void)now;
    bool is_fin = t->was_fin_sent && ack == t->snd_nxt;
    end_of(t)->acked_bytes = ack - 1 - (is_fin ? 1 : 0);
}
static bool options_in(mpt_tcp *t, const mpt_wire *w, const mpt_segment *in, mpt_time now) {
    (void)t, (void)w, (void)in, (void)now;
    return true;
}
static uint64_t data_in(mpt_tcp *t, const mpt_wire *w, const mpt_segment *in, uint64_t start, uint64_t stop,
                        uint32_t skip, mpt_store *store, mpt_time now) {
    (void)w, (void)in, (void)skip, (void)store, (void)now;
    assert_int_equal(mpt_ranges_add(&end_of(t)->received, start - 1, stop - 1, NULL, &t->stack->mem), MPT_OK);
    return stop;
}
static bool timed_out(mpt_tcp *t, mpt_time now) {
    (void)now;
    return t->timeouts_in_row < 15;
}
static void event(mpt_tcp *t, mpt_tcp_event what, mpt_time now) {
    (void)now;
    end_of(t)->has_fin |= what == MPT_TCP_EVENT_FIN_IN;
    if (what == MPT_TCP_EVENT_ENDED)
        remove_tcp(t);
}

static const mpt_tcp_user user = {options_out,  option_bytes, window,     acceptable_edge, siblings,
                                  handshake_in, established,  segment_in, reset_in,        acked,
                                  options_in,   data_in,      timed_out,  event,           true};

/* ---- The line ---- */

static mpt_endpoint endpoint(int side) {
    return (mpt_endpoint){mpt_addr_v4(10, 0, 0, (uint8_t)(1 + side)), (uint16_t)(5000 + side)};
}

static void begin(line *l, uint32_t lose, bool has_sack) {
    l->lose = lose;
    for (int side = 0; side < 2; side++) {
        end *e = &l->ends[side];
        mpt_settings set;
        mpt_endpoint local = endpoint(side), remote = endpoint(!side);
        mpt_settings_default(&set);
        set.seed = 7 + (uint64_t)side;
        e->set = set.conn;
        e->set.sack = has_sack;
        memcpy(e->set.congestion_control, "reno", sizeof "reno");
        assert_int_equal(mpt_host_init(&e->host, &set, &tcp_test_mem, 0), MPT_OK);
        mpt_list_init(&e->node.ready);
        e->node.timer.at = MPT_NEVER;
        assert_int_equal(mpt_timers_reserve(&e->host.timers, 1, &e->host.mem), MPT_OK);
        mpt_tcp_init(&e->t, &user, &e->host, &e->set, &e->node, &local, &remote, NULL, 0);
    }
    l->ends[0].t.is_client = true;
    l->ends[0].t.state = MPT_TCP_SYN_SENT;
    l->ends[0].t.syn_wanted = true;
}

static void over(line *l) {
    for (int side = 0; side < 2; side++) {
        end *e = &l->ends[side];
        if (e->t.state != MPT_TCP_CLOSED)
            remove_tcp(&e->t);
        mpt_timers_set(&e->host.timers, &e->node.timer, MPT_NEVER);
        mpt_ranges_free(&e->received, &e->host.mem);
        mpt_sendq_free(&e->t.q, &e->host.mem);
        mpt_reasm_free(&e->t.rx, &e->host.mem);
        mpt_host_free(&e->host);
    }
    free(l);
}

static bool transmit(end *e, mpt_segment *out, mpt_time now) {
    mpt_tcp *t = &e->t;
    if (t->state == MPT_TCP_CLOSED)
        return false;
    if (mpt_tcp_transmit_urgent(t, out, now))
        return true;
    if (t->tlp.is_wanted) {
        t->tlp.is_wanted = false;
        if (t->q.count > 0) {
            mpt_tcp_transmit_tail(t, out, now);
            mpt_tlp_sent(t, true);
            return true;
        }
    }
    uint64_t left = STREAM_BYTES - e->sent_bytes, room = WINDOW_BYTES - (e->sent_bytes - e->acked_bytes);
    uint32_t bytes = mpt_tcp_prepare_data(t);
    bytes = left < bytes ? (uint32_t)left : bytes;
    if (e->is_established && !t->was_fin_sent && bytes > 0 && bytes <= room &&
        mpt_recovery_allows(t, bytes, true, now)) {
        assert_int_equal(mpt_tcp_transmit_data(t, e->sent_bytes, bytes, false, out, now), MPT_OK);
        e->sent_bytes += bytes;
        t->fin_wanted = e->sent_bytes == STREAM_BYTES;
        return true;
    }
    if (!t->ack_wanted)
        return false;
    mpt_tcp_transmit_ack(t, out, now);
    return true;
}

static void send_all(line *l, end *e, end *to) {
    mpt_segment s;
    for (;;) {
        memset(&s, 0, sizeof s);
        if (!transmit(e, &s, l->now))
            return;
        bool is_lost = s.payload_bytes > 0 && l->lose > 0 && ++l->data_segments % l->lose == 0;
        if (is_lost)
            continue;
        assert_true(l->queued < QUEUE_MAX);
        l->queue[l->queued++] = (flight){s, to, l->now + 10 * MPT_MS};
    }
}

/** A SYN opens the passive end, as a listener does. */
static void deliver(end *e, const mpt_segment *s, mpt_time now) {
    mpt_wire w;
    mpt_store store = {0};
    assert_int_equal(mpt_wire_decode(&w, s->header, s->header_bytes), MPT_OK);
    if (e->t.state == MPT_TCP_CLOSED && (w.flags & MPT_SYN) && !e->is_established) {
        e->t.state = MPT_TCP_SYN_RECEIVED;
        e->t.irs = w.seq;
        mpt_reasm_init(&e->t.rx, 1, WINDOW_BYTES);
        mpt_tcp_syn_options_received(&e->t, &w, now);
        e->t.syn_wanted = true;
    } else if (e->t.state != MPT_TCP_CLOSED) {
        mpt_tcp_receive(&e->t, &w, s, &store, now);
    }
}

/** @return false: nothing will ever happen any more */
static bool step(line *l) {
    mpt_time at = l->queued > 0 ? l->queue[0].at : MPT_NEVER;
    for (int side = 0; side < 2; side++) {
        mpt_time due = mpt_tcp_deadline(&l->ends[side].t);
        at = due < at ? due : at;
    }
    if (at == MPT_NEVER)
        return false;
    l->now = at > l->now ? at : l->now;
    if (l->queued > 0 && l->queue[0].at <= l->now) {
        flight f = l->queue[0];
        memmove(l->queue, l->queue + 1, --l->queued * sizeof *l->queue);
        deliver(f.to, &f.segment, l->now);
    }
    for (int side = 0; side < 2; side++)
        if (mpt_tcp_deadline(&l->ends[side].t) <= l->now)
            mpt_tcp_timer(&l->ends[side].t, l->now);
    send_all(l, &l->ends[0], &l->ends[1]);
    send_all(l, &l->ends[1], &l->ends[0]);
    return true;
}

/* ---- Tests ---- */

static void streams_pass_both_ways_and_end(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint32_t lose;
        bool has_sack;
    } rows[] = {{"no loss", 0, true},
                {"no loss, no SACK", 0, false},
                {"one of 50 lost", 50, true},
                {"one of 50 lost, no SACK", 50, false},
                {"one of 7 lost", 7, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        line *l = calloc(1, sizeof *l);
        uint32_t steps = 0;
        begin(l, rows[i].lose, rows[i].has_sack);
        send_all(l, &l->ends[0], &l->ends[1]);
        while (step(l))
            assert_true(steps++ < 1000000);
        for (int side = 0; side < 2; side++) {
            const end *e = &l->ends[side];
            bool is_whole =
                e->received.count == 1 && e->received.items[0].start == 0 && e->received.items[0].end == STREAM_BYTES;
            if (!is_whole || !e->has_fin || e->is_reset || e->acked_bytes != STREAM_BYTES)
                fail_msg("%s: side %d has %u ranges, acknowledged %llu", rows[i].name, side, e->received.count,
                         (unsigned long long)e->acked_bytes);
            assert_int_equal(e->t.state, MPT_TCP_CLOSED);
            assert_true(rows[i].lose == 0 ? e->t.bytes_resent == 0 : e->t.bytes_resent > 0);
        }
        over(l);
    }
}

static void reset_ends_the_peer_when_its_number_is_exact(void **state) {
    (void)state;
    line *l = calloc(1, sizeof *l);
    mpt_segment s;
    mpt_wire w;
    begin(l, 0, true);
    send_all(l, &l->ends[0], &l->ends[1]);
    while (!l->ends[1].is_established)
        assert_true(step(l));
    end *server = &l->ends[1];
    memset(&s, 0, sizeof s);
    l->ends[0].t.rst_wanted = true;
    assert_true(mpt_tcp_transmit_urgent(&l->ends[0].t, &s, l->now));
    assert_int_equal(mpt_wire_decode(&w, s.header, s.header_bytes), MPT_OK);
    w.seq = server->t.irs + (uint32_t)server->t.rx.next + 1;
    s.header_bytes = (uint8_t)mpt_wire_encode(&w, s.header, &s.dss_checksum_at);
    deliver(server, &s, l->now);
    assert_false(server->is_reset);
    w.seq--;
    s.header_bytes = (uint8_t)mpt_wire_encode(&w, s.header, &s.dss_checksum_at);
    deliver(server, &s, l->now);
    assert_true(server->is_reset);
    over(l);
}

static void *get_nothing(void *where, size_t bytes) {
    (void)where, (void)bytes;
    return NULL;
}

/** What watches the pace of segments must not put off what else is due. */
static void fin_that_waits_for_memory_is_tried_again(void **state) {
    (void)state;
    line *l = calloc(1, sizeof *l);
    mpt_segment s;
    begin(l, 0, true);
    send_all(l, &l->ends[0], &l->ends[1]);
    while (!l->ends[1].is_established)
        assert_true(step(l));
    end *server = &l->ends[1];
    mpt_tcp *t = &server->t;
    mpt_sendq_free(&t->q, &server->host.mem); /* nothing is under way */
    t->fin_wanted = server->set.pacing = true;
    server->host.mem.alloc = get_nothing;
    assert_false(mpt_tcp_transmit_waiting(t, &s, l->now));
    mpt_pacing_watch(t, false, l->now);
    assert_true(t->release_at <= l->now + server->set.rto_min_ns);
    server->host.mem = tcp_test_mem;
    assert_true(mpt_tcp_transmit_waiting(t, &s, l->now));
    assert_true(t->was_fin_sent);
    over(l);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_pass_both_ways_and_end),
        cmocka_unit_test(reset_ends_the_peer_when_its_number_is_exact),
        cmocka_unit_test(fin_that_waits_for_memory_is_tried_again),
    };
    return cmocka_run_group_tests_name("tcp", tests, NULL, NULL);
}
