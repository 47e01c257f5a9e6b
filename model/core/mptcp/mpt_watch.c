/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_watch.c: the return of a path. A subflow that timed out backs off like any TCP (RFC 6298 5.5), up to minutes, and its path may be back
 * long before. As the connection goes on elsewhere, nothing is lost by asking: every so often an ACK that has to be answered leaves, 40 bytes
 * that no congestion control need know of (RFC 9293 3.8.4). An answer ends the back-off: the head of the queue is sent again at once. It does not
 * end the stall, for that is the acknowledgement of data: boxes that let ACKs pass and no data are not sent new data over and over.
 */
#include "mptcp/mpt_conn.h"

#define SILENCE_NS (15 * MPT_S)
/** A path is to be in use within five seconds of its return; answer, first retransmission and a few round trips of slow start take their time, too. */
#define PAUSE_NS (2 * MPT_S)

/** Has it timed out, with nothing acknowledged since? The only subflow of a connection does not stall, but it may as well be asked. */
static bool is_away(const mpt_subflow *sf) {
    return (sf->is_stalled || sf->t.timeouts_in_row > 0) && mpt_conn_is_mptcp(sf->conn) && !sf->conn->is_dead;
}

void mpt_watch_start(mpt_subflow *sf) {
    if (sf->watch_at != MPT_NEVER || !is_away(sf))
        return;
    sf->was_asked = false;
    sf->watch_at = sf->t.stack->now + PAUSE_NS;
    mpt_conn_arm(sf->conn, sf->watch_at);
}

/** With checksums no other bytes can take the place of those that it may have to send again, and the host would have to keep the stream since. */
static bool holds_too_much(const mpt_subflow *sf) {
    const mpt_conn *c = sf->conn;
    return c->has_checksum && c->snd_una - mpt_conn_acked_offset(c) > c->set.send_buffer_bytes &&
           mpt_sendq_low_offset(&sf->t.q) == mpt_conn_acked_offset(c);
}

void mpt_watch_timer(mpt_subflow *sf, mpt_time now) {
    sf->watch_at = MPT_NEVER;
    if (!is_away(sf) || !mpt_subflow_can_send(sf))
        return;
    if (holds_too_much(sf)) {
        mpt_subflow_reset(sf, MPT_RST_PERFORMANCE, MPT_RST_TRANSIENT, now);
        return;
    }
    bool asks_by_itself = sf->t.rto_at - now <= PAUSE_NS / 2 || sf->keepalive_count > 0;
    sf->watch_at = now + PAUSE_NS;
    if (asks_by_itself)
        return;
    sf->was_asked = true;
    sf->keepalive_wanted = true;
    mpt_conn_wake(sf->conn);
}

void mpt_watch_heard(mpt_subflow *sf, mpt_time now) {
    mpt_tcp *t = &sf->t;
    if (!sf->was_asked || !is_away(sf))
        return;
    sf->was_asked = false;
    if (sf->is_stalled && t->q.count == 0 && sf->keepalive_count == 0) {
        sf->is_stalled = false;
        MPT_COUNT(t->stack, SubflowRecover);
    } else if (t->q.count > 0) { /* a SACK may have ended the back-off; the timer is far off all the same */
        mpt_rto_reset_backoff(&t->rto);
        mpt_recovery_on_timeout(t, now);
        mpt_tcp_arm_rto(t, now);
    }
    mpt_conn_wake(sf->conn);
}

/**
 * Who only receives has no timeout that tells of a dead path, and the sender may have given the subflow up without our hearing of it. Only we can join
 * again: so we ask, while data come elsewhere. Backups are silent by right.
 */
void mpt_watch_silent(mpt_subflow *sf, mpt_time now) {
    mpt_conn *c = sf->conn;
    const mpt_local_address *l;
    c->silence_at = now + MPT_S;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        mpt_subflow *other = c->subflows[i];
        bool is_backup = other->is_backup_local || other->is_backup_remote;
        if (other == sf || is_backup || !mpt_subflow_can_send(other) || other->t.q.count > 0 ||
            now - other->heard_at < SILENCE_NS)
            continue;
        l = mpt_stack_find_local(c->stack, &other->t.local.addr);
        if (l && mpt_pm_opens_from(c, l))
            mpt_keepalive_start(other, now);
    }
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
