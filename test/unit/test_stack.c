/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_stack.c: what the calls of a host answer: addresses, listeners, connects, segments for nobody, traces, names. */
#include <stdio.h>
#include <string.h>

#include "host/mpt_host.h"
#include "wire/mpt_wire.h"
#include "unit_support.h"

static const mpt_endpoint server = {{4, {10, 0, 0, 1}}, 80}, peer = {{4, {10, 0, 0, 2}}, 5000};

typedef struct fixture {
    unit_memory memory;
    mpt_settings settings;
    mpt_stack *stack;
} fixture;

static void begin(fixture *f) {
    unit_memory_init(&f->memory);
    mpt_settings_default(&f->settings);
    assert_int_equal(mpt_stack_new(&f->stack, &f->settings, &f->memory.mem, 0), MPT_OK);
    mpt_local_address a = {.addr = server.addr};
    assert_int_equal(mpt_address_up(f->stack, &a, 0), MPT_OK);
}

static void end(fixture *f) {
    mpt_stack_check(f->stack);
    mpt_stack_free(f->stack);
    assert_int_equal(f->memory.live, 0);
}

/* ---- Creation ----------------------------------------------------------------------------------------------------- */

static void stack_is_not_made_of_bad_settings_or_without_memory(void **state) {
    fixture f;
    mpt_stack *st = (mpt_stack *)&f;
    (void)state;
    unit_memory_init(&f.memory);
    mpt_settings_default(&f.settings);
    f.settings.conn.subflows_max = 0;
    assert_int_equal(mpt_stack_new(&st, &f.settings, &f.memory.mem, 0), MPT_ERR_SETTING);
    assert_null(st);
    mpt_settings_default(&f.settings);
    f.memory.is_exhausted = true;
    assert_int_equal(mpt_stack_new(&st, &f.settings, &f.memory.mem, 0), MPT_ERR_MEMORY);
    assert_null(st);
    mpt_stack_free(NULL);
}

/* ---- Addresses ---------------------------------------------------------------------------------------------------- */

static void there_are_so_many_addresses_and_no_more(void **state) {
    fixture f;
    (void)state;
    begin(&f);
    for (uint32_t i = 1; i <= MPT_ADDRESSES_MAX; i++) {
        mpt_local_address a = {.addr = mpt_addr_v4(10, 1, 0, (uint8_t)i)};
        assert_int_equal(mpt_address_up(f.stack, &a, 0), i < MPT_ADDRESSES_MAX ? MPT_OK : MPT_ERR_LIMIT);
        assert_int_equal(mpt_address_up(f.stack, &a, 0),
                         i < MPT_ADDRESSES_MAX ? MPT_OK : MPT_ERR_LIMIT); /* known already */
    }
    end(&f);
}

static void address_that_is_not_there_or_has_a_taken_id_is_refused(void **state) {
    fixture f;
    mpt_local_address a = {.addr = peer.addr, .id = 7}, same = {.addr = mpt_addr_v4(10, 0, 0, 3), .id = 7};
    (void)state;
    begin(&f);
    assert_int_equal(mpt_address_down(f.stack, &a.addr, 0), MPT_ERR_ADDRESS);
    assert_int_equal(mpt_address_backup(f.stack, &a.addr, true, 0), MPT_ERR_ADDRESS);
    assert_int_equal(mpt_address_up(f.stack, &a, 0), MPT_OK);
    assert_int_equal(mpt_address_up(f.stack, &same, 0), MPT_ERR_ADDRESS);
    assert_int_equal(mpt_address_backup(f.stack, &a.addr, true, 0), MPT_OK);
    assert_int_equal(mpt_address_down(f.stack, &a.addr, 0), MPT_OK);
    assert_int_equal(mpt_address_up(f.stack, &same, 0), MPT_OK);
    end(&f);
}

/* ---- Listeners ---------------------------------------------------------------------------------------------------- */

static void listener_needs_a_free_port_good_settings_and_memory(void **state) {
    fixture f;
    mpt_listener *l, *any, *none;
    mpt_endpoint nowhere = {server.addr, 0}, anywhere = {.port = 80}, other = {peer.addr, 80};
    mpt_conn_settings bad;
    (void)state;
    begin(&f);
    bad = f.settings.conn;
    bad.data_retries = 0;
    assert_int_equal(mpt_listen(f.stack, &nowhere, 1, NULL, &none), MPT_ERR_ADDRESS);
    assert_int_equal(mpt_listen(f.stack, &server, 1, &bad, &none), MPT_ERR_SETTING);
    assert_int_equal(mpt_listen(f.stack, &server, 0, &f.settings.conn, &l), MPT_OK);
    assert_int_equal(mpt_listen(f.stack, &server, 1, NULL, &none), MPT_ERR_ADDRESS);
    assert_int_equal(mpt_listen(f.stack, &anywhere, 1, NULL, &any), MPT_OK);
    assert_int_equal(mpt_listen(f.stack, &anywhere, 1, NULL, &none), MPT_ERR_ADDRESS);
    assert_null(none);
    mpt_listener_set_user(l, &f);
    assert_ptr_equal(mpt_listener_user(l), &f);
    mpt_listener_close(l, 0);
    f.memory.is_exhausted = true;
    assert_int_equal(mpt_listen(f.stack, &other, 1, NULL, &l), MPT_ERR_MEMORY);
    f.memory.is_exhausted = false;
    assert_int_equal(mpt_listen(f.stack, &other, 1, NULL, &l), MPT_OK);
    end(&f);
}

static mpt_segment syn_to(const mpt_endpoint *to) {
    mpt_wire w = {.source_port = peer.port, .destination_port = to->port, .flags = MPT_SYN, .window = 1000};
    mpt_segment s = {.source = peer.addr, .destination = to->addr};
    s.header_bytes = (uint8_t)mpt_wire_encode(&w, s.header, &s.dss_checksum_at);
    return s;
}

static void thousands_of_listeners_are_told_apart(void **state) {
    enum { LISTENERS = 4000 };
    fixture f;
    mpt_listener *listeners[LISTENERS], *again;
    (void)state;
    begin(&f);
    for (uint16_t i = 0; i < LISTENERS; i++) {
        mpt_endpoint at = {i % 2 ? server.addr : (mpt_addr){0}, (uint16_t)(1000 + i / 2)};
        assert_int_equal(mpt_listen(f.stack, &at, 1, NULL, &listeners[i]), MPT_OK);
        assert_int_equal(mpt_listen(f.stack, &at, 1, NULL, &again), MPT_ERR_ADDRESS);
    }
    for (uint16_t i = 0; i < LISTENERS; i += 2) {
        mpt_endpoint at = {server.addr, (uint16_t)(1000 + i / 2)}, other = {peer.addr, at.port};
        assert_ptr_equal(mpt_listener_find(f.stack, &at), listeners[i + 1]);
        assert_ptr_equal(mpt_listener_find(f.stack, &other), listeners[i]);
        mpt_listener_close(listeners[i + 1], 0);
        assert_ptr_equal(mpt_listener_find(f.stack, &at), listeners[i]);
    }
    end(&f);
}

static void listener_of_the_very_address_comes_before_one_of_any(void **state) {
    fixture f;
    mpt_listener *any, *exact;
    mpt_endpoint anywhere = {.port = 80};
    mpt_store store;
    (void)state;
    begin(&f);
    assert_int_equal(mpt_listen(f.stack, &anywhere, 1, NULL, &any), MPT_OK);
    assert_int_equal(mpt_listen(f.stack, &server, 1, NULL, &exact), MPT_OK);
    mpt_segment s = syn_to(&server);
    assert_true(mpt_stack_wants(f.stack, &s));
    assert_int_equal(mpt_stack_receive(f.stack, &s, &store, 0), MPT_OK);
    mpt_listener_close(exact, 0); /* and with it the half-open connection */
    mpt_stack_check(f.stack);
    mpt_segment out = {0};
    while (mpt_stack_transmit(f.stack, &out, 0)) {
    }
    assert_int_equal(mpt_stack_receive(f.stack, &s, &store, 0), MPT_OK);
    mpt_listener_close(any, 0);
    end(&f);
}

static void listeners_of_any_address_share_a_port_by_family(void **state) {
    fixture f;
    mpt_listener *any4, *any6, *any, *none;
    mpt_endpoint at4 = {.addr.family = 4, .port = 80}, at6 = {.addr.family = 6, .port = 80}, anywhere = {.port = 80};
    mpt_endpoint to4 = server, to6 = {.addr = {.family = 6, .bytes = {0x20, 1}}, .port = 80};
    (void)state;
    begin(&f);
    assert_int_equal(mpt_listen(f.stack, &at4, 1, NULL, &any4), MPT_OK);
    assert_int_equal(mpt_listen(f.stack, &at4, 1, NULL, &none), MPT_ERR_ADDRESS);
    assert_ptr_equal(mpt_listener_find(f.stack, &to4), any4);
    assert_null(mpt_listener_find(f.stack, &to6));
    assert_true(mpt_listener_takes_joins(f.stack, &to6));
    assert_int_equal(mpt_listen(f.stack, &at6, 1, NULL, &any6), MPT_OK);
    assert_ptr_equal(mpt_listener_find(f.stack, &to4), any4);
    assert_ptr_equal(mpt_listener_find(f.stack, &to6), any6);
    mpt_listener_close(any4, 0);
    assert_null(mpt_listener_find(f.stack, &to4));
    assert_true(mpt_listener_takes_joins(f.stack, &to4));
    assert_int_equal(mpt_listen(f.stack, &anywhere, 1, NULL, &any), MPT_OK);
    assert_ptr_equal(mpt_listener_find(f.stack, &to4), any);
    assert_ptr_equal(mpt_listener_find(f.stack, &to6), any6);
    mpt_listener_close(any, 0);
    mpt_listener_close(any6, 0);
    assert_false(mpt_listener_takes_joins(f.stack, &to6));
    end(&f);
}

/* ---- Segments ----------------------------------------------------------------------------------------------------- */

static void segments_for_nobody_are_not_ours_and_short_ones_malformed(void **state) {
    fixture f;
    mpt_store store;
    mpt_segment out = {0}, s = syn_to(&server);
    (void)state;
    begin(&f);
    assert_false(mpt_stack_wants(f.stack, &s));
    assert_int_equal(mpt_stack_receive(f.stack, &s, &store, 0), MPT_ERR_NOT_OURS);
    mpt_stack_refuse(f.stack, &s, 0);
    assert_true(mpt_stack_transmit(f.stack, &out, 0));
    assert_true(out.header[13] & MPT_RST);
    s.header[13] = MPT_RST;
    mpt_stack_refuse(f.stack, &s, 0);
    assert_false(mpt_stack_transmit(f.stack, &out, 0)); /* no answer to an RST */
    s.header[12] = 0xf0;
    mpt_stack_refuse(f.stack, &s, 0);
    assert_false(mpt_stack_transmit(f.stack, &out, 0)); /* nor to what cannot be parsed */
    s.header_bytes = 19;
    assert_false(mpt_stack_wants(f.stack, &s));
    assert_int_equal(mpt_stack_receive(f.stack, &s, &store, 0), MPT_ERR_MALFORMED);
    mpt_stack_unreachable(f.stack, &server, &peer, 0);
    end(&f);
}

static void malformed_syn_to_a_listener_is_counted(void **state) {
    fixture f;
    mpt_listener *l;
    mpt_store store;
    mpt_segment s = syn_to(&server);
    (void)state;
    begin(&f);
    s.header[12] = 0xf0;
    assert_int_equal(mpt_stack_receive(f.stack, &s, &store, 0), MPT_ERR_NOT_OURS);
    assert_int_equal(mpt_listen(f.stack, &server, 1, NULL, &l), MPT_OK);
    assert_int_equal(mpt_stack_receive(f.stack, &s, &store, 0), MPT_ERR_MALFORMED);
    assert_int_equal(mpt_stack_counters(f.stack)->InErrs, 1);
    end(&f);
}

/* ---- Connects ----------------------------------------------------------------------------------------------------- */

static void connect_says_what_is_wrong(void **state) {
    fixture f;
    mpt_conn *c;
    mpt_endpoint ours = {server.addr, 0}, v6 = {{.family = 6}, 80}, zero = {peer.addr, 0}, fixed = {server.addr, 4000};
    mpt_conn_settings bad;
    (void)state;
    begin(&f);
    bad = f.settings.conn;
    bad.scheduler[0] = 'x';
    assert_int_equal(mpt_connect(f.stack, &ours, &peer, &bad, 0, &c), MPT_ERR_SETTING);
    assert_int_equal(mpt_connect(f.stack, &ours, &v6, NULL, 0, &c), MPT_ERR_ADDRESS);
    assert_int_equal(mpt_connect(f.stack, &ours, &zero, NULL, 0, &c), MPT_ERR_ADDRESS);
    assert_int_equal(mpt_connect(f.stack, &peer, &server, NULL, 0, &c), MPT_ERR_ADDRESS); /* not our address */
    assert_int_equal(mpt_connect(f.stack, &fixed, &peer, &f.settings.conn, 0, &c), MPT_OK);
    assert_int_equal(mpt_connect(f.stack, &fixed, &peer, NULL, 0, &c), MPT_ERR_ADDRESS); /* in use */
    assert_null(c);
    f.memory.is_exhausted = true;
    assert_int_equal(mpt_connect(f.stack, &ours, &peer, NULL, 0, &c), MPT_ERR_MEMORY);
    end(&f);
}

static void there_are_so_many_connections_and_ports_are_different(void **state) {
    enum { MOST = 40 }; /* the hash tables and the timers grow on the way */
    fixture f;
    mpt_conn *c[MOST + 1];
    mpt_endpoint ours = {server.addr, 0};
    (void)state;
    unit_memory_init(&f.memory);
    mpt_settings_default(&f.settings);
    f.settings.connections_max = MOST;
    assert_int_equal(mpt_stack_new(&f.stack, &f.settings, &f.memory.mem, 0), MPT_OK);
    mpt_local_address a = {.addr = server.addr};
    assert_int_equal(mpt_address_up(f.stack, &a, 0), MPT_OK);
    for (uint32_t i = 0; i <= MOST; i++) {
        assert_int_equal(mpt_connect(f.stack, &ours, &peer, NULL, 0, &c[i]), i < MOST ? MPT_OK : MPT_ERR_LIMIT);
        for (uint32_t j = 0; i < MOST && j < i; j++)
            assert_int_not_equal(mpt_conn_local(c[i]).port, mpt_conn_local(c[j]).port);
        mpt_stack_check(f.stack);
    }
    assert_int_equal(mpt_conn_id(c[0]) + 1, mpt_conn_id(c[1]));
    assert_int_equal(mpt_conn_remote(c[0]).port, peer.port);
    end(&f);
}

static void calls_on_a_connection_in_the_wrong_state_are_refused(void **state) {
    fixture f;
    mpt_conn *c;
    mpt_notice n;
    mpt_subflow_info info;
    mpt_endpoint ours = {server.addr, 0};
    (void)state;
    begin(&f);
    assert_int_equal(mpt_connect(f.stack, &ours, &peer, NULL, 0, &c), MPT_OK);
    assert_int_equal(mpt_conn_write(c, mpt_conn_writable(c) + 1, 0), MPT_ERR_LIMIT);
    assert_int_equal(mpt_conn_write(c, mpt_conn_writable(c), 0), MPT_OK);
    assert_int_equal(mpt_conn_writable(c), 0);
    mpt_conn_shutdown(c, 0);
    mpt_conn_shutdown(c, 0);
    assert_int_equal(mpt_conn_write(c, 0, 0), MPT_ERR_STATE);
    mpt_conn_set_user(c, &f);
    assert_ptr_equal(mpt_conn_user(c), &f);
    assert_true(mpt_conn_get_subflow_info(c, 0, &info));
    assert_false(mpt_conn_get_subflow_info(c, 1, &info));
    mpt_conn_abort(c, 0);
    mpt_conn_abort(c, 0);
    mpt_conn_consume(c, 0, 0);
    assert_true(mpt_stack_poll(f.stack, &n));
    assert_int_equal(n.kind, MPT_NOTICE_FAILED);
    assert_int_equal(n.reason, MPT_ERR_ABORTED);
    mpt_conn_release(c, 0);
    assert_true(mpt_stack_poll(f.stack, &n));
    assert_int_equal(n.kind, MPT_NOTICE_GONE);
    assert_false(mpt_stack_poll(f.stack, &n));
    end(&f);
}

static void foreseen_segments_change_nothing(void **state) {
    fixture f;
    mpt_conn *c;
    mpt_segment syn = {0}, answer = {.header_bytes = 20}, stranger = {.header_bytes = 20};
    mpt_endpoint ours = {server.addr, 0};
    mpt_counters before;
    (void)state;
    begin(&f);
    assert_int_equal(mpt_connect(f.stack, &ours, &peer, NULL, 0, &c), MPT_OK);
    assert_true(mpt_stack_transmit(f.stack, &syn, 0));
    answer.source = stranger.source = syn.destination;
    answer.destination = syn.source;
    stranger.destination = peer.addr;
    memcpy(answer.header, syn.header + 2, 2);
    memcpy(answer.header + 2, syn.header, 2);
    before = *mpt_stack_counters(f.stack);
    for (unsigned ahead = 4; ahead > 0; ahead--) {
        mpt_stack_foresee(f.stack, &answer, ahead);
        mpt_stack_foresee(f.stack, &stranger, ahead);
    }
    assert_memory_equal(&before, mpt_stack_counters(f.stack), sizeof before);
    assert_false(mpt_stack_transmit(f.stack, &syn, 0));
    end(&f);
}

/* ---- Traces ------------------------------------------------------------------------------------------------------- */

static void oldest_traces_are_dropped_and_counted(void **state) {
    enum { CONNECTS = 1000 };
    fixture f;
    mpt_trace t;
    mpt_segment out = {0};
    mpt_endpoint ours = {server.addr, 0};
    uint64_t fetched = 0;
    (void)state;
    begin(&f);
    f.memory.is_exhausted = true;
    assert_int_equal(mpt_stack_set_trace(f.stack, MPT_TRACE_ALL), MPT_ERR_MEMORY);
    f.memory.is_exhausted = false;
    assert_int_equal(mpt_stack_set_trace(f.stack, MPT_TRACE_ALL), MPT_OK);
    assert_int_equal(mpt_stack_set_trace(f.stack, MPT_TRACE_ALL), MPT_OK);
    for (uint32_t i = 0; i < CONNECTS; i++) {
        mpt_conn *c;
        assert_int_equal(mpt_connect(f.stack, &ours, &peer, NULL, 0, &c), MPT_OK);
        while (mpt_stack_transmit(f.stack, &out, 0)) {
        }
    }
    assert_true(mpt_stack_counters(f.stack)->TraceDropped > 0);
    while (mpt_stack_trace(f.stack, &t))
        fetched++;
    assert_true(fetched > 0);
    assert_int_equal(mpt_stack_set_trace(f.stack, 0), MPT_OK);
    assert_false(mpt_stack_trace(f.stack, &t));
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stack_is_not_made_of_bad_settings_or_without_memory),
        cmocka_unit_test(there_are_so_many_addresses_and_no_more),
        cmocka_unit_test(address_that_is_not_there_or_has_a_taken_id_is_refused),
        cmocka_unit_test(listener_needs_a_free_port_good_settings_and_memory),
        cmocka_unit_test(thousands_of_listeners_are_told_apart),
        cmocka_unit_test(listener_of_the_very_address_comes_before_one_of_any),
        cmocka_unit_test(listeners_of_any_address_share_a_port_by_family),
        cmocka_unit_test(segments_for_nobody_are_not_ours_and_short_ones_malformed),
        cmocka_unit_test(malformed_syn_to_a_listener_is_counted),
        cmocka_unit_test(connect_says_what_is_wrong),
        cmocka_unit_test(there_are_so_many_connections_and_ports_are_different),
        cmocka_unit_test(calls_on_a_connection_in_the_wrong_state_are_refused),
        cmocka_unit_test(foreseen_segments_change_nothing),
        cmocka_unit_test(oldest_traces_are_dropped_and_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
