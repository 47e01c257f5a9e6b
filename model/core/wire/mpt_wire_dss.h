/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_wire_dss.h: the DSS option (RFC 8684 3.3). Nearly all segments have one, so that reading and writing it is part of reading and writing those. */
#ifndef MPT_WIRE_DSS_H
#define MPT_WIRE_DSS_H

#include "base/mpt_bytes.h"
#include "wire/mpt_wire.h"
#include "wire/mpt_wire_mptcp.h"

enum {
    MPT_WIRE_DSS_HEAD_BYTES = 4,
    MPT_WIRE_DSS_FIN = 0x10,
    MPT_WIRE_DSS_DSN64 = 0x08,
    MPT_WIRE_DSS_MAP = 0x04,
    MPT_WIRE_DSS_ACK64 = 0x02,
    MPT_WIRE_DSS_ACK = 0x01
};
enum {
    MPT_WIRE_DSS_ACK_OF_64 = MPT_WIRE_DSS_ACK | MPT_WIRE_DSS_ACK64,
    MPT_WIRE_DSS_MAP_OF_64 = MPT_WIRE_DSS_MAP | MPT_WIRE_DSS_DSN64,
    MPT_WIRE_DSS_CHECKSUM_BYTES = 2
};

/** By the flags below MPT_WIRE_DSS_FIN: the bytes of an option without a checksum. */
static const uint8_t mpt_wire_dss_plain_bytes[16] = {4, 8, 4, 12, 14, 18, 14, 22, 4, 8, 4, 12, 18, 22, 18, 26};

/** @return false: its length fits no form */
static inline bool mpt_wire_dss_decode(mpt_wire_dss *o, const uint8_t *p, uint32_t bytes) {
    if (bytes < MPT_WIRE_DSS_HEAD_BYTES)
        return false;
    uint32_t flags = p[3], plain_bytes = mpt_wire_dss_plain_bytes[flags & (MPT_WIRE_DSS_FIN - 1)];
    bool has_map = (flags & MPT_WIRE_DSS_MAP) != 0;
    if (bytes != plain_bytes && !(has_map && bytes == plain_bytes + MPT_WIRE_DSS_CHECKSUM_BYTES))
        return false;

    o->is_data_fin = (flags & MPT_WIRE_DSS_FIN) != 0;
    o->has_ack = o->is_ack64 = false;
    o->has_map = has_map;
    o->is_dsn64 = false;
    o->has_checksum = bytes != plain_bytes;
    p += MPT_WIRE_DSS_HEAD_BYTES;
    if (flags & MPT_WIRE_DSS_ACK) {
        o->has_ack = true;
        o->is_ack64 = (flags & MPT_WIRE_DSS_ACK64) != 0;
        o->ack = o->is_ack64 ? mpt_get64(p) : mpt_get32(p);
        p += o->is_ack64 ? 8 : 4;
    }
    if (!has_map)
        return true;
    o->is_dsn64 = (flags & MPT_WIRE_DSS_DSN64) != 0;
    o->dsn = o->is_dsn64 ? mpt_get64(p) : mpt_get32(p);
    p += o->is_dsn64 ? 8 : 4;
    o->ssn = mpt_get32(p);
    o->length = mpt_get16(p + 4);
    if (o->has_checksum)
        o->checksum = mpt_get16(p + 6);
    return true;
}

static inline uint32_t mpt_wire_dss_bytes(const mpt_wire_dss *o) {
    uint32_t ack = o->has_ack ? (o->is_ack64 ? MPT_WIRE_DSS_ACK_OF_64 : MPT_WIRE_DSS_ACK) : 0;
    uint32_t map = o->has_map ? (o->is_dsn64 ? MPT_WIRE_DSS_MAP_OF_64 : MPT_WIRE_DSS_MAP) : 0;
    return mpt_wire_dss_plain_bytes[ack | map] + (o->has_map && o->has_checksum ? MPT_WIRE_DSS_CHECKSUM_BYTES : 0u);
}

static inline uint8_t *mpt_wire_dss_encode(const mpt_wire_dss *o, uint8_t *p, uint8_t **checksum) {
    uint8_t *start = p;
    uint32_t flags = o->is_data_fin ? MPT_WIRE_DSS_FIN : 0;
    p += MPT_WIRE_DSS_HEAD_BYTES;
    if (o->has_ack) {
        flags |= o->is_ack64 ? MPT_WIRE_DSS_ACK_OF_64 : MPT_WIRE_DSS_ACK;
        p = o->is_ack64 ? mpt_put64(p, o->ack) : mpt_put32(p, (uint32_t)o->ack);
    }
    if (o->has_map) {
        flags |= o->is_dsn64 ? MPT_WIRE_DSS_MAP_OF_64 : MPT_WIRE_DSS_MAP;
        p = o->is_dsn64 ? mpt_put64(p, o->dsn) : mpt_put32(p, (uint32_t)o->dsn);
        p = mpt_put32(p, o->ssn);
        p = mpt_put16(p, o->length);
        if (o->has_checksum) {
            *checksum = p;
            p = mpt_put16(p, o->checksum);
        }
    }
    mpt_put32(start, (uint32_t)MPT_WIRE_KIND << 24 | (uint32_t)(p - start) << 16 | (uint32_t)MPT_DSS << 12 | flags);
    return p;
}

#endif
