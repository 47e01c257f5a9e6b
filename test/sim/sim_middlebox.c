/* SPDX-License-Identifier: GPL-2.0-only */
/** What the boxes on the path do to segments: option stripping, address translation, corruption. */
#include <string.h>

#include "sim_link.h"

enum { OPTION_END = 0, OPTION_NOP = 1, OPTION_MPTCP = 30 };

/* The second byte pair tells the kinds of address apart: 10.0.link.1, 100.64.link.1 behind a NAT, 10.9.index.1. */
static mpt_addr address(uint8_t net, uint8_t subnet, uint32_t index, bool is_ipv6) {
    if (!is_ipv6) {
        return mpt_addr_v4(net, subnet, (uint8_t)index, 1);
    }
    mpt_addr a = {.family = 6, .bytes = {0xfd, 0}};
    a.bytes[2] = net;
    a.bytes[3] = subnet;
    a.bytes[5] = (uint8_t)index;
    a.bytes[15] = 1;
    return a;
}

mpt_addr sim_client_address(uint32_t index, bool is_ipv6) {
    return address(10, 0, index, is_ipv6);
}

mpt_addr sim_nat_address(uint32_t index, bool is_ipv6) {
    return address(100, 64, index, is_ipv6);
}

mpt_addr sim_server_address(uint32_t index, bool is_ipv6) {
    return address(10, 9, index, is_ipv6);
}

uint32_t sim_server_index(const mpt_addr *a) {
    const uint8_t *net = a->family == 6 ? a->bytes + 2 : a->bytes;
    return net[0] == 10 && net[1] == 9 ? (a->family == 6 ? a->bytes[5] : a->bytes[2]) : UINT32_MAX;
}

uint32_t sim_link_of(const mpt_addr *a) {
    const uint8_t *net = a->family == 6 ? a->bytes + 2 : a->bytes;
    uint8_t index = a->family == 6 ? a->bytes[5] : a->bytes[2];
    bool is_client = (net[0] == 10 && net[1] == 0) || (net[0] == 100 && net[1] == 64);
    return is_client ? index : UINT32_MAX;
}

void sim_strip_mptcp(uint8_t *header, uint32_t header_bytes) {
    for (uint32_t i = 20; i < header_bytes && header[i] != OPTION_END;) {
        uint32_t length = header[i] == OPTION_NOP ? 1 : i + 1 < header_bytes ? header[i + 1] : 0;
        if (length == 0 || (header[i] != OPTION_NOP && length < 2) || i + length > header_bytes) {
            return;
        }
        if (header[i] == OPTION_MPTCP) {
            memset(header + i, OPTION_NOP, length);
        }
        i += length;
    }
}

bool sim_is_stripped(sim_strip strip, const mpt_segment *s) {
    uint8_t flags = s->header[13];
    switch (strip) {
    case SIM_STRIP_NONE: return false;
    case SIM_STRIP_SYN: return flags & MPT_SYN;
    case SIM_STRIP_SYNACK: return (flags & MPT_SYN) && (flags & MPT_ACK);
    case SIM_STRIP_DATA: return s->payload_bytes > 0;
    case SIM_STRIP_ALL: return true;
    }
    return false;
}

/** A stateless translation: the port's bits are turned round, which is its own inverse. */
static void translate(sim_packet *p, bool is_ipv6) {
    enum { PORT_MASK = 0x1555 };
    mpt_segment *s = &p->segment;
    uint32_t at = p->to == SIM_SERVER ? 0 : 2;
    s->header[at] ^= PORT_MASK >> 8;
    s->header[at + 1] ^= PORT_MASK & 0xff;
    if (p->to == SIM_SERVER) {
        s->source = sim_nat_address(p->link, is_ipv6);
    } else {
        s->destination = sim_client_address(p->link, is_ipv6);
    }
}

/** Rewrite the TCP checksum, not the DSS checksum: a middlebox does not know of it. */
static void fix_checksum(sim_packet *p) {
    p->segment.dss_checksum_at = 0;
    memset(p->segment.header + 16, 0, 2);
    mpt_segment_seal(&p->segment, p->payload);
}

/** One bit of the options, or, one time in four, of the header behind the ports. */
static void corrupt(mpt_segment *s, sim_rng *rng) {
    bool is_option = s->header_bytes > 20 && sim_rng_below(rng, 4) != 0;
    int64_t at = sim_rng_between(rng, is_option ? 20 : 4, s->header_bytes - 1);
    s->header[at] ^= (uint8_t)(1u << sim_rng_below(rng, 8));
}

void sim_middlebox_pass(const sim_link *l, sim_packet *p, bool is_sealed, sim_rng *rng) {
    mpt_segment *s = &p->segment;
    bool is_changed = false;
    if (sim_is_stripped(l->settings.strip, s)) {
        sim_strip_mptcp(s->header, s->header_bytes);
        is_changed = true;
    }
    if (l->settings.has_nat) {
        translate(p, l->settings.is_ipv6);
        is_changed = true;
    }
    if (sim_rng_chance(rng, l->settings.corrupt_ppm)) {
        corrupt(s, rng);
        is_changed = true;
    }
    if (is_sealed && s->payload_bytes > 0 && sim_rng_chance(rng, l->settings.rewrite_ppm)) {
        p->payload[sim_rng_below(rng, s->payload_bytes)] ^= (uint8_t)(1u << sim_rng_below(rng, 8));
        is_changed = true;
    }
    if (is_changed && is_sealed) {
        fix_checksum(p);
    }
    if (is_sealed && sim_rng_chance(rng, l->settings.flip_ppm)) {
        uint64_t at = sim_rng_below(rng, (uint64_t)s->header_bytes + s->payload_bytes);
        uint8_t *byte = at < s->header_bytes ? &s->header[at] : &p->payload[at - s->header_bytes];
        *byte ^= (uint8_t)(1u << sim_rng_below(rng, 8));
    }
}
