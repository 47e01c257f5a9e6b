/* SPDX-License-Identifier: GPL-2.0-or-later */
/* script_peer.c: see script_peer.h. */
#include "script_peer.h"

#include <stdio.h>
#include <string.h>

#define BIT(subtype) (1u << (subtype))
#define PEER_KEY UINT64_C(0x70656572005fc71f) /* its IDSN ends in ffffffab */
enum { PEER_PORT = 40000 };
static const uint32_t PEER_ISN = 0xffffff80, PEER_TS_BASE = 0xfffffff0, PEER_NONCE = 0xfedcba98;

mpt_addr script_local_addr(uint32_t index) {
    mpt_addr v6 = {.family = 6, .bytes = {0x20, 0x01, 0x0d, 0xb8, 0, (uint8_t)index, [15] = 1}};
    return index < SCRIPT_IPV4_ADDRESSES ? mpt_addr_v4(10, 0, (uint8_t)index, 1) : v6;
}

mpt_addr script_peer_addr(uint32_t index) {
    mpt_addr v6 = {.family = 6, .bytes = {0x20, 0x01, 0x0d, 0xb8, 1, (uint8_t)index, [15] = 1}};
    return index < SCRIPT_IPV4_ADDRESSES ? mpt_addr_v4(10, 1, (uint8_t)index, 1) : v6;
}

uint8_t script_index_of(const mpt_addr *addr, mpt_addr (*address)(uint32_t)) {
    for (uint8_t i = 0; i < SCRIPT_ADDRESSES; i++) {
        mpt_addr known = address(i);
        if (mpt_addr_equal(addr, &known))
            return i;
    }
    return SCRIPT_NO_ADDRESS;
}

/* A period of 251 * 256: no power of two, and no length of a segment. */
uint8_t script_content(bool is_of_peer, uint64_t stream_offset) {
    return (uint8_t)(stream_offset % 251 + stream_offset / 251 + (is_of_peer ? 101 : 0));
}

/** An MP_CAPABLE of @p version was sent or received: that decides what a key means. */
static void speak(script_peer *p, uint8_t version) {
    p->version = version;
    script_crypto_key(version, p->peer_key, &p->peer_token, &p->peer_idsn);
    script_crypto_key(version, p->key, &p->token, &p->idsn);
}

void script_peer_init(script_peer *p) {
    memset(p, 0, sizeof *p);
    p->peer_key = PEER_KEY;
    speak(p, 1);
    for (uint32_t i = 0; i < SCRIPT_FLOWS; i++) {
        p->flows[i].irs = PEER_ISN - 1000 * i;
        p->flows[i].peer_nonce = PEER_NONCE + i;
    }
}

static uint16_t get16(const uint8_t *p) {
    return (uint16_t)(p[0] << 8 | p[1]);
}

/* ---- HMACs of MP_JOIN (RFC 8684 3.2): key and nonce of the sender first -------------------------------------- */

static void join_hmac(const script_peer *p, const script_flow *f, bool is_of_peer, uint8_t out[32]) {
    if (is_of_peer)
        script_crypto_join(p->version, p->peer_key, p->key, f->peer_nonce, f->nonce, out);
    else
        script_crypto_join(p->version, p->key, p->peer_key, f->nonce, f->peer_nonce, out);
}

/* ---- To bytes ------------------------------------------------------------------------------------------------ */

static void build_capable(script_peer *p, const script_capable *o, mpt_wire *w) {
    uint64_t wrong = o->forged && !o->has_sum ? 1 : 0;
    speak(p, o->version);
    w->mptcp |= BIT(MPT_MP_CAPABLE);
    w->capable = (mpt_wire_capable){o->version, o->flags,    o->keys >= 1,   o->keys == 2, o->has_data,
                                    o->has_sum, p->peer_key, p->key ^ wrong, o->data,      0};
    if (o->has_sum)
        w->capable.checksum = script_crypto_sum(p->peer_idsn + 1, 1, o->data, true, 0, o->data) ^ (o->forged ? 1 : 0);
}

static void build_join(const script_peer *p, const script_flow *f, const script_join *o, mpt_wire *w) {
    uint8_t hmac[32];
    join_hmac(p, f, true, hmac);
    hmac[0] ^= o->forged;
    w->mptcp |= BIT(MPT_MP_JOIN);
    w->join = (mpt_wire_join){.form = o->form,
                              .is_backup = o->is_backup,
                              .address_id = o->id,
                              .token = p->token ^ o->forged,
                              .nonce = f->peer_nonce};
    memcpy(w->join.hmac, hmac, sizeof w->join.hmac);
}

/** An infinite mapping has the checksum zero. */
static uint16_t dss_sum(const script_dss *o, uint64_t dsn, bool is_of_peer) {
    return o->length == 0 ? 0 : script_crypto_sum(dsn, o->ssn, o->length, is_of_peer, o->dsn - 1, o->length - o->fin);
}

static void build_dss(const script_peer *p, const script_dss *o, mpt_wire *w) {
    w->mptcp |= BIT(MPT_DSS);
    w->dss = (mpt_wire_dss){.is_data_fin = o->fin,
                            .has_ack = o->ack > 0,
                            .is_ack64 = o->is_ack64,
                            .has_map = o->has_map,
                            .is_dsn64 = o->is_dsn64,
                            .has_checksum = o->has_sum,
                            .ssn = o->ssn,
                            .length = o->length};
    w->dss.ack = p->idsn + o->ack;
    w->dss.dsn = p->peer_idsn + o->dsn;
    if (o->has_sum)
        w->dss.checksum = dss_sum(o, w->dss.dsn, true) ^ (o->forged ? 1 : 0);
}

static void build_add_addr(const script_peer *p, const script_add_addr *o, mpt_wire *w) {
    mpt_addr addr = o->is_echo ? script_local_addr(o->addr) : script_peer_addr(o->addr);
    w->mptcp |= BIT(MPT_ADD_ADDR);
    w->add_addr = (mpt_wire_add_addr){
        .is_echo = o->is_echo, .is_v0 = o->is_v0, .has_port = o->port != 0, .id = o->id, .addr = addr, .port = o->port};
    w->add_addr.hmac = script_crypto_add_addr(p->peer_key, p->key, o->id, &addr, o->port) ^ (o->forged ? 1 : 0);
}

static void build_plain(const script_flow *f, const script_segment *s, mpt_wire *w) {
    w->source_port = f->peer_port;
    w->destination_port = f->local_port;
    w->seq = f->irs + (uint32_t)s->seq;
    w->ack = s->flags & MPT_ACK ? f->iss + (uint32_t)s->ack : (uint32_t)s->ack;
    w->flags = s->flags;
    w->window = (uint16_t)(s->win == SCRIPT_ANY ? 65535 : s->win);
    w->has_mss = s->has_mss;
    w->mss = s->mss;
    w->has_window_scale = s->has_wscale;
    w->window_scale = s->wscale;
    w->is_sack_permitted = s->is_sack_permitted;
    w->has_timestamps = s->has_ts;
    w->ts_value = PEER_TS_BASE + s->ts;
    w->ts_echo = s->flags == MPT_SYN ? s->ts_echo : f->ts_base + s->ts_echo;
    w->sack_count = s->sack_count;
    for (uint32_t i = 0; i < s->sack_count; i++)
        w->sack[i] = (mpt_wire_sack){f->iss + (uint32_t)s->sack[i][0], f->iss + (uint32_t)s->sack[i][1]};
}

static void build_mptcp(script_peer *p, const script_flow *f, const script_segment *s, mpt_wire *w) {
    if (s->capable.is_present)
        build_capable(p, &s->capable, w);
    if (s->join.is_present)
        build_join(p, f, &s->join, w);
    if (s->dss.is_present)
        build_dss(p, &s->dss, w);
    if (s->add_addr.is_present)
        build_add_addr(p, &s->add_addr, w);
    if (s->remove_addr.count > 0) {
        w->mptcp |= BIT(MPT_REMOVE_ADDR);
        w->remove_addr.count = s->remove_addr.count;
        memcpy(w->remove_addr.ids, s->remove_addr.ids, sizeof s->remove_addr.ids);
    }
    w->mptcp |= (uint16_t)(s->prio.is_present << MPT_MP_PRIO | s->fail.is_present << MPT_MP_FAIL |
                           s->fastclose.is_present << MPT_MP_FASTCLOSE | s->tcprst.is_present << MPT_MP_TCPRST);
    w->is_prio_backup = s->prio.is_backup;
    w->fail_dsn = p->idsn + s->fail.dsn;
    w->fastclose_key = p->key ^ s->fastclose.forged;
    w->tcprst = (mpt_wire_tcprst){s->tcprst.flags, s->tcprst.reason};
}

/** Append options given in hexadecimal. @return NULL or what is wrong */
static const char *build_raw(const char *hex, script_packet *out) {
    unsigned byte;
    int used;
    for (; sscanf(hex, " %2x%n", &byte, &used) == 1; hex += used) {
        if (out->header_bytes == MPT_HEADER_BYTES_MAX)
            return "too many options";
        out->header[out->header_bytes++] = (uint8_t)byte;
    }
    while (out->header_bytes % 4 != 0)
        out->header[out->header_bytes++] = 1;
    out->header[12] = (uint8_t)(out->header_bytes / 4 << 4);
    return NULL;
}

/** Stream offset of the payload, as the mapping or, without one, the sequence number says. */
static uint64_t dss_offset(const script_segment *s) {
    return s->dss.has_map && s->dss.length > 0 ? s->dss.dsn - 1 : s->seq - 1;
}

static void bind_flow(script_flow *f, uint32_t on, const script_segment *s) {
    if (f->is_bound)
        return;
    f->is_bound = true;
    f->local = s->local;
    f->peer = s->peer;
    f->local_port = s->port != 0 ? s->port : SCRIPT_PORT;
    f->peer_port = (uint16_t)(PEER_PORT + on);
}

const char *script_peer_build(script_peer *p, const script_segment *s, script_packet *out) {
    script_flow *f = &p->flows[s->on];
    mpt_wire w = {0};
    uint8_t checksum_at;
    uint64_t at = s->at != SCRIPT_ANY ? (uint64_t)s->at : dss_offset(s);
    bind_flow(f, s->on, s);
    if (s->length > SCRIPT_PAYLOAD_MAX)
        return "too much payload";
    build_plain(f, s, &w);
    build_mptcp(p, f, s, &w);
    *out = (script_packet){.local = f->local, .peer = f->peer, .ecn = s->ecn, .payload_bytes = s->length};
    out->header_bytes = (uint8_t)mpt_wire_encode(&w, out->header, &checksum_at);
    if (out->header_bytes == 0)
        return "options that do not fit";
    for (uint32_t i = 0; i < s->length; i++)
        p->payload[i] = script_content(true, at + i);
    out->payload = p->payload;
    return s->raw ? build_raw(s->raw, out) : NULL;
}

/* ---- From bytes ---------------------------------------------------------------------------------------------- */

/** The flow of a segment of the stack; a SYN of its own makes the one at @p on. @return index, or -1 */
static int flow_of(script_peer *p, const script_packet *in, uint8_t on) {
    uint16_t local_port = get16(in->header), peer_port = get16(in->header + 2);
    for (int i = 0; i < SCRIPT_FLOWS; i++) {
        const script_flow *f = &p->flows[i];
        bool is_between = f->local == in->local && f->peer == in->peer;
        if (f->is_bound && is_between && f->local_port == local_port && f->peer_port == peer_port)
            return i;
    }
    bool is_known = in->local != SCRIPT_NO_ADDRESS && in->peer != SCRIPT_NO_ADDRESS;
    if (!is_known || p->flows[on].is_bound || !(in->header[13] & MPT_SYN))
        return -1;
    script_flow *f = &p->flows[on];
    f->is_bound = true;
    f->local = in->local;
    f->peer = in->peer;
    f->local_port = local_port;
    f->peer_port = peer_port;
    return on;
}

static void read_capable(script_peer *p, const mpt_wire *w, script_capable *o) {
    const mpt_wire_capable *c = &w->capable;
    *o = (script_capable){true,        c->version,      c->flags, (uint8_t)(c->has_sender_key + c->has_receiver_key),
                          c->has_data, c->has_checksum, 0,        false};
    if (c->has_sender_key && !p->has_key) {
        p->has_key = true;
        p->key = c->sender_key;
    }
    speak(p, c->version);
    o->forged =
        (c->has_sender_key && c->sender_key != p->key) || (c->has_receiver_key && c->receiver_key != p->peer_key);
    if (c->has_data)
        o->data = c->data_bytes;
    if (c->has_checksum && c->checksum != script_crypto_sum(p->idsn + 1, 1, c->data_bytes, false, 0, c->data_bytes))
        o->forged = true;
}

static void read_join(script_peer *p, script_flow *f, const mpt_wire *w, script_join *o) {
    const mpt_wire_join *j = &w->join;
    uint8_t hmac[32];
    *o = (script_join){.is_present = true, .form = j->form};
    if (j->form != MPT_JOIN_ACK) {
        o->is_backup = j->is_backup;
        o->id = j->address_id;
        o->forged = f->has_nonce && f->nonce != j->nonce; /* the same in all repetitions */
        f->has_nonce = true;
        f->nonce = j->nonce;
    }
    join_hmac(p, f, false, hmac);
    if (j->form == MPT_JOIN_SYN)
        o->forged |= j->token != p->peer_token;
    else
        o->forged |= memcmp(hmac, j->hmac, j->form == MPT_JOIN_SYNACK ? 8 : 20) != 0;
}

static void read_dss(const script_peer *p, const mpt_wire *w, script_dss *o) {
    const mpt_wire_dss *d = &w->dss;
    *o = (script_dss){
        .is_present = true, .is_ack64 = d->has_ack && d->is_ack64, .has_map = d->has_map, .fin = d->is_data_fin};
    if (d->has_ack)
        o->ack = d->is_ack64 ? d->ack - p->peer_idsn : (uint32_t)(d->ack - p->peer_idsn);
    if (!d->has_map)
        return;
    o->is_dsn32 = !d->is_dsn64;
    o->dsn = d->is_dsn64 ? d->dsn - p->idsn : (uint32_t)(d->dsn - p->idsn);
    o->ssn = d->ssn;
    o->length = d->length;
    o->has_sum = d->has_checksum;
    o->forged = o->has_sum && d->checksum != dss_sum(o, p->idsn + o->dsn, false);
}

static void read_add_addr(const script_peer *p, const mpt_wire *w, script_add_addr *o) {
    const mpt_wire_add_addr *a = &w->add_addr;
    uint8_t addr = script_index_of(&a->addr, a->is_echo ? script_peer_addr : script_local_addr);
    uint16_t port = a->has_port ? a->port : 0;
    *o = (script_add_addr){true, a->is_echo, a->is_v0, a->id, addr, port, false};
    uint64_t hmac = script_crypto_add_addr(p->key, p->peer_key, a->id, &a->addr, port);
    o->forged = !a->is_echo && !a->is_v0 && a->hmac != hmac;
}

static void read_plain(script_flow *f, const mpt_wire *w, mpt_time now, script_segment *o) {
    o->local = f->local;
    o->peer = f->peer;
    o->flags = w->flags;
    o->win = w->window;
    if (w->flags & MPT_SYN) {
        o->seq = f->has_iss ? w->seq - f->iss : 0;
        f->iss = f->has_iss ? f->iss : w->seq;
        f->has_iss = true;
    } else {
        o->seq = w->seq - f->iss;
    }
    o->ack = w->flags & MPT_ACK ? w->ack - f->irs : w->ack;
    o->has_mss = w->has_mss;
    o->mss = w->has_mss ? w->mss : 0;
    o->has_wscale = w->has_window_scale;
    o->wscale = w->has_window_scale ? w->window_scale : 0;
    o->is_sack_permitted = w->is_sack_permitted;
    o->sack_count = w->sack_count;
    for (uint32_t i = 0; i < w->sack_count; i++) {
        o->sack[i][0] = (uint32_t)(w->sack[i].start - f->irs);
        o->sack[i][1] = (uint32_t)(w->sack[i].end - f->irs);
    }
    if (!w->has_timestamps)
        return;
    if (!f->has_ts_base)
        f->ts_base = w->ts_value - (uint32_t)(now / MPT_MS);
    f->has_ts_base = o->has_ts = true;
    o->ts = w->ts_value - f->ts_base;
    o->ts_echo = w->flags & MPT_ACK ? w->ts_echo - PEER_TS_BASE : w->ts_echo;
}

static void read_mptcp(script_peer *p, script_flow *f, const mpt_wire *w, script_segment *o) {
    if (w->mptcp & BIT(MPT_MP_CAPABLE))
        read_capable(p, w, &o->capable);
    if (w->mptcp & BIT(MPT_MP_JOIN))
        read_join(p, f, w, &o->join);
    if (w->mptcp & BIT(MPT_DSS))
        read_dss(p, w, &o->dss);
    if (w->mptcp & BIT(MPT_ADD_ADDR))
        read_add_addr(p, w, &o->add_addr);
    if (w->mptcp & BIT(MPT_REMOVE_ADDR)) {
        o->remove_addr.count = w->remove_addr.count;
        memcpy(o->remove_addr.ids, w->remove_addr.ids, sizeof o->remove_addr.ids);
    }
    if (w->mptcp & BIT(MPT_MP_PRIO))
        o->prio = (script_number){.is_present = true, .is_backup = w->is_prio_backup};
    if (w->mptcp & BIT(MPT_MP_FAIL))
        o->fail = (script_number){.is_present = true, .dsn = w->fail_dsn - p->peer_idsn};
    if (w->mptcp & BIT(MPT_MP_FASTCLOSE))
        o->fastclose = (script_number){.is_present = true, .forged = w->fastclose_key != p->peer_key};
    if (w->mptcp & BIT(MPT_MP_TCPRST))
        o->tcprst = (script_tcprst){true, w->tcprst.flags, w->tcprst.reason};
}

static bool is_content_right(const script_segment *s, const script_packet *in, int64_t at) {
    uint64_t offset = at != SCRIPT_ANY ? (uint64_t)at : dss_offset(s);
    for (uint32_t i = 0; i < in->payload_bytes; i++)
        if (in->payload[i] != script_content(false, offset + i))
            return false;
    return true;
}

const char *script_peer_read(script_peer *p, const script_packet *in, const script_segment *hint, mpt_time now,
                             script_segment *out) {
    mpt_wire w = {0};
    int on = flow_of(p, in, hint->on);
    memset(out, 0, sizeof *out);
    if (mpt_wire_decode(&w, in->header, in->header_bytes) || w.is_mptcp_malformed)
        return "a malformed segment";
    if (on < 0)
        return "a segment of no subflow of this script";
    out->on = (uint8_t)on;
    out->length = in->payload_bytes;
    out->ecn = in->ecn;
    read_plain(&p->flows[on], &w, now, out);
    read_mptcp(p, &p->flows[on], &w, out);
    out->is_content_wrong = !is_content_right(out, in, hint->at);
    return NULL;
}
