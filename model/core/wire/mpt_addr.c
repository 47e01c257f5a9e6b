/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mpt_addr.c: addresses, and the two checksums of a segment that depend on them or on the payload (see mpt.h). */
#include <string.h>

#include "base/mpt_assert.h"
#include "base/mpt_bytes.h"
#include "wire/mpt_wire.h"

#define PROTOCOL_TCP 6u
#define TCP_CHECKSUM_AT 16

mpt_addr mpt_addr_v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d) {
    return (mpt_addr){.family = 4, .bytes = {a, b, c, d}};
}

bool mpt_addr_equal(const mpt_addr *a, const mpt_addr *b) {
    return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

/** Sum of the pseudo-header (RFC 9293 3.1, RFC 8200 8.1) and the TCP header as it is. */
static uint32_t header_sum(const mpt_segment *s) {
    size_t addr_bytes = s->source.family == 6 ? 16 : 4;
    uint32_t sum = PROTOCOL_TCP + s->header_bytes + s->payload_bytes;
    sum = mpt_wire_sum(sum, s->source.bytes, addr_bytes);
    sum = mpt_wire_sum(sum, s->destination.bytes, addr_bytes);
    return mpt_wire_sum(sum, s->header, s->header_bytes);
}

void mpt_segment_seal(mpt_segment *s, const uint8_t *payload) {
    MPT_ASSERT(s->source.family == s->destination.family);
    MPT_ASSERT(payload != NULL || s->payload_bytes == 0);
    uint32_t payload_sum = s->payload_bytes > 0 ? mpt_wire_sum(0, payload, s->payload_bytes) : 0;
    if (s->dss_checksum_at != 0) { /* holds the pseudo-header's sum until now */
        uint8_t *checksum = s->header + s->dss_checksum_at;
        mpt_put16(checksum, (uint16_t)~mpt_wire_fold(mpt_wire_fold(payload_sum) + (uint32_t)mpt_get16(checksum)));
    }
    mpt_put16(s->header + TCP_CHECKSUM_AT, 0);
    uint32_t sum = mpt_wire_fold(header_sum(s)) + (uint32_t)mpt_wire_fold(payload_sum);
    mpt_put16(s->header + TCP_CHECKSUM_AT, (uint16_t)~mpt_wire_fold(sum));
}

bool mpt_segment_verify(const mpt_segment *s) {
    if (s->payload == NULL)
        return true; /* the host vouches for it */
    return mpt_wire_fold(mpt_wire_sum(header_sum(s), s->payload, s->payload_bytes)) == 0xffff;
}
