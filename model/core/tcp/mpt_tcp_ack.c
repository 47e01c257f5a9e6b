/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_tcp_ack.c: what an acknowledgement says: cumulative, selective (RFC 2018, 2883), round-trip time (RFC 6298, 7323). */
#include "tcp/mpt_tcp.h"

/** What one acknowledgement brought. */
typedef struct ack_news {
    uint64_t acked;     /**< numbers newly acknowledged cumulatively */
    uint64_t delivered; /**< numbers newly known to have arrived */
    mpt_time rtt_from;  /**< transmission time of the latest chunk fit for a sample; MPT_NEVER = none */
    mpt_time now;
    uint32_t ts_echo;      /**< 0 = none */
    bool is_in_order;      /**< what is looked at is acknowledged cumulatively */
    bool is_all_dsacked;   /**< the last of this reduction's retransmissions was shown to be a duplicate */
    bool is_probe_dsacked; /**< a D-SACK for the tail loss probe */
    bool has_original;     /**< for F-RTO: something that was sent once, before the last timeout */
    bool has_later;        /**< something that was sent first after that */
} ack_news;

/** What there was before. */
typedef struct ack_before {
    uint64_t flight_bytes, lost_ever_bytes;
    uint32_t chunks;
} ack_before;

/**
 * Does what comes back answer a transmission before the last one, by its timestamp or for being too soon? (RFC 8985 6.2 step 2)
 * Beyond a hole the echoed timestamp is one of before the hole (RFC 7323 4.3), and tells nothing of @p k.
 */
static bool is_of_first_copy(const mpt_tcp *t, const mpt_chunk *k, const ack_news *news) {
    if (t->frto != MPT_FRTO_OFF)
        return true; /* which of the copies is to be found out */
    uint32_t ts = mpt_tcp_timestamp(t, k->sent_at);
    return (news->is_in_order && news->ts_echo != 0 && mpt_seq32_before(news->ts_echo, ts)) ||
           news->now - k->sent_at < mpt_least_get(&t->rtt_min);
}

static void chunk_delivered(mpt_tcp *t, const mpt_chunk *k, ack_news *news) {
    news->delivered += mpt_chunk_length(k);
    mpt_rate_delivered(t, k);
    if (t->frto != MPT_FRTO_OFF) {
        bool is_later = mpt_chunk_end(k) > t->timeout_nxt;
        news->has_later |= is_later;
        news->has_original |= !is_later && !(k->flags & MPT_CHUNK_EVER_RESENT);
    }
    if (!(k->flags & MPT_CHUNK_EVER_RESENT) && (news->rtt_from == MPT_NEVER || k->sent_at > news->rtt_from))
        news->rtt_from = k->sent_at;
    mpt_rack_delivered(t, k, (k->flags & MPT_CHUNK_EVER_RESENT) && is_of_first_copy(t, k, news), news->now);
}

/** Chunks wholly inside [start, end), a stretch not SACKed before. @return MPT_OK or MPT_ERR_MEMORY */
static mpt_status sack_gap(mpt_tcp *t, uint64_t start, uint64_t end, ack_news *news) {
    mpt_sendq *q = &t->q;
    for (uint32_t i = mpt_sendq_find(q, start); i < q->count; i++) {
        mpt_chunk *k = mpt_sendq_at(q, i);
        if (mpt_chunk_end(k) > end)
            break;
        if (mpt_ranges_add(&q->sacked, k->start, mpt_chunk_end(k), NULL, &t->stack->mem))
            return MPT_ERR_MEMORY; /* as if the block had not been in the segment */
        chunk_delivered(t, k, news);
        mpt_sendq_mark_sacked(q, k);
    }
    return MPT_OK;
}

static void sack_block(mpt_tcp *t, uint64_t start, uint64_t end, ack_news *news) {
    while (start < end) {
        mpt_range known = mpt_ranges_first_overlap(&t->q.sacked, start, end);
        bool has_known = known.start < known.end;
        if (sack_gap(t, start, has_known ? known.start : end, news))
            return;
        start = has_known ? known.end : end;
    }
}

static void dsack_received(mpt_tcp *t, uint64_t start, uint64_t end, uint64_t ack, ack_news *news) {
    MPT_COUNT(t->stack, TCPDSACKRecv);
    news->is_probe_dsacked = mpt_tlp_is_answer(t, end);
    if (!news->is_probe_dsacked)
        mpt_rack_dsack_received(t, ack); /* a probe says nothing about reordering (as in Linux) */
    news->is_all_dsacked = mpt_undo_dsacked(t, start, end);
}

static void sacks_received(mpt_tcp *t, const mpt_wire *w, uint64_t ack, ack_news *news) {
    for (uint32_t i = 0; i < w->sack_count; i++) {
        uint64_t start = mpt_seq_expand(w->sack[i].start - t->iss, ack),
                 end = mpt_seq_expand(w->sack[i].end - t->iss, ack);
        bool is_within_second = i == 0 && w->sack_count > 1 && !mpt_seq32_before(w->sack[0].start, w->sack[1].start) &&
                                !mpt_seq32_before(w->sack[1].end, w->sack[0].end);
        if (i == 0 && ((int64_t)(end - ack) <= 0 || is_within_second))
            dsack_received(t, start, end, ack, news); /* RFC 2883 4 */
        else if (start < end && start >= ack && end <= t->snd_nxt)
            sack_block(t, start > t->snd_una ? start : t->snd_una, end, news);
    }
}

static void cumulative(mpt_tcp *t, uint64_t ack, ack_news *news) {
    mpt_sendq *q = &t->q;
    uint64_t payload = 0;
    mpt_time rtt_from = news->rtt_from;
    bool has_resent = false;
    news->is_in_order = true;
    while (q->count > 0) {
        mpt_chunk *k = mpt_sendq_at(q, 0);
        if (mpt_chunk_end(k) > ack)
            break;
        if (k->start == t->snd_una && !(k->flags & MPT_CHUNK_SACKED))
            mpt_undo_head_acked(t, k, news->ts_echo);
        if (!(k->flags & MPT_CHUNK_SACKED))
            chunk_delivered(t, k, news);
        has_resent |= k->flags & MPT_CHUNK_EVER_RESENT;
        payload += k->bytes;
        mpt_sendq_pop(q);
    }
    if (has_resent) /* what follows a filled hole may have arrived long ago: no measurement (RFC 6298 3) */
        news->rtt_from = rtt_from;
    /* A DSS checksum is one of the whole mapping: what is left of it can only be sent again with all of it (RFC 8684 3.3.1). */
    if (!t->sends_whole_chunks && q->count > 0 && mpt_sendq_at(q, 0)->start < ack) {
        mpt_chunk *k = mpt_sendq_at(q, 0);
        uint32_t bytes = (uint32_t)(ack - k->start);
        if (!(k->flags & MPT_CHUNK_SACKED))
            news->delivered += bytes;
        payload += bytes;
        mpt_sendq_trim(q, bytes);
    }
    t->bytes_acked += payload;
    news->acked = ack - t->snd_una;
    t->snd_una = ack;
}

mpt_time mpt_tcp_echoed_rtt(const mpt_tcp *t, const mpt_wire *w, mpt_time now) {
    if (!t->has_timestamps || !w->has_timestamps || w->ts_echo == 0)
        return 0;
    int32_t ms = (int32_t)(mpt_tcp_timestamp(t, now) - w->ts_echo);
    return ms < 0 ? 0 : (ms + 1) * MPT_MS;
}

/** Without another sample the echoed timestamp of what was sent again gives one. */
static mpt_time measured_rtt(const mpt_tcp *t, const ack_news *news, const mpt_wire *w, mpt_time now) {
    if (news->rtt_from != MPT_NEVER)
        return now - news->rtt_from;
    return news->acked > 0 ? mpt_tcp_echoed_rtt(t, w, now) : 0;
}

void mpt_tcp_tell_rtts(mpt_tcp *t) {
    mpt_time least_ns = mpt_least_get(&t->rtt_min);
    t->cc.srtt_ns = t->rto.srtt_ns;
    t->cc.rtt_min_ns = least_ns == MPT_NEVER ? 0 : least_ns;
}

void mpt_tcp_rtt_measured(mpt_tcp *t, mpt_time rtt_ns, mpt_time now) {
    mpt_rto_sample(&t->rto, rtt_ns, t->snd_una, t->snd_nxt);
    mpt_rto_reset_backoff(&t->rto);
    mpt_least_add(&t->rtt_min, t->set->rtt_min_window_ns, rtt_ns, now);
    mpt_tcp_tell_rtts(t);
}

/** A measurement also ends the back-off; an answer to what was sent again is none by itself (Karn; RFC 6298 3, 5). */
static void sample_rtt(mpt_tcp *t, const ack_news *news, const mpt_wire *w, mpt_time now) {
    mpt_time rtt_ns = measured_rtt(t, news, w, now);
    t->cc.rtt_ns = rtt_ns;
    if (rtt_ns > 0)
        mpt_tcp_rtt_measured(t, rtt_ns, now);
}

/** Congestion controls that want it see every acknowledgement, whatever state the sender is in. */
static void tell_delivered(mpt_tcp *t, const ack_news *news, const mpt_wire *w, mpt_time now) {
    if (t->cc.ops->on_delivered == NULL)
        return;
    t->cc.snd_una = t->snd_una;
    t->cc.snd_nxt = t->snd_nxt;
    mpt_cc_sample sample = {
        .delivered_bytes = news->delivered,
        .rtt_ns = news->delivered > 0 ? t->cc.rtt_ns : 0,
        .is_ece = t->has_ecn && (w->flags & (MPT_ECE | MPT_SYN)) == MPT_ECE,
    };
    uint64_t cwnd = t->cc.cwnd_bytes, ssthresh = t->cc.ssthresh_bytes;
    t->cc.ops->on_delivered(&t->cc, &sample, now);
    mpt_recovery_check_policy(t, cwnd, ssthresh);
}

/** The word of a congestion control that goes by rates, once losses are found. */
static void tell_rate(mpt_tcp *t, const ack_news *news, const ack_before *before, const mpt_wire *w, mpt_time now) {
    if (t->cc.ops->on_rate == NULL)
        return;
    mpt_cc_sample sample = {
        .delivered_bytes = news->delivered,
        .rtt_ns = news->delivered > 0 ? t->cc.rtt_ns : 0,
        .is_ece = t->has_ecn && (w->flags & (MPT_ECE | MPT_SYN)) == MPT_ECE,
        .lost_bytes = t->q.lost_ever_bytes - before->lost_ever_bytes,
        .prior_flight_bytes = before->flight_bytes,
        .is_ack_delayed = before->chunks == 1 && news->acked > 0,
    };
    mpt_rate_sample(t, &sample, now);
    mpt_recovery_on_rate(t, &sample, now);
}

static void our_fin_acked(mpt_tcp *t, mpt_time now) {
    switch (t->state) {
    case MPT_TCP_FIN_WAIT_1:
        t->state = MPT_TCP_FIN_WAIT_2;
        t->user->event(t, MPT_TCP_EVENT_FIN_ACKED, now);
        break;
    case MPT_TCP_CLOSING: mpt_tcp_enter_time_wait(t, now); break;
    case MPT_TCP_LAST_ACK:
        t->user->event(t, MPT_TCP_EVENT_FIN_ACKED, now);
        t->user->event(t, MPT_TCP_EVENT_ENDED, now);
        break;
    case MPT_TCP_CLOSED:
    case MPT_TCP_LISTEN:
    case MPT_TCP_SYN_SENT:
    case MPT_TCP_SYN_RECEIVED:
    case MPT_TCP_ESTABLISHED:
    case MPT_TCP_FIN_WAIT_2:
    case MPT_TCP_CLOSE_WAIT:
    case MPT_TCP_TIME_WAIT: break;
    }
}

/** New data were acknowledged. */
static void progress(mpt_tcp *t, mpt_time now) {
    t->timeouts_in_row = 0;
    if (t->q.count == 0)
        t->rto_at = MPT_NEVER;
    else if (mpt_recovery_restarts_timer(t))
        mpt_tcp_arm_rto(t, now);
}

/** Nothing new, no SACK block (RFC 8985 7.4). */
static bool is_bare_duplicate(const mpt_wire *w, const ack_news *news, uint32_t payload_bytes) {
    return news->acked == 0 && payload_bytes == 0 && w->sack_count == 0 && !(w->mptcp & ~(1u << MPT_DSS));
}

/** A later acknowledgement has arrived before this one; what it says of single segments may be news all the same. */
static void overtaken(mpt_tcp *t, const mpt_wire *w, uint64_t ack, ack_news *news, const ack_before *before,
                      mpt_time now) {
    if (!t->has_sack || w->sack_count == 0)
        return;
    t->rack.ack_highest_end = t->rack.highest_end;
    sacks_received(t, w, ack, news);
    if (news->is_all_dsacked)
        mpt_recovery_undo(t, MPT_UNDO_DSACK, now);
    if (news->delivered == 0)
        return;
    t->cc.rtt_ns = 0;
    mpt_recovery_on_ack(t, 0, news->delivered, now);
    tell_rate(t, news, before, w, now);
}

/** One that only repeats what is known, where nothing is outstanding: so are nearly all of one that receives and has nothing to send. */
static bool is_old_news(const mpt_tcp *t, const mpt_wire *w, uint64_t ack) {
    return ack == t->snd_una && t->q.count == 0 && w->sack_count == 0 && t->ca == MPT_CA_OPEN && t->tlp.end == 0 &&
           t->frto == MPT_FRTO_OFF && !(w->flags & MPT_ECE) && t->cc.ops->on_delivered == NULL &&
           t->cc.ops->on_rate == NULL;
}

/** What there may be something new in. Not inlined: it needs all registers. */
__attribute__((noinline)) static void news_received(mpt_tcp *t, const mpt_wire *w, uint64_t ack, uint32_t payload_bytes,
                                                    mpt_time now) {
    bool is_overtaken = (int64_t)(ack - t->snd_una) < 0;
    ack_news news = {
        .rtt_from = MPT_NEVER, .now = now, .ts_echo = t->has_timestamps && w->has_timestamps ? w->ts_echo : 0};
    ack_before before = {mpt_sendq_pipe(&t->q), t->q.lost_ever_bytes, t->q.count};
    if (is_overtaken) {
        overtaken(t, w, ack, &news, &before, now);
        return;
    }
    bool is_duplicate = ack == t->snd_una && payload_bytes == 0 && t->q.count > 0 && !(w->flags & MPT_FIN) &&
                        w->window == t->window_last && !(w->mptcp & ~(1u << MPT_DSS));
    t->window_last = w->window;
    t->rack.ack_highest_end = t->rack.highest_end;
    if (t->has_sack && w->sack_count > 0)
        sacks_received(t, w, ack, &news);
    if (ack > t->snd_una) {
        cumulative(t, ack, &news);
        mpt_recovery_count_acked(t, &news.delivered, news.acked);
    } else if (is_duplicate) {
        mpt_recovery_count_duplicate(t, &news.delivered);
    }
    if (news.delivered > 0) {
        t->stall_at = MPT_NEVER;
        sample_rtt(t, &news, w, now);
        t->delivered_bytes += news.delivered;
    }
    if (news.acked > 0)
        progress(t, now);
    t->user->acked(t, ack, news.acked > 0, w, now);
    bool is_frto = mpt_frto_acked(t, news.acked, news.has_original, news.has_later, is_duplicate);
    if (is_frto)
        MPT_COUNT(t->stack, TCPSpuriousRTOs);
    mpt_undo_witness witness = mpt_undo_judge(t, news.is_all_dsacked, is_frto);
    if (witness != MPT_UNDO_NONE)
        mpt_recovery_undo(t, witness, now);
    if (t->tlp.end != 0 && mpt_tlp_acked(t, news.is_probe_dsacked, is_bare_duplicate(w, &news, payload_bytes)))
        mpt_recovery_on_repaired_loss(t, now);
    tell_delivered(t, &news, w, now);
    mpt_recovery_on_ack(t, news.acked, news.delivered, now);
    if (news.acked > 0)
        mpt_tlp_arm(t, now);
    if (t->has_ecn && (w->flags & (MPT_ECE | MPT_SYN)) == MPT_ECE) /* in a SYN/ACK it is an offer */
        mpt_recovery_on_ecn(t, news.acked, now);
    tell_rate(t, &news, &before, w, now);
    if (t->was_fin_sent && t->snd_una == t->snd_nxt)
        our_fin_acked(t, now);
}

bool mpt_tcp_ack_received(mpt_tcp *t, const mpt_wire *w, uint32_t payload_bytes, mpt_time now) {
    uint64_t ack = mpt_seq_expand(w->ack - t->iss, t->snd_una);
    if ((int64_t)(ack - t->snd_nxt) > 0) {
        mpt_tcp_challenge_ack(t, now); /* acknowledges what was not sent (RFC 5961 5.2) */
        return false;
    }
    if (mpt_tcp_window_in(t, w) > t->window_bytes_max)
        t->window_bytes_max = mpt_tcp_window_in(t, w);
    bool is_overtaken = (int64_t)(ack - t->snd_una) < 0;
    if (is_overtaken && t->snd_una - ack > t->window_bytes_max) {
        mpt_tcp_challenge_ack(t, now); /* too old to be the peer's (RFC 5961 5.2) */
        return false;
    }
    if (w->window == 0)
        t->timeouts_in_row = 0; /* who shuts the window and answers is there (RFC 9293 3.8.6.1) */
    if (is_old_news(t, w, ack)) {
        t->window_last = w->window;
        if (t->user->hears_repeats)
            t->user->acked(t, ack, false, w, now);
        return true;
    }
    news_received(t, w, ack, payload_bytes, now);
    return true;
}
