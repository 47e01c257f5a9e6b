/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_keepalive.c: is the peer still there on a subflow that something speaks against? Probes as in RFC 9293 3.8.4, at once and after one and
 * three retransmission timeouts; seven without a word end it, but for the last subflow of an end that cannot join: its path may be back, and it goes only
 * when another takes its place, or when the connection has been without any for too long. Asked when the peer withdraws the address (RFC 8684 3.4.2 wants it
 * before the subflow is closed), when it comes again from the same address, and when a join finds no room.
 */
#include "mptcp/mpt_conn.h"

enum { PROBES = 3 };

bool mpt_keepalive_is_unanswered(const mpt_subflow *sf) {
    return sf->keepalive_count == PROBES && sf->keepalive_at == MPT_NEVER;
}

void mpt_keepalive_start(mpt_subflow *sf, mpt_time now) {
    if (sf->keepalive_at != MPT_NEVER || !sf->is_established || !mpt_subflow_is_alive(sf) || sf->conn->is_dead)
        return;
    sf->keepalive_count = 1;
    sf->keepalive_wanted = true;
    sf->keepalive_at = now + sf->t.rto.base_ns;
    mpt_tcp_arm(&sf->t, sf->keepalive_at);
    mpt_tcp_wake(&sf->t);
}

void mpt_keepalive_heard(mpt_subflow *sf) {
    mpt_watch_heard(sf, sf->t.stack->now);
    if (sf->keepalive_count < 2)
        return; /* nothing is in doubt, or it may have been on its way before the first probe */
    sf->conn->no_subflow_at = MPT_NEVER; /* though it was doubted once more since it had not answered */
    sf->keepalive_count = 0;
    sf->keepalive_wanted = false;
    sf->keepalive_at = MPT_NEVER;
    if (sf->is_stalled) {
        sf->is_stalled = false;
        MPT_COUNT(sf->t.stack, SubflowRecover);
    }
}

/** The last one, of an end that cannot join. */
static bool is_irreplaceable(const mpt_subflow *sf) {
    const mpt_local_address *l = mpt_stack_find_local(sf->conn->stack, &sf->t.local.addr);
    return !mpt_subflow_has_other(sf) && !(l && mpt_pm_opens_from(sf->conn, l));
}

void mpt_keepalive_timer(mpt_subflow *sf, mpt_time now) {
    sf->keepalive_at = MPT_NEVER;
    if (sf->conn->is_dead)
        return;
    if (sf->keepalive_count == PROBES && is_irreplaceable(sf)) {
        mpt_conn_expect_subflow(sf->conn, now);
        return;
    }
    if (sf->keepalive_count == PROBES) {
        MPT_COUNT(sf->t.stack, RmSubflow);
        mpt_subflow_reset(sf, MPT_RST_PERFORMANCE, MPT_RST_TRANSIENT, now);
        return;
    }
    sf->keepalive_at = now + (sf->t.rto.base_ns << sf->keepalive_count);
    sf->keepalive_count++;
    sf->keepalive_wanted = true;
    mpt_tcp_wake(&sf->t);
}
