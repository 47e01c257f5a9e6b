/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_recovery.c: which chunks are held lost (RACK, see mpt_rack.c, or RFC 6675; RFC 6582 without SACK), and what that does to the
 * window: proportional rate reduction (RFC 9937), timeouts (RFC 5681, 6298), ECN (RFC 3168), undo of spurious reductions (RFC 3522, 4015, 2883).
 * How far the window falls is the congestion control's word (mpt_cc.h).
 */
#include "mpt_stack.h"

mpt_cc_group mpt_recovery_group(mpt_subflow *sf, mpt_cc **members) {
    mpt_conn *c = sf->conn;
    mpt_cc_group group = {members, 0};
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i]->is_established || c->subflows[i] == sf)
            members[group.count++] = &c->subflows[i]->cc;
    return group;
}

/** Bytes in flight; without SACK every duplicate ACK stands for a segment that left the network. */
static uint64_t flight(const mpt_subflow *sf) {
    uint64_t pipe = mpt_sendq_pipe(&sf->q);
    if (sf->has_sack)
        return pipe;
    uint64_t gone = (uint64_t)sf->duplicate_acks * sf->cc.mss_bytes;
    return pipe > gone ? pipe - gone : 0;
}

/* ---- Loss detection ---- */

/** Below this offset everything not SACKed is lost: enough was SACKed above (RFC 6675 IsLost). */
static uint64_t lost_limit(const mpt_subflow *sf) {
    const mpt_ranges *r = &sf->q.sacked;
    uint64_t bytes = 0, enough = (uint64_t)(sf->conn->set.dup_threshold - 1) * sf->cc.mss_bytes;
    for (uint32_t i = r->count; i-- > 0;) {
        bytes += r->items[i].end - r->items[i].start;
        if (bytes > enough || r->count - i >= sf->conn->set.dup_threshold)
            return r->items[i].start;
    }
    return 0;
}

static void mark_lost_below(mpt_subflow *sf, uint64_t limit) {
    mpt_sendq *q = &sf->q;
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

static void detect(mpt_subflow *sf, uint64_t acked, bool is_duplicate, mpt_time now) {
    mpt_sendq *q = &sf->q;
    if (sf->rack.is_on) {
        mpt_rack_detect(sf, now);
        return;
    }
    if (sf->has_sack) {
        if (q->sacked.count > 0)
            mark_lost_below(sf, lost_limit(sf));
        return;
    }
    if (is_duplicate)
        sf->duplicate_acks++;
    bool is_partial = acked > 0 && sf->ca == MPT_CA_RECOVERY && sf->snd_una < sf->recovery_point;
    if (q->count > 0 && (sf->duplicate_acks >= sf->conn->set.dup_threshold || is_partial))
        mark_lost_below(sf, mpt_sendq_at(q, 0)->start + 1); /* RFC 6582: the head alone */
}

/* ---- Reactions ---- */

/** Not while copies of an earlier recovery are under way: their echoes are older than what this one sends again, yet no first answers (RFC 3522). */
static void forget_resend_time(mpt_subflow *sf) {
    if (sf->q.retransmitted_count == 0)
        sf->resend_ts = 0;
}

/** From here on it is seen whether what is sent again was needed. */
static void watch_copies(mpt_subflow *sf) {
    sf->undo_point = sf->snd_una;
    sf->undo_resent = sf->q.retransmitted_count + (sf->tlp.end != 0 && sf->tlp.is_resend);
    forget_resend_time(sf);
    sf->tlp.end = 0;
}

/** Whatever the reason, the peer is told to echo no longer (RFC 3168 6.1.2). @param flight_bytes see mpt_cc_ops.on_loss() */
static void reduce(mpt_subflow *sf, mpt_cc_loss kind, uint64_t flight_bytes, mpt_time now) {
    mpt_cc *members[MPT_SUBFLOWS_LIMIT];
    mpt_cc_group group = mpt_recovery_group(sf, members);
    sf->cc.ops->on_loss(&sf->cc, &group, kind, flight_bytes, now);
    sf->is_marked = kind == MPT_CC_LOSS_ECN;
    sf->cwr_point = sf->snd_nxt;
    sf->is_cwr_wanted = sf->has_ecn;
    watch_copies(sf);
}

/** Losses in the window of data for which an ECN-Echo has reduced cost nothing more (RFC 3168 6.1.2). */
static void reduce_for_loss(mpt_subflow *sf, mpt_cc_loss kind, mpt_time now) {
    if (sf->ca == MPT_CA_CWR)
        watch_copies(sf);
    else
        reduce(sf, kind, sf->snd_nxt - sf->snd_una, now);
}

/** @param delivered by the acknowledgement that it begins with */
static void enter_recovery(mpt_subflow *sf, uint64_t delivered, mpt_time now) {
    reduce_for_loss(sf, MPT_CC_LOSS_FAST, now);
    if (sf->ca != MPT_CA_CWR)
        sf->recovery_point = sf->snd_nxt; /* else what was sent since the reduction is another window */
    sf->ca = MPT_CA_RECOVERY;
    sf->prr_delivered = sf->prr_out = 0;
    sf->recover_flight =
        sf->snd_nxt - sf->snd_una - sf->q.sacked_bytes + delivered; /* what was delivered before is not counted now */
    sf->fast_recoveries++;
    MPT_COUNT(sf->conn->stack, TCPFastRetrans);
}

static void leave_recovery(mpt_subflow *sf) {
    if (sf->ca == MPT_CA_RECOVERY)
        sf->cc.cwnd_bytes = sf->cc.ssthresh_bytes;
    if (sf->ca >= MPT_CA_RECOVERY)
        mpt_rack_recovered(sf);
    sf->ca = MPT_CA_OPEN;
    sf->frto = MPT_FRTO_OFF;
    sf->duplicate_acks = 0;
    forget_resend_time(sf);
}

/**
 * RFC 9937 6.2: the window that lets out as much as was delivered, in proportion; below ssthresh, as much as was delivered.
 * @param is_safe SND.UNA moves and no further loss is found (safeACK): then one more, to come back to ssthresh
 */
static void proportional_rate(mpt_subflow *sf, uint64_t delivered, bool is_safe) {
    uint64_t pipe = flight(sf), ssthresh = sf->cc.ssthresh_bytes, mss = sf->cc.mss_bytes, allowed;
    sf->prr_delivered += delivered;
    if (pipe > ssthresh) {
        uint64_t share = (sf->prr_delivered * ssthresh + sf->recover_flight - 1) / sf->recover_flight;
        allowed = share > sf->prr_out ? share - sf->prr_out : 0;
    } else {
        uint64_t behind = sf->prr_delivered > sf->prr_out ? sf->prr_delivered - sf->prr_out : 0;
        uint64_t limit = (behind > delivered ? behind : delivered) + (is_safe ? mss : 0);
        allowed = ssthresh - pipe < limit ? ssthresh - pipe : limit;
    }
    if (sf->prr_out == 0 && allowed < mss)
        allowed = mss; /* the first retransmission always leaves */
    sf->cc.cwnd_bytes = pipe + allowed;
}

/** What was SACKed in recovery and is acknowledged with its end opens no window: @p delivered does not hold it. */
static void grow(mpt_subflow *sf, uint64_t acked, uint64_t delivered, mpt_time now) {
    uint64_t counted = acked < delivered ? acked : delivered;
    if (counted == 0 || sf->snd_una - acked > sf->limited_point)
        return; /* the application, not the window, held the sender back (RFC 7661) */
    if (sf->ca == MPT_CA_LOSS && sf->cc.cwnd_bytes < sf->cc.ssthresh_bytes && counted > sf->cc.mss_bytes)
        counted =
            sf->cc
                .mss_bytes; /* after a timeout an ACK may stand for what had arrived before it: L = 1 (RFC 3465 2.3) */
    mpt_cc *members[MPT_SUBFLOWS_LIMIT];
    mpt_cc_group group = mpt_recovery_group(sf, members);
    sf->cc.snd_una = sf->snd_una;
    sf->cc.snd_nxt = sf->snd_nxt;
    sf->cc.ops->on_ack(&sf->cc, &group, counted, now);
}

void mpt_recovery_on_ack(mpt_subflow *sf, uint64_t acked, uint64_t delivered, bool is_duplicate, mpt_time now) {
    if (sf->ca != MPT_CA_OPEN && sf->snd_una >= sf->recovery_point)
        leave_recovery(sf);
    uint64_t lost = sf->q.lost_bytes - sf->q.retransmitted_bytes;
    detect(sf, acked, is_duplicate, now);
    bool is_safe = acked > 0 && sf->q.lost_bytes - sf->q.retransmitted_bytes == lost;
    if (!sf->has_sack && is_duplicate)
        delivered += sf->cc.mss_bytes;
    bool has_new_loss = sf->q.lost_bytes > 0; /* sent again already or not, it is of the window after recovery_point */
    if (has_new_loss && sf->ca < MPT_CA_RECOVERY)
        enter_recovery(sf, delivered, now);
    switch (sf->ca) {
    case MPT_CA_RECOVERY:
        if (delivered > 0)
            proportional_rate(sf, delivered, is_safe);
        break;
    case MPT_CA_OPEN:
    case MPT_CA_LOSS: grow(sf, acked, delivered, now); break;
    case MPT_CA_CWR: break; /* one reduction a window, no growth in it */
    }
}

void mpt_recovery_on_rack_timer(mpt_subflow *sf, mpt_time now) {
    mpt_rack_detect(sf, now);
    if (sf->q.lost_bytes > sf->q.retransmitted_bytes && sf->ca < MPT_CA_RECOVERY) {
        enter_recovery(sf, 0, now);
        proportional_rate(sf, 0, false);
    }
}

void mpt_recovery_on_repaired_loss(mpt_subflow *sf, mpt_time now) {
    if (sf->ca != MPT_CA_OPEN)
        return; /* reduced already */
    MPT_COUNT(sf->conn->stack, TCPLossProbeRecovery);
    reduce(sf, MPT_CC_LOSS_FAST, sf->cc.cwnd_bytes, now); /* what was in flight at the loss is not known any more */
    sf->undo_resent = 0;
    sf->cc.cwnd_bytes = sf->cc.ssthresh_bytes;
}

static void mark_all_lost(mpt_subflow *sf) {
    mpt_sendq *q = &sf->q;
    for (uint32_t i = 0; i < q->count; i++)
        mpt_sendq_mark_lost(q, mpt_sendq_at(q, i));
    q->lost_below = sf->snd_nxt;
}

void mpt_recovery_on_timeout(mpt_subflow *sf, mpt_time now) {
    mpt_sendq *q = &sf->q;
    bool is_repeated = sf->ca == MPT_CA_LOSS && sf->snd_una == sf->undo_point;
    mpt_frto_timed_out(sf, is_repeated);
    if (q->count > 0 && (mpt_sendq_at(q, 0)->flags & MPT_CHUNK_SACKED)) {
        mpt_sendq_forget_sacks(q); /* the receiver threw away what it had (RFC 2018 8) */
        sf->frto = MPT_FRTO_OFF;   /* what it tells is not news */
    }
    if (!is_repeated)
        reduce_for_loss(sf, MPT_CC_LOSS_TIMEOUT, now);
    sf->ca = MPT_CA_LOSS;
    sf->recovery_point = sf->snd_nxt;
    sf->duplicate_acks = 0;
    if (sf->rack.is_on)
        mpt_rack_timed_out(sf, now);
    else
        mark_all_lost(sf);
    sf->cc.cwnd_bytes =
        mpt_sendq_pipe(q) + sf->cc.mss_bytes; /* RFC 5681 3.1, beside what may still arrive (RFC 8985 9.3) */
}

void mpt_recovery_on_ecn(mpt_subflow *sf, uint64_t acked, mpt_time now) {
    if (sf->snd_una <= sf->cwr_point || sf->ca >= MPT_CA_RECOVERY) {
        sf->is_marked = true;
        return; /* once a window; a loss in it was reaction enough (RFC 3168 6.1.2) */
    }
    reduce(sf, MPT_CC_LOSS_ECN, sf->snd_nxt - sf->snd_una + acked, now);
    sf->undo_resent = 0; /* no D-SACK can undo this */
    sf->cc.cwnd_bytes = sf->cc.ssthresh_bytes;
    sf->ca = MPT_CA_CWR;
    sf->recovery_point = sf->snd_nxt;
}

void mpt_recovery_undo(mpt_subflow *sf, bool is_by_dsack, mpt_time now) {
    if (is_by_dsack)
        MPT_COUNT(sf->conn->stack, TCPDSACKUndo);
    else if (sf->ca == MPT_CA_LOSS)
        MPT_COUNT(sf->conn->stack, TCPLossUndo);
    else
        MPT_COUNT(sf->conn->stack, TCPFullUndo);
    if (!sf->is_marked)
        sf->cc.ops->on_undo(&sf->cc, now);
    else if (sf->cc.cwnd_bytes < sf->cc.ssthresh_bytes)
        sf->cc.cwnd_bytes = sf->cc.ssthresh_bytes; /* nothing was lost, but the path is congested */
    mpt_sendq_forget_losses(&sf->q);
    sf->ca = MPT_CA_OPEN;
    sf->frto = MPT_FRTO_OFF;
    sf->resend_ts = 0;
    sf->undo_resent = 0;
    sf->duplicate_acks = 0;
}

/* ---- Sending ---- */

bool mpt_recovery_allows(const mpt_subflow *sf, uint32_t bytes, bool is_new, mpt_time now) {
    if (mpt_pacing_holds(sf, now))
        return false;
    uint64_t in_flight = flight(sf);
    if (is_new && sf->ca == MPT_CA_OPEN && !sf->conn->set.limited_transmit)
        in_flight += sf->q.sacked_bytes; /* without RFC 3042 duplicates let nothing new out */
    return in_flight == 0 || in_flight + bytes <= sf->cc.cwnd_bytes;
}

void mpt_recovery_on_sent(mpt_subflow *sf, uint32_t bytes, mpt_time now) {
    mpt_pacing_sent(sf, bytes, now);
    if (sf->ca == MPT_CA_RECOVERY)
        sf->prr_out += bytes;
    uint64_t in_flight = flight(sf), full = in_flight + sf->cc.mss_bytes;
    if (sf->cc.cwnd_bytes < sf->cc.ssthresh_bytes)
        full = 2 * in_flight; /* slow start may double what is in use */
    if (full >= sf->cc.cwnd_bytes)
        sf->limited_point = sf->snd_nxt;
}
