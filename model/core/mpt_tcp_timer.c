/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_tcp_timer.c: a subflow's timers: retransmission (RFC 6298), reordering and loss probe (RFC 8985), handshake, delayed ACK, TIME-WAIT. */
#include "mpt_stack.h"

void mpt_tcp_arm_rto(mpt_subflow *sf, mpt_time now) {
    sf->rto_at = now + mpt_rto_get(&sf->rto);
    mpt_conn_arm(sf->conn, sf->rto_at);
}

mpt_time mpt_tcp_deadline(const mpt_subflow *sf) {
    mpt_time at[] = {sf->rto_at,        sf->stall_at,     sf->ack_at,     sf->time_wait_at, sf->keepalive_at,
                     sf->rack.timer_at, sf->tlp.timer_at, sf->release_at, sf->signal_at},
             first = MPT_NEVER;
    for (size_t i = 0; i < sizeof at / sizeof *at; i++)
        first = at[i] < first ? at[i] : first;
    return first;
}

static void give_up(mpt_subflow *sf, mpt_time now) {
    mpt_conn *c = sf->conn;
    if (!mpt_conn_may_be_joined(c))
        c->failure = MPT_ERR_TIMEOUT;
    if (sf->state == MPT_TCP_SYN_SENT || sf->state == MPT_TCP_SYN_RECEIVED) {
        if (!sf->is_join)
            c->failure = MPT_ERR_TIMEOUT;
        MPT_COUNT(c->stack, AttemptFails);
        mpt_subflow_remove(sf, MPT_RST_PERFORMANCE, now);
    } else {
        mpt_subflow_reset(sf, MPT_RST_PERFORMANCE, MPT_RST_TRANSIENT, now);
    }
}

static void handshake_timeout(mpt_subflow *sf, mpt_time now) {
    mpt_conn *c = sf->conn;
    uint32_t retries = sf->is_join ? c->set.join_retries : c->set.syn_retries;
    if (sf->syn_sent_count > retries) {
        give_up(sf, now);
        return;
    }
    bool is_opener = sf->state == MPT_TCP_SYN_SENT && c->mode == MPT_MODE_OPENING && !sf->is_join;
    if (is_opener && sf->syn_sent_count >= c->set.capable_syn_retries + 1) {
        MPT_COUNT(c->stack, MPCapableSYNTXDrop); /* something on the way may drop SYNs with MP_CAPABLE (RFC 8684 3.1) */
        c->was_capable_unanswered = true;
        mpt_fallback(c, sf, now);
    }
    mpt_rto_backoff(&sf->rto);
    if (sf->joining == MPT_JOINING_THIRD_ACK)
        sf->ack_wanted = true;
    else
        sf->syn_wanted = true;
    mpt_tcp_arm_rto(sf, now);
}

static void data_timeout(mpt_subflow *sf, mpt_time now) {
    mpt_conn *c = sf->conn;
    bool is_one_of_many = mpt_conn_is_mptcp(c) && mpt_subflow_has_other(sf);
    sf->timeouts++;
    sf->timeouts_in_row++;
    MPT_COUNT(c->stack, TCPTimeouts);
    if (sf->timeouts_in_row > (is_one_of_many || c->is_dead ? c->set.subflow_data_retries : c->set.data_retries)) {
        give_up(sf, now);
        return;
    }
    mpt_recovery_on_timeout(sf, now);
    mpt_rto_backoff(&sf->rto);
    mpt_tcp_arm_rto(sf, now);
    mpt_subflow_stall(sf);
}

static void retransmission_timer(mpt_subflow *sf, mpt_time now) {
    sf->rto_at = MPT_NEVER;
    if (sf->is_fastclosing)
        mpt_fastclose_timer(sf, now);
    else if (sf->state == MPT_TCP_SYN_SENT || sf->state == MPT_TCP_SYN_RECEIVED || sf->joining == MPT_JOINING_THIRD_ACK)
        handshake_timeout(sf, now);
    else if (sf->q.count > 0)
        data_timeout(sf, now);
    mpt_conn_wake(sf->conn);
}

void mpt_tcp_timer(mpt_subflow *sf, mpt_time now) {
    if (sf->time_wait_at <= now) {
        mpt_subflow_remove(sf, 0, now);
        return;
    }
    if (sf->ack_at <= now) {
        sf->ack_at = MPT_NEVER;
        sf->ack_wanted = true;
        mpt_conn_wake(sf->conn);
    }
    if (sf->rack.timer_at <= now) {
        mpt_recovery_on_rack_timer(sf, now);
        mpt_conn_wake(sf->conn);
    }
    if (sf->release_at <= now) {
        sf->release_at = MPT_NEVER;
        mpt_conn_wake(sf->conn);
    }
    if (sf->signal_at <= now) {
        sf->signal_at = MPT_NEVER;
        mpt_conn_wake(sf->conn);
    }
    if (sf->tlp.timer_at <= now)
        mpt_tlp_timer(sf, now); /* before the timeout, and instead of it: RFC 8985 7.2 */
    if (sf->stall_at <= now) {
        sf->stall_at = MPT_NEVER;
        mpt_subflow_stall(sf);
        mpt_conn_wake(sf->conn);
    }
    if (sf->keepalive_at <= now)
        mpt_keepalive_timer(sf, now);
    if (sf->rto_at <= now)
        retransmission_timer(sf, now);
}
