/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_tcp_timer.c: a subflow's timers: retransmission (RFC 6298), reordering and loss probe (RFC 8985), handshake, delayed ACK, TIME-WAIT. */
#include "tcp/mpt_tcp.h"

void mpt_tcp_arm_rto(mpt_tcp *t, mpt_time now) {
    t->rto_at = now + mpt_rto_get(&t->rto);
    mpt_tcp_arm(t, t->rto_at);
}

mpt_time mpt_tcp_deadline(const mpt_tcp *t) {
    mpt_time at[] = {t->rto_at,        t->stall_at,     t->ack_at,    t->time_wait_at,
                     t->rack.timer_at, t->tlp.timer_at, t->release_at},
             first = MPT_NEVER;
    for (size_t i = 0; i < sizeof at / sizeof *at; i++)
        first = at[i] < first ? at[i] : first;
    return first;
}

static void retransmission_timer(mpt_tcp *t, mpt_time now) {
    bool is_handshake = t->state == MPT_TCP_SYN_SENT || t->state == MPT_TCP_SYN_RECEIVED, has_data = t->q.count > 0;
    t->rto_at = MPT_NEVER;
    if (has_data) {
        t->timeouts++;
        t->timeouts_in_row++;
        MPT_COUNT(t->stack, TCPTimeouts);
    }
    if (!t->user->timed_out(t, now) || !(is_handshake || has_data))
        return;
    if (is_handshake)
        t->syn_wanted = true;
    else
        mpt_recovery_on_timeout(t, now);
    mpt_rto_backoff(&t->rto);
    mpt_tcp_arm_rto(t, now);
    if (has_data)
        t->user->event(t, MPT_TCP_EVENT_STALLED, now);
}

void mpt_tcp_timer(mpt_tcp *t, mpt_time now) {
    if (t->time_wait_at <= now) {
        t->user->event(t, MPT_TCP_EVENT_ENDED, now);
        return;
    }
    if (t->ack_at <= now) {
        t->ack_at = MPT_NEVER;
        t->ack_wanted = true;
    }
    if (t->rack.timer_at <= now)
        mpt_recovery_on_rack_timer(t, now);
    if (t->release_at <= now)
        t->release_at = MPT_NEVER;
    if (t->tlp.timer_at <= now)
        mpt_tlp_timer(t, now); /* before the timeout, and instead of it: RFC 8985 7.2 */
    if (t->stall_at <= now) {
        t->stall_at = MPT_NEVER;
        t->user->event(t, MPT_TCP_EVENT_STALLED, now);
    }
    if (t->rto_at <= now)
        retransmission_timer(t, now);
    mpt_tcp_wake(t);
}
