/* SPDX-License-Identifier: GPL-2.0-or-later */
/** What the boxes on the path do to segments: options stripped or forged, addresses and numbers translated, corruption. */
#include <stdlib.h>
#include <string.h>

#include "sim_link.h"

enum { OPTION_END = 0, OPTION_NOP = 1, OPTION_SACK = 5, OPTION_MPTCP = 30 };

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

/** @return the first option of @p kind at or behind @p at, or NULL. */
static uint8_t *find_option(uint8_t *header, uint32_t header_bytes, uint32_t at, uint8_t kind) {
    for (uint32_t i = at; i < header_bytes && header[i] != OPTION_END;) {
        uint32_t length = header[i] == OPTION_NOP ? 1 : i + 1 < header_bytes ? header[i + 1] : 0;
        if (length == 0 || (header[i] != OPTION_NOP && length < 2) || i + length > header_bytes) {
            return NULL;
        }
        if (header[i] == kind) {
            return header + i;
        }
        i += length;
    }
    return NULL;
}

/** Replace the MPTCP options of the @p subtypes (bits) by NOPs. @return true when there were any */
static bool strip_subtypes(mpt_segment *s, uint32_t subtypes) {
    uint32_t at = 20;
    bool is_changed = false;
    for (uint8_t *o; (o = find_option(s->header, s->header_bytes, at, OPTION_MPTCP)) != NULL;) {
        uint8_t length = o[1];
        at = (uint32_t)(o - s->header) + length;
        if (length > 2 && subtypes & 1u << (o[2] >> 4)) {
            memset(o, OPTION_NOP, length);
            is_changed = true;
        }
    }
    return is_changed;
}

void sim_strip_mptcp(uint8_t *header, uint32_t header_bytes) {
    for (uint8_t *o; (o = find_option(header, header_bytes, 20, OPTION_MPTCP)) != NULL;) {
        memset(o, OPTION_NOP, o[1]);
    }
}

/** @return bits of the subtypes that go. */
static uint32_t stripped_subtypes(sim_strip strip, const sim_packet *p) {
    uint8_t flags = p->segment.header[13];
    bool is_stripped = false;
    switch (strip) {
    case SIM_STRIP_NONE:
    case SIM_STRIP_KINDS: break;
    case SIM_STRIP_SYN: is_stripped = flags & MPT_SYN; break;
    case SIM_STRIP_SYNACK: is_stripped = (flags & MPT_SYN) && (flags & MPT_ACK); break;
    case SIM_STRIP_DATA: is_stripped = p->segment.payload_bytes > 0; break;
    case SIM_STRIP_ALL: is_stripped = true; break;
    case SIM_STRIP_TO_SERVER: is_stripped = p->to == SIM_SERVER; break;
    case SIM_STRIP_TO_CLIENT: is_stripped = p->to == SIM_CLIENT; break;
    case SIM_STRIP_ACK: is_stripped = p->segment.payload_bytes == 0 && !(flags & MPT_SYN); break;
    case SIM_STRIP_JOIN: return 1u << MPT_MP_JOIN;
    case SIM_STRIP_ADDRESS: return 1u << MPT_ADD_ADDR | 1u << MPT_REMOVE_ADDR;
    }
    return is_stripped ? UINT32_MAX : 0;
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

/* ---- Sequence numbers -------------------------------------------------------------------------------------- */

static uint32_t get32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void add32(uint8_t *p, uint32_t x) {
    x += get32(p);
    p[0] = (uint8_t)(x >> 24);
    p[1] = (uint8_t)(x >> 16);
    p[2] = (uint8_t)(x >> 8);
    p[3] = (uint8_t)x;
}

/** Firewalls choose initial sequence numbers anew. This one chooses them so that they wrap soon (RFC 8684 3.3.1: SSNs are relative). */
static void renumber(sim_link *l, sim_packet *p, sim_rng *rng) {
    enum { NEAR_BYTES = 100000 };
    mpt_segment *s = &p->segment;
    int from = !p->to;
    if (!l->has_shift[from] && s->header[13] & MPT_SYN) {
        l->has_shift[from] = true;
        l->shift[from] = UINT32_MAX - (uint32_t)sim_rng_below(rng, NEAR_BYTES) - get32(s->header + 4);
    }
    add32(s->header + 4, l->shift[from]);
    if (!(s->header[13] & MPT_ACK)) {
        return;
    }
    add32(s->header + 8, 0 - l->shift[!from]);
    uint8_t *sack = find_option(s->header, s->header_bytes, 20, OPTION_SACK);
    for (uint32_t i = 2; sack != NULL && i + 4 <= sack[1]; i += 4) {
        add32(sack + i, 0 - l->shift[!from]);
    }
}

/* ---- Changes ---------------------------------------------------------------------------------------------- */

void sim_middlebox_seal(sim_packet *p) {
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

/** What arrives broken must stay so: no box makes the checksum right then. */
static bool is_intact(const sim_packet *p, bool is_sealed) {
    mpt_segment s = p->segment;
    s.payload = is_sealed ? p->payload : NULL;
    return mpt_segment_verify(&s);
}

bool sim_middlebox_forge(sim_link *l, sim_packet *p, bool is_sealed, sim_rng *rng) {
    enum {
        HMAC_AT = 4,
        HMAC_BYTES = 8,
        SYN_BYTES = 12
    }; /* the first 8 bytes are of the HMAC in both later forms of MP_JOIN */
    mpt_segment *s = &p->segment;
    uint8_t *o = find_option(s->header, s->header_bytes, 20, OPTION_MPTCP);
    uint32_t subtype = o != NULL && o[1] > 2 ? o[2] >> 4 : MPT_DSS;
    bool has_hmac =
        o != NULL && (o[1] == 16 || o[1] == 18 || o[1] == 28 || o[1] == 30); /* echoes and version 0 have none */
    bool is_add_addr = subtype == MPT_ADD_ADDR && has_hmac;
    if ((subtype != MPT_MP_JOIN && !is_add_addr) || !sim_rng_chance(rng, l->settings.forge_ppm) ||
        !is_intact(p, is_sealed)) {
        return false;
    }
    uint32_t bytes = o[1] == SYN_BYTES ? 4 : HMAC_BYTES, at = is_add_addr ? o[1] - (uint32_t)HMAC_BYTES : HMAC_AT;
    o[at + sim_rng_below(rng, bytes)] ^= (uint8_t)(1u << sim_rng_below(rng, 8));
    if (is_sealed) {
        sim_middlebox_seal(p);
    }
    SIM_COUNT(l->stats, forged);
    return true;
}

static void flip(sim_packet *p, sim_rng *rng) {
    mpt_segment *s = &p->segment;
    uint64_t at = sim_rng_below(rng, (uint64_t)s->header_bytes + s->payload_bytes);
    uint8_t *byte = at < s->header_bytes ? &s->header[at] : &p->payload[at - s->header_bytes];
    *byte ^= (uint8_t)(1u << sim_rng_below(rng, 8));
}

void sim_middlebox_pass(sim_link *l, sim_packet *p, bool is_sealed, sim_rng *rng) {
    mpt_segment *s = &p->segment;
    bool is_changed = false;
    if (strip_subtypes(s, stripped_subtypes(l->settings.strip, p))) {
        SIM_COUNT(l->stats, stripped);
        is_changed = true;
    }
    if (l->settings.has_nat) {
        translate(p, l->settings.is_ipv6);
        SIM_COUNT(l->stats, translated);
        is_changed = true;
    }
    if (l->settings.is_renumbering) {
        renumber(l, p, rng);
        SIM_COUNT(l->stats, renumbered);
        is_changed = true;
    }
    if (sim_rng_chance(rng, l->settings.corrupt_ppm)) {
        corrupt(s, rng);
        SIM_COUNT(l->stats, corrupted);
        is_changed = true;
    }
    if (is_sealed && s->payload_bytes > 0 && sim_rng_chance(rng, l->settings.rewrite_ppm)) {
        p->payload[sim_rng_below(rng, s->payload_bytes)] ^= (uint8_t)(1u << sim_rng_below(rng, 8));
        SIM_COUNT(l->stats, rewritten);
        is_changed = true;
    }
    if (s->ecn == 2 && sim_rng_chance(rng, l->settings.mark_ppm)) {
        s->ecn = 3;
        SIM_COUNT(l->stats, marked);
    }
    if (is_changed && is_sealed) {
        sim_middlebox_seal(p);
    }
    if (is_sealed && sim_rng_chance(rng, l->settings.flip_ppm)) {
        flip(p, rng);
        SIM_COUNT(l->stats, flipped);
    }
}

/* ---- Segments that become two or one ------------------------------------------------------------------------ */

sim_packet *sim_segment_split(sim_link *l, sim_packet *p, bool is_sealed, sim_rng *rng) {
    mpt_segment *s = &p->segment;
    if (s->payload_bytes < 2 || !sim_rng_chance(rng, l->settings.split_ppm) || !is_intact(p, is_sealed)) {
        return NULL;
    }
    uint32_t first = (uint32_t)sim_rng_between(rng, 1, s->payload_bytes - 1);
    sim_packet *second = sim_packet_new(s->payload_bytes - first);
    memcpy(second->payload, p->payload + first, s->payload_bytes - first);
    mpt_segment whole = *s;
    second->segment = whole;
    second->segment.payload_bytes = whole.payload_bytes - first;
    add32(second->segment.header + 4, first);
    second->link = p->link;
    second->to = p->to;
    s->payload_bytes = first;
    s->header[13] &= (uint8_t) ~(MPT_FIN | MPT_PSH);
    if (is_sealed) {
        sim_middlebox_seal(p);
        sim_middlebox_seal(second);
    }
    SIM_COUNT(l->stats, split);
    return second;
}

static bool fit_together(const mpt_segment *a, const mpt_segment *b) {
    enum { BOTH_MAX = 60000, PORTS_BYTES = 4 };
    bool is_plain = !((a->header[13] | b->header[13]) & (MPT_SYN | MPT_RST)) && !(a->header[13] & MPT_FIN);
    return is_plain && b->payload_bytes > 0 && a->payload_bytes + b->payload_bytes < BOTH_MAX &&
           mpt_addr_equal(&a->source, &b->source) && mpt_addr_equal(&a->destination, &b->destination) &&
           memcmp(a->header, b->header, PORTS_BYTES) == 0 &&
           get32(b->header + 4) - get32(a->header + 4) == a->payload_bytes;
}

sim_packet *sim_segment_merge(sim_link *l, sim_packet *p, const sim_packet *next, bool is_sealed) {
    const mpt_segment *a = &p->segment, *b = &next->segment;
    if (!fit_together(a, b) || !is_intact(p, is_sealed) || !is_intact(next, is_sealed)) {
        return NULL;
    }
    sim_packet *both = sim_packet_new(a->payload_bytes + b->payload_bytes);
    memcpy(both->payload, p->payload, a->payload_bytes);
    memcpy(both->payload + a->payload_bytes, next->payload, b->payload_bytes);
    uint32_t bytes = both->segment.payload_bytes;
    both->segment = *a;
    both->segment.payload_bytes = bytes;
    both->segment.header[13] |= b->header[13];
    both->link = p->link;
    both->to = p->to;
    if (is_sealed) {
        sim_middlebox_seal(both);
    }
    SIM_COUNT(l->stats, coalesced);
    free(p);
    return both;
}
