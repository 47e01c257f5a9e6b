/* SPDX-License-Identifier: GPL-2.0-only */
/** Captures at the client's interfaces: pcap with nanoseconds, link type raw IP. */
#include <stdio.h>
#include <string.h>

#include "sim_world.h"

enum { MAGIC_NS = 0xa1b23c4d, LINKTYPE_RAW = 101, SNAPLEN = 262144, PROTOCOL_TCP = 6 };

FILE *sim_pcap_open(const char *prefix, uint32_t link) {
    char name[4096];
    snprintf(name, sizeof name, "%s-%u.pcap", prefix, link);
    FILE *f = fopen(name, "wb");
    SIM_REQUIRE(f != NULL, "cannot write %s", name);
    const uint32_t head[6] = {MAGIC_NS, 2 | 4 << 16, 0, 0, SNAPLEN, LINKTYPE_RAW};
    fwrite(head, sizeof head, 1, f);
    return f;
}

static void put16(uint8_t *at, uint32_t value) {
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static uint32_t ipv4_header(uint8_t out[40], const mpt_segment *s, uint32_t tcp_bytes) {
    out[0] = 0x45;
    out[1] = s->ecn;
    put16(out + 2, 20 + tcp_bytes);
    out[8] = 64;
    out[9] = PROTOCOL_TCP;
    memcpy(out + 12, s->source.bytes, 4);
    memcpy(out + 16, s->destination.bytes, 4);
    put16(out + 10, mpt_wire_fold(mpt_wire_sum(0, out, 20)));
    return 20;
}

static uint32_t ipv6_header(uint8_t out[40], const mpt_segment *s, uint32_t tcp_bytes) {
    out[0] = 0x60;
    out[1] = (uint8_t)(s->ecn << 4);
    put16(out + 4, tcp_bytes);
    out[6] = PROTOCOL_TCP;
    out[7] = 64;
    memcpy(out + 8, s->source.bytes, 16);
    memcpy(out + 24, s->destination.bytes, 16);
    return 40;
}

void sim_pcap_write(FILE *f, mpt_time now, const sim_packet *p, bool is_sealed) {
    mpt_segment sealed = p->segment;
    const mpt_segment *s = &sealed;
    if (!is_sealed) { /* whoever reads the capture expects checksums */
        mpt_segment_seal(&sealed, p->payload);
    }
    uint8_t ip[40] = {0};
    uint32_t tcp_bytes = s->header_bytes + s->payload_bytes;
    uint32_t ip_bytes = s->source.family == 6 ? ipv6_header(ip, s, tcp_bytes) : ipv4_header(ip, s, tcp_bytes);
    const uint32_t head[4] = {(uint32_t)(now / MPT_S), (uint32_t)(now % MPT_S), ip_bytes + tcp_bytes, ip_bytes + tcp_bytes};
    fwrite(head, sizeof head, 1, f);
    fwrite(ip, ip_bytes, 1, f);
    fwrite(s->header, s->header_bytes, 1, f);
    fwrite(p->payload, s->payload_bytes, 1, f);
}
