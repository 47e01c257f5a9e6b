/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_pm.c: path management where there are many pairs of addresses, and where there is no memory. */
#include "mptcp/mpt_conn.h"
#include "unit_support.h"

enum { LOCALS = 9, REMOTES = 8 };

typedef struct fixture {
    unit_memory memory;
    mpt_stack *stack;
    mpt_conn *conn;
    mpt_time now;
} fixture;

/** A client of an MPTCP connection that knows several addresses of its peer. */
static void begin(fixture *f) {
    mpt_settings settings;
    unit_memory_init(&f->memory);
    mpt_settings_default(&settings);
    assert_int_equal(mpt_stack_new(&f->stack, &settings, &f->memory.mem, 0), MPT_OK);
    for (uint8_t i = 1; i <= LOCALS; i++) {
        mpt_local_address a = {.addr = mpt_addr_v4(10, 0, 0, i)};
        assert_int_equal(mpt_address_up(f->stack, &a, 0), MPT_OK);
    }
    f->now = 0;
    assert_int_equal(mpt_conn_new(f->stack, &settings.conn, 0, &f->conn), MPT_OK);
    f->conn->mode = MPT_MODE_MPTCP;
    f->conn->is_client = f->conn->has_key_remote = f->conn->is_fully_established = true;
    for (uint8_t i = 1; i <= REMOTES; i++)
        assert_int_equal(mpt_pm_remote_add(f->conn, i, &(mpt_endpoint){mpt_addr_v4(10, 1, 0, i), 80}, 0), MPT_OK);
}

static void end(fixture *f) {
    mpt_stack_free(f->stack);
    assert_int_equal(f->memory.live, 0);
}

/** A second passes in which the peer refuses, for now, whatever was opened. @return how many SYNs that were */
static uint32_t second_of_refusals(fixture *f) {
    uint32_t opened = 0;
    for (uint32_t i = 0; i < 10; i++, f->now += MPT_S / 10) {
        f->stack->now = f->now;
        mpt_pm_update(f->conn);
        mpt_conn_settle(f->conn, f->now);
        opened += f->conn->subflow_count - 1;
        for (uint32_t j = 0; j < f->conn->subflow_count; j++)
            if (f->conn->subflows[j]->is_join)
                mpt_subflow_remove(f->conn->subflows[j], 0, f->now);
    }
    return opened;
}

/** However many they are: after 1 + 2 + ... + 64 pauses each pair is tried every 64 s. */
static void pairs_that_fail_are_tried_ever_less(void **state) {
    fixture f;
    uint32_t later = 0;
    (void)state;
    begin(&f);
    mpt_subflow *works = mpt_subflow_new(f.conn, &(mpt_endpoint){mpt_addr_v4(10, 0, 0, 1), 1000},
                                         &(mpt_endpoint){mpt_addr_v4(10, 2, 0, 1), 80}, 0);
    assert_non_null(works);
    works->t.state = MPT_TCP_ESTABLISHED;
    works->is_established = true;
    for (uint32_t s = 0; s < 300; s++)
        second_of_refusals(&f);
    for (uint32_t s = 0; s < 64; s++)
        later += second_of_refusals(&f);
    assert_in_range(later, LOCALS * REMOTES - 8, LOCALS * REMOTES + 8);
    assert_true(f.conn->pm.pair_count <= MPT_PAIRS_MAX);
    end(&f);
}

static void nothing_is_opened_without_memory_until_a_pause_later(void **state) {
    fixture f;
    (void)state;
    begin(&f);
    f.memory.is_exhausted = true;
    mpt_pm_update(f.conn);
    mpt_conn_settle(f.conn, 0);
    assert_int_equal(f.conn->subflow_count, 0);
    assert_int_equal(f.conn->pm.retry_at, f.conn->set.join_backoff_ns);
    f.memory.is_exhausted = false;
    mpt_pm_update(f.conn);
    mpt_conn_settle(f.conn, f.conn->set.join_backoff_ns - 1);
    assert_int_equal(f.conn->subflow_count, 0);
    mpt_pm_update(f.conn);
    mpt_conn_settle(f.conn, f.conn->set.join_backoff_ns);
    assert_int_equal(f.conn->subflow_count, f.conn->set.subflows_max);
    end(&f);
}

/** Eight places for 72 pairs: each of the peer's addresses gets one, and none of ours more than one. */
static void addresses_of_both_ends_are_used_evenly(void **state) {
    fixture f;
    uint32_t ours[LOCALS + 1] = {0}, theirs[REMOTES + 1] = {0};
    (void)state;
    begin(&f);
    mpt_pm_update(f.conn);
    mpt_conn_settle(f.conn, 0);
    assert_int_equal(f.conn->subflow_count, 8);
    for (uint32_t i = 0; i < 8; i++) {
        assert_int_equal(++ours[f.conn->subflows[i]->t.local.addr.bytes[3]], 1);
        assert_int_equal(++theirs[f.conn->subflows[i]->t.remote.addr.bytes[3]], 1);
    }
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_that_fail_are_tried_ever_less),
        cmocka_unit_test(nothing_is_opened_without_memory_until_a_pause_later),
        cmocka_unit_test(addresses_of_both_ends_are_used_evenly),
    };
    return cmocka_run_group_tests_name("pm", tests, NULL, NULL);
}
