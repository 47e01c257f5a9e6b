/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_subflow_out.c: MPTCP's options of the segments that leave a subflow, and the acknowledgements that leave for an option's sake. */
#include <string.h>

#include "mptcp/mpt_conn.h"

enum { CAPABLE_DATA_BYTES = 24 };

/* ---- Sizes ---- */

/** A checksum takes the place of padding. */
static uint32_t dss_bytes(const mpt_conn *c) {
    return 20 + (mpt_conn_is_ack64(c) ? 4u : 0) + (c->set.dsn64 ? 4u : 0);
}

/**
 * Both keys go with whatever may be the first to arrive, until the peer has shown that it knows them (RFC 8684 3.1): with data, and with what answers a SYN/ACK
 * that came again, which is a third ACK. Nothing of the peer's is there yet for which an ACK would need a DATA_ACK. In version 0 the peer has the key from the
 * SYN; of what was sent before a segment there is no checksum.
 */
static bool is_keys_due(const mpt_subflow *sf, uint64_t seq, bool is_data) {
    const mpt_conn *c = sf->conn;
    if (c->is_fully_established || !c->is_client || sf->is_join)
        return false;
    bool is_for_first_only = c->version == 0 || (is_data && c->has_checksum);
    return seq <= (is_for_first_only ? 1 : MPT_TCP_FIRST_BYTES);
}

uint32_t mpt_subflow_option_bytes(const mpt_tcp *t, uint64_t seq) {
    const mpt_subflow *sf = mpt_sf(t);
    uint32_t dss = dss_bytes(sf->conn);
    return is_keys_due(sf, seq, true) && dss < CAPABLE_DATA_BYTES ? CAPABLE_DATA_BYTES : dss;
}

/* ---- Options after the SYN ---- */

__attribute__((noinline)) static void join_ack_option(const mpt_subflow *sf, mpt_wire *w) {
    uint8_t hmac[32];
    mpt_subflow_join_hmac(sf, true, hmac);
    w->mptcp |= 1u << MPT_MP_JOIN;
    w->join.form = MPT_JOIN_ACK;
    memcpy(w->join.hmac, hmac, sizeof w->join.hmac);
}

/**
 * Both keys; with data a mapping, too, of all from the stream's first byte to the segment's last: it is as good as a DSS (RFC 8684 3.1). In version 0 data
 * have a DSS. Not inlined, as what follows: that comes once, or never.
 */
__attribute__((noinline)) static bool keys_option(const mpt_subflow *sf, mpt_wire *w, uint64_t seq,
                                                  uint32_t payload_bytes) {
    const mpt_conn *c = sf->conn;
    uint64_t mapped_bytes = payload_bytes > 0 ? seq - 1 + payload_bytes : 0;
    if (payload_bytes > 0 && (c->version == 0 || mapped_bytes > UINT16_MAX))
        return false;
    w->mptcp |= 1u << MPT_MP_CAPABLE;
    w->capable.version = c->version;
    w->capable.flags = mpt_conn_capable_flags(c);
    w->capable.has_sender_key = w->capable.has_receiver_key = true;
    w->capable.sender_key = c->key_local;
    w->capable.receiver_key = c->key_remote;
    w->capable.has_data = payload_bytes > 0;
    w->capable.data_bytes = (uint16_t)mapped_bytes;
    w->capable.has_checksum = payload_bytes > 0 && c->has_checksum;
    w->capable.checksum = mpt_wire_fold(mpt_wire_dss_pseudo_sum(mpt_conn_dsn(c, 0), 1, (uint16_t)payload_bytes));
    return true;
}

static inline bool capable_ack_option(const mpt_subflow *sf, mpt_wire *w, uint64_t seq, uint32_t payload_bytes) {
    return is_keys_due(sf, seq, payload_bytes > 0) && keys_option(sf, w, seq, payload_bytes);
}

static inline void dss_ack(const mpt_conn *c, mpt_wire *w) {
    w->mptcp |= 1u << MPT_DSS;
    w->dss.has_ack = true;
    w->dss.is_ack64 = mpt_conn_is_ack64(c);
    w->dss.ack = mpt_conn_data_ack(c);
}

static inline void dss_ack_alone(const mpt_conn *c, mpt_wire *w) {
    dss_ack(c, w);
    w->dss.has_map = w->dss.is_data_fin = w->dss.has_checksum = false;
}

static void dss_map(const mpt_conn *c, mpt_wire *w, uint64_t stream_offset, uint64_t ssn, uint32_t bytes,
                    bool is_data_fin) {
    w->dss.has_map = true;
    w->dss.is_data_fin = is_data_fin;
    w->dss.is_dsn64 = c->set.dsn64;
    w->dss.dsn = mpt_conn_dsn(c, stream_offset);
    w->dss.ssn = (uint32_t)ssn;
    w->dss.length = (uint16_t)(bytes + is_data_fin);
    w->dss.has_checksum = c->has_checksum;
    if (c->has_checksum)
        w->dss.checksum = mpt_wire_fold(mpt_wire_dss_pseudo_sum(w->dss.dsn, w->dss.ssn, w->dss.length));
}

static void carry_ack(const mpt_subflow *sf, mpt_wire *w, uint64_t seq) {
    const mpt_conn *c = sf->conn;
    if (!c->has_key_remote)
        return;
    if (sf->joining == MPT_JOINING_THIRD_ACK)
        join_ack_option(sf, w);
    else if (!capable_ack_option(sf, w, seq, 0))
        dss_ack_alone(c, w);
}

__attribute__((noinline)) static void rst_option(mpt_subflow *sf, mpt_wire *w) {
    mpt_conn *c = sf->conn;
    if (!c->has_key_remote || !mpt_conn_is_mptcp(c))
        return;
    if (sf->fastclose_wanted) {
        w->mptcp = 1u << MPT_MP_FASTCLOSE;
        w->fastclose_key = c->key_remote;
        MPT_COUNT(c->stack, MPFastcloseTx);
        return;
    }
    if (c->version > 0) {
        w->mptcp = 1u << MPT_MP_TCPRST;
        w->tcprst.reason = sf->rst_reason;
        w->tcprst.flags = sf->rst_flags;
        MPT_COUNT(c->stack, MPRstTx);
    }
    if (sf->fail_wanted)
        mpt_fallback_fail_option(c, w);
}

/** Not inlined, nor is what follows: of nearly all segments mpt_subflow_options_out() writes the options by itself. */
__attribute__((noinline)) static void data_option(mpt_subflow *sf, mpt_wire *w, const mpt_chunk *k) {
    const mpt_conn *c = sf->conn;
    sf->signals_in_row = 0;
    if (k->bytes == 0) {
        carry_ack(sf, w, k->start);
    } else if (mpt_conn_is_mptcp(c) && !capable_ack_option(sf, w, k->start, k->bytes)) {
        dss_ack(c, w);
        dss_map(c, w, k->stream_offset, k->start, k->bytes, k->flags & MPT_CHUNK_DATA_FIN);
        bool was_cut_to_fit = !(k->flags & MPT_CHUNK_EVER_RESENT);
        if (was_cut_to_fit || k->bytes + mpt_wire_option_bytes(w) <= sf->t.segment_bytes_max)
            return;
        w->dss.has_ack = false; /* DATA_ACKs were shorter when this was sent first: another segment follows with it */
        sf->is_data_ack_due = true;
    }
}

__attribute__((noinline)) static void ack_option(mpt_subflow *sf, mpt_wire *w, uint64_t seq) {
    mpt_conn *c = sf->conn;
    if (sf->signal == MPT_SIGNAL_FASTCLOSE) { /* RFC 8684 3.5 */
        w->mptcp = 1u << MPT_MP_FASTCLOSE;
        w->fastclose_key = c->key_remote;
        MPT_COUNT(c->stack, MPFastcloseTx);
        return;
    }
    if (sf->signal == MPT_SIGNAL_DATA_FIN) {
        dss_ack(c, w);
        dss_map(c, w, c->snd_written, 0, 0, true);
        return;
    }
    if (mpt_conn_is_mptcp(c) && sf->signal == MPT_SIGNAL_FAIL)
        dss_ack_alone(c, w); /* both keys have no room beside MP_FAIL, and who sends data has them */
    else if (mpt_conn_is_mptcp(c))
        carry_ack(sf, w, seq);
    if (sf->signal == MPT_SIGNAL_FAIL) {
        mpt_fallback_fail_option(c, w);
    } else if (sf->signal == MPT_SIGNAL_PRIO) {
        w->mptcp |= 1u << MPT_MP_PRIO;
        w->is_prio_backup = sf->is_backup_local;
        MPT_COUNT(c->stack, MPPrioTx);
    } else if (sf->signal == MPT_SIGNAL_ADDR) {
        mpt_addr_option_next(c, w, sf->t.rx.next != sf->t.last_ack_sent, c->stack->now);
    }
    sf->is_signalling = w->mptcp & ~(1u << MPT_DSS);
    sf->is_data_ack_due = w->mptcp == 1u << MPT_ADD_ADDR;
}

__attribute__((noinline)) static void rare_options_out(mpt_subflow *sf, mpt_wire *w, mpt_tcp_kind kind, uint64_t seq,
                                                       const mpt_chunk *k) {
    switch (kind) {
    case MPT_TCP_OUT_SYN: mpt_subflow_syn_options(sf, w); break;
    case MPT_TCP_OUT_RST: rst_option(sf, w); break;
    case MPT_TCP_OUT_DATA: data_option(sf, w, k); break;
    case MPT_TCP_OUT_ACK: ack_option(sf, w, seq); break;
    }
}

/** Data sent for the first time, with their mapping and a DATA_ACK, and nothing to be summed up. */
static bool is_plain_data(const mpt_subflow *sf, mpt_tcp_kind kind, const mpt_chunk *k) {
    const mpt_conn *c = sf->conn;
    return kind == MPT_TCP_OUT_DATA && k->bytes > 0 && !(k->flags & MPT_CHUNK_EVER_RESENT) && mpt_conn_is_mptcp(c) &&
           !c->has_checksum && !is_keys_due(sf, k->start, true);
}

/** An acknowledgement with a DATA_ACK alone. */
static bool is_plain_ack(const mpt_subflow *sf, mpt_tcp_kind kind, uint64_t seq) {
    const mpt_conn *c = sf->conn;
    return kind == MPT_TCP_OUT_ACK && sf->signal == MPT_SIGNAL_NONE && mpt_conn_is_mptcp(c) && c->has_key_remote &&
           sf->joining != MPT_JOINING_THIRD_ACK && !is_keys_due(sf, seq, false);
}

void mpt_subflow_options_out(mpt_tcp *t, mpt_wire *w, mpt_tcp_kind kind, uint64_t seq, const mpt_chunk *k) {
    mpt_subflow *sf = mpt_sf(t);
    t->node->moved |= 1u << sf->index;
    if (is_plain_data(sf, kind, k)) {
        sf->signals_in_row = 0;
        dss_ack(sf->conn, w);
        dss_map(sf->conn, w, k->stream_offset, k->start, k->bytes, k->flags & MPT_CHUNK_DATA_FIN);
    } else if (is_plain_ack(sf, kind, seq)) {
        sf->is_signalling = sf->is_data_ack_due = false;
        dss_ack_alone(sf->conn, w);
    } else {
        rare_options_out(sf, w, kind, seq, k);
    }
}

/* ---- Acknowledgements ---- */

/**
 * No more than two ACKs in a row that acknowledge nothing new and are there for their option alone: who does not know MPTCP takes three for a loss
 * (RFC 8684 4). After a retransmission timeout the row is forgotten: what the peer had under way has come, or is on its way again by itself.
 * MP_FAIL does not wait: with it MPTCP ends.
 */
static bool is_row_open(const mpt_subflow *sf, mpt_time now) {
    enum { IN_ROW_MAX = 2 };
    bool is_forgotten = now >= sf->signalled_at + sf->t.rto.base_ns, has_news = sf->t.rx.next != sf->t.last_ack_sent;
    return sf->signals_in_row < IN_ROW_MAX || is_forgotten || has_news;
}

static bool may_signal(mpt_subflow *sf, mpt_time now) {
    mpt_time forgotten_at = sf->signalled_at + sf->t.rto.base_ns;
    if (sf->signals_in_row > 0 && now >= forgotten_at)
        sf->signals_in_row = 0;
    if (is_row_open(sf, now))
        return true;
    sf->signal_at = forgotten_at;
    mpt_tcp_arm(&sf->t, forgotten_at);
    return false;
}

/** An ACK left. @param had_news it acknowledged something for the first time */
static void count_signal(mpt_subflow *sf, bool had_news, mpt_time now) {
    if (had_news)
        sf->signals_in_row = 0;
    if (had_news || !sf->is_signalling)
        return;
    sf->signals_in_row++;
    sf->signalled_at = now;
}

/** Lowest first: subflows that work before those that have stalled, and with each @p turn another, for one may have died without a word. */
static uint32_t rank(const mpt_conn *c, uint32_t index, uint32_t turn) {
    uint32_t n = c->subflow_count;
    return (c->subflows[index]->is_stalled ? n : 0) + (index + n - turn % n) % n;
}

/** Is it this subflow that an address option should take? */
static bool is_way_of_addresses(const mpt_subflow *sf, mpt_time now) {
    const mpt_conn *c = sf->conn;
    uint32_t turn = mpt_addr_option_turn(c, now), own = 0, best = UINT32_MAX;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        const mpt_subflow *other = c->subflows[i];
        bool can_carry = other->is_established && mpt_subflow_is_alive(other) && is_row_open(other, now);
        if (other == sf)
            own = rank(c, i, turn);
        else if (can_carry && rank(c, i, turn) < best)
            best = rank(c, i, turn);
    }
    return own < best;
}

/** What the next acknowledgement is to carry. */
static mpt_signal next_signal(mpt_subflow *sf, mpt_time now) {
    const mpt_conn *c = sf->conn;
    if (!sf->is_established)
        return MPT_SIGNAL_NONE;
    if (sf->fail_wanted)
        return MPT_SIGNAL_FAIL;
    bool may_carry = mpt_conn_is_mptcp(c) && !c->is_dead && c->is_fully_established;
    if (!may_carry || !(sf->prio_wanted || mpt_addr_option_waits(c, now)) || !may_signal(sf, now))
        return MPT_SIGNAL_NONE;
    if (sf->prio_wanted)
        return MPT_SIGNAL_PRIO;
    return is_way_of_addresses(sf, now) ? MPT_SIGNAL_ADDR : MPT_SIGNAL_NONE;
}

static void transmit(mpt_subflow *sf, mpt_signal signal, mpt_segment *out, mpt_time now) {
    sf->signal = signal;
    sf->is_signalling = sf->is_data_ack_due = false;
    mpt_tcp_transmit_ack(&sf->t, out, now);
    sf->signal = MPT_SIGNAL_NONE;
}

__attribute__((noinline)) static bool transmit_any_ack(mpt_subflow *sf, mpt_segment *out, mpt_time now) {
    mpt_tcp *t = &sf->t;
    if (sf->is_fastclosing) {
        bool is_wanted = sf->fastclose_wanted;
        if (is_wanted)
            transmit(sf, MPT_SIGNAL_FASTCLOSE, out, now);
        sf->fastclose_wanted = false;
        return is_wanted;
    }
    bool is_open = t->state != MPT_TCP_CLOSED && t->state != MPT_TCP_SYN_SENT && t->state != MPT_TCP_SYN_RECEIVED;
    mpt_signal signal = is_open ? next_signal(sf, now) : MPT_SIGNAL_NONE;
    if (!is_open || (!t->ack_wanted && !sf->is_data_ack_due && signal == MPT_SIGNAL_NONE))
        return false;
    if (sf->joining == MPT_JOINING_THIRD_ACK)
        t->syn_sent_count++;
    sf->fail_wanted &= signal != MPT_SIGNAL_FAIL;
    sf->prio_wanted &= signal != MPT_SIGNAL_PRIO;
    bool was_wanted = t->ack_wanted || sf->is_data_ack_due, had_news = t->rx.next != t->last_ack_sent;
    transmit(sf, signal, out, now);
    count_signal(sf, had_news, now);
    t->ack_wanted = was_wanted && sf->is_data_ack_due;
    sf->is_data_ack_due = false;
    return true;
}

/** One that acknowledges something, and no option waits to go with it: so are nearly all. */
static bool has_news_alone(const mpt_subflow *sf, mpt_time now) {
    const mpt_tcp *t = &sf->t;
    return t->ack_wanted && sf->wanted == 0 && t->rx.next != t->last_ack_sent && sf->is_established &&
           t->state != MPT_TCP_CLOSED && !mpt_addr_option_waits(sf->conn, now);
}

bool mpt_subflow_transmit_ack(mpt_subflow *sf, mpt_segment *out, mpt_time now) {
    if (!has_news_alone(sf, now))
        return transmit_any_ack(sf, out, now);
    sf->is_signalling = false;
    sf->signals_in_row = 0;
    mpt_tcp_transmit_ack(&sf->t, out, now);
    return true;
}

void mpt_subflow_transmit_data_fin(mpt_subflow *sf, mpt_segment *out, mpt_time now) {
    transmit(sf, MPT_SIGNAL_DATA_FIN, out, now);
}
