/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mpt_wire_mptcp.c: see mpt_wire_mptcp.h. An option is taken only when its length is one that RFC 8684 gives to its
 * form; subtypes that are not known are skipped. When a subtype comes twice in a header the later one counts.
 */
#include "wire/mpt_wire_mptcp.h"

#include <string.h>

#include "base/mpt_bytes.h"
#include "wire/mpt_wire_dss.h"

#define BIT(subtype) (1u << (subtype))
#define START_BYTES 3u /* kind, length, subtype and flags */

enum {
    CAPABLE_BYTES = 4,
    CAPABLE_SENDER_BYTES = 12,
    CAPABLE_BOTH_BYTES = 20,
    CAPABLE_DATA_BYTES = 22,
    CAPABLE_CHECKSUM_BYTES = 24
};
enum { JOIN_SYN_BYTES = 12, JOIN_SYNACK_BYTES = 16, JOIN_ACK_BYTES = 24, JOIN_BACKUP = 0x01 };
enum { SYNACK_HMAC_BYTES = 8, ACK_HMAC_BYTES = 20 };
enum {
    ADDR_HEAD_BYTES = 4,
    ADDR_V4_BYTES = 4,
    ADDR_V6_BYTES = 16,
    ADDR_PORT_BYTES = 2,
    ADDR_HMAC_BYTES = 8,
    ADDR_ECHO = 0x01
};
enum { ADDR_V0_V4 = 4, ADDR_V0_V6 = 6 }; /* version 0: the nibble tells the family (RFC 6824 3.4.1) */
enum {
    REMOVE_HEAD_BYTES = 3,
    PRIO_BYTES = 3,
    PRIO_BACKUP = 0x01,
    FAIL_BYTES = 12,
    FASTCLOSE_BYTES = 12,
    TCPRST_BYTES = 4
};

/* ---- Decoding: each returns false when the length fits no form ---------------------------------------------- */

static bool decode_capable(mpt_wire_capable *o, const uint8_t *p, uint32_t bytes) {
    if (bytes != CAPABLE_BYTES && bytes != CAPABLE_SENDER_BYTES && bytes != CAPABLE_BOTH_BYTES &&
        bytes != CAPABLE_DATA_BYTES && bytes != CAPABLE_CHECKSUM_BYTES)
        return false;
    o->version = p[2] & 0x0f;
    o->flags = p[3];
    o->has_sender_key = bytes >= CAPABLE_SENDER_BYTES;
    o->has_receiver_key = bytes >= CAPABLE_BOTH_BYTES;
    o->has_data = bytes >= CAPABLE_DATA_BYTES;
    o->has_checksum = bytes >= CAPABLE_CHECKSUM_BYTES;
    if (o->has_sender_key)
        o->sender_key = mpt_get64(p + 4);
    if (o->has_receiver_key)
        o->receiver_key = mpt_get64(p + 12);
    if (o->has_data)
        o->data_bytes = mpt_get16(p + 20);
    if (o->has_checksum)
        o->checksum = mpt_get16(p + 22);
    return true;
}

static bool decode_join(mpt_wire_join *o, const uint8_t *p, uint32_t bytes) {
    switch (bytes) {
    case JOIN_SYN_BYTES:
        o->form = MPT_JOIN_SYN;
        o->token = mpt_get32(p + 4);
        o->nonce = mpt_get32(p + 8);
        break;
    case JOIN_SYNACK_BYTES:
        o->form = MPT_JOIN_SYNACK;
        memcpy(o->hmac, p + 4, SYNACK_HMAC_BYTES);
        o->nonce = mpt_get32(p + 12);
        break;
    case JOIN_ACK_BYTES:
        o->form = MPT_JOIN_ACK;
        memcpy(o->hmac, p + 4, ACK_HMAC_BYTES);
        return true;
    default: return false;
    }
    o->is_backup = (p[2] & JOIN_BACKUP) != 0;
    o->address_id = p[3];
    return true;
}

/** The form of RFC 6824: as the nibble says, and of a length that RFC 8684 does not give to that nibble. */
static bool is_add_addr_v0(const uint8_t *p, uint32_t bytes) {
    uint8_t nibble = p[2] & 0x0f;
    uint32_t least = ADDR_HEAD_BYTES + (nibble == ADDR_V0_V6 ? ADDR_V6_BYTES : ADDR_V4_BYTES);
    return (nibble == ADDR_V0_V4 || nibble == ADDR_V0_V6) && (bytes == least || bytes == least + ADDR_PORT_BYTES);
}

/** The length alone tells the family and whether there is a port (RFC 8684 3.4.1). */
static bool decode_add_addr(mpt_wire_add_addr *o, const uint8_t *p, uint32_t bytes) {
    if (bytes < START_BYTES)
        return false;
    bool is_v0 = is_add_addr_v0(p, bytes), is_echo = !is_v0 && (p[2] & ADDR_ECHO) != 0;
    uint32_t v4_bytes = ADDR_HEAD_BYTES + ADDR_V4_BYTES + (is_echo || is_v0 ? 0 : ADDR_HMAC_BYTES);
    uint32_t v6_bytes = v4_bytes + ADDR_V6_BYTES - ADDR_V4_BYTES;
    bool is_v6 = bytes >= v6_bytes;
    bool has_port = bytes == (is_v6 ? v6_bytes : v4_bytes) + ADDR_PORT_BYTES;
    if (!has_port && bytes != (is_v6 ? v6_bytes : v4_bytes))
        return false;

    uint32_t addr_bytes = is_v6 ? ADDR_V6_BYTES : ADDR_V4_BYTES;
    o->is_echo = is_echo;
    o->is_v0 = is_v0;
    o->has_port = has_port;
    o->id = p[3];
    o->addr = (mpt_addr){.family = is_v6 ? 6 : 4};
    p += ADDR_HEAD_BYTES;
    memcpy(o->addr.bytes, p, addr_bytes);
    p += addr_bytes;
    if (has_port) {
        o->port = mpt_get16(p);
        p += ADDR_PORT_BYTES;
    }
    if (!is_echo && !is_v0)
        o->hmac = mpt_get64(p);
    return true;
}

static bool decode_remove_addr(mpt_wire_remove_addr *o, const uint8_t *p, uint32_t bytes) {
    if (bytes <= REMOVE_HEAD_BYTES || bytes - REMOVE_HEAD_BYTES > MPT_REMOVE_IDS_MAX)
        return false;
    o->count = (uint8_t)(bytes - REMOVE_HEAD_BYTES);
    memcpy(o->ids, p + REMOVE_HEAD_BYTES, o->count);
    return true;
}

static bool decode_prio(mpt_wire *w, const uint8_t *p, uint32_t bytes) {
    if (bytes != PRIO_BYTES)
        return false;
    w->is_prio_backup = (p[2] & PRIO_BACKUP) != 0;
    return true;
}

/** MP_FAIL and MP_FASTCLOSE: 12 reserved bits, then 8 bytes. */
static bool decode_u64(uint64_t *o, const uint8_t *p, uint32_t bytes) {
    if (bytes != FAIL_BYTES)
        return false;
    *o = mpt_get64(p + 4);
    return true;
}

static bool decode_tcprst(mpt_wire_tcprst *o, const uint8_t *p, uint32_t bytes) {
    if (bytes != TCPRST_BYTES)
        return false;
    o->flags = p[2] & 0x0f;
    o->reason = p[3];
    return true;
}

static bool decode_subtype(mpt_wire *w, uint32_t subtype, const uint8_t *p, uint32_t bytes) {
    switch ((mpt_subtype)subtype) {
    case MPT_MP_CAPABLE: return decode_capable(&w->capable, p, bytes);
    case MPT_MP_JOIN: return decode_join(&w->join, p, bytes);
    case MPT_DSS: return mpt_wire_dss_decode(&w->dss, p, bytes);
    case MPT_ADD_ADDR: return decode_add_addr(&w->add_addr, p, bytes);
    case MPT_REMOVE_ADDR: return decode_remove_addr(&w->remove_addr, p, bytes);
    case MPT_MP_PRIO: return decode_prio(w, p, bytes);
    case MPT_MP_FAIL: return decode_u64(&w->fail_dsn, p, bytes);
    case MPT_MP_FASTCLOSE: return decode_u64(&w->fastclose_key, p, bytes);
    case MPT_MP_TCPRST: return decode_tcprst(&w->tcprst, p, bytes);
    }
    return false;
}

void mpt_wire_mptcp_decode(mpt_wire *w, const uint8_t *p, uint32_t bytes) {
    if (bytes < START_BYTES) {
        w->is_mptcp_malformed = true;
        return;
    }
    uint32_t subtype = p[2] >> 4;
    if (subtype > MPT_MP_TCPRST)
        return;
    if (decode_subtype(w, subtype, p, bytes))
        w->mptcp |= (uint16_t)BIT(subtype);
    else
        w->is_mptcp_malformed = true;
}

/* ---- Lengths ---------------------------------------------------------------------------------------------- */

static uint32_t capable_bytes(const mpt_wire_capable *o) {
    return o->has_checksum       ? CAPABLE_CHECKSUM_BYTES
           : o->has_data         ? CAPABLE_DATA_BYTES
           : o->has_receiver_key ? CAPABLE_BOTH_BYTES
           : o->has_sender_key   ? CAPABLE_SENDER_BYTES
                                 : CAPABLE_BYTES;
}

static uint32_t join_bytes(const mpt_wire_join *o) {
    return o->form == MPT_JOIN_SYN ? JOIN_SYN_BYTES : o->form == MPT_JOIN_SYNACK ? JOIN_SYNACK_BYTES : JOIN_ACK_BYTES;
}

static uint32_t add_addr_bytes(const mpt_wire_add_addr *o) {
    uint32_t addr_bytes = o->addr.family == 6 ? ADDR_V6_BYTES : ADDR_V4_BYTES;
    return ADDR_HEAD_BYTES + addr_bytes + (o->has_port ? ADDR_PORT_BYTES : 0u) +
           (o->is_echo || o->is_v0 ? 0u : ADDR_HMAC_BYTES);
}

uint32_t mpt_wire_mptcp_bytes(const mpt_wire *w) {
    uint32_t present = w->mptcp;
    if (present == BIT(MPT_DSS))
        return mpt_wire_dss_bytes(&w->dss);
    uint32_t bytes = 0;
    if (present & BIT(MPT_MP_CAPABLE))
        bytes += capable_bytes(&w->capable);
    if (present & BIT(MPT_MP_JOIN))
        bytes += join_bytes(&w->join);
    if (present & BIT(MPT_DSS))
        bytes += mpt_wire_dss_bytes(&w->dss);
    if (present & BIT(MPT_ADD_ADDR))
        bytes += add_addr_bytes(&w->add_addr);
    if (present & BIT(MPT_REMOVE_ADDR))
        bytes += (uint32_t)REMOVE_HEAD_BYTES + w->remove_addr.count;
    if (present & BIT(MPT_MP_PRIO))
        bytes += PRIO_BYTES;
    if (present & BIT(MPT_MP_FAIL))
        bytes += FAIL_BYTES;
    if (present & BIT(MPT_MP_FASTCLOSE))
        bytes += FASTCLOSE_BYTES;
    if (present & BIT(MPT_MP_TCPRST))
        bytes += TCPRST_BYTES;
    return bytes;
}

/* ---- Encoding --------------------------------------------------------------------------------------------- */

static uint8_t *encode_start(uint8_t *p, uint32_t bytes, mpt_subtype subtype, uint8_t nibble) {
    *p++ = MPT_WIRE_KIND;
    *p++ = (uint8_t)bytes;
    *p++ = (uint8_t)((uint32_t)subtype << 4 | nibble);
    return p;
}

static uint8_t *encode_bytes(uint8_t *p, const uint8_t *bytes, size_t byte_count) {
    memcpy(p, bytes, byte_count);
    return p + byte_count;
}

static uint8_t *encode_capable(const mpt_wire_capable *o, uint8_t *p, uint8_t **checksum) {
    uint32_t bytes = capable_bytes(o);
    p = encode_start(p, bytes, MPT_MP_CAPABLE, o->version & 0x0f);
    *p++ = o->flags;
    if (bytes >= CAPABLE_SENDER_BYTES)
        p = mpt_put64(p, o->sender_key);
    if (bytes >= CAPABLE_BOTH_BYTES)
        p = mpt_put64(p, o->receiver_key);
    if (bytes >= CAPABLE_DATA_BYTES)
        p = mpt_put16(p, o->data_bytes);
    if (bytes >= CAPABLE_CHECKSUM_BYTES) {
        *checksum = p;
        p = mpt_put16(p, o->checksum);
    }
    return p;
}

static uint8_t *encode_join(const mpt_wire_join *o, uint8_t *p) {
    bool has_id = o->form != MPT_JOIN_ACK;
    p = encode_start(p, join_bytes(o), MPT_MP_JOIN, has_id && o->is_backup ? JOIN_BACKUP : 0);
    *p++ = has_id ? o->address_id : 0;
    switch (o->form) {
    case MPT_JOIN_SYN: p = mpt_put32(p, o->token); return mpt_put32(p, o->nonce);
    case MPT_JOIN_SYNACK: p = encode_bytes(p, o->hmac, SYNACK_HMAC_BYTES); return mpt_put32(p, o->nonce);
    case MPT_JOIN_ACK: return encode_bytes(p, o->hmac, ACK_HMAC_BYTES);
    }
    return p;
}

static uint8_t *encode_add_addr(const mpt_wire_add_addr *o, uint8_t *p) {
    uint8_t family = o->addr.family == 6 ? ADDR_V0_V6 : ADDR_V0_V4;
    p = encode_start(p, add_addr_bytes(o), MPT_ADD_ADDR, o->is_v0 ? family : o->is_echo ? ADDR_ECHO : 0);
    *p++ = o->id;
    p = encode_bytes(p, o->addr.bytes, o->addr.family == 6 ? ADDR_V6_BYTES : ADDR_V4_BYTES);
    if (o->has_port)
        p = mpt_put16(p, o->port);
    return o->is_echo || o->is_v0 ? p : mpt_put64(p, o->hmac);
}

static uint8_t *encode_u64(mpt_subtype subtype, uint64_t x, uint8_t *p) {
    p = encode_start(p, FAIL_BYTES, subtype, 0);
    *p++ = 0;
    return mpt_put64(p, x);
}

/** Everything but the DSS: options of the handshake and of rare events. */
static uint8_t *encode_rare(const mpt_wire *w, uint8_t *p) {
    uint32_t present = w->mptcp;
    if (present & BIT(MPT_MP_JOIN))
        p = encode_join(&w->join, p);
    if (present & BIT(MPT_ADD_ADDR))
        p = encode_add_addr(&w->add_addr, p);
    if (present & BIT(MPT_REMOVE_ADDR)) {
        p = encode_start(p, (uint32_t)REMOVE_HEAD_BYTES + w->remove_addr.count, MPT_REMOVE_ADDR, 0);
        p = encode_bytes(p, w->remove_addr.ids, w->remove_addr.count);
    }
    if (present & BIT(MPT_MP_PRIO))
        p = encode_start(p, PRIO_BYTES, MPT_MP_PRIO, w->is_prio_backup ? PRIO_BACKUP : 0);
    if (present & BIT(MPT_MP_FAIL))
        p = encode_u64(MPT_MP_FAIL, w->fail_dsn, p);
    if (present & BIT(MPT_MP_FASTCLOSE))
        p = encode_u64(MPT_MP_FASTCLOSE, w->fastclose_key, p);
    if (present & BIT(MPT_MP_TCPRST)) {
        p = encode_start(p, TCPRST_BYTES, MPT_MP_TCPRST, w->tcprst.flags & 0x0f);
        *p++ = w->tcprst.reason;
    }
    return p;
}

uint8_t *mpt_wire_mptcp_encode(const mpt_wire *w, uint8_t *p, uint8_t **checksum) {
    uint32_t present = w->mptcp;
    if (present & BIT(MPT_MP_CAPABLE))
        p = encode_capable(&w->capable, p, checksum);
    if (present & BIT(MPT_DSS))
        p = mpt_wire_dss_encode(&w->dss, p, checksum);
    if ((present & ~(BIT(MPT_MP_CAPABLE) | BIT(MPT_DSS))) != 0)
        p = encode_rare(w, p);
    return p;
}
