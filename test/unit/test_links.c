/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_links.c: which of the host's links a connection uses, why a pair of addresses has no subflow, and links that come back. */
#include <string.h>

#include "wire/mpt_wire.h"
#include "unit_support.h"

enum { LINKS = 3 };

/** Two hosts that reach each other by every address; the second one announces its second address. */
typedef struct fixture {
    unit_memory memory;
    mpt_stack *client, *server;
    mpt_listener *listener;
    mpt_conn *conn, *accepted;
    mpt_conn *other;         /**< a second one of the client's, or NULL */
    uint64_t accepted_links; /**< what the server restricts an accepted connection to */
} fixture;

static const mpt_endpoint client_at = {{4, {10, 0, 0, 1}}, 5000}, server_at = {{4, {10, 0, 0, 2}}, 80};

static mpt_stack *make_stack(fixture *f, uint8_t host) {
    mpt_settings settings;
    mpt_stack *st;
    mpt_settings_default(&settings);
    settings.seed = host;
    settings.conn.mss_bytes_default = 1000;
    assert_int_equal(mpt_stack_new(&st, &settings, &f->memory.mem, 0), MPT_OK);
    for (uint8_t link = 0; link < LINKS; link++) {
        mpt_local_address a = {.addr = mpt_addr_v4(10, link, 0, host), .link = link};
        a.is_signal = host == 2 && link == 1;
        assert_int_equal(mpt_address_up(st, &a, 0), MPT_OK);
    }
    return st;
}

static void begin(fixture *f) {
    memset(f, 0, sizeof *f);
    f->accepted_links = UINT64_MAX;
    unit_memory_init(&f->memory);
    f->client = make_stack(f, 1);
    f->server = make_stack(f, 2);
    assert_int_equal(mpt_listen(f->server, &server_at, 8, NULL, &f->listener), MPT_OK);
    assert_int_equal(mpt_connect(f->client, &client_at, &server_at, NULL, 0, &f->conn), MPT_OK);
}

static void end(fixture *f) {
    mpt_stack_check(f->client);
    mpt_stack_check(f->server);
    mpt_stack_free(f->client);
    mpt_stack_free(f->server);
    assert_int_equal(f->memory.live, 0);
}

/** Carry what one host sends to the other. @return how many segments */
static uint32_t carry(fixture *f, mpt_stack *from, mpt_stack *to, mpt_time now) {
    uint32_t count = 0;
    mpt_segment s;
    mpt_store store;
    mpt_notice notice;
    for (; mpt_stack_transmit(from, &s, now); count++)
        mpt_stack_receive(to, &s, &store, now);
    while (mpt_stack_poll(to, &notice)) {
        if (notice.kind == MPT_NOTICE_ACCEPTED) {
            f->accepted = notice.conn;
            mpt_conn_restrict(notice.conn, f->accepted_links);
        }
    }
    return count;
}

static void exchange(fixture *f, mpt_time now) {
    mpt_stack_timer(f->client, now);
    mpt_stack_timer(f->server, now);
    while (carry(f, f->client, f->server, now) + carry(f, f->server, f->client, now) > 0) {
    }
}

/** The handshake, some data, their (delayed) acknowledgement, announcements, joins. */
static void converse(fixture *f) {
    exchange(f, 0);
    for (mpt_time now = 0; now < MPT_S; now += 50 * MPT_MS) {
        assert_int_equal(mpt_conn_write(f->conn, 100, now), MPT_OK);
        if (f->other)
            assert_int_equal(mpt_conn_write(f->other, 100, now), MPT_OK);
        exchange(f, now);
    }
}

static uint32_t subflows(const mpt_conn *c) {
    mpt_conn_info info;
    mpt_conn_get_info(c, &info);
    return info.subflow_count;
}

/** @return how many pairs are in that state */
static uint32_t pairs(const mpt_conn *c, mpt_pair_state state) {
    mpt_pair_info info;
    uint32_t count = 0;
    for (uint32_t i = 0; mpt_conn_get_pair_info(c, i, &info); i++)
        count += info.state == state;
    return count;
}

/* ---- Restrictions ------------------------------------------------------------------------------------------------- */

static void restricted_listener_takes_nothing_at_other_links(void **state) {
    static const struct {
        uint64_t links;
        bool is_accepted;
        uint32_t subflows;
    } rows[] = {{1u << 0, true, LINKS},
                {1u << 1, false, 0},
                {1u << 0 | 1u << 1, true, 2 * LINKS},
                {UINT64_MAX, true, 2 * LINKS}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fixture f;
        begin(&f);
        mpt_listener_restrict(f.listener, rows[i].links);
        exchange(&f, 0);
        assert_int_equal(f.accepted != NULL, rows[i].is_accepted);
        if (rows[i].is_accepted) {
            converse(&f);
            assert_int_equal(subflows(f.conn), rows[i].subflows);
        }
        end(&f);
    }
}

static void connection_uses_all_links_unless_restricted(void **state) {
    fixture f;
    (void)state;
    begin(&f);
    converse(&f);
    assert_int_equal(subflows(f.conn), 2 * LINKS);
    assert_int_equal(pairs(f.conn, MPT_PAIR_USED), 2 * LINKS);
    assert_int_equal(pairs(f.accepted, MPT_PAIR_USED), 2); /* of its own to the one of the client's that it knows */
    end(&f);
}

static void restricted_connection_opens_subflows_from_its_links_only(void **state) {
    fixture f;
    (void)state;
    begin(&f);
    mpt_conn_restrict(f.conn, 1u << 0 | 1u << 2);
    converse(&f);
    assert_int_equal(subflows(f.conn), 2 * (LINKS - 1));
    assert_int_equal(pairs(f.conn, MPT_PAIR_OTHER_LINK), 2);
    mpt_subflow_info info;
    for (uint32_t i = 0; mpt_conn_get_subflow_info(f.conn, i, &info); i++)
        assert_int_not_equal(info.local.addr.bytes[1], 1);
    end(&f);
}

static void two_connections_of_a_host_have_each_their_links(void **state) {
    fixture f;
    mpt_endpoint from = {client_at.addr, 5001};
    (void)state;
    begin(&f);
    mpt_conn_restrict(f.conn, 1u << 0);
    assert_int_equal(mpt_connect(f.client, &from, &server_at, NULL, 0, &f.other), MPT_OK);
    mpt_conn_restrict(f.other, 1u << 0 | 1u << 1);
    converse(&f);
    assert_int_equal(subflows(f.conn), 2);
    assert_int_equal(subflows(f.other), 4);
    end(&f);
}

static void restricted_listener_announces_no_other_address(void **state) {
    fixture f;
    (void)state;
    begin(&f);
    mpt_listener_restrict(f.listener, 1u << 0);
    converse(&f);
    assert_int_equal(mpt_stack_counters(f.server)->AddAddrTx, 0);
    assert_int_equal(subflows(f.conn), LINKS);
    end(&f);
}

static void join_at_an_address_of_another_link_is_refused(void **state) {
    fixture f;
    (void)state;
    begin(&f);
    f.accepted_links = 1u << 0; /* the address was announced before */
    converse(&f);
    assert_int_equal(mpt_stack_counters(f.server)->AddAddrTx, 1);
    assert_int_equal(mpt_stack_counters(f.server)->MPJoinRejected, LINKS);
    assert_int_equal(subflows(f.conn), LINKS);
    assert_int_equal(pairs(f.conn, MPT_PAIR_PAUSED), LINKS);
    end(&f);
}

/* ---- Why not more ------------------------------------------------------------------------------------------------- */

static void pairs_say_what_they_wait_for(void **state) {
    fixture f;
    (void)state;
    begin(&f);
    mpt_listener_restrict(f.listener, 1u << 0); /* an announcement would be heard before data */
    exchange(&f, 0);
    assert_int_equal(pairs(f.conn, MPT_PAIR_USED), 1);
    assert_true(pairs(f.conn, MPT_PAIR_WAITS_FOR_DATA) > 0);
    assert_int_equal(pairs(f.accepted, MPT_PAIR_PEERS_TURN), LINKS - 1);
    mpt_pair_info info;
    assert_false(mpt_conn_get_pair_info(f.conn, 1000, &info));
    assert_string_equal(mpt_pair_state_help(MPT_PAIR_USED), "has a subflow");
    assert_int_equal(mpt_conn_write(f.conn, 100, 0), MPT_OK);
    carry(&f, f.client, f.server, 0);
    mpt_stack_timer(f.server, MPT_S);
    carry(&f, f.server, f.client, MPT_S);
    mpt_segment lost;
    while (mpt_stack_transmit(f.client, &lost, MPT_S)) {
    }
    assert_int_equal(pairs(f.conn, MPT_PAIR_USED), 1);
    assert_int_equal(pairs(f.conn, MPT_PAIR_OPENING), LINKS - 1); /* their SYNs were lost */
    assert_string_equal(mpt_pair_state_help((mpt_pair_state)1000), "unknown state");
    end(&f);
}

/* ---- Links that come back ----------------------------------------------------------------------------------------- */

static void syn_is_repeated_at_once_when_the_link_is_back(void **state) {
    fixture f;
    mpt_segment s;
    mpt_time now = 0;
    (void)state;
    begin(&f);
    for (int i = 0; i < 3; i++) { /* SYNs into nothing: after 0, 1 and 3 s; the next one would go after 7 s */
        assert_true(mpt_stack_transmit(f.client, &s, now));
        now = mpt_stack_deadline(f.client);
        mpt_stack_timer(f.client, now);
    }
    while (mpt_stack_transmit(f.client, &s, now)) {
    }
    now += MPT_MS;
    assert_false(mpt_stack_transmit(f.client, &s, now));
    mpt_local_address other = {.addr = mpt_addr_v4(10, 1, 0, 1), .link = 1}, own = {.addr = client_at.addr};
    assert_int_equal(mpt_address_up(f.client, &other, now), MPT_OK);
    assert_false(mpt_stack_transmit(f.client, &s, now)); /* not its link */
    assert_int_equal(mpt_address_up(f.client, &own, now), MPT_OK);
    assert_true(mpt_stack_transmit(f.client, &s, now));
    end(&f);
}

static void peer_without_mss_option_gets_the_default_of_the_settings(void **state) {
    fixture f;
    mpt_segment s;
    mpt_store store;
    mpt_subflow_info info;
    (void)state;
    begin(&f);
    assert_true(mpt_stack_transmit(f.client, &s, 0));
    mpt_wire syn, answer = {.source_port = 80, .destination_port = 5000, .flags = MPT_SYN | MPT_ACK, .window = 9000};
    assert_int_equal(mpt_wire_decode(&syn, s.header, s.header_bytes), MPT_OK);
    answer.ack = syn.seq + 1;
    mpt_segment in = {.source = server_at.addr, .destination = client_at.addr};
    in.header_bytes = (uint8_t)mpt_wire_encode(&answer, in.header, &in.dss_checksum_at);
    assert_int_equal(mpt_stack_receive(f.client, &in, &store, 0), MPT_OK);
    assert_true(mpt_conn_get_subflow_info(f.conn, 0, &info));
    assert_int_equal(info.mss_bytes, 1000);
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(restricted_listener_takes_nothing_at_other_links),
        cmocka_unit_test(connection_uses_all_links_unless_restricted),
        cmocka_unit_test(restricted_connection_opens_subflows_from_its_links_only),
        cmocka_unit_test(two_connections_of_a_host_have_each_their_links),
        cmocka_unit_test(restricted_listener_announces_no_other_address),
        cmocka_unit_test(join_at_an_address_of_another_link_is_refused),
        cmocka_unit_test(pairs_say_what_they_wait_for),
        cmocka_unit_test(syn_is_repeated_at_once_when_the_link_is_back),
        cmocka_unit_test(peer_without_mss_option_gets_the_default_of_the_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
