/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit_pair.h"

enum { LOST = 40 /* the first data segment with such a number */ };

const mpt_endpoint unit_pair_ends[2] = {{{4, {10, 0, 0, 1}}, 5000}, {{4, {10, 0, 0, 2}}, 80}};

mpt_conn_settings unit_pair_begin(unit_pair *p) {
    *p = (unit_pair){.bytes = PAIR_BYTES};
    unit_memory_init(&p->memory);
    for (int i = 0; i < 2; i++) {
        mpt_settings set;
        mpt_local_address a = {.addr = unit_pair_ends[i].addr};
        mpt_settings_default(&set);
        set.seed = (uint64_t)i + 1;
        assert_int_equal(mpt_stack_new(&p->stack[i], &set, &p->memory.mem, 0), MPT_OK);
        assert_int_equal(mpt_address_up(p->stack[i], &a, 0), MPT_OK);
    }
    mpt_listener *l;
    mpt_settings set;
    mpt_settings_default(&set);
    assert_int_equal(mpt_listen(p->stack[1], &unit_pair_ends[1], 1, NULL, &l), MPT_OK);
    return set.conn;
}

uint64_t unit_pair_carry(unit_pair *p, int from) {
    static mpt_segment queue[1000];
    size_t count = 0;
    uint64_t data = 0;
    while (count < COUNT_OF(queue) && mpt_stack_transmit(p->stack[from], &queue[count], p->now))
        count++;
    p->now += (PAIR_ONE_WAY_MS + (p->data_segments > 100 ? p->later_ms : 0)) * MPT_MS;
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

void unit_pair_transfer(unit_pair *p) {
    bool was_written = false;
    for (int turn = 0; turn < 4000 && p->received_bytes < p->bytes; turn++) {
        uint64_t sent = unit_pair_carry(p, 0);
        if (p->data_segments > sent) /* not the initial window, which is the core's */
            p->most_in_a_turn = sent > p->most_in_a_turn ? sent : p->most_in_a_turn;
        unit_pair_carry(p, 1);
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

void unit_pair_end(unit_pair *p) {
    mpt_stack_free(p->stack[0]);
    mpt_stack_free(p->stack[1]);
    assert_int_equal(p->memory.live, 0);
}

void unit_pair_quieten(unit_pair *p) {
    for (int turn = 0; turn < 10; turn++) {
        mpt_stack_timer(p->stack[1], p->now);
        unit_pair_carry(p, 1);
        unit_pair_carry(p, 0);
    }
}
