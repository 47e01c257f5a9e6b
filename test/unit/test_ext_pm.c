/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ext_pm.c: path managers of one's own (mpt_ext.h): subflows that they want, addresses that they announce, and what becomes of wrong ones.
 */
#include "mpt_ext.h"
#include "unit_pair.h"

#include <stdio.h>
#include <string.h>

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

static void transfer_with(unit_pair *p, const mpt_pm_ops *ops) {
    mpt_conn_settings cs = unit_pair_begin(p);
    snprintf(cs.path_manager, sizeof cs.path_manager, "%s", ops->name);
    assert_int_equal(mpt_connect(p->stack[0], &unit_pair_ends[0], &unit_pair_ends[1], &cs, 0, &p->conn),
                     MPT_ERR_SETTING);
    assert_int_equal(mpt_register_path_manager(p->stack[0], ops), MPT_OK);
    assert_int_equal(mpt_register_path_manager(p->stack[0], ops), MPT_ERR_NAME);
    assert_int_equal(mpt_connect(p->stack[0], &unit_pair_ends[0], &unit_pair_ends[1], &cs, 0, &p->conn), MPT_OK);
    unit_pair_transfer(p);
    assert_int_equal(p->received_bytes, PAIR_BYTES);
}

static void own_path_manager_opens_and_closes(void **state) {
    static const mpt_pm_ops ops = {
        .name = "later", .priv_bytes = sizeof(later_state), .wanted = later_wanted, .on_event = later_on_event};
    unit_pair p;
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
    unit_pair_end(&p);
}

static void greedy_path_manager_is_told_and_stops_nothing(void **state) {
    static const mpt_pm_ops ops = {.name = "greedy", .wanted = greedy_wanted, .on_event = greedy_on_event};
    static const mpt_pm_ops bare = {.name = "bare"};
    unit_pair p;
    mpt_conn_info info;
    (void)state;
    transfer_with(&p, &ops);
    mpt_conn_get_info(p.conn, &info);
    assert_int_equal(info.subflow_count, 8); /* subflows_max */
    assert_true(mpt_stack_counters(p.stack[0])->PolicyFaults > 1);
    assert_int_equal(mpt_register_path_manager(p.stack[0], &bare), MPT_ERR_SETTING);
    unit_pair_end(&p);
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
        announced.initial = mpt_pm_announce(c, &unit_pair_ends[1].addr);
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
        announced.withdrawn_initial = mpt_pm_withdraw(c, &unit_pair_ends[1].addr);
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
static void let_pass(unit_pair *p, mpt_time duration_ns) {
    for (mpt_time end = p->now + duration_ns; p->now < end;)
        for (int i = 0; i < 2; i++) {
            mpt_stack_timer(p->stack[i], p->now);
            unit_pair_carry(p, i);
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
    const mpt_endpoint at = {unit_pair_ends[1].addr, 81};
    mpt_listener *l;
    unit_pair p;
    (void)state;
    memset(&announced, 0, sizeof announced);
    mpt_conn_settings cs = unit_pair_begin(&p), server = cs;
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
    assert_int_equal(mpt_connect(p.stack[0], &unit_pair_ends[0], &at, &cs, 0, &p.conn), MPT_OK);
    unit_pair_transfer(&p);
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
    unit_pair_end(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_path_manager_opens_and_closes),
        cmocka_unit_test(greedy_path_manager_is_told_and_stops_nothing),
        cmocka_unit_test(own_path_manager_announces_and_withdraws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
