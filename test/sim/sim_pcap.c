/* SPDX-License-Identifier: GPL-2.0-or-later */
/** Captures at the client's interfaces: pcap with nanoseconds, link type raw IP. */
#include <stdio.h>
#include <string.h>

#include "sim_ip.h"
#include "sim_world.h"

enum { MAGIC_NS = 0xa1b23c4d, LINKTYPE_RAW = 101, SNAPLEN = 262144 };

FILE *sim_pcap_open(const char *prefix, uint32_t link) {
    char name[4096];
    snprintf(name, sizeof name, "%s-%u.pcap", prefix, link);
    FILE *f = fopen(name, "wb");
    SIM_REQUIRE(f != NULL, "cannot write %s", name);
    const uint32_t head[6] = {MAGIC_NS, 2 | 4 << 16, 0, 0, SNAPLEN, LINKTYPE_RAW};
    fwrite(head, sizeof head, 1, f);
    return f;
}

void sim_pcap_write(FILE *f, mpt_time now, const sim_packet *p, bool is_sealed) {
    mpt_segment sealed = p->segment;
    const mpt_segment *s = &sealed;
    if (!is_sealed) { /* whoever reads the capture expects checksums */
        mpt_segment_seal(&sealed, p->payload);
    }
    uint8_t ip[SIM_IP_BYTES_MAX];
    uint32_t tcp_bytes = s->header_bytes + s->payload_bytes, ip_bytes = sim_ip_header(ip, s);
    const uint32_t head[4] = {(uint32_t)(now / MPT_S), (uint32_t)(now % MPT_S), ip_bytes + tcp_bytes,
                              ip_bytes + tcp_bytes};
    fwrite(head, sizeof head, 1, f);
    fwrite(ip, ip_bytes, 1, f);
    fwrite(s->header, s->header_bytes, 1, f);
    fwrite(p->payload, s->payload_bytes, 1, f);
}
