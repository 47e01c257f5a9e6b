/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz_segment.h"

#include <string.h>

static const uint64_t peer_key = UINT64_C(0x0123456789abcdef);

/* ---- Whom it is for ---------------------------------------------------------------------------------------- */

/** @return connection @p index modulo their number, or NULL when there is none. */
static mpt_conn *conn_at(const mpt_stack *st, uint32_t index) {
    if (st->conn_count == 0) {
        return NULL;
    }
    const mpt_list *n = st->conns.next;
    for (uint32_t i = index % st->conn_count; i > 0; i--) {
        n = n->next;
    }
    return MPT_LIST_ENTRY(n, mpt_conn, all_node);
}

static mpt_subflow *subflow_at(const mpt_stack *st, uint8_t index) {
    mpt_conn *c = conn_at(st, index >> 4);
    return c == NULL || c->subflow_count == 0 ? NULL : c->subflows[(index & 0x0f) % c->subflow_count];
}

static uint64_t key_of_peer(const mpt_conn *c) {
    return c->has_key_remote ? c->key_remote : peer_key;
}

/* ---- Options ---------------------------------------------------------------------------------------------- */

static void capable(const mpt_conn *c, mpt_wire *w, uint32_t payload_bytes, fuzz_bytes *in) {
    uint8_t kind = fuzz_u8(in);
    mpt_wire_capable *o = &w->capable;
    memset(o, 0, sizeof *o);
    o->version = kind & 0x08 ? fuzz_u8(in) & 0x0f : 1;
    o->flags = kind & 0x10 ? fuzz_u8(in) : MPT_CAPABLE_H;
    o->has_sender_key = (w->flags & MPT_ACK) != 0;
    o->has_receiver_key = (w->flags & MPT_ACK) && !(w->flags & MPT_SYN);
    o->has_data = o->has_receiver_key && payload_bytes > 0;
    o->has_checksum = o->has_data && kind & 0x20;
    if (kind & 0x40) {
        o->has_checksum = false;
        o->has_data = o->has_receiver_key = o->has_sender_key = kind & 0x01;
    }
    o->sender_key = peer_key;
    o->receiver_key = kind & 0x80 || c == NULL ? fuzz_u64(in) : c->key_local;
    o->data_bytes = (uint16_t)payload_bytes;
    o->checksum = 0;
}

static void join_of_subflow(const mpt_subflow *sf, mpt_wire *w, fuzz_bytes *in) {
    const mpt_conn *c = sf->conn;
    uint8_t kind = fuzz_u8(in), hmac[32];
    mpt_wire_join *o = &w->join;
    o->form = kind & 0x80 ? (mpt_join_form)(fuzz_u8(in) % 3) : w->flags & MPT_SYN ? MPT_JOIN_SYNACK : MPT_JOIN_ACK;
    o->is_backup = kind & 0x10;
    o->address_id = kind & 0x0f;
    o->token = c->token_local;
    o->nonce = sf->nonce_remote;
    mpt_crypto_join_hmac(key_of_peer(c), c->key_local, o->nonce, sf->nonce_local, hmac);
    memcpy(o->hmac, hmac, sizeof o->hmac);
    if (kind & 0x40) {
        o->hmac[fuzz_u8(in) % sizeof o->hmac] ^= fuzz_u8(in);
    }
}

static void dss(const mpt_subflow *sf, mpt_wire *w, const fuzz_packet *p, fuzz_bytes *in) {
    const mpt_conn *c = sf->conn;
    uint8_t kind = fuzz_u8(in);
    mpt_wire_dss *o = &w->dss;
    uint32_t bytes = p->segment.payload_bytes;
    uint64_t acked = c->snd_nxt + (c->fin_sent ? 1 : 0);
    o->has_ack = !(kind & 0x01);
    o->is_ack64 = kind & 0x02;
    o->has_map = bytes > 0 || kind & 0x04;
    o->is_dsn64 = !(kind & 0x08);
    o->is_data_fin = kind & 0x04;
    o->has_checksum = kind & 0x10 || c->has_checksum;
    o->ack = mpt_conn_dsn(c, acked) - (kind & 0x20 ? (uint64_t)fuzz_delta(in) : 0);
    o->dsn = c->idsn_remote + 1 + c->rx.next + (kind & 0x40 ? (uint64_t)fuzz_delta(in) : 0);
    o->ssn = w->seq - sf->t.irs;
    o->length = (uint16_t)(bytes + (o->is_data_fin ? 1u : 0u));
    if (o->is_data_fin && bytes == 0) {
        o->ssn = 0;
    }
    if (kind & 0x80) {
        o->ssn += (uint32_t)fuzz_delta(in);
        o->length = (uint16_t)(o->length + fuzz_delta(in));
    }
    uint64_t dsn = o->is_dsn64 ? o->dsn : mpt_seq_expand((uint32_t)o->dsn, c->idsn_remote + 1 + c->rx.next);
    uint32_t sum = mpt_wire_dss_pseudo_sum(dsn, o->ssn, o->length) + mpt_wire_fold(mpt_wire_sum(0, p->payload, bytes));
    o->checksum = (uint16_t)~mpt_wire_fold(sum);
}

static void add_addr(const mpt_subflow *sf, mpt_wire *w, fuzz_bytes *in) {
    const mpt_conn *c = sf->conn;
    uint8_t kind = fuzz_u8(in);
    mpt_wire_add_addr *o = &w->add_addr;
    *o = (mpt_wire_add_addr){.is_echo = kind & 0x10, .has_port = kind & 0x20, .id = kind & 0x0f};
    o->addr = fuzz_address(o->is_echo, kind & 0x03);
    if (o->addr.family == 4) {
        memset(o->addr.bytes + 4, 0, 12);
    }
    o->port = o->has_port ? (uint16_t)(FUZZ_PORT + (kind & 0x07)) : 0;
    o->hmac = mpt_crypto_add_addr_hmac(key_of_peer(c), c->key_local, o->id, &o->addr, o->port);
    o->hmac ^= kind & 0x40 ? fuzz_u8(in) : 0;
}

static void remove_addr(mpt_wire *w, fuzz_bytes *in) {
    uint8_t kind = fuzz_u8(in);
    w->remove_addr.count = (uint8_t)(1 + (kind >> 4));
    for (uint32_t i = 0; i < w->remove_addr.count; i++) {
        w->remove_addr.ids[i] = i == 0 ? kind & 0x0f : fuzz_u8(in);
    }
}

static void mptcp_options(const mpt_subflow *sf, mpt_wire *w, const fuzz_packet *p, fuzz_bytes *in) {
    const mpt_conn *c = sf->conn;
    w->mptcp = fuzz_u16(in) & ((1u << (MPT_MP_TCPRST + 1)) - 1);
    if (w->mptcp & 1u << MPT_MP_CAPABLE) {
        capable(c, w, p->segment.payload_bytes, in);
    }
    if (w->mptcp & 1u << MPT_MP_JOIN) {
        join_of_subflow(sf, w, in);
    }
    if (w->mptcp & 1u << MPT_DSS) {
        dss(sf, w, p, in);
    }
    if (w->mptcp & 1u << MPT_ADD_ADDR) {
        add_addr(sf, w, in);
    }
    if (w->mptcp & 1u << MPT_REMOVE_ADDR) {
        remove_addr(w, in);
    }
    if (w->mptcp & 1u << MPT_MP_PRIO) {
        w->is_prio_backup = fuzz_u8(in) & 1;
    }
    if (w->mptcp & 1u << MPT_MP_FAIL) {
        w->fail_dsn = mpt_conn_dsn(c, c->snd_una) + (uint64_t)fuzz_delta(in);
    }
    if (w->mptcp & 1u << MPT_MP_FASTCLOSE) {
        w->fastclose_key = c->key_local ^ fuzz_u8(in);
    }
    if (w->mptcp & 1u << MPT_MP_TCPRST) {
        w->tcprst.flags = fuzz_u8(in) & 0x0f;
        w->tcprst.reason = fuzz_u8(in);
    }
}

static void sack(const mpt_subflow *sf, mpt_wire *w, fuzz_bytes *in) {
    w->sack_count = 1 + (fuzz_u8(in) & 3);
    for (uint32_t i = 0; i < w->sack_count; i++) {
        w->sack[i].start = sf->t.iss + (uint32_t)sf->t.snd_una + (uint32_t)fuzz_delta(in);
        w->sack[i].end = w->sack[i].start + (uint32_t)fuzz_delta(in);
    }
}

static void syn_options(mpt_wire *w, uint8_t kind, fuzz_bytes *in) {
    w->has_mss = !(kind & 0x01);
    w->mss = kind & 0x02 ? fuzz_u16(in) : 1460;
    w->has_window_scale = !(kind & 0x04);
    w->window_scale = kind & 0x08 ? fuzz_u8(in) : 7;
    w->is_sack_permitted = !(kind & 0x10);
    w->has_timestamps = !(kind & 0x20);
    w->flags |= kind & 0x40 ? MPT_ECE : 0;
    w->flags |= kind & 0x80 ? MPT_CWR : 0;
}

/* ---- Segments --------------------------------------------------------------------------------------------- */

static void payload(const fuzz_host *h, fuzz_packet *p, uint64_t stream_offset, uint32_t bytes) {
    bytes = bytes > FUZZ_PAYLOAD_MAX ? FUZZ_PAYLOAD_MAX : bytes;
    p->segment.payload_bytes = bytes;
    for (uint32_t i = 0; i < bytes; i++) {
        p->payload[i] = fuzz_pattern(!h->side, stream_offset + i);
    }
}

/** @return false when it does not fit. A byte of the finished header may be changed. */
static bool finish(fuzz_host *h, const mpt_wire *w, bool is_mutated, fuzz_packet *p, fuzz_bytes *in) {
    mpt_segment *s = &p->segment;
    s->header_bytes = (uint8_t)mpt_wire_encode(w, s->header, &s->dss_checksum_at);
    if (s->header_bytes == 0) {
        return false;
    }
    if (is_mutated) {
        uint8_t at = fuzz_u8(in);
        s->header[at % s->header_bytes] ^= fuzz_u8(in);
    }
    s->payload = h->has_payload ? p->payload : NULL;
    return true;
}

static uint32_t peer_clock(const fuzz_host *h) {
    return (uint32_t)(h->now / MPT_MS);
}

bool fuzz_segment_for_subflow(fuzz_host *h, fuzz_bytes *in, fuzz_packet *p) {
    enum {
        SEQ = 0x01,
        ACK = 0x02,
        WINDOW = 0x04,
        PAYLOAD = 0x08,
        TIMESTAMPS = 0x10,
        SACK = 0x20,
        MPTCP = 0x40,
        MUTATED = 0x80
    };
    const mpt_subflow *sf = subflow_at(h->stack, fuzz_u8(in));
    uint8_t flags = fuzz_u8(in), parts = fuzz_u8(in);
    mpt_wire w = {.flags = flags, .window = 0xffff};
    memset(&p->segment, 0, sizeof p->segment);
    if (sf == NULL) {
        return false;
    }
    p->segment.source = sf->t.remote.addr;
    p->segment.destination = sf->t.local.addr;
    p->segment.ecn = flags & MPT_URG ? 3 : 0;
    w.source_port = sf->t.remote.port;
    w.destination_port = sf->t.local.port;
    w.seq = sf->t.irs + (uint32_t)sf->t.rx.next + (parts & SEQ ? (uint32_t)fuzz_delta(in) : 0);
    w.ack = sf->t.iss + (uint32_t)sf->t.snd_nxt - (parts & ACK ? (uint32_t)fuzz_delta(in) : 0);
    w.window = parts & WINDOW ? fuzz_u16(in) : w.window;
    if (parts & PAYLOAD) {
        payload(h, p, sf->conn->rx.next, 1u + fuzz_u16(in));
    }
    if (flags & MPT_SYN) {
        syn_options(&w, fuzz_u8(in), in);
    } else {
        w.has_timestamps = sf->t.has_timestamps;
    }
    w.ts_value = peer_clock(h);
    w.ts_echo = (uint32_t)(h->now / MPT_MS) + sf->t.ts_offset;
    if (parts & TIMESTAMPS) {
        w.has_timestamps = true;
        w.ts_value += (uint32_t)fuzz_delta(in);
        w.ts_echo += (uint32_t)fuzz_delta(in);
    }
    if (parts & SACK) {
        sack(sf, &w, in);
    }
    if (parts & MPTCP) {
        mptcp_options(sf, &w, p, in);
    }
    return finish(h, &w, parts & MUTATED, p, in);
}

bool fuzz_segment_syn(fuzz_host *h, fuzz_bytes *in, fuzz_packet *p) {
    uint8_t kind = fuzz_u8(in), where = fuzz_u8(in);
    const mpt_conn *c = conn_at(h->stack, where >> 4);
    mpt_wire w = {.flags = MPT_SYN, .window = 0xffff, .ts_value = peer_clock(h)};
    memset(&p->segment, 0, sizeof p->segment);
    p->segment.source = fuzz_address(!h->side, kind & 3);
    p->segment.destination = fuzz_address(h->side, kind >> 2 & 1 ? kind & 3 : kind & 1);
    w.source_port = (uint16_t)(6000 + (where & 0x07));
    w.destination_port = (uint16_t)(FUZZ_PORT + (where >> 3 & 1));
    w.seq = where & 0x04 ? UINT32_MAX - 10 : 1000;
    syn_options(&w, fuzz_u8(in), in);
    if (kind & 0x20 && c != NULL) {
        w.mptcp = 1u << MPT_MP_JOIN;
        w.join = (mpt_wire_join){.form = MPT_JOIN_SYN,
                                 .is_backup = kind & 0x40,
                                 .address_id = kind & 0x0f,
                                 .token = c->token_local,
                                 .nonce = where};
        w.join.token ^= kind & 0x80 ? fuzz_u8(in) : 0;
        w.destination_port = where & 0x08 ? w.destination_port : c->local.port;
    } else if (!(kind & 0x10)) {
        w.mptcp = 1u << MPT_MP_CAPABLE;
        capable(NULL, &w, 0, in);
    }
    return finish(h, &w, kind & 0x08, p, in);
}

void fuzz_segment_raw(fuzz_host *h, fuzz_bytes *in, fuzz_packet *p) {
    uint8_t where = fuzz_u8(in), size = fuzz_u8(in);
    const mpt_subflow *sf = subflow_at(h->stack, where);
    mpt_segment *s = &p->segment;
    memset(s, 0, sizeof *s);
    s->source = sf != NULL ? sf->t.remote.addr : fuzz_address(!h->side, where & 3);
    s->destination = sf != NULL ? sf->t.local.addr : fuzz_address(h->side, where & 1);
    s->header_bytes = size % (MPT_HEADER_BYTES_MAX + 1);
    for (uint32_t i = 0; i < s->header_bytes; i++) {
        s->header[i] = fuzz_u8(in);
    }
    uint16_t ports[2] = {sf != NULL ? sf->t.remote.port : 6000, sf != NULL ? sf->t.local.port : FUZZ_PORT};
    for (int i = 0; i < 2 && s->header_bytes >= 4; i++) {
        s->header[2 * i] = (uint8_t)(ports[i] >> 8);
        s->header[2 * i + 1] = (uint8_t)ports[i];
    }
    payload(h, p, 0, size & 0x80 ? fuzz_u8(in) : 0);
    s->payload = h->has_payload ? p->payload : NULL;
}
