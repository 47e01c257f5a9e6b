/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ext_life.c: policies of one's own (mpt_ext.h) begin and end with their connection, which is found by its four-tuple.
 */
#include "mpt_ext.h"
#include "unit_pair.h"

#include <string.h>

static struct {
    int cc, sched, pm;
    uint32_t begun;
} open_now;
static const mpt_sched_ops held_scheduler;
static const mpt_pm_ops held_manager;

static void held_init(mpt_cc *cc) {
    cc->cwnd_bytes = 4 * (uint64_t)cc->mss_bytes;
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

/** One beginning without an end, however often the MSS is learnt. */
static void held_on_ack(mpt_cc *cc, const mpt_cc_group *group, uint64_t acked_bytes, mpt_time now) {
    (void)group;
    (void)acked_bytes;
    (void)now;
    assert_true(open_now.cc == 1 && cc->priv);
}

static const mpt_cc_ops held_control = {.name = "held",
                                        .priv_bytes = 8,
                                        .init = held_init,
                                        .on_end = held_end,
                                        .on_ack = held_on_ack,
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

static void what_begins_with_a_connection_ends_with_it(void **state) {
    unit_pair p;
    (void)state;
    mpt_conn_settings cs = unit_pair_begin(&p);
    p.bytes = PAIR_FEW_BYTES;
    memcpy(cs.congestion_control, "held", 5);
    memcpy(cs.scheduler, "held", 5);
    memcpy(cs.path_manager, "held", 5);
    assert_int_equal(mpt_register_cc(p.stack[0], &held_control), MPT_OK);
    assert_int_equal(mpt_register_scheduler(p.stack[0], &held_scheduler), MPT_OK);
    assert_int_equal(mpt_register_path_manager(p.stack[0], &held_manager), MPT_OK);
    assert_int_equal(mpt_connect(p.stack[0], &unit_pair_ends[0], &unit_pair_ends[1], &cs, 0, &p.conn), MPT_OK);
    unit_pair_transfer(&p);
    assert_int_equal(p.received_bytes, PAIR_FEW_BYTES);
    assert_true(open_now.cc == 1 && open_now.sched == 1 && open_now.pm == 1 && open_now.begun >= 2);
    unit_pair_end(&p);
    assert_true(open_now.cc == 0 && open_now.sched == 0 && open_now.pm == 0);
}

static void connection_of_a_four_tuple_is_found(void **state) {
    uint32_t id = 99;
    unit_pair p;
    (void)state;
    mpt_conn_settings cs = unit_pair_begin(&p);
    assert_int_equal(mpt_connect(p.stack[0], &unit_pair_ends[0], &unit_pair_ends[1], &cs, 0, &p.conn), MPT_OK);
    assert_ptr_equal(mpt_stack_find_conn(p.stack[0], &unit_pair_ends[0], &unit_pair_ends[1], &id), p.conn);
    assert_int_equal(id, 0);
    assert_null(mpt_stack_find_conn(p.stack[0], &unit_pair_ends[1], &unit_pair_ends[0], &id));
    unit_pair_end(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_begins_with_a_connection_ends_with_it),
        cmocka_unit_test(connection_of_a_four_tuple_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
