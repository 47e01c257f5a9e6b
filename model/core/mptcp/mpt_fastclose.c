/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_fastclose.c: a connection is thrown away at once: MP_FASTCLOSE (RFC 8684 3.5), in an RST on every subflow, or in an ACK on one
 * that is sent again until the peer's RST comes.
 */
#include "mptcp/mpt_conn.h"

enum { ACK_TRIES = 4 }; /* the RFC recommends three retransmissions */

/** The subflow to send the ACK on: one that works, if any does. */
static mpt_subflow *choose(const mpt_conn *c) {
    mpt_subflow *chosen = NULL;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        mpt_subflow *sf = c->subflows[i];
        if (mpt_subflow_can_send(sf) && (!chosen || (chosen->is_stalled && !sf->is_stalled)))
            chosen = sf;
    }
    return chosen;
}

static void start_ack(mpt_subflow *sf, mpt_time now) {
    mpt_sendq_free(&sf->t.q, &sf->conn->stack->mem);
    sf->is_fastclosing = sf->fastclose_wanted = true;
    sf->is_established = false;
    sf->t.fin_wanted = false;
    sf->t.ack_at = sf->keepalive_at = MPT_NEVER;
    sf->fastclose_count = 1;
    mpt_tcp_arm_rto(&sf->t, now);
}

void mpt_fastclose_send(mpt_conn *c, mpt_status reason, mpt_time now) {
    bool can_tell = mpt_conn_is_mptcp(c) && c->has_key_remote;
    mpt_subflow *keep = can_tell && (c->set.fastclose_ack || c->version == 0) ? choose(c) : NULL;
    if (!c->is_dead)
        c->failure = reason; /* and not what the end of the last subflow would mean by itself */
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        mpt_subflow *sf = c->subflows[i];
        if (sf->t.state == MPT_TCP_CLOSED || sf->t.state == MPT_TCP_TIME_WAIT || sf == keep)
            continue;
        sf->fastclose_wanted = can_tell && !keep;
        mpt_subflow_reset(sf, MPT_RST_UNSPECIFIED, 0, now);
    }
    if (keep)
        start_ack(keep, now);
    mpt_conn_fail(c, reason, now);
}

void mpt_fastclose_timer(mpt_subflow *sf, mpt_time now) {
    sf->fastclose_wanted = true;
    if (sf->fastclose_count == ACK_TRIES) {
        mpt_subflow_reset(sf, MPT_RST_UNSPECIFIED, 0, now);
        return;
    }
    sf->fastclose_count++;
    mpt_rto_backoff(&sf->t.rto);
    mpt_tcp_arm_rto(&sf->t, now);
}

void mpt_fastclose_received(mpt_conn *c, const mpt_subflow *by_reset, mpt_time now) {
    MPT_COUNT(c->stack, MPFastcloseRx);
    c->failure = MPT_ERR_RESET;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i] != by_reset)
            mpt_subflow_reset(c->subflows[i], MPT_RST_UNSPECIFIED, 0, now);
    mpt_conn_fail(c, MPT_ERR_RESET, now);
}
