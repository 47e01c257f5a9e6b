/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_rack.c: RACK's detection of losses (RFC 8985 6.2): a segment is lost when one sent later has arrived and a round-trip time and
 * the reordering window have passed since it was sent. It replaces counting duplicate ACKs where the peer speaks SACK.
 *
 * An acknowledgement looks at the oldest segment in flight, and at the next as long as they are lost: its cost does not grow with
 * the window. For the same reason the timer is for the first segment that may be lost, not for the last of them (RFC 8985's
 * example): each is found when its own time is up.
 */
#include "tcp/mpt_tcp.h"

enum { RECOVERIES_PER_GROWTH = 16, WINDOW_STEPS_MAX = 255 };

/** RFC 8985 6.2 step 4: how much later than expected a segment may arrive. */
mpt_time mpt_rack_window(const mpt_tcp *t) {
    if (!t->rack.has_reordering && (t->ca >= MPT_CA_RECOVERY || t->q.sacked_count >= t->set->dup_threshold))
        return 0;
    if (t->rto.srtt_ns == 0)
        return 0;
    mpt_time window = t->rack.window_steps * (mpt_least_get(&t->rtt_min) / 4);
    return window < t->rto.srtt_ns ? window : t->rto.srtt_ns;
}

/**
 * Of what was sent again the first copy has arrived, such as the tail for which a probe was sent too soon. When it left is not known any more,
 * but it was after the chunk before it, if that was sent once: what was sent no later than that one is older than something that has arrived.
 */
static void first_copy_delivered(mpt_tcp *t, const mpt_chunk *k, mpt_time now) {
    mpt_rack *r = &t->rack;
    uint32_t i = mpt_sendq_find(&t->q, k->start);
    const mpt_chunk *previous = i > 0 ? mpt_sendq_at(&t->q, i - 1) : NULL;
    if (previous == NULL || previous->flags & (MPT_CHUNK_EVER_RESENT | MPT_CHUNK_SACKED) ||
        mpt_chunk_is_before(previous, r->turn))
        return;
    r->rtt_ns = now - previous->sent_at;
    r->turn = previous->turn + 1;
}

void mpt_rack_delivered(mpt_tcp *t, const mpt_chunk *k, bool is_of_first_copy, mpt_time now) {
    mpt_rack *r = &t->rack;
    bool was_resent = k->flags & MPT_CHUNK_EVER_RESENT;
    uint64_t end = mpt_chunk_end(k);
    if (end > r->highest_end)
        r->highest_end = end;
    else if (end < r->ack_highest_end && !was_resent)
        r->has_reordering = true; /* step 3 */
    if (was_resent && is_of_first_copy) {
        first_copy_delivered(t, k, now);
        return;
    }
    if (mpt_chunk_is_before(k, r->turn))
        return;
    r->rtt_ns = now - k->sent_at; /* step 2 */
    r->turn = k->turn;
}

void mpt_rack_dsack_received(mpt_tcp *t, uint64_t ack) {
    mpt_rack *r = &t->rack;
    if (r->dsack_round > ack)
        return; /* once a round trip (step 4) */
    r->dsack_round = t->snd_nxt;
    r->window_steps += r->window_steps < WINDOW_STEPS_MAX;
    r->recoveries_left = RECOVERIES_PER_GROWTH;
}

void mpt_rack_recovered(mpt_tcp *t) {
    mpt_rack *r = &t->rack;
    if (r->recoveries_left > 0 && --r->recoveries_left == 0)
        r->window_steps = 1;
}

static mpt_time overdue_at(const mpt_tcp *t, const mpt_chunk *k, mpt_time window) {
    mpt_time rtt = t->rack.rtt_ns > 0 ? t->rack.rtt_ns : t->rto.srtt_ns; /* nothing but the SYN was delivered yet */
    return k->sent_at + rtt + window;
}

static void lose(mpt_tcp *t, mpt_chunk *k) {
    if (k->flags & MPT_CHUNK_RETRANSMITTED) {
        MPT_COUNT(t->stack, TCPLostRetransmit);
        t->rack.lost_copies++;
        mpt_undo_copy_lost(t);
    }
    mpt_sendq_mark_lost(&t->q, k);
}

void mpt_rack_detect(mpt_tcp *t, mpt_time now) {
    t->rack.timer_at = MPT_NEVER;
    if (!mpt_rack_has_suspect(t))
        return;
    mpt_time window = mpt_rack_window(t);
    for (mpt_chunk *k = mpt_sendq_oldest(&t->q); k != NULL && mpt_chunk_is_before(k, t->rack.turn);
         k = mpt_sendq_oldest(&t->q)) { /* step 5 */
        mpt_time at = overdue_at(t, k, window);
        if (at > now) {
            t->rack.timer_at = at;
            mpt_tcp_arm(t, at);
            return;
        }
        lose(t, k);
    }
}

void mpt_rack_timed_out(mpt_tcp *t, mpt_time now) {
    mpt_time window = mpt_rack_window(t);
    mpt_chunk *k, *head = mpt_sendq_at(&t->q, 0);
    while ((k = mpt_sendq_oldest(&t->q)) != NULL && overdue_at(t, k, window) <= now)
        lose(t, k);
    if (mpt_chunk_is_flying(head))
        lose(t, head);
    t->rack.timer_at = MPT_NEVER;
}
