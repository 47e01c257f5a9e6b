/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim_stranger.h"

#include <stdlib.h>
#include <string.h>

mpt_addr sim_stranger_address(uint32_t index) {
    return mpt_addr_v4(192, 0, (uint8_t)(index >> 8), (uint8_t)index);
}

mpt_wire sim_stranger_decode(const sim_packet *p) {
    mpt_wire w = {0};
    SIM_REQUIRE(p != NULL, "the attacker has not seen such a segment");
    SIM_REQUIRE(mpt_wire_decode(&w, p->segment.header, p->segment.header_bytes) == MPT_OK,
                "a segment cannot be decoded");
    return w;
}

/* ---- Seeing ------------------------------------------------------------------------------------------------- */

static void keep(sim_packet **at, const sim_packet *p, bool is_latest) {
    if (*at == NULL || is_latest) {
        free(*at);
        *at = sim_packet_copy(p);
    }
}

static bool is_loot(sim_loot kind, const mpt_wire *w) {
    switch (kind) {
    case SIM_LOOT_KEYS: return (w->mptcp & 1u << MPT_MP_CAPABLE) && w->capable.has_receiver_key;
    case SIM_LOOT_JOIN_SYN: return (w->mptcp & 1u << MPT_MP_JOIN) && w->join.form == MPT_JOIN_SYN;
    case SIM_LOOT_JOIN_ACK: return (w->mptcp & 1u << MPT_MP_JOIN) && w->join.form == MPT_JOIN_ACK;
    case SIM_LOOT_ADD_ADDR: return (w->mptcp & 1u << MPT_ADD_ADDR) && !w->add_addr.is_echo;
    case SIM_LOOTS: break;
    }
    return false;
}

static bool see(sim_world *w, int from, sim_packet *p) {
    sim_stranger *a = w->filter_user;
    mpt_wire wire = sim_stranger_decode(p);
    keep(&a->last[p->link][from], p, true);
    for (int kind = 0; kind < SIM_LOOTS; kind++) {
        if (is_loot(kind, &wire)) {
            keep(&a->loot[kind][p->link], p, false);
        }
    }
    bool is_time = w->now >= a->lose_data_from_ns && w->now < a->lose_data_until_ns;
    bool is_lost = is_time && from == SIM_CLIENT && p->segment.payload_bytes > 0;
    return !is_lost && !(a->loses_joins && is_loot(SIM_LOOT_JOIN_SYN, &wire));
}

static void answered(sim_world *w, int from, const sim_packet *p) {
    sim_stranger *a = w->stranger_user;
    (void)from;
    a->answer = sim_stranger_decode(p);
    a->answers++;
    a->resets += a->answer.flags & MPT_RST ? 1 : 0;
    a->payload_bytes += p->segment.payload_bytes;
}

sim_world *sim_stranger_world(const sim_scenario *s, sim_stranger *a) {
    sim_world *w = sim_world_new(s, &(sim_options){.check_every = 16});
    a->world = w;
    w->filter = see;
    w->stranger = answered;
    w->filter_user = w->stranger_user = a;
    return w;
}

void sim_stranger_finish(sim_stranger *a) {
    sim_world_run(a->world);
    sim_world_free(a->world);
    for (uint32_t link = 0; link < SIM_LINKS_MAX; link++) {
        free(a->last[link][0]);
        free(a->last[link][1]);
        for (int kind = 0; kind < SIM_LOOTS; kind++) {
            free(a->loot[kind][link]);
        }
    }
}

/* ---- Sending ------------------------------------------------------------------------------------------------ */

static void send(sim_stranger *a, sim_packet *p, const mpt_wire *wire, const uint8_t *payload) {
    if (payload != NULL) {
        memcpy(p->payload, payload, p->segment.payload_bytes);
    }
    p->segment.header_bytes = (uint8_t)mpt_wire_encode(wire, p->segment.header, &p->segment.dss_checksum_at);
    SIM_REQUIRE(p->segment.header_bytes > 0, "the forged options do not fit");
    mpt_segment_seal(&p->segment, p->payload);
    sim_world_inject(a->world, p);
}

mpt_wire sim_stranger_next(const sim_stranger *a, uint32_t link, int from) {
    const sim_packet *p = a->last[link][from];
    mpt_wire w = sim_stranger_decode(p);
    w.seq += p->segment.payload_bytes + !!(w.flags & MPT_SYN) + !!(w.flags & MPT_FIN);
    w.flags = MPT_ACK;
    w.has_mss = w.has_window_scale = w.is_sack_permitted = false;
    w.sack_count = 0;
    w.mptcp = 0;
    return w;
}

void sim_stranger_spoof(sim_stranger *a, uint32_t link, int from, const mpt_wire *wire, const uint8_t *payload,
                        uint32_t payload_bytes) {
    const sim_packet *model = a->last[link][from];
    sim_packet *p = sim_packet_new(payload_bytes);
    SIM_REQUIRE(model != NULL, "the attacker has not seen a segment to imitate");
    p->segment.source = model->segment.source;
    p->segment.destination = model->segment.destination;
    p->link = link;
    p->to = model->to;
    send(a, p, wire, payload);
}

void sim_stranger_send(sim_stranger *a, uint32_t index, const mpt_wire *wire) {
    sim_packet *p = sim_packet_new(0);
    p->segment.source = sim_stranger_address(index);
    p->segment.destination = sim_server_address(0, false);
    p->to = SIM_SERVER;
    send(a, p, wire, NULL);
}

void sim_stranger_replay(sim_stranger *a, const sim_packet *p) {
    sim_stranger_decode(p);
    sim_world_inject(a->world, sim_packet_copy(p));
}
