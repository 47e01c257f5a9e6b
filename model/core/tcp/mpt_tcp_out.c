/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_tcp_out.c: segments leave a subflow: header, options, what is remembered of them. */
#include <string.h>

#include "mptcp/mpt_conn.h"

enum { TIMESTAMP_BYTES = 12, CAPABLE_DATA_BYTES = 24, INFINITE_BYTES = 16, DATA_FLAGS = MPT_ACK };

/* ---- Sizes ---- */

static uint32_t dss_bytes(const mpt_conn *c) {
    uint32_t bytes = 4 + (c->set.data_ack64 ? 8 : 4) + (c->set.dsn64 ? 8 : 4) + 4 + 2 + (c->has_checksum ? 2 : 0);
    return (bytes + 3) & ~3u;
}

/** Both keys go with a segment at @p seq until the peer has shown that it knows them (RFC 8684 3.1). */
static bool is_keys_due(const mpt_tcp *t, uint64_t seq) {
    const mpt_conn *c = mpt_sf(t)->conn;
    return c->is_client && !mpt_sf(t)->is_join && !c->is_fully_established && seq == 1;
}

/** Room that SACK blocks of the receive queue ask for; 0 when there are none. */
static uint32_t sack_bytes(const mpt_tcp *t, uint32_t options_used) {
    uint32_t blocks = t->rx.beyond.count + (t->dsack_end > t->dsack_start ? 1u : 0u);
    if (!t->has_sack || blocks == 0 || options_used + 12 > 40)
        return 0;
    uint32_t fit = (40 - options_used - 4) / 8;
    return 4 + 8 * (blocks < fit ? blocks : fit);
}

/** Options of a segment with data, SACK and the keys apart. */
static uint32_t data_options_bytes(const mpt_tcp *t) {
    const mpt_conn *c = mpt_sf(t)->conn;
    uint32_t bytes = t->has_timestamps ? TIMESTAMP_BYTES : 0;
    if (c->mode == MPT_MODE_MPTCP || c->mode == MPT_MODE_OPENING)
        return bytes + dss_bytes(c);
    return c->fallback.infinite_wanted ? bytes + INFINITE_BYTES : bytes;
}

/** The keys need more room than the mapping they stand for. */
static uint32_t keys_bytes(const mpt_tcp *t) {
    const mpt_conn *c = mpt_sf(t)->conn;
    bool is_due = (c->mode == MPT_MODE_MPTCP || c->mode == MPT_MODE_OPENING) && is_keys_due(t, t->snd_nxt);
    return is_due && dss_bytes(c) < CAPABLE_DATA_BYTES ? CAPABLE_DATA_BYTES - dss_bytes(c) : 0;
}

uint32_t mpt_tcp_mss(const mpt_tcp *t) {
    return t->segment_bytes_max - data_options_bytes(t);
}

uint32_t mpt_tcp_payload_max(const mpt_tcp *t) {
    uint32_t options = data_options_bytes(t) + keys_bytes(t);
    return t->segment_bytes_max - options - sack_bytes(t, options);
}

/* ---- Headers ---- */

static void start(mpt_tcp *t, mpt_wire *w, uint64_t seq, uint8_t flags, mpt_time now) {
    mpt_conn *c = mpt_sf(t)->conn;
    w->source_port = t->local.port;
    w->destination_port = t->remote.port;
    w->seq = t->iss + (uint32_t)seq;
    w->ack = flags & MPT_ACK ? t->irs + (uint32_t)t->rx.next : 0;
    w->flags = flags;
    w->checksum = w->urgent = 0;
    w->has_mss = w->has_window_scale = w->is_sack_permitted = false;
    w->sack_count = 0;
    w->mptcp = 0;
    w->has_timestamps = t->has_timestamps;
    if (t->has_timestamps) {
        w->ts_value = mpt_tcp_timestamp(t, now);
        w->ts_echo = t->ts_recent;
    }
    uint8_t scale = flags & MPT_SYN ? 0 : t->rcv_scale;
    uint64_t window = mpt_conn_receive_window(c, scale);
    w->window = (uint16_t)(window >> scale);
    if (t->rx.next + window > t->rcv_edge)
        t->rcv_edge = t->rx.next + window;
    if (t->is_ece_wanted && !(flags & (MPT_SYN | MPT_RST)))
        w->flags |= MPT_ECE;
}

static void sack_option(mpt_tcp *t, mpt_wire *w, uint32_t payload_bytes) {
    mpt_range blocks[4];
    uint32_t max = 4, n = 0, options = mpt_wire_option_bytes(w);
    if (!t->has_sack || (t->rx.beyond.count == 0 && t->dsack_end == t->dsack_start))
        return;
    while (max > 0 && payload_bytes > 0 && payload_bytes + options + 4 + 8 * max > t->segment_bytes_max)
        max--;
    if (max > 0 && t->dsack_end > t->dsack_start)
        blocks[n++] = (mpt_range){t->dsack_start, t->dsack_end};
    n += mpt_reasm_sack(&t->rx, blocks + n, max - n);
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
    if (mpt_wire_is_infinite(w))
        out->dss_checksum_at = 0; /* its checksum stays zero (RFC 8684 3.3.1) */
    t->segments_sent++;
    if (w->flags & MPT_ACK) {
        t->last_ack_sent = t->rx.next;
        t->ack_wanted = false;
        t->ack_at = MPT_NEVER;
        t->unacked_segments = 0;
    }
}

/* ---- MPTCP options of segments after the SYN ---- */

static void join_ack_option(const mpt_tcp *t, mpt_wire *w) {
    uint8_t hmac[32];
    mpt_subflow_join_hmac(mpt_sf(t), true, hmac);
    w->mptcp |= 1u << MPT_MP_JOIN;
    w->join.form = MPT_JOIN_ACK;
    memcpy(w->join.hmac, hmac, sizeof w->join.hmac);
}

/** Both keys; with the first data their length, too (in version 0 those have a DSS). */
static bool capable_ack_option(const mpt_tcp *t, mpt_wire *w, uint64_t seq, uint32_t payload_bytes) {
    const mpt_conn *c = mpt_sf(t)->conn;
    if (!is_keys_due(t, seq) || (c->version == 0 && payload_bytes > 0))
        return false;
    w->mptcp |= 1u << MPT_MP_CAPABLE;
    w->capable.version = c->version;
    w->capable.flags = mpt_conn_capable_flags(c);
    w->capable.has_sender_key = w->capable.has_receiver_key = true;
    w->capable.sender_key = c->key_local;
    w->capable.receiver_key = c->key_remote;
    w->capable.has_data = payload_bytes > 0;
    w->capable.data_bytes = (uint16_t)payload_bytes;
    w->capable.has_checksum = payload_bytes > 0 && c->has_checksum;
    w->capable.checksum = mpt_wire_fold(mpt_wire_dss_pseudo_sum(mpt_conn_dsn(c, 0), 1, (uint16_t)payload_bytes));
    return true;
}

static void dss_ack(const mpt_conn *c, mpt_wire *w) {
    w->mptcp |= 1u << MPT_DSS;
    w->dss.has_ack = true;
    w->dss.is_ack64 = c->set.data_ack64;
    w->dss.ack = mpt_conn_data_ack(c);
    w->dss.has_map = w->dss.is_data_fin = w->dss.has_checksum = false;
    w->dss.is_dsn64 = c->set.dsn64;
}

static void dss_map(const mpt_conn *c, mpt_wire *w, uint64_t stream_offset, uint64_t ssn, uint32_t bytes,
                    bool is_data_fin) {
    w->dss.has_map = true;
    w->dss.is_data_fin = is_data_fin;
    w->dss.dsn = mpt_conn_dsn(c, stream_offset);
    w->dss.ssn = (uint32_t)ssn;
    w->dss.length = (uint16_t)(bytes + is_data_fin);
    w->dss.has_checksum = c->has_checksum;
    w->dss.checksum = mpt_wire_fold(mpt_wire_dss_pseudo_sum(w->dss.dsn, w->dss.ssn, w->dss.length));
}

static void carry_ack(const mpt_tcp *t, mpt_wire *w, uint64_t seq) {
    const mpt_conn *c = mpt_sf(t)->conn;
    if (!mpt_conn_is_mptcp(c) || !c->has_key_remote)
        return;
    if (mpt_sf(t)->joining == MPT_JOINING_THIRD_ACK)
        join_ack_option(t, w);
    else if (!capable_ack_option(t, w, seq, 0))
        dss_ack(c, w);
}

/* ---- SYN and RST ---- */

static void transmit_syn(mpt_tcp *t, mpt_segment *out, mpt_time now) {
    mpt_conn *c = mpt_sf(t)->conn;
    mpt_wire w;
    bool is_synack = t->state == MPT_TCP_SYN_RECEIVED;
    start(t, &w, 0, is_synack ? MPT_SYN | MPT_ACK : MPT_SYN, now);
    w.has_mss = true;
    w.mss = (uint16_t)mpt_tcp_own_mss(t);
    if (!is_synack) {
        w.has_timestamps = c->set.timestamps;
        w.ts_value = mpt_tcp_timestamp(t, now);
        w.ts_echo = 0;
        t->rcv_scale = c->set.window_scaling ? mpt_tcp_window_scale(&c->set) : 0;
        if (c->set.ecn)
            w.flags |= MPT_ECE | MPT_CWR;
    } else if (t->has_ecn) {
        w.flags |= MPT_ECE;
    }
    w.is_sack_permitted = is_synack ? t->has_sack : c->set.sack;
    w.has_window_scale = is_synack ? t->snd_scale > 0 || t->rcv_scale > 0 : c->set.window_scaling;
    w.window_scale = t->rcv_scale;
    mpt_subflow_syn_options(mpt_sf(t), &w);
    finish(t, &w, out);
    t->syn_wanted = false;
    t->syn_sent_count++;
    t->snd_nxt = 1;
    t->last_data_sent_at = now;
    mpt_tcp_arm_rto(t, now);
}

static void transmit_rst(mpt_tcp *t, mpt_segment *out, mpt_time now) {
    mpt_conn *c = mpt_sf(t)->conn;
    mpt_wire w;
    start(t, &w, t->snd_nxt, MPT_RST | MPT_ACK, now);
    if (c->has_key_remote && c->mode == MPT_MODE_MPTCP) {
        if (mpt_sf(t)->fastclose_wanted) {
            w.mptcp = 1u << MPT_MP_FASTCLOSE;
            w.fastclose_key = c->key_remote;
            MPT_COUNT(c->stack, MPFastcloseTx);
        } else if (c->version > 0) {
            w.mptcp = 1u << MPT_MP_TCPRST;
            w.tcprst.reason = mpt_sf(t)->rst_reason;
            w.tcprst.flags = mpt_sf(t)->rst_flags;
            MPT_COUNT(c->stack, MPRstTx);
        }
        if (mpt_sf(t)->fail_wanted && !mpt_sf(t)->fastclose_wanted)
            mpt_fallback_fail_option(c, &w);
    }
    finish(t, &w, out);
    t->rst_wanted = false;
    MPT_COUNT(c->stack, OutRsts);
}

/* ---- Data ---- */

static void build_chunk(mpt_tcp *t, const mpt_chunk *k, mpt_segment *out, mpt_time now) {
    mpt_conn *c = mpt_sf(t)->conn;
    mpt_wire w;
    bool is_fin = k->flags & MPT_CHUNK_FIN;
    start(t, &w, k->start, (uint8_t)(DATA_FLAGS | (is_fin ? MPT_FIN : 0) | (k->flags & MPT_CHUNK_PUSH ? MPT_PSH : 0)),
          now);
    if (t->is_cwr_wanted && k->bytes > 0 && !(k->flags & MPT_CHUNK_EVER_RESENT)) { /* with new data (RFC 3168 6.1.2) */
        w.flags |= MPT_CWR;
        t->is_cwr_wanted = false;
    }
    if (c->fallback.infinite_wanted && c->mode == MPT_MODE_FALLBACK) {
        mpt_fallback_infinite_option(c, &w);
    } else if (k->bytes == 0) {
        carry_ack(t, &w, k->start);
    } else if (mpt_conn_is_mptcp(c) && !capable_ack_option(t, &w, k->start, k->bytes)) {
        dss_ack(c, &w);
        dss_map(c, &w, k->stream_offset, k->start, k->bytes, k->flags & MPT_CHUNK_DATA_FIN);
    }
    sack_option(t, &w, k->bytes);
    finish(t, &w, out);
    if (k->bytes > 0) {
        out->conn = c;
        out->stream_offset = k->stream_offset;
        out->payload_bytes = k->bytes;
        out->ecn = t->has_ecn && !(k->flags & MPT_CHUNK_EVER_RESENT) ? 2 : 0; /* RFC 3168 6.1.5 */
    }
}

static void sent(mpt_tcp *t, uint32_t bytes, mpt_time now) {
    mpt_sf(t)->signals_in_row = 0;
    t->bytes_sent += bytes;
    t->last_data_sent_at = now;
    mpt_recovery_on_sent(t, bytes, now);
    if (t->rto_at == MPT_NEVER)
        mpt_tcp_arm_rto(t, now);
}

static void resend_chunk(mpt_tcp *t, mpt_chunk *k, mpt_segment *out, mpt_time now) {
    mpt_sendq_mark_resent(&t->q, k, now);
    t->bytes_resent += k->bytes;
    MPT_COUNT(t->stack, RetransSegs);
    build_chunk(t, k, out, now);
    sent(t, k->bytes, now);
}

static void resend(mpt_tcp *t, mpt_chunk *k, mpt_segment *out, mpt_time now) {
    if (t->resend_ts == 0 && t->has_timestamps) {
        uint32_t ts = mpt_tcp_timestamp(t, now);
        t->resend_ts = ts ? ts : 1;
    }
    t->undo_resent++;
    resend_chunk(t, k, out, now);
}

void mpt_tcp_transmit_tail(mpt_tcp *t, mpt_segment *out, mpt_time now) {
    resend_chunk(t, mpt_sendq_at(&t->q, t->q.count - 1), out, now);
}

/** RFC 5681 4.1: after an idle time the window may not be what the path can bear. */
static void restart_after_idle(mpt_tcp *t, mpt_time now) {
    if (t->q.count == 0 && now - t->last_data_sent_at > mpt_rto_get(&t->rto))
        mpt_cc_restart(&t->cc, (uint64_t)t->set->initial_window_segments * t->cc.mss_bytes);
}

/** The first new segment after falling back: once it is acknowledged, the infinite mapping on it has arrived. */
static void note_infinite(mpt_tcp *t) {
    mpt_conn *c = mpt_sf(t)->conn;
    if (c->fallback.infinite_wanted && c->fallback.infinite_end == 0)
        c->fallback.infinite_end = t->snd_nxt;
}

mpt_status mpt_tcp_transmit_data(mpt_tcp *t, uint64_t stream_offset, uint32_t bytes, bool is_data_fin, mpt_segment *out,
                                 mpt_time now) {
    mpt_chunk k = {.start = t->snd_nxt,
                   .stream_offset = stream_offset,
                   .sent_at = now,
                   .bytes = bytes,
                   .flags = is_data_fin ? MPT_CHUNK_DATA_FIN : 0};
    if (stream_offset + bytes == mpt_sf(t)->conn->snd_written)
        k.flags |= MPT_CHUNK_PUSH;
    if (mpt_sendq_reserve(&t->q, &t->stack->mem)) {
        mpt_conn_starved(mpt_sf(t)->conn, now);
        return MPT_ERR_MEMORY;
    }
    t->cc.mss_bytes = mpt_tcp_mss(t); /* less options after a fallback */
    restart_after_idle(t, now);
    mpt_sendq_append(&t->q, &k);
    t->snd_nxt += bytes;
    note_infinite(t);
    build_chunk(t, &k, out, now);
    sent(t, bytes, now);
    mpt_tlp_arm(t, now);
    return MPT_OK;
}

static bool transmit_fin(mpt_tcp *t, mpt_segment *out, mpt_time now) {
    mpt_conn *c = mpt_sf(t)->conn;
    if (mpt_sendq_reserve(&t->q, &c->stack->mem)) {
        mpt_conn_starved(c, now);
        return false;
    }
    mpt_chunk k = {.start = t->snd_nxt, .stream_offset = c->snd_written, .sent_at = now, .flags = MPT_CHUNK_FIN};
    mpt_sendq_append(&t->q, &k);
    t->snd_nxt++;
    note_infinite(t);
    t->fin_wanted = false;
    t->was_fin_sent = true;
    t->state = t->state == MPT_TCP_CLOSE_WAIT ? MPT_TCP_LAST_ACK : MPT_TCP_FIN_WAIT_1;
    if (!mpt_conn_is_mptcp(c))
        c->fin_sent = true;
    build_chunk(t, &k, out, now);
    sent(t, 0, now);
    mpt_tlp_arm(t, now);
    return true;
}

bool mpt_tcp_transmit_urgent(mpt_tcp *t, mpt_segment *out, mpt_time now) {
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

/**
 * No more than two ACKs in a row that acknowledge nothing new and are there for their option alone: who does not know MPTCP takes three for a loss
 * (RFC 8684 4). After a retransmission timeout the row is forgotten: what the peer had under way has come, or is on its way again by itself.
 * MP_FAIL does not wait: with it MPTCP ends.
 */
static bool may_signal(mpt_tcp *t, mpt_time now) {
    enum { IN_ROW_MAX = 2 };
    mpt_time forgotten_at = mpt_sf(t)->signalled_at + t->rto.base_ns;
    if (mpt_sf(t)->signals_in_row > 0 && now >= forgotten_at)
        mpt_sf(t)->signals_in_row = 0;
    if (mpt_sf(t)->signals_in_row < IN_ROW_MAX || t->rx.next != t->last_ack_sent)
        return true;
    mpt_sf(t)->signal_at = forgotten_at;
    mpt_tcp_arm(t, forgotten_at);
    return false;
}

/** An ACK leaves, with or without an option that is not a DSS. */
static void count_signal(mpt_tcp *t, bool is_signal, mpt_time now) {
    if (t->rx.next != t->last_ack_sent)
        mpt_sf(t)->signals_in_row = 0;
    if (!is_signal || t->rx.next != t->last_ack_sent)
        return;
    mpt_sf(t)->signals_in_row++;
    mpt_sf(t)->signalled_at = now;
}

/** MP_FASTCLOSE in an ACK (RFC 8684 3.5). */
static bool transmit_fastclose(mpt_tcp *t, mpt_segment *out, mpt_time now) {
    mpt_conn *c = mpt_sf(t)->conn;
    mpt_wire w;
    if (!mpt_sf(t)->fastclose_wanted)
        return false;
    start(t, &w, t->snd_nxt, MPT_ACK, now);
    w.mptcp = 1u << MPT_MP_FASTCLOSE;
    w.fastclose_key = c->key_remote;
    finish(t, &w, out);
    mpt_sf(t)->fastclose_wanted = false;
    MPT_COUNT(c->stack, MPFastcloseTx);
    return true;
}

bool mpt_tcp_transmit_ack(mpt_tcp *t, mpt_segment *out, mpt_time now) {
    mpt_conn *c = mpt_sf(t)->conn;
    mpt_wire w;
    if (mpt_sf(t)->is_fastclosing)
        return transmit_fastclose(t, out, now);
    bool is_open = t->state != MPT_TCP_CLOSED && t->state != MPT_TCP_SYN_SENT && t->state != MPT_TCP_SYN_RECEIVED;
    bool may_carry = mpt_sf(t)->is_established && mpt_conn_is_mptcp(c) && !c->is_dead && c->is_fully_established;
    bool is_fail_due = mpt_sf(t)->is_established && mpt_sf(t)->fail_wanted;
    bool has_option =
        may_carry && !is_fail_due && (mpt_sf(t)->prio_wanted || mpt_addr_option_waits(c, now)) && may_signal(t, now);
    if (!is_open || (!t->ack_wanted && !has_option && !is_fail_due))
        return false;
    start(t, &w, t->snd_nxt, MPT_ACK, now);
    carry_ack(t, &w, t->snd_nxt);
    if (mpt_sf(t)->joining == MPT_JOINING_THIRD_ACK)
        t->syn_sent_count++;
    if (is_fail_due) {
        mpt_fallback_fail_option(c, &w);
        if (c->mode == MPT_MODE_FALLBACK)
            mpt_fallback_infinite_option(c, &w);
        mpt_sf(t)->fail_wanted = false;
    } else if (has_option && mpt_sf(t)->prio_wanted) {
        w.mptcp |= 1u << MPT_MP_PRIO;
        w.is_prio_backup = mpt_sf(t)->is_backup_local;
        mpt_sf(t)->prio_wanted = false;
        MPT_COUNT(c->stack, MPPrioTx);
    } else if (has_option) {
        mpt_addr_option_next(c, &w, t->rx.next != t->last_ack_sent, now);
    }
    sack_option(t, &w, 0);
    count_signal(t, w.mptcp & ~(1u << MPT_DSS), now);
    bool is_data_ack_due = t->ack_wanted && w.mptcp == 1u << MPT_ADD_ADDR; /* it had to give way: another ACK follows */
    finish(t, &w, out);
    t->ack_wanted = is_data_ack_due;
    return true;
}

void mpt_tcp_transmit_data_fin(mpt_tcp *t, mpt_segment *out, mpt_time now) {
    const mpt_conn *c = mpt_sf(t)->conn;
    mpt_wire w;
    start(t, &w, t->snd_nxt, MPT_ACK, now);
    dss_ack(c, &w);
    dss_map(c, &w, c->snd_written, 0, 0, true);
    sack_option(t, &w, 0);
    finish(t, &w, out);
}

void mpt_tcp_transmit_probe(mpt_tcp *t, mpt_segment *out, mpt_time now) {
    mpt_wire w;
    start(t, &w, t->snd_una - 1, MPT_ACK, now);
    carry_ack(t, &w, t->snd_nxt);
    finish(t, &w, out);
}
