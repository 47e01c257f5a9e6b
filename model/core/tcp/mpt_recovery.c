/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_recovery.c: which chunks are held lost (RACK, see mpt_rack.c, or RFC 6675; RFC 6582 without SACK), and what that does to the
 * window: proportional rate reduction (RFC 9937), timeouts (RFC 5681, 6298), ECN (RFC 3168), undo of spurious reductions (RFC 3522, 4015, 2883).
 * How far the window falls is the congestion control's word (mpt_cc.h).
 */
#include "tcp/mpt_tcp.h"

/** Bytes in flight; without SACK every duplicate ACK stands for a segment that left the network. */
static uint64_t flight(const mpt_tcp *t) {
    uint64_t pipe = mpt_sendq_pipe(&t->q);
    if (t->has_sack)
        return pipe;
    uint64_t gone = (uint64_t)t->duplicate_acks * t->cc.mss_bytes;
    return pipe > gone ? pipe - gone : 0;
}

/* ---- Loss detection ---- */

/** Below this offset everything not SACKed is lost: enough was SACKed above (RFC 6675 IsLost). */
static uint64_t lost_limit(const mpt_tcp *t) {
    const mpt_ranges *r = &t->q.sacked;
    uint64_t bytes = 0, enough = (uint64_t)(t->set->dup_threshold - 1) * t->cc.mss_bytes;
    for (uint32_t i = r->count; i-- > 0;) {
        bytes += r->items[i].end - r->items[i].start;
        if (bytes > enough || r->count - i >= t->set->dup_threshold)
            return r->items[i].start;
    }
    return 0;
}

static void mark_lost_below(mpt_tcp *t, uint64_t limit) {
    mpt_sendq *q = &t->q;
    if (limit <= q->lost_below)
        return;
    for (uint32_t i = mpt_sendq_find(q, q->lost_below); i < q->count; i++) {
        mpt_chunk *k = mpt_sendq_at(q, i);
        if (k->start >= limit)
            break;
        mpt_sendq_mark_lost(q, k);
    }
    q->lost_below = limit;
}

static void detect(mpt_tcp *t, uint64_t acked, bool is_duplicate, mpt_time now) {
    mpt_sendq *q = &t->q;
    if (t->rack.is_on) {
        mpt_rack_detect(t, now);
        return;
    }
    if (t->has_sack) {
        if (q->sacked.count > 0)
            mark_lost_below(t, lost_limit(t));
        return;
    }
    if (is_duplicate)
        t->duplicate_acks++;
    bool is_partial = acked > 0 && t->ca == MPT_CA_RECOVERY && t->snd_una < t->recovery_point;
    if (q->count > 0 && (t->duplicate_acks >= t->set->dup_threshold || is_partial))
        mark_lost_below(t, mpt_sendq_at(q, 0)->start + 1); /* RFC 6582: the head alone */
}

/* ---- Reactions ---- */

/** Not while copies of an earlier recovery are under way: their echoes are older than what this one sends again, yet no first answers (RFC 3522). */
static void forget_resend_time(mpt_tcp *t) {
    if (t->q.retransmitted_count == 0)
        t->resend_ts = 0;
}

/** From here on it is seen whether what is sent again was needed. */
static void watch_copies(mpt_tcp *t) {
    t->undo_point = t->snd_una;
    t->undo_resent = t->q.retransmitted_count + (t->tlp.end != 0 && t->tlp.is_resend);
    forget_resend_time(t);
    t->tlp.end = 0;
}

/** Whatever the reason, the peer is told to echo no longer (RFC 3168 6.1.2). @param flight_bytes see mpt_cc_ops.on_loss() */
static void reduce(mpt_tcp *t, mpt_cc_loss kind, uint64_t flight_bytes, mpt_time now) {
    mpt_cc *members[MPT_CC_GROUP_MAX];
    mpt_cc_group group = {members, t->user->siblings(t, members)};
    t->cc.ops->on_loss(&t->cc, &group, kind, flight_bytes, now);
    t->is_marked = kind == MPT_CC_LOSS_ECN;
    t->cwr_point = t->snd_nxt;
    t->is_cwr_wanted = t->has_ecn;
    watch_copies(t);
}

/** Losses in the window of data for which an ECN-Echo has reduced cost nothing more (RFC 3168 6.1.2). */
static void reduce_for_loss(mpt_tcp *t, mpt_cc_loss kind, mpt_time now) {
    if (t->ca == MPT_CA_CWR)
        watch_copies(t);
    else
        reduce(t, kind, t->snd_nxt - t->snd_una, now);
}

/** @param delivered by the acknowledgement that it begins with */
static void enter_recovery(mpt_tcp *t, uint64_t delivered, mpt_time now) {
    reduce_for_loss(t, MPT_CC_LOSS_FAST, now);
    if (t->ca != MPT_CA_CWR)
        t->recovery_point = t->snd_nxt; /* else what was sent since the reduction is another window */
    t->ca = MPT_CA_RECOVERY;
    t->prr_delivered = t->prr_out = 0;
    t->recover_flight =
        t->snd_nxt - t->snd_una - t->q.sacked_bytes + delivered; /* what was delivered before is not counted now */
    t->fast_recoveries++;
    MPT_COUNT(t->stack, TCPFastRetrans);
}

static void leave_recovery(mpt_tcp *t) {
    if (t->ca == MPT_CA_RECOVERY)
        t->cc.cwnd_bytes = t->cc.ssthresh_bytes;
    if (t->ca >= MPT_CA_RECOVERY)
        mpt_rack_recovered(t);
    t->ca = MPT_CA_OPEN;
    t->frto = MPT_FRTO_OFF;
    t->duplicate_acks = 0;
    forget_resend_time(t);
}

/**
 * RFC 9937 6.2: the window that lets out as much as was delivered, in proportion; below ssthresh, as much as was delivered.
 * @param is_safe SND.UNA moves and no further loss is found (safeACK): then one more, to come back to ssthresh
 */
static void proportional_rate(mpt_tcp *t, uint64_t delivered, bool is_safe) {
    uint64_t pipe = flight(t), ssthresh = t->cc.ssthresh_bytes, mss = t->cc.mss_bytes, allowed;
    t->prr_delivered += delivered;
    if (pipe > ssthresh) {
        uint64_t share = (t->prr_delivered * ssthresh + t->recover_flight - 1) / t->recover_flight;
        allowed = share > t->prr_out ? share - t->prr_out : 0;
    } else {
        uint64_t behind = t->prr_delivered > t->prr_out ? t->prr_delivered - t->prr_out : 0;
        uint64_t limit = (behind > delivered ? behind : delivered) + (is_safe ? mss : 0);
        allowed = ssthresh - pipe < limit ? ssthresh - pipe : limit;
    }
    if (t->prr_out == 0 && allowed < mss)
        allowed = mss; /* the first retransmission always leaves */
    t->cc.cwnd_bytes = pipe + allowed;
}

/** What was SACKed in recovery and is acknowledged with its end opens no window: @p delivered does not hold it. */
static void grow(mpt_tcp *t, uint64_t acked, uint64_t delivered, mpt_time now) {
    uint64_t counted = acked < delivered ? acked : delivered;
    if (counted == 0 || t->snd_una - acked > t->limited_point)
        return; /* the application, not the window, held the sender back (RFC 7661) */
    if (t->ca == MPT_CA_LOSS && t->cc.cwnd_bytes < t->cc.ssthresh_bytes && counted > t->cc.mss_bytes)
        counted =
            t->cc.mss_bytes; /* after a timeout an ACK may stand for what had arrived before it: L = 1 (RFC 3465 2.3) */
    mpt_cc *members[MPT_CC_GROUP_MAX];
    mpt_cc_group group = {members, t->user->siblings(t, members)};
    t->cc.snd_una = t->snd_una;
    t->cc.snd_nxt = t->snd_nxt;
    t->cc.ops->on_ack(&t->cc, &group, counted, now);
}

void mpt_recovery_on_ack(mpt_tcp *t, uint64_t acked, uint64_t delivered, bool is_duplicate, mpt_time now) {
    if (t->ca != MPT_CA_OPEN && t->snd_una >= t->recovery_point)
        leave_recovery(t);
    uint64_t lost = t->q.lost_bytes - t->q.retransmitted_bytes;
    detect(t, acked, is_duplicate, now);
    bool is_safe = acked > 0 && t->q.lost_bytes - t->q.retransmitted_bytes == lost;
    if (!t->has_sack && is_duplicate)
        delivered += t->cc.mss_bytes;
    bool has_new_loss = t->q.lost_bytes > 0; /* sent again already or not, it is of the window after recovery_point */
    if (has_new_loss && t->ca < MPT_CA_RECOVERY)
        enter_recovery(t, delivered, now);
    switch (t->ca) {
    case MPT_CA_RECOVERY:
        if (delivered > 0)
            proportional_rate(t, delivered, is_safe);
        break;
    case MPT_CA_OPEN:
    case MPT_CA_LOSS: grow(t, acked, delivered, now); break;
    case MPT_CA_CWR: break; /* one reduction a window, no growth in it */
    }
}

void mpt_recovery_on_rack_timer(mpt_tcp *t, mpt_time now) {
    mpt_rack_detect(t, now);
    if (t->q.lost_bytes > t->q.retransmitted_bytes && t->ca < MPT_CA_RECOVERY) {
        enter_recovery(t, 0, now);
        proportional_rate(t, 0, false);
    }
}

void mpt_recovery_on_repaired_loss(mpt_tcp *t, mpt_time now) {
    if (t->ca != MPT_CA_OPEN)
        return; /* reduced already */
    MPT_COUNT(t->stack, TCPLossProbeRecovery);
    reduce(t, MPT_CC_LOSS_FAST, t->cc.cwnd_bytes, now); /* what was in flight at the loss is not known any more */
    t->undo_resent = 0;
    t->cc.cwnd_bytes = t->cc.ssthresh_bytes;
}

static void mark_all_lost(mpt_tcp *t) {
    mpt_sendq *q = &t->q;
    for (uint32_t i = 0; i < q->count; i++)
        mpt_sendq_mark_lost(q, mpt_sendq_at(q, i));
    q->lost_below = t->snd_nxt;
}

void mpt_recovery_on_timeout(mpt_tcp *t, mpt_time now) {
    mpt_sendq *q = &t->q;
    bool is_repeated = t->ca == MPT_CA_LOSS && t->snd_una == t->undo_point;
    mpt_frto_timed_out(t, is_repeated);
    if (q->count > 0 && (mpt_sendq_at(q, 0)->flags & MPT_CHUNK_SACKED)) {
        mpt_sendq_forget_sacks(q); /* the receiver threw away what it had (RFC 2018 8) */
        t->frto = MPT_FRTO_OFF;    /* what it tells is not news */
    }
    if (!is_repeated)
        reduce_for_loss(t, MPT_CC_LOSS_TIMEOUT, now);
    t->ca = MPT_CA_LOSS;
    t->recovery_point = t->snd_nxt;
    t->duplicate_acks = 0;
    if (t->rack.is_on)
        mpt_rack_timed_out(t, now);
    else
        mark_all_lost(t);
    t->cc.cwnd_bytes =
        mpt_sendq_pipe(q) + t->cc.mss_bytes; /* RFC 5681 3.1, beside what may still arrive (RFC 8985 9.3) */
}

void mpt_recovery_on_ecn(mpt_tcp *t, uint64_t acked, mpt_time now) {
    if (t->snd_una <= t->cwr_point || t->ca >= MPT_CA_RECOVERY) {
        t->is_marked = true;
        return; /* once a window; a loss in it was reaction enough (RFC 3168 6.1.2) */
    }
    reduce(t, MPT_CC_LOSS_ECN, t->snd_nxt - t->snd_una + acked, now);
    t->undo_resent = 0; /* no D-SACK can undo this */
    t->cc.cwnd_bytes = t->cc.ssthresh_bytes;
    t->ca = MPT_CA_CWR;
    t->recovery_point = t->snd_nxt;
}

void mpt_recovery_undo(mpt_tcp *t, bool is_by_dsack, mpt_time now) {
    if (is_by_dsack)
        MPT_COUNT(t->stack, TCPDSACKUndo);
    else if (t->ca == MPT_CA_LOSS)
        MPT_COUNT(t->stack, TCPLossUndo);
    else
        MPT_COUNT(t->stack, TCPFullUndo);
    if (!t->is_marked)
        t->cc.ops->on_undo(&t->cc, now);
    else if (t->cc.cwnd_bytes < t->cc.ssthresh_bytes)
        t->cc.cwnd_bytes = t->cc.ssthresh_bytes; /* nothing was lost, but the path is congested */
    mpt_sendq_forget_losses(&t->q);
    t->ca = MPT_CA_OPEN;
    t->frto = MPT_FRTO_OFF;
    t->resend_ts = 0;
    t->undo_resent = 0;
    t->duplicate_acks = 0;
}

/* ---- Sending ---- */

bool mpt_recovery_allows(const mpt_tcp *t, uint32_t bytes, bool is_new, mpt_time now) {
    if (mpt_pacing_holds(t, now))
        return false;
    uint64_t in_flight = flight(t);
    if (is_new && t->ca == MPT_CA_OPEN && !t->set->limited_transmit)
        in_flight += t->q.sacked_bytes; /* without RFC 3042 duplicates let nothing new out */
    uint64_t counted = bytes < t->cc.mss_bytes
                           ? bytes
                           : t->cc.mss_bytes; /* one segment is one, also of a time when the MSS was larger */
    return in_flight == 0 || in_flight + counted <= t->cc.cwnd_bytes;
}

void mpt_recovery_on_sent(mpt_tcp *t, uint32_t bytes, mpt_time now) {
    mpt_pacing_sent(t, bytes, now);
    if (t->ca == MPT_CA_RECOVERY)
        t->prr_out += bytes;
    uint64_t in_flight = flight(t), full = in_flight + t->cc.mss_bytes;
    if (t->cc.cwnd_bytes < t->cc.ssthresh_bytes)
        full = 2 * in_flight; /* slow start may double what is in use */
    if (full >= t->cc.cwnd_bytes)
        t->limited_point = t->snd_nxt;
}
