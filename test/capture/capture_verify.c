/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture_verify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "capture_crypto.h"

enum { ERRORS_PRINTED_MAX = 200 };
/* A sequence number further than this from what was sent is not believed (and not stored). */
#define JUMP_MAX (UINT64_C(1) << 30)

static void error_at(cap_verify *v, const char *file, uint64_t frame, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void error_at(cap_verify *v, const char *file, uint64_t frame, const char *format, ...) {
    if (++v->error_count > ERRORS_PRINTED_MAX) {
        return;
    }
    if (file != NULL) {
        fprintf(stderr, "%s: frame %" PRIu64 ": ", file, frame);
    }
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

#define ERROR(v, s, ...) error_at(v, (s)->file, (s)->frame, __VA_ARGS__)

static int conn_side(const cap_subflow *z, int side) {
    return z->is_turned ? !side : side;
}

/* ---- Handshakes ------------------------------------------------------------------------------------------- */

static void verify_capable_ack(cap_verify *v, cap_subflow *z, const cap_segment *s) {
    if (!s->send_key.is_there || !s->receive_key.is_there) {
        ERROR(v, s, "MP_CAPABLE on the third ACK without both keys");
        return;
    }
    if (!z->has_key_b || s->receive_key.value != z->key_b) {
        ERROR(v, s, "MP_CAPABLE echoes key %016" PRIx64 ", the SYN/ACK's is %016" PRIx64, s->receive_key.value,
              z->key_b);
    }
    if (z->conn == NULL) {
        z->conn = cap_model_add_conn(&v->model, s->send_key.value, z->has_key_b ? z->key_b : s->receive_key.value);
        z->conn->subflows = 1;
        v->connections++;
    } else if (z->conn->side[CAP_A].key != s->send_key.value) {
        ERROR(v, s, "MP_CAPABLE repeats another key than before");
    }
    v->capable++;
}

static void verify_capable(cap_verify *v, cap_subflow *z, int side, const cap_segment *s) {
    if (!s->version.is_there || s->version.value != 1) {
        ERROR(v, s, "MP_CAPABLE version %" PRIu64 ", not 1", s->version.value);
    }
    if (s->flags & CAP_SYN) {
        if (side == CAP_A && s->send_key.is_there) {
            ERROR(v, s, "MP_CAPABLE on the SYN carries a key");
        } else if (side == CAP_B && !s->send_key.is_there) {
            ERROR(v, s, "MP_CAPABLE on the SYN/ACK carries no key");
        } else if (side == CAP_B) {
            if (z->has_key_b && z->key_b != s->send_key.value) {
                ERROR(v, s, "MP_CAPABLE on the SYN/ACK changes its key");
            }
            z->key_b = s->send_key.value;
            z->has_key_b = true;
        }
        v->capable++;
    } else if (side == CAP_A) {
        verify_capable_ack(v, z, s);
    } else {
        ERROR(v, s, "MP_CAPABLE from the accepting side after its SYN/ACK");
    }
}

static void verify_join_syn(cap_verify *v, cap_subflow *z, const cap_segment *s) {
    int peer;
    cap_conn *c = cap_model_find_token(&v->model, (uint32_t)s->receive_token.value, &peer);
    if (c == NULL) {
        ERROR(v, s, "MP_JOIN token %08" PRIx32 " belongs to no key seen", (uint32_t)s->receive_token.value);
        return;
    }
    if (z->conn == NULL) {
        z->conn = c;
        c->subflows++;
    }
    z->is_turned = peer == CAP_A;
    z->nonce[CAP_A] = (uint32_t)s->send_random.value;
    v->join_syn++;
}

static uint64_t first_8(const uint8_t *bytes) {
    uint64_t value = 0;
    for (int i = 0; i < 8; i++) {
        value = value << 8 | bytes[i];
    }
    return value;
}

static void verify_join_synack(cap_verify *v, cap_subflow *z, const cap_segment *s) {
    uint8_t hmac[32];
    const cap_side *a = &z->conn->side[conn_side(z, CAP_A)], *b = &z->conn->side[conn_side(z, CAP_B)];
    z->nonce[CAP_B] = (uint32_t)s->send_random.value;
    cap_join_hmac(b->key, a->key, z->nonce[CAP_B], z->nonce[CAP_A], hmac);
    if (s->send_hmac64.value != first_8(hmac)) {
        ERROR(v, s, "MP_JOIN SYN/ACK HMAC %016" PRIx64 ", not %016" PRIx64, s->send_hmac64.value, first_8(hmac));
    } else {
        v->join_synack++;
    }
}

static void verify_join_ack(cap_verify *v, cap_subflow *z, const cap_segment *s) {
    uint8_t hmac[32];
    const cap_side *a = &z->conn->side[conn_side(z, CAP_A)], *b = &z->conn->side[conn_side(z, CAP_B)];
    cap_join_hmac(a->key, b->key, z->nonce[CAP_A], z->nonce[CAP_B], hmac);
    if (!s->has_hmac160 || memcmp(s->send_hmac160, hmac, sizeof s->send_hmac160) != 0) {
        ERROR(v, s, "MP_JOIN ACK HMAC is wrong");
    } else {
        v->join_ack++;
    }
}

static void verify_join(cap_verify *v, cap_subflow *z, int side, const cap_segment *s) {
    if ((s->flags & CAP_SYN) && side == CAP_A) {
        verify_join_syn(v, z, s);
    } else if (z->conn == NULL) {
        return;
    } else if ((s->flags & CAP_SYN) && side == CAP_B) {
        verify_join_synack(v, z, s);
    } else if (side == CAP_A) {
        verify_join_ack(v, z, s);
    } else {
        ERROR(v, s, "MP_JOIN from the accepting side after its SYN/ACK");
    }
}

/* ---- Addresses, abort ------------------------------------------------------------------------------------- */

static void verify_add_addr(cap_verify *v, const cap_conn *c, int side, const cap_segment *s) {
    if (s->is_add_addr_echo) {
        if (s->add_addr_hmac.is_there) {
            ERROR(v, s, "ADD_ADDR echo with an HMAC");
        }
        v->add_addr_echo++;
        return;
    }
    uint16_t port = (uint16_t)s->add_addr_port.value;
    uint64_t hmac =
        cap_add_addr_hmac(c->side[side].key, c->side[!side].key, (uint8_t)s->add_addr_id.value, &s->add_addr, port);
    if (s->add_addr.family == 0 || !s->add_addr_hmac.is_there || s->add_addr_hmac.value != hmac) {
        ERROR(v, s, "ADD_ADDR HMAC %016" PRIx64 ", not %016" PRIx64, s->add_addr_hmac.value, hmac);
    } else {
        v->add_addr++;
    }
}

static void verify_fastclose(cap_verify *v, cap_conn *c, int side, const cap_segment *s) {
    if (!s->receive_key.is_there || s->receive_key.value != c->side[!side].key) {
        ERROR(v, s, "MP_FASTCLOSE with key %016" PRIx64 ", the peer's is %016" PRIx64, s->receive_key.value,
              c->side[!side].key);
    } else {
        v->fastclose++;
    }
    c->is_aborted = true;
}

/* ---- Mappings --------------------------------------------------------------------------------------------- */

static bool verify_checksum(cap_verify *v, const cap_side *d, const cap_pending *p) {
    if (cap_bytes_hole(&d->data, p->rel, p->rel + p->data_bytes) != UINT64_MAX) {
        return false;
    }
    uint16_t sum =
        cap_dss_checksum(p->dsn, p->ssn, p->length, p->data_bytes > 0 ? d->data.bytes + p->rel : NULL, p->data_bytes);
    if (sum != p->checksum) {
        error_at(v, p->file, p->frame, "DSS checksum %04x, not %04x", p->checksum, sum);
    } else {
        v->checksum++;
    }
    return true;
}

static void keep_checksum(cap_side *d, cap_pending p) {
    d->pending = cap_grow(d->pending, &d->pending_capacity, d->pending_count + 1, sizeof *d->pending);
    d->pending[d->pending_count++] = p;
}

static void verify_mapping(cap_verify *v, cap_subflow *z, int side, const cap_segment *s, cap_map map) {
    const cap_side *d = &z->conn->side[conn_side(z, side)];
    if (map.start == 0) {
        ERROR(v, s, "mapping of data at subflow sequence number 0");
        return;
    }
    const cap_map *other = cap_maps_conflict(&z->maps[side], &map);
    if (other != NULL) {
        ERROR(v, s,
              "mapping SSN %" PRIu64 " length %u to DSN %" PRIu64 " contradicts SSN %" PRIu64
              " length %u to DSN %" PRIu64,
              map.start, map.length, map.rel, other->start, other->length, other->rel);
        return;
    }
    if (d->has_fin && map.rel + map.length > d->fin) {
        ERROR(v, s, "mapping up to DSN %" PRIu64 " beyond the DATA_FIN at %" PRIu64, map.rel + map.length, d->fin);
    }
    v->mapping += cap_maps_add(&z->maps[side], map);
}

static void verify_data_fin(cap_verify *v, cap_side *d, const cap_segment *s, uint64_t fin) {
    if (d->has_fin && d->fin != fin) {
        ERROR(v, s, "DATA_FIN at DSN %" PRIu64 ", before at %" PRIu64, fin, d->fin);
    } else if (!d->has_fin && d->data.end > fin) {
        ERROR(v, s, "DATA_FIN at DSN %" PRIu64 ", data were sent up to %" PRIu64, fin, d->data.end);
    }
    d->has_fin = true;
    d->fin = fin;
    v->data_fin++;
}

/** The mapping that a DSS carries. */
static void verify_dss_map(cap_verify *v, cap_subflow *z, int side, const cap_segment *s) {
    cap_side *d = &z->conn->side[conn_side(z, side)];
    uint64_t near = d->idsn + 1 + d->top;
    uint64_t dsn = s->is_dsn64 ? s->dsn.value : cap_expand((uint32_t)s->dsn.value, near);
    uint64_t rel = dsn - d->idsn - 1;
    uint16_t length = (uint16_t)s->data_length.value;
    if (length == 0) {
        z->conn->is_fallback = true;
        v->fallbacks++;
        return;
    }
    if (rel > d->top + JUMP_MAX) {
        ERROR(v, s, "mapping to DSN %" PRIu64 ", far from IDSN + 1 + %" PRIu64, dsn, d->top);
        return;
    }
    uint32_t data_bytes = length - (s->is_data_fin ? 1u : 0u);
    uint64_t start =
        s->ssn.value == 0 && data_bytes == 0 ? 0 : cap_expand((uint32_t)s->ssn.value, z->maps[side].highest);
    if (data_bytes > 0) {
        verify_mapping(v, z, side, s, (cap_map){start, rel, data_bytes, false});
    }
    if (s->is_data_fin) {
        verify_data_fin(v, d, s, rel + data_bytes);
    }
    d->top = rel + length > d->top ? rel + length : d->top;
    if (s->checksum.is_there) {
        keep_checksum(d, (cap_pending){s->file, s->frame, dsn, rel, (uint32_t)s->ssn.value, data_bytes, length,
                                       (uint16_t)s->checksum.value});
    }
}

/** MP_CAPABLE with data maps them to the first DSN (RFC 8684 3.1). */
static void verify_capable_map(cap_verify *v, cap_subflow *z, int side, const cap_segment *s) {
    cap_side *d = &z->conn->side[conn_side(z, side)];
    uint16_t length = (uint16_t)s->data_length.value;
    if (length == 0) {
        return;
    }
    verify_mapping(v, z, side, s, (cap_map){1, 0, length, true});
    d->top = length > d->top ? length : d->top;
    if (s->checksum.is_there) {
        keep_checksum(d,
                      (cap_pending){s->file, s->frame, d->idsn + 1, 0, 1, length, length, (uint16_t)s->checksum.value});
    }
}

/* ---- Payload ---------------------------------------------------------------------------------------------- */

static bool is_content_right(const cap_verify *v, int side, uint64_t at, uint8_t byte) {
    uint8_t pattern = (uint8_t)(at * UINT64_C(2654435761) >> 13);
    switch (v->content) {
    case CAP_CONTENT_ANY: return true;
    case CAP_CONTENT_ZERO: return byte == 0;
    case CAP_CONTENT_PATTERN: return byte == (side == CAP_A ? pattern : (uint8_t)~pattern);
    }
    return false;
}

/** @p count bytes that lie at @p rel of the stream. */
static void verify_piece(cap_verify *v, cap_conn *c, int side, const cap_segment *s, uint64_t rel, const uint8_t *bytes,
                         uint32_t count) {
    uint32_t again;
    uint64_t wrong = cap_bytes_put(&c->side[side].data, rel, bytes, count, &again);
    v->bytes_again += again;
    if (wrong != UINT64_MAX) {
        ERROR(v, s, "DSN %" PRIu64 " carries another byte than before", wrong);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!is_content_right(v, side, rel + i, bytes[i])) {
            ERROR(v, s, "byte %" PRIu64 " of the stream is not what it should be", rel + i);
            return;
        }
    }
}

/** Data without a mapping before any were acknowledged by a DATA_ACK: plain TCP from now on (RFC 8684 3.7). */
static bool is_fallback_now(cap_verify *v, cap_subflow *z, int side) {
    if (!z->conn->is_fallback && z->is_capable && z->conn->side[conn_side(z, side)].acked == 0) {
        z->conn->is_fallback = true;
        v->fallbacks++;
    }
    return z->conn->is_fallback;
}

static void verify_payload(cap_verify *v, cap_subflow *z, int side, const cap_segment *s) {
    uint64_t at = cap_expand(s->seq - z->isn[side], z->maps[side].highest);
    uint64_t end = at + s->payload_bytes;
    z->maps[side].highest = end > z->maps[side].highest ? end : z->maps[side].highest;
    if (s->captured_bytes < s->payload_bytes) {
        ERROR(v, s, "captured %u of %u bytes of payload: capture whole packets", s->captured_bytes, s->payload_bytes);
        return;
    }
    for (uint32_t done = 0; done < s->payload_bytes;) {
        const cap_map *map = cap_maps_find(&z->maps[side], at + done);
        if (map == NULL) {
            if (!is_fallback_now(v, z, side)) {
                ERROR(v, s, "no mapping for subflow byte %" PRIu64, at + done);
            }
            return;
        }
        uint64_t room = map->start + map->length - (at + done);
        uint32_t count = room < s->payload_bytes - done ? (uint32_t)room : s->payload_bytes - done;
        verify_piece(v, z->conn, conn_side(z, side), s, map->rel + (at + done - map->start), s->payload + done, count);
        done += count;
    }
    v->data_segments++;
}

/* ---- A segment -------------------------------------------------------------------------------------------- */

static cap_subflow *find_subflow(cap_verify *v, const cap_segment *s, int *side) {
    cap_subflow *z = cap_model_find(&v->model, &s->source, &s->destination, side);
    bool is_syn = (s->flags & CAP_SYN) && !(s->flags & CAP_ACK);
    if (is_syn && (z == NULL || *side == CAP_B || z->isn[CAP_A] != s->seq)) {
        z = cap_model_add_subflow(&v->model, &s->source, &s->destination);
        z->is_capable = cap_has(s, CAP_CAPABLE);
        z->is_join = cap_has(s, CAP_JOIN);
        *side = CAP_A;
    }
    return z;
}

static void note_reset(cap_subflow *z) {
    if (z->conn != NULL && !z->is_reset) {
        z->is_reset = true;
        z->conn->subflows_reset++;
    }
}

/** @return true when the third ACK (or data instead of it) comes without MP_CAPABLE on both SYNs: plain TCP. */
static void note_plain_tcp(cap_verify *v, cap_subflow *z, int side, const cap_segment *s) {
    bool is_answered =
        z->is_capable && !z->has_key_b && side == CAP_B && (s->flags & CAP_SYN) && !cap_has(s, CAP_CAPABLE);
    v->fallbacks += is_answered;
    z->is_capable = z->is_capable && !is_answered;
}

void cap_verify_segment(cap_verify *v, const cap_segment *s) {
    int side = CAP_A;
    v->segments++;
    cap_subflow *z = find_subflow(v, s, &side);
    if (z == NULL) {
        return;
    }
    if (s->flags & CAP_SYN) {
        z->isn[side] = s->seq;
        z->has_isn[side] = true;
    }
    note_plain_tcp(v, z, side, s);
    if (cap_has(s, CAP_CAPABLE)) {
        verify_capable(v, z, side, s);
    }
    if (cap_has(s, CAP_JOIN)) {
        verify_join(v, z, side, s);
    }
    if (z->conn == NULL) {
        return;
    }
    if (cap_has(s, CAP_ADD_ADDR)) {
        verify_add_addr(v, z->conn, conn_side(z, side), s);
    }
    if (cap_has(s, CAP_FASTCLOSE)) {
        verify_fastclose(v, z->conn, conn_side(z, side), s);
    }
    if (cap_has(s, CAP_FAIL)) {
        z->conn->is_fallback = true;
    }
    if (cap_has(s, CAP_DSS) && s->dsn.is_there) {
        verify_dss_map(v, z, side, s);
    } else if (cap_has(s, CAP_CAPABLE) && side == CAP_A && s->data_length.is_there) {
        verify_capable_map(v, z, side, s);
    }
    if (s->payload_bytes > 0 && !z->conn->is_fallback && z->has_isn[side]) {
        verify_payload(v, z, side, s);
    }
    if (s->flags & CAP_RST) {
        note_reset(z);
    }
}

void cap_verify_data_ack(cap_verify *v, const cap_segment *s) {
    int side;
    if (!cap_has(s, CAP_DSS) || !s->data_ack.is_there) {
        return;
    }
    cap_subflow *z = cap_model_find(&v->model, &s->source, &s->destination, &side);
    if (z == NULL || z->conn == NULL || z->conn->is_fallback) {
        return;
    }
    cap_side *d = &z->conn->side[!conn_side(z, side)];
    uint64_t first = d->idsn + 1;
    uint64_t ack = s->is_ack64 ? s->data_ack.value : cap_expand((uint32_t)s->data_ack.value, first + d->top);
    uint64_t rel = ack - first;
    if (rel > d->top) {
        ERROR(v, s, "DATA_ACK %" PRId64 ", the peer has sent up to %" PRIu64, (int64_t)rel, d->top);
        return;
    }
    d->acked = rel > d->acked ? rel : d->acked;
    v->data_ack++;
}

/* ---- The end ---------------------------------------------------------------------------------------------- */

static void verify_side_end(cap_verify *v, const cap_conn *c, int side) {
    const cap_side *d = &c->side[side];
    char name = side == CAP_A ? 'A' : 'B';
    for (size_t i = 0; i < d->pending_count; i++) {
        verify_checksum(v, d, &d->pending[i]);
    }
    *(side == CAP_A ? &v->bytes_a : &v->bytes_b) += d->data.end;
    if (c->is_fallback) {
        return;
    }
    bool is_cut = c->is_aborted || c->subflows_reset == c->subflows;
    uint64_t acked = d->has_fin && d->acked > d->fin ? d->fin : d->acked;
    uint64_t complete = d->has_fin && !is_cut ? d->fin : acked;
    uint64_t hole = cap_bytes_hole(&d->data, 0, complete);
    if (hole != UINT64_MAX) {
        error_at(v, NULL, 0, "connection %u side %c: nothing was sent at DSN %" PRIu64 " of %" PRIu64, c->id, name,
                 hole, complete);
    }
    if (d->has_fin && d->data.end > d->fin) {
        error_at(v, NULL, 0, "connection %u side %c: DATA_FIN at %" PRIu64 ", data up to %" PRIu64, c->id, name, d->fin,
                 d->data.end);
    }
}

void cap_verify_end(cap_verify *v) {
    for (const cap_conn *c = v->model.conns; c != NULL; c = c->next) {
        verify_side_end(v, c, CAP_A);
        verify_side_end(v, c, CAP_B);
    }
    if (v->connections + v->fallbacks == 0) {
        error_at(v, NULL, 0, "no MPTCP connection");
    }
}
