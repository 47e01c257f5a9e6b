/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_watch.c: the return of a path. A subflow that timed out backs off like any TCP (RFC 6298 5.5), up to minutes, and its path may be back
 * long before. As the connection goes on elsewhere, nothing is lost by asking: every so often an ACK that has to be answered leaves, 40 bytes
 * that no congestion control need know of (RFC 9293 3.8.4). An answer ends the back-off: the head of the queue is sent again at once. It does not
 * end the stall, for that is the acknowledgement of data: boxes that let ACKs pass and no data are not sent new data over and over.
 */
#include "mptcp/mpt_conn.h"

#define PAUSE_NS                                                                                                       \
    (3 * MPT_S) /* a path is to be in use within five seconds of its return, and the answer takes a round trip */

void mpt_watch_start(mpt_subflow *sf) {
    sf->was_asked = false;
    sf->watch_at = sf->t.stack->now + PAUSE_NS;
    mpt_conn_arm(sf->conn, sf->watch_at);
}

void mpt_watch_timer(mpt_subflow *sf, mpt_time now) {
    sf->watch_at = MPT_NEVER;
    if (!sf->is_stalled || !mpt_subflow_can_send(sf) || sf->conn->is_dead)
        return;
    bool asks_by_itself = sf->t.rto_at - now <= PAUSE_NS || sf->keepalive_count > 0;
    sf->watch_at = now + PAUSE_NS;
    if (asks_by_itself)
        return;
    sf->was_asked = true;
    sf->keepalive_wanted = true;
    mpt_conn_wake(sf->conn);
}

void mpt_watch_heard(mpt_subflow *sf, mpt_time now) {
    mpt_tcp *t = &sf->t;
    if (!sf->is_stalled || !sf->was_asked || sf->conn->is_dead)
        return;
    sf->was_asked = false;
    if (t->q.count == 0 && sf->keepalive_count == 0) {
        sf->is_stalled = false;
        MPT_COUNT(t->stack, SubflowRecover);
    } else if (t->q.count > 0 && t->rto.backoff > 0) {
        mpt_rto_reset_backoff(&t->rto);
        mpt_recovery_on_timeout(t, now);
        mpt_tcp_arm_rto(t, now);
    }
    mpt_conn_wake(sf->conn);
}

void mpt_watch_address_up(mpt_subflow *sf, mpt_time now) {
    mpt_tcp *t = &sf->t;
    if (t->q.count > 0) {
        mpt_rto_reset_backoff(&t->rto);
        mpt_recovery_on_timeout(t, now);
        mpt_tcp_arm_rto(t, now);
    }
    if (sf->is_stalled)
        mpt_watch_timer(sf, now);
    t->ack_wanted |= sf->is_established; /* a peer that waits for its own timeout hears of it */
    mpt_conn_wake(sf->conn);
}

uint32_t mpt_watch_retries(const mpt_subflow *sf) {
    const mpt_conn *c = sf->conn;
    if (c->is_dead)
        return c->set.subflow_data_retries;
    const mpt_local_address *l = mpt_stack_find_local(c->stack, &sf->t.local.addr);
    bool is_one_of_many = mpt_conn_is_mptcp(c) && mpt_subflow_has_other(sf);
    return is_one_of_many && l && mpt_pm_opens_from(c, l) ? c->set.subflow_data_retries : c->set.data_retries;
}
