/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_tcp_timer.c: a subflow's timers: retransmission (RFC 6298), reordering and loss probe (RFC 8985), handshake, delayed ACK, TIME-WAIT. */
#include "mptcp/mpt_conn.h"

void mpt_tcp_arm_rto(mpt_tcp *t, mpt_time now) {
    t->rto_at = now + mpt_rto_get(&t->rto);
    mpt_tcp_arm(t, t->rto_at);
}

mpt_time mpt_tcp_deadline(const mpt_tcp *t) {
    mpt_time at[] = {t->rto_at,        t->stall_at,     t->ack_at,     t->time_wait_at,     t->keepalive_at,
                     t->rack.timer_at, t->tlp.timer_at, t->release_at, mpt_sf(t)->signal_at},
             first = MPT_NEVER;
    for (size_t i = 0; i < sizeof at / sizeof *at; i++)
        first = at[i] < first ? at[i] : first;
    return first;
}

static void give_up(mpt_tcp *t, mpt_time now) {
    mpt_conn *c = mpt_sf(t)->conn;
    if (!mpt_conn_may_be_joined(c))
        c->failure = MPT_ERR_TIMEOUT;
    if (t->state == MPT_TCP_SYN_SENT || t->state == MPT_TCP_SYN_RECEIVED) {
        if (!mpt_sf(t)->is_join)
            c->failure = MPT_ERR_TIMEOUT;
        MPT_COUNT(c->stack, AttemptFails);
        mpt_subflow_remove(mpt_sf(t), MPT_RST_PERFORMANCE, now);
    } else {
        mpt_subflow_reset(mpt_sf(t), MPT_RST_PERFORMANCE, MPT_RST_TRANSIENT, now);
    }
}

static void handshake_timeout(mpt_tcp *t, mpt_time now) {
    mpt_conn *c = mpt_sf(t)->conn;
    uint32_t retries = mpt_sf(t)->is_join ? c->set.join_retries : c->set.syn_retries;
    if (t->syn_sent_count > retries) {
        give_up(t, now);
        return;
    }
    bool is_opener = t->state == MPT_TCP_SYN_SENT && c->mode == MPT_MODE_OPENING && !mpt_sf(t)->is_join;
    if (is_opener && t->syn_sent_count >= c->set.capable_syn_retries + 1) {
        MPT_COUNT(c->stack, MPCapableSYNTXDrop); /* something on the way may drop SYNs with MP_CAPABLE (RFC 8684 3.1) */
        c->was_capable_unanswered = true;
        mpt_fallback(c, mpt_sf(t), now);
    }
    mpt_rto_backoff(&t->rto);
    if (mpt_sf(t)->joining == MPT_JOINING_THIRD_ACK)
        t->ack_wanted = true;
    else
        t->syn_wanted = true;
    mpt_tcp_arm_rto(t, now);
}

static void data_timeout(mpt_tcp *t, mpt_time now) {
    mpt_conn *c = mpt_sf(t)->conn;
    t->timeouts++;
    t->timeouts_in_row++;
    MPT_COUNT(c->stack, TCPTimeouts);
    if (t->timeouts_in_row > mpt_watch_retries(mpt_sf(t))) {
        give_up(t, now);
        return;
    }
    mpt_recovery_on_timeout(t, now);
    mpt_rto_backoff(&t->rto);
    mpt_tcp_arm_rto(t, now);
    mpt_subflow_stall(mpt_sf(t));
}

static void retransmission_timer(mpt_tcp *t, mpt_time now) {
    t->rto_at = MPT_NEVER;
    if (mpt_sf(t)->is_fastclosing)
        mpt_fastclose_timer(mpt_sf(t), now);
    else if (t->state == MPT_TCP_SYN_SENT || t->state == MPT_TCP_SYN_RECEIVED ||
             mpt_sf(t)->joining == MPT_JOINING_THIRD_ACK)
        handshake_timeout(t, now);
    else if (t->q.count > 0)
        data_timeout(t, now);
    mpt_tcp_wake(t);
}

void mpt_tcp_timer(mpt_tcp *t, mpt_time now) {
    if (t->time_wait_at <= now) {
        mpt_subflow_remove(mpt_sf(t), 0, now);
        return;
    }
    if (t->ack_at <= now) {
        t->ack_at = MPT_NEVER;
        t->ack_wanted = true;
        mpt_tcp_wake(t);
    }
    if (t->rack.timer_at <= now) {
        mpt_recovery_on_rack_timer(t, now);
        mpt_tcp_wake(t);
    }
    if (t->release_at <= now) {
        t->release_at = MPT_NEVER;
        mpt_tcp_wake(t);
    }
    if (mpt_sf(t)->signal_at <= now) {
        mpt_sf(t)->signal_at = MPT_NEVER;
        mpt_tcp_wake(t);
    }
    if (t->tlp.timer_at <= now)
        mpt_tlp_timer(t, now); /* before the timeout, and instead of it: RFC 8985 7.2 */
    if (t->stall_at <= now) {
        t->stall_at = MPT_NEVER;
        mpt_subflow_stall(mpt_sf(t));
        mpt_tcp_wake(t);
    }
    if (t->keepalive_at <= now)
        mpt_keepalive_timer(t, now);
    if (t->rto_at <= now)
        retransmission_timer(t, now);
}
