/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ip_packet.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/mpt_bytes.h"
#include "sim_ip.h"

enum { IPV4_BYTES = 20, IPV6_BYTES = 40 };

/* ---- Packets to segments ---------------------------------------------------------------------------------- */

static mpt_addr address(uint8_t family, const uint8_t *bytes) {
    mpt_addr a = {.family = family};
    memcpy(a.bytes, bytes, family == 4 ? 4 : 16);
    return a;
}

static bool parse_ipv4(mpt_segment *s, const uint8_t *p, uint32_t bytes, uint32_t *begin, uint32_t *end) {
    *begin = (p[0] & 15u) * 4;
    *end = mpt_get16(p + 2);
    bool is_fragment = (mpt_get16(p + 6) & 0x3fff) != 0;
    if (bytes < IPV4_BYTES || *begin < IPV4_BYTES || *end > bytes || is_fragment || p[9] != SIM_IP_TCP) {
        return false;
    }
    s->ecn = p[1] & 3;
    s->source = address(4, p + 12);
    s->destination = address(4, p + 16);
    return true;
}

static bool parse_ipv6(mpt_segment *s, const uint8_t *p, uint32_t bytes, uint32_t *begin, uint32_t *end) {
    if (bytes < IPV6_BYTES || p[6] != SIM_IP_TCP) {
        return false;
    }
    *begin = IPV6_BYTES;
    *end = IPV6_BYTES + mpt_get16(p + 4);
    s->ecn = p[1] >> 4 & 3;
    s->source = address(6, p + 8);
    s->destination = address(6, p + 24);
    return *end <= bytes;
}

bool ip_parse(mpt_segment *s, const uint8_t *packet, uint32_t bytes) {
    uint32_t begin, end;
    *s = (mpt_segment){0};
    bool is_tcp = bytes >= IPV4_BYTES && (packet[0] >> 4 == 4   ? parse_ipv4(s, packet, bytes, &begin, &end)
                                          : packet[0] >> 4 == 6 ? parse_ipv6(s, packet, bytes, &begin, &end)
                                                                : false);
    if (!is_tcp || end < begin + 20) {
        return false;
    }
    uint32_t header_bytes = (packet[begin + 12] >> 4) * 4u;
    if (header_bytes < 20 || begin + header_bytes > end) {
        return false;
    }
    s->header_bytes = (uint8_t)header_bytes;
    memcpy(s->header, packet + begin, header_bytes);
    s->payload = packet + begin + header_bytes;
    s->payload_bytes = end - begin - header_bytes;
    return true;
}

/* ---- Segments to packets ---------------------------------------------------------------------------------- */

uint32_t ip_build(uint8_t *packet, mpt_segment *s, const uint8_t *payload) {
    mpt_segment_seal(s, payload);
    uint32_t ip_bytes = sim_ip_header(packet, s);
    memcpy(packet + ip_bytes, s->header, s->header_bytes);
    if (s->payload_bytes > 0) {
        memcpy(packet + ip_bytes + s->header_bytes, payload, s->payload_bytes);
    }
    return ip_bytes + s->header_bytes + s->payload_bytes;
}

/* ---- Addresses as text ------------------------------------------------------------------------------------ */

mpt_addr ip_address(const char *text) {
    mpt_addr a = {0};
    if (inet_pton(AF_INET, text, a.bytes) == 1) {
        a.family = 4;
    } else if (inet_pton(AF_INET6, text, a.bytes) == 1) {
        a.family = 6;
    }
    return a;
}

const char *ip_text(const mpt_addr *a) {
    static char buffers[2][INET6_ADDRSTRLEN];
    static int next;
    next = !next;
    return inet_ntop(a->family == 6 ? AF_INET6 : AF_INET, a->bytes, buffers[next], sizeof buffers[next]);
}
