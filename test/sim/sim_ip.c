/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim_ip.h"

#include <string.h>

#include "base/mpt_bytes.h"
#include "wire/mpt_wire.h"

enum { IPV4_BYTES = 20, IPV6_BYTES = 40, HOP_LIMIT = 64, DONT_FRAGMENT = 0x4000 };

static uint32_t ipv4_header(uint8_t *out, const mpt_segment *s, uint32_t tcp_bytes) {
    memset(out, 0, IPV4_BYTES);
    out[0] = 0x45;
    out[1] = s->ecn;
    mpt_put16(out + 2, (uint16_t)(IPV4_BYTES + tcp_bytes));
    mpt_put16(out + 6, DONT_FRAGMENT);
    out[8] = HOP_LIMIT;
    out[9] = SIM_IP_TCP;
    memcpy(out + 12, s->source.bytes, 4);
    memcpy(out + 16, s->destination.bytes, 4);
    mpt_put16(out + 10, (uint16_t)~mpt_wire_fold(mpt_wire_sum(0, out, IPV4_BYTES)));
    return IPV4_BYTES;
}

static uint32_t ipv6_header(uint8_t *out, const mpt_segment *s, uint32_t tcp_bytes) {
    memset(out, 0, IPV6_BYTES);
    out[0] = 0x60;
    out[1] = (uint8_t)(s->ecn << 4);
    mpt_put16(out + 4, (uint16_t)tcp_bytes);
    out[6] = SIM_IP_TCP;
    out[7] = HOP_LIMIT;
    memcpy(out + 8, s->source.bytes, 16);
    memcpy(out + 24, s->destination.bytes, 16);
    return IPV6_BYTES;
}

uint32_t sim_ip_header(uint8_t out[SIM_IP_BYTES_MAX], const mpt_segment *s) {
    uint32_t tcp_bytes = s->header_bytes + s->payload_bytes;
    return s->source.family == 6 ? ipv6_header(out, s, tcp_bytes) : ipv4_header(out, s, tcp_bytes);
}
