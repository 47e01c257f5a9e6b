/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_tcp_ack.c: what an acknowledgement says: cumulative, selective (RFC 2018, 2883), round-trip time (RFC 6298, 7323). */
#include "mpt_stack.h"

/** What one acknowledgement brought. */
typedef struct ack_news {
    uint64_t acked;     /**< numbers newly acknowledged cumulatively */
    uint64_t delivered; /**< numbers newly known to have arrived */
    mpt_time rtt_from;  /**< transmission time of the latest chunk fit for a sample; -1 = none */
    mpt_time now;
    uint32_t ts_echo;      /**< 0 = none */
    bool is_all_dsacked;   /**< the last of this reduction's retransmissions was shown to be a duplicate */
    bool is_probe_dsacked; /**< a D-SACK for the tail loss probe */
    bool has_original;     /**< something that was sent once, before the recovery began */
    bool has_later;        /**< something that was sent first after that */
} ack_news;

/** Does what comes back answer a transmission before the last one, by its timestamp or for being too soon? (RFC 8985 6.2 step 2) */
static bool is_of_first_copy(const mpt_subflow *sf, const mpt_chunk *k, const ack_news *news) {
    if (sf->frto != MPT_FRTO_OFF)
        return true; /* which of the copies is to be found out */
    uint32_t ts = mpt_tcp_timestamp(sf, k->sent_at);
    return (news->ts_echo != 0 && mpt_seq32_before(news->ts_echo, ts)) ||
           news->now - k->sent_at < mpt_least_get(&sf->rtt_min);
}

static void chunk_delivered(mpt_subflow *sf, const mpt_chunk *k, ack_news *news) {
    news->delivered += mpt_chunk_length(k);
    news->has_later |= mpt_chunk_end(k) > sf->recovery_point;
    news->has_original |= mpt_chunk_end(k) <= sf->recovery_point && !(k->flags & MPT_CHUNK_EVER_RESENT);
    if (!(k->flags & MPT_CHUNK_EVER_RESENT) && k->sent_at > news->rtt_from)
        news->rtt_from = k->sent_at;
    mpt_rack_delivered(sf, k, (k->flags & MPT_CHUNK_EVER_RESENT) && is_of_first_copy(sf, k, news), news->now);
}

/** Chunks wholly inside [start, end), a stretch not SACKed before. @return MPT_OK or MPT_ERR_MEMORY */
static mpt_status sack_gap(mpt_subflow *sf, uint64_t start, uint64_t end, ack_news *news) {
    mpt_sendq *q = &sf->q;
    for (uint32_t i = mpt_sendq_find(q, start); i < q->count; i++) {
        mpt_chunk *k = mpt_sendq_at(q, i);
        if (mpt_chunk_end(k) > end)
            break;
        if (mpt_ranges_add(&q->sacked, k->start, mpt_chunk_end(k), NULL, &sf->conn->stack->mem))
            return MPT_ERR_MEMORY; /* as if the block had not been in the segment */
        chunk_delivered(sf, k, news);
        mpt_sendq_mark_sacked(q, k);
    }
    return MPT_OK;
}

static void sack_block(mpt_subflow *sf, uint64_t start, uint64_t end, ack_news *news) {
    while (start < end) {
        const mpt_ranges *r = &sf->q.sacked;
        int64_t i = mpt_ranges_find(r, start);
        if (i >= 0) {
            start = r->items[i].end;
            continue;
        }
        uint64_t gap_end = end;
        for (uint32_t j = r->count; j-- > 0 && r->items[j].start > start;)
            if (r->items[j].start < gap_end)
                gap_end = r->items[j].start;
        if (sack_gap(sf, start, gap_end, news))
            return;
        start = gap_end;
    }
}

static void dsack_received(mpt_subflow *sf, uint64_t end, uint64_t ack, ack_news *news) {
    MPT_COUNT(sf->conn->stack, TCPDSACKRecv);
    news->is_probe_dsacked = mpt_tlp_is_answer(sf, end);
    if (!news->is_probe_dsacked)
        mpt_rack_dsack_received(sf, ack); /* a probe says nothing about reordering (as in Linux) */
    if (sf->undo_resent == 0 || end <= sf->undo_point)
        return; /* of an earlier reduction */
    sf->undo_resent--;
    news->is_all_dsacked = sf->undo_resent == 0;
}

static void sacks_received(mpt_subflow *sf, const mpt_wire *w, uint64_t ack, ack_news *news) {
    for (uint32_t i = 0; i < w->sack_count; i++) {
        uint64_t start = mpt_seq_expand(w->sack[i].start - sf->iss, ack),
                 end = mpt_seq_expand(w->sack[i].end - sf->iss, ack);
        bool is_within_second = i == 0 && w->sack_count > 1 && !mpt_seq32_before(w->sack[0].start, w->sack[1].start) &&
                                !mpt_seq32_before(w->sack[1].end, w->sack[0].end);
        if (i == 0 && ((int64_t)(end - ack) <= 0 || is_within_second))
            dsack_received(sf, end, ack, news); /* RFC 2883 4 */
        else if (start < end && start >= ack && end <= sf->snd_nxt)
            sack_block(sf, start, end, news);
    }
}

static void cumulative(mpt_subflow *sf, uint64_t ack, ack_news *news) {
    mpt_sendq *q = &sf->q;
    uint64_t payload = 0;
    mpt_time rtt_from = news->rtt_from;
    bool has_resent = false;
    while (q->count > 0) {
        mpt_chunk *k = mpt_sendq_at(q, 0);
        if (mpt_chunk_end(k) > ack)
            break;
        if (!(k->flags & MPT_CHUNK_SACKED))
            chunk_delivered(sf, k, news);
        has_resent |= k->flags & MPT_CHUNK_EVER_RESENT;
        payload += k->bytes;
        mpt_sendq_pop(q);
    }
    if (has_resent) /* what follows a filled hole may have arrived long ago: no measurement (RFC 6298 3) */
        news->rtt_from = rtt_from;
    /* A DSS checksum is one of the whole mapping: what is left of it can only be sent again with all of it (RFC 8684 3.3.1). */
    bool is_divisible = !(sf->conn->has_checksum && mpt_conn_is_mptcp(sf->conn));
    if (is_divisible && q->count > 0 && mpt_sendq_at(q, 0)->start < ack) {
        mpt_chunk *k = mpt_sendq_at(q, 0);
        uint32_t bytes = (uint32_t)(ack - k->start);
        if (!(k->flags & MPT_CHUNK_SACKED))
            news->delivered += bytes;
        payload += bytes;
        mpt_sendq_trim(q, bytes);
    }
    sf->bytes_acked += payload;
    news->acked = ack - sf->snd_una;
    sf->snd_una = ack;
}

mpt_time mpt_tcp_echoed_rtt(const mpt_subflow *sf, const mpt_wire *w, mpt_time now) {
    if (!sf->has_timestamps || !w->has_timestamps || w->ts_echo == 0)
        return 0;
    int32_t ms = (int32_t)(mpt_tcp_timestamp(sf, now) - w->ts_echo);
    return ms < 0 ? 0 : (ms + 1) * MPT_MS;
}

/** Without another sample the echoed timestamp of what was sent again gives one. */
static mpt_time measured_rtt(const mpt_subflow *sf, const ack_news *news, const mpt_wire *w, mpt_time now) {
    if (news->rtt_from >= 0)
        return now - news->rtt_from;
    return news->acked > 0 ? mpt_tcp_echoed_rtt(sf, w, now) : 0;
}

void mpt_tcp_rtt_measured(mpt_subflow *sf, mpt_time rtt_ns, uint32_t samples_per_window, mpt_time now) {
    mpt_rto_sample(&sf->rto, rtt_ns, samples_per_window);
    mpt_rto_reset_backoff(&sf->rto);
    mpt_least_add(&sf->rtt_min, sf->conn->set.rtt_min_window_ns, rtt_ns, now);
    sf->cc.srtt_ns = sf->rto.srtt_ns;
}

/** A measurement also ends the back-off; an answer to what was sent again is none by itself (Karn; RFC 6298 3, 5). */
static void sample_rtt(mpt_subflow *sf, const ack_news *news, const mpt_wire *w, mpt_time now) {
    mpt_time rtt_ns = measured_rtt(sf, news, w, now);
    sf->cc.rtt_ns = rtt_ns;
    if (rtt_ns <= 0)
        return;
    uint64_t window_segments = sf->cc.cwnd_bytes / sf->cc.mss_bytes;
    uint64_t samples = (window_segments + 1) / sf->conn->set.delayed_ack_segments;
    mpt_tcp_rtt_measured(sf, rtt_ns, samples > 1 ? (uint32_t)samples : 1, now);
}

static void our_fin_acked(mpt_subflow *sf, mpt_time now) {
    mpt_conn *c = sf->conn;
    switch (sf->state) {
    case MPT_TCP_FIN_WAIT_1:
        sf->state = MPT_TCP_FIN_WAIT_2;
        if (c->is_dead) { /* nobody waits for what the peer may say on this subflow */
            sf->time_wait_at = now + c->set.fin_timeout_ns;
            mpt_conn_arm(c, sf->time_wait_at);
        }
        break;
    case MPT_TCP_CLOSING: mpt_tcp_enter_time_wait(sf, now); break;
    case MPT_TCP_LAST_ACK:
        mpt_conn_close_progress(c, now);
        mpt_subflow_remove(sf, 0, now);
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

/** New data were acknowledged: the subflow works. */
static void progress(mpt_subflow *sf, mpt_time now) {
    sf->timeouts_in_row = 0;
    if (sf->is_stalled) {
        sf->is_stalled = false;
        MPT_COUNT(sf->conn->stack, SubflowRecover);
    }
    if (sf->q.count > 0)
        mpt_tcp_arm_rto(sf, now);
    else
        sf->rto_at = MPT_NEVER;
}

/**
 * Without MPTCP the connection's stream moves with the subflow, and the window may shrink: the latest word counts
 * (RFC 9293 3.8.6; 3.10.7.4, SND.WL1).
 */
static void stream_acked(mpt_subflow *sf, uint64_t ack, bool is_new, const mpt_wire *w, mpt_time now) {
    mpt_conn *c = sf->conn;
    bool is_fin = sf->was_fin_sent && ack == sf->snd_nxt;
    uint64_t offset = mpt_stream_of_subflow(ack) - (is_fin ? 1 : 0);
    uint64_t seq = mpt_seq_expand(w->seq - sf->irs, sf->rx.next);
    if (c->fallback.infinite_end > 0 && ack >= c->fallback.infinite_end)
        c->fallback.infinite_wanted = false;
    mpt_conn_acked(c, offset, is_fin, now);
    if (is_new || seq >= sf->window_seq) {
        sf->window_seq = seq;
        c->snd_edge = offset + ((uint64_t)w->window << sf->snd_scale);
    }
}

/** Nothing new, no SACK block (RFC 8985 7.4). */
static bool is_bare_duplicate(const mpt_wire *w, const ack_news *news, uint32_t payload_bytes) {
    return news->acked == 0 && payload_bytes == 0 && w->sack_count == 0 && !(w->mptcp & ~(1u << MPT_DSS));
}

bool mpt_tcp_ack_received(mpt_subflow *sf, const mpt_wire *w, uint32_t payload_bytes, mpt_time now) {
    ack_news news = {.rtt_from = -1, .now = now, .ts_echo = sf->has_timestamps && w->has_timestamps ? w->ts_echo : 0};
    uint64_t ack = mpt_seq_expand(w->ack - sf->iss, sf->snd_una);
    if ((int64_t)(ack - sf->snd_nxt) > 0) {
        mpt_tcp_challenge_ack(sf, now); /* acknowledges what was not sent (RFC 5961 5.2) */
        return false;
    }
    sf->conn->unanswered_probes = 0;
    if (((uint64_t)w->window << sf->snd_scale) > sf->window_bytes_max)
        sf->window_bytes_max = (uint64_t)w->window << sf->snd_scale;
    if ((int64_t)(ack - sf->snd_una) < 0) {
        if (sf->snd_una - ack <= sf->window_bytes_max)
            return true;                /* overtaken by a later one */
        mpt_tcp_challenge_ack(sf, now); /* too old to be the peer's (RFC 5961 5.2) */
        return false;
    }
    bool is_duplicate = ack == sf->snd_una && payload_bytes == 0 && sf->q.count > 0 && !(w->flags & MPT_FIN) &&
                        w->window == sf->window_last && !(w->mptcp & ~(1u << MPT_DSS));
    sf->window_last = w->window;
    sf->rack.ack_highest_end = sf->rack.highest_end;
    if (sf->has_sack && w->sack_count > 0)
        sacks_received(sf, w, ack, &news);
    if (ack > sf->snd_una) {
        cumulative(sf, ack, &news);
        sf->duplicate_acks = 0;
    }
    if (news.delivered > 0) {
        sf->stall_at = MPT_NEVER;
        sample_rtt(sf, &news, w, now);
    }
    if (news.acked > 0)
        progress(sf, now);
    if (!mpt_conn_is_mptcp(sf->conn))
        stream_acked(sf, ack, news.acked > 0, w, now);
    bool is_eifel = news.acked > 0 && sf->resend_ts != 0 && sf->has_timestamps && w->has_timestamps &&
                    mpt_seq32_before(w->ts_echo, sf->resend_ts);
    bool is_frto = mpt_frto_acked(sf, news.acked, news.has_original, news.has_later, is_duplicate);
    if (is_frto)
        MPT_COUNT(sf->conn->stack, TCPSpuriousRTOs);
    if (news.is_all_dsacked || is_frto ||
        (is_eifel && sf->ca >= MPT_CA_RECOVERY)) /* the D-SACK of the last copy comes when recovery is over */
        mpt_recovery_undo(sf, news.is_all_dsacked, now);
    if (sf->tlp.end != 0 && mpt_tlp_acked(sf, news.is_probe_dsacked, is_bare_duplicate(w, &news, payload_bytes)))
        mpt_recovery_on_repaired_loss(sf, now);
    mpt_recovery_on_ack(sf, news.acked, news.delivered, is_duplicate, now);
    if (news.acked > 0)
        mpt_tlp_arm(sf, now);
    if (sf->has_ecn && (w->flags & MPT_ECE))
        mpt_recovery_on_ecn(sf, news.acked, now);
    if (sf->was_fin_sent && sf->snd_una == sf->snd_nxt)
        our_fin_acked(sf, now);
    return true;
}
