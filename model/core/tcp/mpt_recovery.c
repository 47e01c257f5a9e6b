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
    uint64_t most = (uint64_t)(t->set->dup_threshold - 1) *
                    t->cc.mss_bytes; /* limited transmit: no more than begin no recovery (RFC 3042 2) */
    uint64_t gone = t->ca == MPT_CA_OPEN && t->duplicates.bytes > most ? most : t->duplicates.bytes;
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

void mpt_recovery_count_duplicate(mpt_tcp *t, uint64_t *delivered) {
    if (t->has_sack)
        return;
    t->duplicates.in_row++;
    t->duplicates.bytes += t->cc.mss_bytes;
    *delivered += t->cc.mss_bytes;
}

/** One segment of what is acknowledged filled the hole, the others may have sent the duplicates. */
void mpt_recovery_count_acked(mpt_tcp *t, uint64_t *delivered, uint64_t acked) {
    mpt_duplicates *d = &t->duplicates;
    uint64_t others = acked > t->cc.mss_bytes ? acked - t->cc.mss_bytes : 0,
             known = d->bytes < others ? d->bytes : others;
    d->in_row = 0;
    d->bytes -= known;
    *delivered -= known < *delivered ? known : *delivered;
}

bool mpt_recovery_restarts_timer(mpt_tcp *t) {
    bool is_partial = !t->has_sack && t->ca == MPT_CA_RECOVERY && t->snd_una < t->ca_end,
         is_first = !t->duplicates.has_partial;
    t->duplicates.has_partial = is_partial;
    return !is_partial || is_first;
}

static void forget_duplicates(mpt_tcp *t) {
    t->duplicates.in_row = 0;
    t->duplicates.bytes = 0;
    t->duplicates.floor = t->ca_end;
}

/** RFC 6582: the third duplicate, but for those that what was sent again in vain causes; then each partial acknowledgement: the head alone. */
static void detect_without_sack(mpt_tcp *t, uint64_t acked) {
    const mpt_duplicates *d = &t->duplicates;
    bool is_third = d->in_row >= t->set->dup_threshold && t->snd_una > d->floor && t->ca < MPT_CA_LOSS;
    bool is_partial = acked > 0 && t->ca == MPT_CA_RECOVERY && t->snd_una < t->ca_end;
    if (t->q.count > 0 && (is_third || is_partial))
        mark_lost_below(t, mpt_sendq_at(&t->q, 0)->start + 1);
}

static void detect(mpt_tcp *t, uint64_t acked, mpt_time now) {
    if (t->rack.is_on)
        mpt_rack_detect(t, now);
    else if (!t->has_sack)
        detect_without_sack(t, acked);
    else if (t->q.sacked.count > 0)
        mark_lost_below(t, lost_limit(t));
}

/* ---- Reactions ---- */

/** A segment held back by pacing for longer than the longest retransmission timeout there is (Linux's, RFC 6298 2.5) is not held, but lost. */
static bool is_pace_bad(const mpt_cc *cc) {
    enum { HOLD_MOST_S = 120 };
    return cc->pacing_bytes_per_s > 0 && cc->pacing_bytes_per_s < (cc->mss_bytes + HOLD_MOST_S - 1) / HOLD_MOST_S;
}

/** @return true when something was out of range */
static bool set_right(mpt_tcp *t, uint64_t cwnd_before, uint64_t ssthresh_before) {
    uint64_t mss = t->cc.mss_bytes;
    bool is_window_bad = t->cc.cwnd_bytes != cwnd_before && t->cc.cwnd_bytes < mss;
    bool is_threshold_bad = t->cc.ssthresh_bytes != ssthresh_before && t->cc.ssthresh_bytes < 2 * mss;
    bool has_bad_pace = is_pace_bad(&t->cc);
    if (has_bad_pace)
        t->cc.pacing_bytes_per_s = 0;
    if (is_window_bad)
        mpt_cc_set_window(&t->cc, mss);
    if (is_threshold_bad)
        t->cc.ssthresh_bytes = 2 * mss;
    return is_window_bad || is_threshold_bad || has_bad_pace;
}

void mpt_recovery_check_policy(mpt_tcp *t, uint64_t cwnd_before, uint64_t ssthresh_before) {
    if (set_right(t, cwnd_before, ssthresh_before))
        MPT_COUNT(t->stack, PolicyFaults);
}

/** The core's own word on the window; not where the congestion control owns it. */
static void set_window(mpt_tcp *t, uint64_t cwnd_bytes) {
    if (!t->cc.ops->owns_window)
        mpt_cc_set_window(&t->cc, cwnd_bytes);
}

static void tell(mpt_tcp *t, mpt_cc_event_kind kind, mpt_time now) {
    if (!t->cc.ops->on_event)
        return;
    uint64_t cwnd = t->cc.cwnd_bytes, ssthresh = t->cc.ssthresh_bytes;
    mpt_cc_event e = {kind, flight(t), t->rate && t->rate->app_limited_until > 0};
    t->cc.ops->on_event(&t->cc, &e, now);
    mpt_recovery_check_policy(t, cwnd, ssthresh);
}

/** Whatever the reason, the peer is told to echo no longer (RFC 3168 6.1.2). @param flight_bytes see mpt_cc_ops.on_loss() */
static void reduce(mpt_tcp *t, mpt_cc_loss kind, uint64_t flight_bytes, mpt_time now) {
    mpt_cc *members[MPT_CC_GROUP_MAX];
    mpt_cc_group group = {members, t->user->siblings(t, members)};
    uint64_t cwnd = t->cc.cwnd_bytes, ssthresh = t->cc.ssthresh_bytes;
    t->cc.ops->on_loss(&t->cc, &group, kind, flight_bytes, now);
    mpt_recovery_check_policy(t, cwnd, ssthresh);
    t->undo.is_marked = kind == MPT_CC_LOSS_ECN;
    t->cwr_point = t->snd_nxt;
    t->is_cwr_wanted = t->has_ecn;
    mpt_undo_watch(t);
}

/**
 * What was in flight when it was lost: FlightSize (RFC 5681), but where nothing followed to take the place of what was acknowledged meanwhile, that was more
 * than is outstanding when the loss is found. So is pipeACK meant in RFC 7661 4.4.1.
 */
static uint64_t flight_when_lost(const mpt_tcp *t) {
    uint64_t now_bytes = t->snd_nxt - t->snd_una;
    return mpt_seq32_before((uint32_t)t->snd_una, t->flight_most.until) && t->flight_most.bytes > now_bytes
               ? t->flight_most.bytes
               : now_bytes;
}

/**
 * Losses lower the window once a window of data: not again for those in the window that an ECN-Echo has lowered (RFC 3168 6.1.2), nor when a
 * timeout ends a recovery that has not come to its end (as in Linux).
 */
static void reduce_for_loss(mpt_tcp *t, mpt_cc_loss kind, mpt_time now) {
    if (t->ca == MPT_CA_CWR)
        mpt_undo_watch(t);
    else if (t->ca != MPT_CA_RECOVERY)
        reduce(t, kind, flight_when_lost(t), now);
}

/** After a timeout a part of the window is in flight, and what is held lost was there long before. */
static uint64_t flight_at_loss(const mpt_tcp *t, uint64_t delivered) {
    if (t->ca == MPT_CA_LOSS)
        return t->cc.cwnd_bytes;
    return t->snd_nxt - t->snd_una - t->q.sacked_bytes + delivered; /* what was delivered before is not counted now */
}

/** @param delivered by the acknowledgement that it begins with */
static void enter_recovery(mpt_tcp *t, uint64_t delivered, mpt_time now) {
    t->prr = (mpt_prr){.flight = flight_at_loss(t, delivered)};
    reduce_for_loss(t, MPT_CC_LOSS_FAST, now);
    if (t->ca != MPT_CA_CWR)
        t->ca_end = t->snd_nxt; /* else what was sent since the reduction is another window */
    t->ca = MPT_CA_RECOVERY;
    t->frto = MPT_FRTO_OFF;
    t->duplicates.has_partial = false;
    t->fast_recoveries++;
    MPT_COUNT(t->stack, TCPFastRetrans);
    t->user->event(t, MPT_TCP_EVENT_LOSS, now);
}

static void leave_recovery(mpt_tcp *t) {
    if (t->ca == MPT_CA_RECOVERY)
        set_window(t, t->cc.ssthresh_bytes);
    if (t->ca >= MPT_CA_RECOVERY) {
        mpt_rack_recovered(t);
        forget_duplicates(t);
    }
    t->ca = MPT_CA_OPEN;
    t->frto = MPT_FRTO_OFF;
    mpt_undo_settled(t);
}

/**
 * RFC 9937 6.2: the window that lets out as much as was delivered, in proportion; below ssthresh, as much as was delivered.
 * @param is_safe SND.UNA moves and no further loss is found (safeACK): then one more, to come back to ssthresh
 */
static void proportional_rate(mpt_tcp *t, uint64_t delivered, bool is_safe) {
    uint64_t pipe = flight(t), ssthresh = t->cc.ssthresh_bytes, mss = t->cc.mss_bytes, allowed;
    t->prr.delivered += delivered;
    if (pipe > ssthresh) {
        uint64_t share = (t->prr.delivered * ssthresh + t->prr.flight - 1) / t->prr.flight;
        allowed = share > t->prr.out ? share - t->prr.out : 0;
    } else {
        uint64_t behind = t->prr.delivered > t->prr.out ? t->prr.delivered - t->prr.out : 0;
        uint64_t limit = (behind > delivered ? behind : delivered) + (is_safe ? mss : 0);
        allowed = ssthresh - pipe < limit ? ssthresh - pipe : limit;
    }
    bool is_next_hole = !t->has_sack && t->q.lost_bytes > t->q.retransmitted_bytes; /* RFC 6582 3.2 step 3 */
    if ((t->prr.out == 0 || is_next_hole) && allowed < mss)
        allowed = mss; /* the first retransmission always leaves */
    set_window(t, pipe + allowed);
}

/** Not where the application, not the window, held the sender back (RFC 7661). */
static bool may_grow(const mpt_tcp *t, uint64_t acked) {
    return acked > 0 && !t->cc.ops->owns_window && t->snd_una - acked <= t->limited_point;
}

/** What was SACKed in recovery and is acknowledged with its end opens no window: @p delivered does not hold it. */
static void grow(mpt_tcp *t, uint64_t acked, uint64_t delivered, mpt_time now) {
    uint64_t counted = acked < delivered ? acked : delivered;
    if (counted == 0)
        return;
    if (t->ca == MPT_CA_LOSS && t->cc.cwnd_bytes < t->cc.ssthresh_bytes && counted > t->cc.mss_bytes)
        counted =
            t->cc.mss_bytes; /* after a timeout an ACK may stand for what had arrived before it: L = 1 (RFC 3465 2.3) */
    mpt_cc *members[MPT_CC_GROUP_MAX];
    mpt_cc_group group = {members, t->user->siblings(t, members)};
    t->cc.snd_una = t->snd_una;
    t->cc.snd_nxt = t->snd_nxt;
    uint64_t cwnd = t->cc.cwnd_bytes, ssthresh = t->cc.ssthresh_bytes;
    t->cc.ops->on_ack(&t->cc, &group, counted, now);
    mpt_recovery_check_policy(t, cwnd, ssthresh);
}

/**
 * Is there a loss that nothing was done about? Sent again already or not, what is held lost outside of a recovery is of a later window. After a
 * timeout the loss of what was sent again is the second sign of congestion (RFC 5681 4.3): a fast recovery begins, which does not send
 * faster than segments arrive (as in Linux).
 */
static bool has_new_loss(const mpt_tcp *t, uint32_t lost_copies_before) {
    if (t->ca == MPT_CA_LOSS)
        return t->rack.lost_copies != lost_copies_before;
    return t->ca < MPT_CA_RECOVERY && t->q.lost_bytes > 0;
}

/** Not inlined: nearly always there is nothing to repair. */
__attribute__((noinline)) static void repair(mpt_tcp *t, uint64_t acked, uint64_t delivered, mpt_time now) {
    if (t->ca != MPT_CA_OPEN && t->snd_una >= t->ca_end)
        leave_recovery(t);
    uint64_t lost = t->q.lost_bytes - t->q.retransmitted_bytes;
    uint32_t lost_copies = t->rack.lost_copies;
    detect(t, acked, now);
    bool is_safe = acked > 0 && t->q.lost_bytes - t->q.retransmitted_bytes == lost;
    if (has_new_loss(t, lost_copies))
        enter_recovery(t, delivered, now);
    switch (t->ca) {
    case MPT_CA_RECOVERY:
        if (delivered > 0)
            proportional_rate(t, delivered, is_safe);
        break;
    case MPT_CA_OPEN:
    case MPT_CA_LOSS:
        if (may_grow(t, acked))
            grow(t, acked, delivered, now);
        break;
    case MPT_CA_CWR: break; /* one reduction a window, no growth in it */
    }
}

void mpt_recovery_on_ack(mpt_tcp *t, uint64_t acked, uint64_t delivered, mpt_time now) {
    bool is_well = t->ca == MPT_CA_OPEN && t->rack.is_on && t->q.lost_bytes == 0 && !mpt_rack_has_suspect(t);
    if (!is_well) {
        repair(t, acked, delivered, now);
        return;
    }
    t->rack.timer_at = MPT_NEVER;
    if (may_grow(t, acked))
        grow(t, acked, delivered, now);
}

void mpt_recovery_on_rack_timer(mpt_tcp *t, mpt_time now) {
    uint32_t lost_copies = t->rack.lost_copies;
    mpt_rack_detect(t, now);
    if (has_new_loss(t, lost_copies)) {
        enter_recovery(t, 0, now);
        proportional_rate(t, 0, false);
    }
}

void mpt_recovery_on_repaired_loss(mpt_tcp *t, mpt_time now) {
    if (t->ca != MPT_CA_OPEN)
        return; /* reduced already */
    MPT_COUNT(t->stack, TCPLossProbeRecovery);
    reduce(t, MPT_CC_LOSS_FAST, t->cc.cwnd_bytes, now); /* what was in flight at the loss is not known any more */
    mpt_undo_nothing(t);
    set_window(t, t->cc.ssthresh_bytes);
}

static void mark_all_lost(mpt_tcp *t) {
    mpt_sendq *q = &t->q;
    for (uint32_t i = 0; i < q->count; i++)
        mpt_sendq_mark_lost(q, mpt_sendq_at(q, i));
    q->lost_below = t->snd_nxt;
}

void mpt_recovery_on_timeout(mpt_tcp *t, mpt_time now) {
    mpt_sendq *q = &t->q;
    bool is_repeated = t->ca == MPT_CA_LOSS && t->snd_una == t->timeout_una;
    mpt_frto_timed_out(t, is_repeated);
    if (q->count > 0 && (mpt_sendq_at(q, 0)->flags & MPT_CHUNK_SACKED)) {
        mpt_sendq_forget_sacks(q); /* the receiver threw away what it had (RFC 2018 8) */
        t->frto = MPT_FRTO_OFF;    /* what it tells is not news */
    }
    if (!is_repeated)
        reduce_for_loss(t, MPT_CC_LOSS_TIMEOUT, now);
    t->ca = MPT_CA_LOSS;
    t->ca_end = t->timeout_nxt = t->snd_nxt;
    t->timeout_una = t->snd_una;
    forget_duplicates(t);
    if (t->rack.is_on)
        mpt_rack_timed_out(t, now);
    else
        mark_all_lost(t);
    set_window(t, mpt_sendq_pipe(q) + t->cc.mss_bytes); /* RFC 5681 3.1, beside what may still arrive (RFC 8985 9.3) */
    tell(t, MPT_CC_TIMED_OUT, now);
}

void mpt_recovery_on_start(mpt_tcp *t, mpt_time now) {
    tell(t, MPT_CC_STARTED, now);
}

void mpt_recovery_on_rate(mpt_tcp *t, mpt_cc_sample *s, mpt_time now) {
    mpt_cc *members[MPT_CC_GROUP_MAX];
    mpt_cc_group group = {members, t->user->siblings(t, members)};
    uint64_t cwnd = t->cc.cwnd_bytes, ssthresh = t->cc.ssthresh_bytes;
    s->flight_bytes = flight(t);
    s->state = (mpt_cc_state)t->ca;
    s->departs_at_ns = t->pace_at > now ? t->pace_at : now;
    t->cc.snd_una = t->snd_una;
    t->cc.snd_nxt = t->snd_nxt;
    t->cc.ops->on_rate(&t->cc, &group, s, now);
    if (s->limits_by_itself) /* until what is in flight now is delivered */
        t->rate->app_limited_until =
            t->delivered_bytes + s->flight_bytes > 0 ? t->delivered_bytes + s->flight_bytes : 1;
    mpt_recovery_check_policy(t, cwnd, ssthresh);
}

void mpt_recovery_on_ecn(mpt_tcp *t, uint64_t acked, mpt_time now) {
    if (t->snd_una <= t->cwr_point || t->ca >= MPT_CA_RECOVERY) {
        t->undo.is_marked = true;
        return; /* once a window; a loss in it was reaction enough (RFC 3168 6.1.2) */
    }
    reduce(t, MPT_CC_LOSS_ECN, t->snd_nxt - t->snd_una + acked, now);
    mpt_undo_nothing(t);
    set_window(t, t->cc.ssthresh_bytes);
    t->ca = MPT_CA_CWR;
    t->ca_end = t->snd_nxt;
}

void mpt_recovery_undo(mpt_tcp *t, mpt_undo_witness witness, mpt_time now) {
    if (witness == MPT_UNDO_DSACK)
        MPT_COUNT(t->stack, TCPDSACKUndo);
    else if (t->ca == MPT_CA_LOSS)
        MPT_COUNT(t->stack, TCPLossUndo);
    else
        MPT_COUNT(t->stack, TCPFullUndo);
    uint64_t cwnd = t->cc.cwnd_bytes, ssthresh = t->cc.ssthresh_bytes;
    if (!t->undo.is_marked)
        t->cc.ops->on_undo(&t->cc, now);
    else if (t->cc.cwnd_bytes < t->cc.ssthresh_bytes)
        set_window(t, t->cc.ssthresh_bytes); /* nothing was lost, but the path is congested */
    set_right(t, cwnd, ssthresh);            /* what was right then may be too little for the MSS of now */
    mpt_sendq_forget_losses(&t->q);
    if (t->ca >= MPT_CA_RECOVERY)
        forget_duplicates(t);
    t->ca = MPT_CA_OPEN;
    t->frto = MPT_FRTO_OFF;
    mpt_undo_nothing(t);
}

/* ---- Sending ---- */

bool mpt_recovery_allows(const mpt_tcp *t, uint32_t bytes, bool is_new, mpt_time now) {
    if (mpt_pacing_holds(t, now))
        return false;
    uint64_t in_flight = flight(t);
    if (is_new && t->ca == MPT_CA_OPEN && !t->set->limited_transmit)
        in_flight = mpt_sendq_pipe(&t->q) + t->q.sacked_bytes; /* without RFC 3042 duplicates let nothing new out */
    uint64_t counted = bytes < t->cc.mss_bytes
                           ? bytes
                           : t->cc.mss_bytes; /* one segment is one, also of a time when the MSS was larger */
    return in_flight == 0 || in_flight + counted <= t->cc.cwnd_bytes;
}

void mpt_recovery_on_sent(mpt_tcp *t, uint32_t bytes, mpt_time now) {
    uint64_t outstanding = t->snd_nxt - t->snd_una;
    if (outstanding >= t->flight_most.bytes || !mpt_seq32_before((uint32_t)t->snd_una, t->flight_most.until))
        t->flight_most = (mpt_flight_most){(uint32_t)outstanding, (uint32_t)t->snd_nxt};
    mpt_pacing_sent(t, bytes, now);
    if (t->ca == MPT_CA_RECOVERY)
        t->prr.out += bytes;
    uint64_t in_flight = flight(t), full = in_flight + t->cc.mss_bytes;
    if (t->cc.cwnd_bytes < t->cc.ssthresh_bytes)
        full = 2 * in_flight; /* slow start may double what is in use */
    if (full >= t->cc.cwnd_bytes)
        t->limited_point = t->snd_nxt;
}
