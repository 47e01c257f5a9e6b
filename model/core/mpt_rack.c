/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_rack.c: RACK's detection of losses (RFC 8985 6.2): a segment is lost when one sent later has arrived and a round-trip time and
 * the reordering window have passed since it was sent. It replaces counting duplicate ACKs where the peer speaks SACK.
 *
 * An acknowledgement looks at the oldest segment in flight, and at the next as long as they are lost: its cost does not grow with
 * the window. For the same reason the timer is for the first segment that may be lost, not for the last of them (RFC 8985's
 * example): each is found when its own time is up.
 */
#include "mpt_stack.h"

enum { RECOVERIES_PER_GROWTH = 16, WINDOW_STEPS_MAX = 255 };

/** RFC 8985 6.2 step 4: how much later than expected a segment may arrive. */
mpt_time mpt_rack_window(const mpt_subflow *sf) {
    if (!sf->rack.has_reordering && (sf->ca >= MPT_CA_RECOVERY || sf->q.sacked_count >= sf->conn->set.dup_threshold))
        return 0;
    if (sf->rto.srtt_ns == 0)
        return 0;
    mpt_time window = sf->rack.window_steps * (mpt_least_get(&sf->rtt_min) / 4);
    return window < sf->rto.srtt_ns ? window : sf->rto.srtt_ns;
}

void mpt_rack_delivered(mpt_subflow *sf, const mpt_chunk *k, bool is_of_first_copy, mpt_time now) {
    mpt_rack *r = &sf->rack;
    bool was_resent = k->flags & MPT_CHUNK_EVER_RESENT;
    uint64_t end = mpt_chunk_end(k);
    if (end > r->highest_end)
        r->highest_end = end;
    else if (end < r->ack_highest_end && !was_resent)
        r->has_reordering = true; /* step 3 */
    if ((was_resent && is_of_first_copy) || mpt_chunk_is_before(k, r->turn))
        return;
    r->rtt_ns = now - k->sent_at; /* step 2 */
    r->turn = k->turn;
}

void mpt_rack_dsack_received(mpt_subflow *sf, uint64_t ack) {
    mpt_rack *r = &sf->rack;
    if (r->dsack_round > ack)
        return; /* once a round trip (step 4) */
    r->dsack_round = sf->snd_nxt;
    r->window_steps += r->window_steps < WINDOW_STEPS_MAX;
    r->recoveries_left = RECOVERIES_PER_GROWTH;
}

void mpt_rack_recovered(mpt_subflow *sf) {
    mpt_rack *r = &sf->rack;
    if (r->recoveries_left > 0 && --r->recoveries_left == 0)
        r->window_steps = 1;
}

static mpt_time overdue_at(const mpt_subflow *sf, const mpt_chunk *k, mpt_time window) {
    mpt_time rtt = sf->rack.rtt_ns > 0 ? sf->rack.rtt_ns : sf->rto.srtt_ns; /* nothing but the SYN was delivered yet */
    return k->sent_at + rtt + window;
}

static void lose(mpt_subflow *sf, mpt_chunk *k) {
    if (k->flags & MPT_CHUNK_RETRANSMITTED)
        MPT_COUNT(sf->conn->stack, TCPLostRetransmit);
    mpt_sendq_mark_lost(&sf->q, k);
}

void mpt_rack_detect(mpt_subflow *sf, mpt_time now) {
    mpt_chunk *k = mpt_sendq_oldest(&sf->q);
    sf->rack.timer_at = MPT_NEVER;
    if (k == NULL || !mpt_chunk_is_before(k, sf->rack.turn))
        return;
    mpt_time window = mpt_rack_window(sf);
    for (; k != NULL && mpt_chunk_is_before(k, sf->rack.turn); k = mpt_sendq_oldest(&sf->q)) { /* step 5 */
        mpt_time at = overdue_at(sf, k, window);
        if (at > now) {
            sf->rack.timer_at = at;
            mpt_conn_arm(sf->conn, at);
            return;
        }
        lose(sf, k);
    }
}

void mpt_rack_timed_out(mpt_subflow *sf, mpt_time now) {
    mpt_time window = mpt_rack_window(sf);
    mpt_chunk *k, *head = mpt_sendq_at(&sf->q, 0);
    while ((k = mpt_sendq_oldest(&sf->q)) != NULL && overdue_at(sf, k, window) <= now)
        lose(sf, k);
    if (mpt_chunk_is_flying(head))
        lose(sf, head);
    sf->rack.timer_at = MPT_NEVER;
}
