/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_keepalive.c: is the peer still there on a subflow that something speaks against? Probes as in RFC 9293 3.8.4, at once and after one and
 * three retransmission timeouts; seven without a word end it. Asked when the peer withdraws the address (RFC 8684 3.4.2 wants it
 * before the subflow is closed), when it comes again from the same address, and when a join finds no room.
 */
#include "mptcp/mpt_conn.h"

enum { PROBES = 3 };

void mpt_keepalive_start(mpt_tcp *t, mpt_time now) {
    if (t->keepalive_at != MPT_NEVER || !mpt_sf(t)->is_established || !mpt_subflow_is_alive(mpt_sf(t)) ||
        mpt_sf(t)->conn->is_dead)
        return;
    t->keepalive_count = 1;
    t->keepalive_wanted = true;
    t->keepalive_at = now + t->rto.base_ns;
    mpt_tcp_arm(t, t->keepalive_at);
    mpt_tcp_wake(t);
}

void mpt_keepalive_heard(mpt_tcp *t) {
    mpt_watch_heard(mpt_sf(t), t->stack->now);
    if (t->keepalive_count < 2)
        return; /* nothing is in doubt, or it may have been on its way before the first probe */
    t->keepalive_count = 0;
    t->keepalive_wanted = false;
    t->keepalive_at = MPT_NEVER;
    if (mpt_sf(t)->is_stalled) {
        mpt_sf(t)->is_stalled = false;
        MPT_COUNT(t->stack, SubflowRecover);
    }
}

void mpt_keepalive_timer(mpt_tcp *t, mpt_time now) {
    t->keepalive_at = MPT_NEVER;
    if (mpt_sf(t)->conn->is_dead)
        return;
    if (t->keepalive_count == PROBES) {
        MPT_COUNT(t->stack, RmSubflow);
        mpt_subflow_reset(mpt_sf(t), MPT_RST_PERFORMANCE, MPT_RST_TRANSIENT, now);
        return;
    }
    t->keepalive_at = now + (t->rto.base_ns << t->keepalive_count);
    t->keepalive_count++;
    t->keepalive_wanted = true;
    mpt_tcp_wake(t);
}
