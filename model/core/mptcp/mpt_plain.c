/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_plain.c: a connection over one TCP alone: plain from the start, or after fallback, when its last segments of MPTCP may still be needed
 * (MP_FAIL and the infinite mapping, RFC 8684 3.7). The stream moves with the TCP, whose byte 0 is its SYN.
 */
#include "mptcp/mpt_conn.h"

enum { INFINITE_BYTES = 16 };

static void options_out(mpt_tcp *t, mpt_wire *w, mpt_tcp_kind kind, uint64_t seq, const mpt_chunk *k) {
    mpt_subflow *sf = mpt_sf(t);
    mpt_conn *c = sf->conn;
    (void)seq;
    t->node->moved |= 1u << sf->index;
    if (kind == MPT_TCP_OUT_DATA) {
        bool is_new = !(k->flags & MPT_CHUNK_EVER_RESENT);
        if (c->fallback.infinite_wanted && is_new && c->fallback.infinite_end == 0)
            c->fallback.infinite_end =
                t->snd_nxt; /* once that is acknowledged, the infinite mapping on it has arrived */
        if (c->fallback.infinite_wanted)
            mpt_fallback_infinite_option(c, w);
    } else if (kind == MPT_TCP_OUT_ACK && sf->signal == MPT_SIGNAL_FAIL) {
        mpt_fallback_fail_option(c, w);
        mpt_fallback_infinite_option(c, w);
        sf->is_signalling = true;
    }
}

static uint32_t option_bytes(const mpt_tcp *t, uint64_t seq) {
    (void)seq;
    return mpt_sf(t)->conn->fallback.infinite_wanted ? INFINITE_BYTES : 0;
}

static uint64_t window(mpt_tcp *t, uint8_t scale) {
    return mpt_conn_receive_window(mpt_sf(t)->conn, scale);
}

static uint64_t acceptable_edge(const mpt_tcp *t) {
    return t->rcv_edge;
}

static uint32_t siblings(const mpt_tcp *t, mpt_cc **members) {
    members[0] = &mpt_sf(t)->t.cc;
    return 1;
}

static bool handshake_in(mpt_tcp *t, const mpt_wire *w, mpt_tcp_step step, mpt_time now) {
    return step != MPT_TCP_STEP_SYNACK || mpt_subflow_synack_received(mpt_sf(t), w, now);
}

static void established(mpt_tcp *t, const mpt_wire *w, mpt_time now) {
    uint8_t scale = w->flags & MPT_SYN ? 0 : t->snd_scale; /* not scaled in a SYN (RFC 7323 2.2) */
    mpt_conn_window(mpt_sf(t)->conn, (uint64_t)w->window << scale, now);
    mpt_subflow_set_established(mpt_sf(t), now);
}

static bool segment_in(mpt_tcp *t, const mpt_wire *w, mpt_time now) {
    (void)w, (void)now;
    mpt_sf(t)->conn->unanswered_probes = 0;
    return true;
}

static bool reset_in(mpt_tcp *t, const mpt_wire *w, bool is_exact, mpt_time now) {
    (void)w;
    if (!is_exact)
        return false;
    mpt_subflow_remove(mpt_sf(t), 0, now);
    return true;
}

/** The window may shrink: the latest word counts (RFC 9293 3.8.6; 3.10.7.4, SND.WL1). */
static void acked(mpt_tcp *t, uint64_t ack, bool is_new, const mpt_wire *w, mpt_time now) {
    mpt_conn *c = mpt_sf(t)->conn;
    bool is_fin = t->was_fin_sent && ack == t->snd_nxt;
    uint64_t offset = mpt_stream_of_subflow(ack) - (is_fin ? 1 : 0);
    uint64_t seq = mpt_seq_expand(w->seq - t->irs, t->rx.next);
    if (c->fallback.infinite_end > 0 && ack >= c->fallback.infinite_end)
        c->fallback.infinite_wanted = false;
    mpt_conn_acked(c, offset, is_fin, now);
    if (is_new)
        mpt_sndbuf_acked(c);
    if (is_new || seq >= t->window_seq) {
        t->window_seq = seq;
        c->snd_edge = offset + mpt_tcp_window_in(t, w);
    }
}

static bool options_in(mpt_tcp *t, const mpt_wire *w, const mpt_segment *in, mpt_time now) {
    (void)in;
    if (w->mptcp & (1u << MPT_MP_FAIL))
        mpt_fallback_fail_received(mpt_sf(t), w->fail_dsn, mpt_wire_is_infinite(w), now);
    return t->state != MPT_TCP_CLOSED;
}

static uint64_t data_in(mpt_tcp *t, const mpt_wire *w, const mpt_segment *in, uint64_t start, uint64_t end,
                        uint32_t skip, mpt_store *store, mpt_time now) {
    mpt_subflow *sf = mpt_sf(t);
    mpt_conn *c = sf->conn;
    c->last_received = sf;
    if (c->mode == MPT_MODE_TCP && !c->set.receive_buffer_autotuning)
        return mpt_conn_plain_received(c, start, end, skip, store, now);
    mpt_rcvbuf_segment_received(sf, w, now);
    return mpt_conn_data_received(sf, w, in, start, end, skip, store, now);
}

static bool timed_out(mpt_tcp *t, mpt_time now) {
    const mpt_conn *c = mpt_sf(t)->conn;
    bool is_handshake = t->state == MPT_TCP_SYN_SENT || t->state == MPT_TCP_SYN_RECEIVED;
    uint32_t retries = c->is_dead ? c->set.subflow_data_retries : c->set.data_retries;
    if (is_handshake ? t->syn_sent_count <= c->set.syn_retries : t->timeouts_in_row <= retries)
        return true;
    mpt_subflow_give_up(mpt_sf(t), now);
    return false;
}

static void event(mpt_tcp *t, mpt_tcp_event what, mpt_time now) {
    mpt_subflow *sf = mpt_sf(t);
    mpt_conn *c = sf->conn;
    switch (what) {
    case MPT_TCP_EVENT_FIN_IN: mpt_conn_end_received(c, mpt_stream_of_subflow(t->fin_offset), now); break;
    case MPT_TCP_EVENT_FIN_OUT: c->fin_sent = true; break;
    case MPT_TCP_EVENT_LOSS:
    case MPT_TCP_EVENT_STALLED: break;
    case MPT_TCP_EVENT_FIN_ACKED:
    case MPT_TCP_EVENT_TIME_WAIT:
    case MPT_TCP_EVENT_ENDED: mpt_subflow_user.event(t, what, now); break;
    }
}

const mpt_tcp_user mpt_plain_user = {
    .options_out = options_out,
    .option_bytes = option_bytes,
    .window = window,
    .acceptable_edge = acceptable_edge,
    .siblings = siblings,
    .handshake_in = handshake_in,
    .established = established,
    .segment_in = segment_in,
    .reset_in = reset_in,
    .acked = acked,
    .options_in = options_in,
    .data_in = data_in,
    .timed_out = timed_out,
    .event = event,
    .hears_repeats = true,
};
