/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_tcp_out.c: segments leave: header, TCP's own options, what is remembered of them. */
#include "tcp/mpt_tcp.h"

enum { TIMESTAMP_BYTES = 12 };

/* ---- Sizes ---- */

/** Room that SACK blocks of the receive queue ask for; 0 when there are none. */
static uint32_t sack_bytes(const mpt_tcp *t, uint32_t options_used) {
    uint32_t blocks = t->rx.beyond.count + (t->dsack_end > t->dsack_start ? 1u : 0u);
    if (!t->has_sack || blocks == 0 || options_used + 12 > 40)
        return 0;
    uint32_t fit = (40 - options_used - 4) / 8;
    return 4 + 8 * (blocks < fit ? blocks : fit);
}

uint32_t mpt_tcp_mss(const mpt_tcp *t) {
    return t->segment_bytes_max - (t->has_timestamps ? TIMESTAMP_BYTES : 0) - t->user->option_bytes(t, UINT64_MAX);
}

uint32_t mpt_tcp_payload_max(const mpt_tcp *t) {
    uint32_t options = t->has_timestamps ? TIMESTAMP_BYTES : 0;
    options += t->user->option_bytes(t, t->snd_nxt);
    options += sack_bytes(t, options);
    return t->segment_bytes_max - options;
}

uint32_t mpt_tcp_prepare_data(mpt_tcp *t) {
    bool is_like_all = t->snd_nxt > MPT_TCP_FIRST_BYTES && t->rx.beyond.count == 0 && t->dsack_start == t->dsack_end;
    t->cc.mss_bytes = mpt_tcp_mss(t); /* less options after a fallback */
    return is_like_all ? t->cc.mss_bytes : mpt_tcp_payload_max(t);
}

/* ---- Headers ---- */

static void start(mpt_tcp *t, mpt_wire *w, uint64_t seq, uint8_t flags, mpt_time now) {
    w->source_port = t->local.port;
    w->destination_port = t->remote.port;
    w->seq = t->iss + (uint32_t)seq;
    w->ack = flags & MPT_ACK ? t->irs + (uint32_t)t->rx.next : 0;
    w->flags = flags;
    w->rare = 0;
    w->mptcp = 0;
    w->has_timestamps = t->has_timestamps;
    if (t->has_timestamps) {
        w->ts_value = mpt_tcp_timestamp(t, now);
        w->ts_echo = t->ts_recent;
    }
    uint8_t scale = flags & MPT_SYN ? 0 : t->rcv_scale;
    uint64_t window = t->user->window(t, scale);
    w->window = (uint16_t)(window >> scale);
    if (t->rx.next + window > t->rcv_edge)
        t->rcv_edge = t->rx.next + window;
    if (t->is_ece_wanted && !(flags & (MPT_SYN | MPT_RST)))
        w->flags |= MPT_ECE;
}

static void sack_option(mpt_tcp *t, mpt_wire *w, uint32_t payload_bytes) {
    mpt_range blocks[4];
    uint32_t max = 4, n = 0;
    if (!t->has_sack || (t->rx.beyond.count == 0 && t->dsack_end == t->dsack_start))
        return;
    uint32_t options = mpt_wire_option_bytes(w);
    while (max > 0 && payload_bytes > 0 && payload_bytes + options + 4 + 8 * max > t->segment_bytes_max)
        max--;
    if (max > 0 && t->dsack_end > t->dsack_start)
        blocks[n++] = (mpt_range){t->dsack_start, t->dsack_end};
    n += mpt_reasm_sack(&t->rx, &t->recent, blocks + n, max - n);
    for (uint32_t i = 0; i < n; i++)
        w->sack[i] = (mpt_wire_sack){t->irs + (uint32_t)blocks[i].start, t->irs + (uint32_t)blocks[i].end};
    w->sack_count = (uint8_t)n;
    if (n > 0)
        t->dsack_start = t->dsack_end = 0;
}

static void finish(mpt_tcp *t, const mpt_wire *w, mpt_segment *out) {
    out->source = t->local.addr;
    out->destination = t->remote.addr;
    out->ecn = 0;
    out->header_bytes = (uint8_t)mpt_wire_encode(w, out->header, &out->dss_checksum_at);
    MPT_ASSERT(out->header_bytes >= 20);
    t->segments_sent++;
    if (w->flags & MPT_ACK) {
        t->last_ack_sent = t->rx.next;
        t->ack_wanted = false;
        t->ack_at = MPT_NEVER;
        t->unacked_segments = 0;
    }
}

/* ---- SYN and RST ---- */

static void transmit_syn(mpt_tcp *t, mpt_segment *out, mpt_time now) {
    const mpt_conn_settings *set = t->set;
    mpt_wire w;
    bool is_synack = t->state == MPT_TCP_SYN_RECEIVED;
    start(t, &w, 0, is_synack ? MPT_SYN | MPT_ACK : MPT_SYN, now);
    w.has_mss = true;
    w.mss = (uint16_t)mpt_tcp_own_mss(t);
    if (!is_synack) {
        w.has_timestamps = set->timestamps;
        w.ts_value = mpt_tcp_timestamp(t, now);
        w.ts_echo = 0;
        t->rcv_scale = set->window_scaling ? mpt_tcp_window_scale(set) : 0;
        if (set->ecn)
            w.flags |= MPT_ECE | MPT_CWR;
    } else if (t->has_ecn) {
        w.flags |= MPT_ECE;
    }
    w.is_sack_permitted = is_synack ? t->has_sack : set->sack;
    w.has_window_scale = is_synack ? t->snd_scale > 0 || t->rcv_scale > 0 : set->window_scaling;
    w.window_scale = t->rcv_scale;
    t->user->options_out(t, &w, MPT_TCP_OUT_SYN, 0, NULL);
    finish(t, &w, out);
    t->syn_wanted = false;
    t->snd_nxt = 1;
    if (!t->is_syn_doubled) {
        t->syn_sent_count++;
        t->last_data_sent_at = now;
    }
    t->is_syn_doubled = false;
    mpt_tcp_arm_rto(t, now);
}

static void transmit_rst(mpt_tcp *t, mpt_segment *out, mpt_time now) {
    mpt_wire w;
    start(t, &w, t->snd_nxt, MPT_RST | MPT_ACK, now);
    t->user->options_out(t, &w, MPT_TCP_OUT_RST, t->snd_nxt, NULL);
    finish(t, &w, out);
    t->rst_wanted = false;
    MPT_COUNT(t->stack, OutRsts);
}

/* ---- Data ---- */

static void build_chunk(mpt_tcp *t, const mpt_chunk *k, mpt_segment *out, mpt_time now) {
    mpt_wire w;
    uint32_t flags = MPT_ACK | (k->flags & MPT_CHUNK_FIN ? MPT_FIN : 0) | (k->flags & MPT_CHUNK_PUSH ? MPT_PSH : 0);
    start(t, &w, k->start, (uint8_t)flags, now);
    if (t->is_cwr_wanted && k->bytes > 0 && !(k->flags & MPT_CHUNK_EVER_RESENT)) { /* with new data (RFC 3168 6.1.2) */
        w.flags |= MPT_CWR;
        t->is_cwr_wanted = false;
    }
    t->user->options_out(t, &w, MPT_TCP_OUT_DATA, k->start, k);
    sack_option(t, &w, k->bytes);
    finish(t, &w, out);
    if (k->bytes > 0) {
        out->stream_offset = k->stream_offset;
        out->payload_bytes = k->bytes;
        out->ecn = t->has_ecn && !(k->flags & MPT_CHUNK_EVER_RESENT) ? 2 : 0; /* RFC 3168 6.1.5 */
    }
}

static inline void sent(mpt_tcp *t, uint32_t bytes, mpt_time now) {
    t->bytes_sent += bytes;
    t->last_data_sent_at = now;
    mpt_recovery_on_sent(t, bytes, now);
    if (t->rto_at == MPT_NEVER)
        mpt_tcp_arm_rto(t, now);
}

static void resend_chunk(mpt_tcp *t, mpt_chunk *k, mpt_segment *out, mpt_time now) {
    mpt_sendq_mark_resent(&t->q, k, now);
    mpt_rate_sent(t, k, false, now);
    t->bytes_resent += k->bytes;
    MPT_COUNT(t->stack, RetransSegs);
    build_chunk(t, k, out, now);
    sent(t, k->bytes, now);
}

static void resend(mpt_tcp *t, mpt_chunk *k, mpt_segment *out, mpt_time now) {
    mpt_undo_resent(t, k, now);
    resend_chunk(t, k, out, now);
}

void mpt_tcp_transmit_tail(mpt_tcp *t, mpt_segment *out, mpt_time now) {
    resend_chunk(t, mpt_sendq_at(&t->q, t->q.count - 1), out, now);
}

/**
 * After an idle time the window may not be what the path can bear (RFC 5681 4.1). It is halved for each timeout that passed, down to the initial
 * window, and slow start leads back to three quarters of what it was (RFC 2861 3, as in Linux).
 */
static void restart_after_idle(mpt_tcp *t, mpt_time now) {
    if (t->q.count > 0)
        return;
    uint64_t least = (uint64_t)t->set->initial_window_segments * t->cc.mss_bytes, window = t->cc.cwnd_bytes;
    mpt_time idle = now - t->last_data_sent_at, timeout = mpt_rto_get(&t->rto);
    mpt_recovery_on_start(t, now);
    if (t->cc.ops->owns_window || idle <= timeout || window <= least)
        return;
    if (t->cc.ssthresh_bytes < window / 4 * 3)
        t->cc.ssthresh_bytes = window / 4 * 3;
    for (; idle > timeout && window > least; idle -= timeout)
        window /= 2;
    mpt_cc_restart(&t->cc, window > least ? window : least);
}

mpt_status mpt_tcp_transmit_data(mpt_tcp *t, uint64_t stream_offset, uint32_t bytes, uint8_t flags, mpt_segment *out,
                                 mpt_time now) {
    if (mpt_sendq_reserve(&t->q, &t->stack->mem))
        return MPT_ERR_MEMORY;
    restart_after_idle(t, now);
    bool was_idle = t->q.count == 0;
    const mpt_chunk *k = mpt_sendq_append(
        &t->q,
        &(mpt_chunk){
            .start = t->snd_nxt, .stream_offset = stream_offset, .sent_at = now, .bytes = bytes, .flags = flags});
    mpt_rate_sent(t, k, was_idle, now);
    t->snd_nxt += bytes;
    build_chunk(t, k, out, now);
    sent(t, bytes, now);
    mpt_tlp_arm(t, now);
    return MPT_OK;
}

/** Without memory for it the FIN waits. */
static bool transmit_fin(mpt_tcp *t, mpt_segment *out, mpt_time now) {
    if (mpt_sendq_reserve(&t->q, &t->stack->mem)) {
        MPT_COUNT(t->stack, NoMemory);
        t->release_at = now + t->set->rto_min_ns;
        mpt_tcp_arm(t, t->release_at);
        return false;
    }
    bool was_idle = t->q.count == 0;
    const mpt_chunk *k = mpt_sendq_append(
        &t->q, &(mpt_chunk){.start = t->snd_nxt, .stream_offset = UINT64_MAX, .sent_at = now, .flags = MPT_CHUNK_FIN});
    mpt_rate_sent(t, k, was_idle, now);
    t->snd_nxt++;
    t->fin_wanted = false;
    t->was_fin_sent = true;
    t->state = t->state == MPT_TCP_CLOSE_WAIT ? MPT_TCP_LAST_ACK : MPT_TCP_FIN_WAIT_1;
    t->user->event(t, MPT_TCP_EVENT_FIN_OUT, now);
    build_chunk(t, k, out, now);
    sent(t, 0, now);
    mpt_tlp_arm(t, now);
    return true;
}

bool mpt_tcp_transmit_waiting(mpt_tcp *t, mpt_segment *out, mpt_time now) {
    if (t->rst_wanted) {
        transmit_rst(t, out, now);
        return true;
    }
    if (t->syn_wanted) {
        transmit_syn(t, out, now);
        return true;
    }
    if (t->q.lost_bytes > t->q.retransmitted_bytes && !mpt_frto_holds(t)) {
        mpt_chunk *k = mpt_sendq_next_resend(&t->q);
        if (k && mpt_recovery_allows(t, k->bytes, false, now)) {
            resend(t, k, out, now);
            return true;
        }
    }
    return t->fin_wanted && transmit_fin(t, out, now);
}

/* ---- Acknowledgements ---- */

void mpt_tcp_transmit_ack(mpt_tcp *t, mpt_segment *out, mpt_time now) {
    mpt_wire w;
    start(t, &w, t->snd_nxt, MPT_ACK, now);
    t->user->options_out(t, &w, MPT_TCP_OUT_ACK, t->snd_nxt, NULL);
    sack_option(t, &w, 0);
    finish(t, &w, out);
}

void mpt_tcp_transmit_probe(mpt_tcp *t, mpt_segment *out, mpt_time now) {
    mpt_wire w;
    start(t, &w, t->snd_una - 1, MPT_ACK, now);
    t->user->options_out(t, &w, MPT_TCP_OUT_ACK, t->snd_nxt, NULL);
    finish(t, &w, out);
}
