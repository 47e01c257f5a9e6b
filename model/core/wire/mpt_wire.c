/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mpt_wire.c: the TCP header and the plain TCP options; the MPTCP options are in mpt_wire_mptcp.c. Both run once per
 * segment: nothing here clears or copies whole structs.
 */
#include "wire/mpt_wire.h"

#include <string.h>

#include "base/mpt_assert.h"
#include "base/mpt_bytes.h"
#include "wire/mpt_wire_dss.h"
#include "wire/mpt_wire_mptcp.h"

#define HEADER_BYTES_MIN 20u
#define OPTION_BYTES_MAX 40u
#define SACK_COUNT_MAX 4u

enum {
    KIND_END = 0,
    KIND_NOP = 1,
    KIND_MSS = 2,
    KIND_WINDOW_SCALE = 3,
    KIND_SACK_PERMITTED = 4,
    KIND_SACK = 5,
    KIND_TIMESTAMPS = 8
};
enum {
    MSS_BYTES = 4,
    WINDOW_SCALE_BYTES = 3,
    SACK_PERMITTED_BYTES = 2,
    TIMESTAMPS_BYTES = 10,
    SACK_HEAD_BYTES = 2,
    SACK_BLOCK_BYTES = 8
};
enum { TIMESTAMPS_HEAD = KIND_TIMESTAMPS << 8 | TIMESTAMPS_BYTES };

/* ---- Decoding --------------------------------------------------------------------------------------------- */

static void decode_sack(mpt_wire *w, const uint8_t *p, uint32_t bytes) {
    uint32_t count = (bytes - SACK_HEAD_BYTES) / SACK_BLOCK_BYTES;
    if (count > SACK_COUNT_MAX || bytes != SACK_HEAD_BYTES + count * SACK_BLOCK_BYTES)
        return;
    for (uint32_t i = 0; i < count; i++) {
        w->sack[i].start = mpt_get32(p + SACK_HEAD_BYTES + i * SACK_BLOCK_BYTES);
        w->sack[i].end = mpt_get32(p + SACK_HEAD_BYTES + i * SACK_BLOCK_BYTES + 4);
    }
    w->sack_count = (uint8_t)count;
}

static void decode_timestamps(mpt_wire *w, const uint8_t *p) {
    w->has_timestamps = true;
    w->ts_value = mpt_get32(p + 2);
    w->ts_echo = mpt_get32(p + 6);
}

/** One option of kind p[0], all its @p bytes there. A known kind of a wrong length is skipped as an unknown kind is. */
static void decode_option(mpt_wire *w, const uint8_t *p, uint32_t bytes) {
    switch (p[0]) {
    case MPT_WIRE_KIND: mpt_wire_mptcp_decode(w, p, bytes); break;
    case KIND_TIMESTAMPS:
        if (bytes == TIMESTAMPS_BYTES)
            decode_timestamps(w, p);
        break;
    case KIND_SACK: decode_sack(w, p, bytes); break;
    case KIND_MSS:
        if (bytes == MSS_BYTES) {
            w->has_mss = true;
            w->mss = mpt_get16(p + 2);
        }
        break;
    case KIND_WINDOW_SCALE:
        if (bytes == WINDOW_SCALE_BYTES) {
            w->has_window_scale = true;
            w->window_scale = p[2];
        }
        break;
    case KIND_SACK_PERMITTED:
        if (bytes == SACK_PERMITTED_BYTES)
            w->is_sack_permitted = true;
        break;
    default: /* RFC 9293 3.1, MUST-6: ignore options that are not known */ break;
    }
}

/** Not inlined: what nearly all segments have is read before, and with few registers. */
__attribute__((noinline)) static mpt_status decode_options(mpt_wire *w, const uint8_t *p, const uint8_t *end) {
    while (p < end && p[0] != KIND_END) {
        if (p[0] == KIND_NOP) {
            p++;
            continue;
        }
        uint32_t left = (uint32_t)(end - p), option_bytes = left > 1 ? p[1] : 0;
        if (option_bytes < 2 || option_bytes > left) /* RFC 9293 3.1, MUST-7: survive an illegal length */
            return MPT_ERR_MALFORMED;
        decode_option(w, p, option_bytes);
        p += option_bytes;
    }
    return MPT_OK;
}

/** Timestamps and then a DSS, where that is how it begins. @return what follows */
static const uint8_t *decode_usual(mpt_wire *w, const uint8_t *p, const uint8_t *end) {
    if (end - p >= TIMESTAMPS_BYTES && mpt_get16(p) == TIMESTAMPS_HEAD) {
        decode_timestamps(w, p);
        p += TIMESTAMPS_BYTES;
    }
    bool is_dss = end - p >= MPT_WIRE_DSS_HEAD_BYTES && p[0] == MPT_WIRE_KIND && p[2] >> 4 == MPT_DSS;
    if (is_dss && p[1] <= end - p && mpt_wire_dss_decode(&w->dss, p, p[1])) {
        w->mptcp = 1u << MPT_DSS;
        p += p[1];
    }
    while (p < end && p[0] == KIND_NOP)
        p++;
    return p;
}

mpt_status mpt_wire_decode(mpt_wire *w, const uint8_t *bytes, uint32_t byte_count) {
    if (byte_count < HEADER_BYTES_MIN)
        return MPT_ERR_MALFORMED;
    uint32_t header_bytes = (uint32_t)(bytes[12] >> 4) * 4;
    if (header_bytes < HEADER_BYTES_MIN || header_bytes > byte_count)
        return MPT_ERR_MALFORMED;

    w->source_port = mpt_get16(bytes);
    w->destination_port = mpt_get16(bytes + 2);
    w->seq = mpt_get32(bytes + 4);
    w->ack = mpt_get32(bytes + 8);
    w->flags = bytes[13];
    w->window = mpt_get16(bytes + 14);
    w->rare = 0;
    w->has_timestamps = w->is_mptcp_malformed = false;
    w->mptcp = 0;

    const uint8_t *end = bytes + header_bytes, *p = decode_usual(w, bytes + HEADER_BYTES_MIN, end);
    return p == end ? MPT_OK : decode_options(w, p, end);
}

/* ---- Encoding --------------------------------------------------------------------------------------------- */

/** @return bytes of all options but SACK, without padding. */
static uint32_t fixed_option_bytes(const mpt_wire *w) {
    return (w->has_mss ? MSS_BYTES : 0u) + (w->has_window_scale ? WINDOW_SCALE_BYTES : 0u) +
           (w->is_sack_permitted ? SACK_PERMITTED_BYTES : 0u) + (w->has_timestamps ? TIMESTAMPS_BYTES : 0u) +
           (w->mptcp != 0 ? mpt_wire_mptcp_bytes(w) : 0u);
}

uint32_t mpt_wire_option_bytes(const mpt_wire *w) {
    return (fixed_option_bytes(w) + 3) & ~3u;
}

static uint8_t *encode_head(const mpt_wire *w, uint8_t *p) {
    p = mpt_put32(p, (uint32_t)w->source_port << 16 | w->destination_port);
    p = mpt_put32(p, w->seq);
    p = mpt_put32(p, w->ack);
    p = mpt_put32(p, (uint32_t)w->flags << 16 | w->window); /* the data offset is known at the end */
    return mpt_put32(p, 0);                                 /* the checksum is the sealer's; nothing is urgent */
}

static uint8_t *encode_syn_options(const mpt_wire *w, uint8_t *p) {
    if (w->has_mss) {
        *p++ = KIND_MSS;
        *p++ = MSS_BYTES;
        p = mpt_put16(p, w->mss);
    }
    if (w->has_window_scale) {
        *p++ = KIND_WINDOW_SCALE;
        *p++ = WINDOW_SCALE_BYTES;
        *p++ = w->window_scale;
    }
    if (w->is_sack_permitted) {
        *p++ = KIND_SACK_PERMITTED;
        *p++ = SACK_PERMITTED_BYTES;
    }
    return p;
}

static uint8_t *encode_timestamps(const mpt_wire *w, uint8_t *p) {
    if (!w->has_timestamps)
        return p;
    p = mpt_put16(p, TIMESTAMPS_HEAD);
    p = mpt_put32(p, w->ts_value);
    return mpt_put32(p, w->ts_echo);
}

/** As many SACK blocks as @p room bytes hold. */
static uint8_t *encode_sack(const mpt_wire *w, uint8_t *p, uint32_t room) {
    if (room < SACK_HEAD_BYTES + SACK_BLOCK_BYTES)
        return p;
    uint32_t count = (room - SACK_HEAD_BYTES) / SACK_BLOCK_BYTES;
    if (count > w->sack_count)
        count = w->sack_count;
    *p++ = KIND_SACK;
    *p++ = (uint8_t)(SACK_HEAD_BYTES + count * SACK_BLOCK_BYTES);
    for (uint32_t i = 0; i < count; i++) {
        p = mpt_put32(p, w->sack[i].start);
        p = mpt_put32(p, w->sack[i].end);
    }
    return p;
}

/** Padding, and the data offset. @return length of the header that ends at @p end */
static uint32_t encode_end(uint8_t *out, const uint8_t *end) {
    uint32_t header_bytes = (uint32_t)(end - out);
    for (; header_bytes % 4 != 0; header_bytes++)
        out[header_bytes] = KIND_NOP;
    out[12] = (uint8_t)(header_bytes / 4 << 4);
    return header_bytes;
}

__attribute__((noinline)) static uint32_t encode_any(const mpt_wire *w, uint8_t *out, uint8_t *dss_checksum_at) {
    MPT_ASSERT(w->sack_count <= SACK_COUNT_MAX);
    uint32_t option_bytes = fixed_option_bytes(w);
    if (option_bytes > OPTION_BYTES_MAX)
        return 0;
    uint8_t *p = encode_timestamps(w, encode_syn_options(w, encode_head(w, out)));
    if (w->mptcp != 0) {
        uint8_t *checksum = NULL;
        p = mpt_wire_mptcp_encode(w, p, &checksum);
        if (checksum != NULL && !mpt_wire_is_infinite(w)) /* whose checksum stays zero (RFC 8684 3.3.1) */
            *dss_checksum_at = (uint8_t)(checksum - out);
    }
    if (w->sack_count > 0)
        p = encode_sack(w, p, OPTION_BYTES_MAX - option_bytes);
    return encode_end(out, p);
}

uint32_t mpt_wire_encode(const mpt_wire *w, uint8_t out[MPT_HEADER_BYTES_MAX], uint8_t *dss_checksum_at) {
    *dss_checksum_at = 0;
    if (w->rare != 0 || (w->mptcp & ~(1u << MPT_DSS)) != 0 || (w->mptcp != 0 && w->dss.has_checksum))
        return encode_any(w, out, dss_checksum_at);
    /* nothing but timestamps and a DSS, which fit whatever their form: so are nearly all */
    uint8_t *p = encode_timestamps(w, encode_head(w, out)), *checksum;
    if (w->mptcp != 0)
        p = mpt_wire_dss_encode(&w->dss, p, &checksum);
    return encode_end(out, p);
}

/* ---- Checksums -------------------------------------------------------------------------------------------- */

/*
 * 2^16 and 2^32 are both 1 modulo 65535, so words of 32 bits may be added into 64 and folded at the end (RFC 1071 2).
 */
uint32_t mpt_wire_sum(uint32_t sum, const uint8_t *bytes, size_t byte_count) {
    uint64_t wide = sum;
    for (; byte_count >= 16; bytes += 16, byte_count -= 16)
        wide += (uint64_t)mpt_get32(bytes) + mpt_get32(bytes + 4) + mpt_get32(bytes + 8) + mpt_get32(bytes + 12);
    for (; byte_count >= 4; bytes += 4, byte_count -= 4)
        wide += mpt_get32(bytes);
    if (byte_count >= 2) {
        wide += mpt_get16(bytes);
        bytes += 2;
        byte_count -= 2;
    }
    if (byte_count > 0)
        wide += (uint32_t)bytes[0] << 8;
    wide = (wide & UINT32_MAX) + (wide >> 32);
    return (uint32_t)((wide & UINT32_MAX) + (wide >> 32));
}

uint16_t mpt_wire_fold(uint32_t sum) {
    sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)((sum & 0xffff) + (sum >> 16));
}

uint32_t mpt_wire_dss_pseudo_sum(uint64_t dsn, uint32_t ssn, uint16_t length) {
    return (uint32_t)(dsn >> 48) + (uint32_t)(dsn >> 32 & 0xffff) + (uint32_t)(dsn >> 16 & 0xffff) +
           (uint32_t)(dsn & 0xffff) + (ssn >> 16) + (ssn & 0xffff) + length;
}
