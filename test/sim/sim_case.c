/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim_case.h"

#include <string.h>

/* ---- Matchers --------------------------------------------------------------------------------------------- */

static bool has(const mpt_wire *w, mpt_subtype subtype) {
    return w->mptcp & 1u << subtype;
}

#define MATCHER(name, condition)                                                                                       \
    bool name(sim_box *b, int from, const sim_packet *p, const mpt_wire *w) {                                          \
        (void)b, (void)from, (void)p, (void)w;                                                                         \
        return condition;                                                                                              \
    }

MATCHER(sim_is_any, true)
MATCHER(sim_is_syn, (w->flags & (MPT_SYN | MPT_ACK)) == MPT_SYN)
MATCHER(sim_is_capable_syn, (w->flags & (MPT_SYN | MPT_ACK)) == MPT_SYN && has(w, MPT_MP_CAPABLE))
MATCHER(sim_is_synack, (w->flags & (MPT_SYN | MPT_ACK)) == (MPT_SYN | MPT_ACK))
MATCHER(sim_is_capable_ack, !(w->flags & MPT_SYN) && has(w, MPT_MP_CAPABLE))
MATCHER(sim_is_join_syn, has(w, MPT_MP_JOIN) && w->join.form == MPT_JOIN_SYN)
MATCHER(sim_is_join_synack, has(w, MPT_MP_JOIN) && w->join.form == MPT_JOIN_SYNACK)
MATCHER(sim_is_join_ack, has(w, MPT_MP_JOIN) && w->join.form == MPT_JOIN_ACK)
MATCHER(sim_is_add_addr, has(w, MPT_ADD_ADDR) && !w->add_addr.is_echo)
MATCHER(sim_is_data_fin, has(w, MPT_DSS) && w->dss.is_data_fin)
MATCHER(sim_is_fin, w->flags &MPT_FIN)
MATCHER(sim_is_client_data, from == SIM_CLIENT && p->segment.payload_bytes > 0)
MATCHER(sim_is_server_data, from == SIM_SERVER && p->segment.payload_bytes > 0)
MATCHER(sim_is_data_on_link, p->link == b->link && p->segment.payload_bytes > 0)
MATCHER(sim_is_server_ack_on_link,
        p->link == b->link && from == SIM_SERVER && p->segment.payload_bytes == 0 && w->flags == MPT_ACK)

bool sim_is_resent_data(sim_box *b, int from, const sim_packet *p, const mpt_wire *w) {
    if (from != SIM_CLIENT || p->link != b->link || p->segment.payload_bytes == 0) {
        return false;
    }
    uint32_t end = w->seq + p->segment.payload_bytes;
    bool is_new = b->highest_seq == 0 || (int32_t)(end - b->highest_seq) > 0;
    b->highest_seq = is_new ? end : b->highest_seq;
    return !is_new;
}

/* ---- Actions ---------------------------------------------------------------------------------------------- */

static void seal_again(sim_packet *p) {
    memset(p->segment.header + 16, 0, 2);
    p->segment.dss_checksum_at = 0;
    mpt_segment_seal(&p->segment, p->payload);
}

static uint8_t *mptcp_option(sim_packet *p, mpt_subtype subtype) {
    uint8_t *header = p->segment.header;
    for (uint32_t i = 20; i < p->segment.header_bytes; i += header[i] == 1 ? 1 : header[i + 1]) {
        if (header[i] == 30 && header[i + 2] >> 4 == subtype) {
            return header + i;
        }
    }
    sim_fail("no MPTCP option to forge");
}

bool sim_do_watch(sim_box *b, sim_packet *p, const mpt_wire *w) {
    (void)b, (void)p, (void)w;
    return true;
}

bool sim_do_lose(sim_box *b, sim_packet *p, const mpt_wire *w) {
    (void)b, (void)p, (void)w;
    return false;
}

bool sim_do_forge(sim_box *b, sim_packet *p, const mpt_wire *w) {
    (void)b;
    uint8_t *option = mptcp_option(p, has(w, MPT_ADD_ADDR) ? MPT_ADD_ADDR : MPT_MP_JOIN);
    option[has(w, MPT_ADD_ADDR) ? option[1] - 1 : 5] ^= 1; /* the HMAC of ADD_ADDR is at its end */
    seal_again(p);
    return true;
}

bool sim_do_move_end(sim_box *b, sim_packet *p, const mpt_wire *w) {
    (void)b, (void)w;
    mptcp_option(p, MPT_DSS)[4 + 4 + 7] ^= 0x40;
    seal_again(p);
    return true;
}

bool sim_do_rewrite(sim_box *b, sim_packet *p, const mpt_wire *w) {
    (void)b, (void)w;
    p->payload[p->segment.payload_bytes - 1] ^= 1;
    seal_again(p);
    return true;
}

static void put32(uint8_t *at, uint32_t value) {
    for (int i = 0; i < 4; i++) {
        at[i] = (uint8_t)(value >> (24 - 8 * i));
    }
}

bool sim_do_cut(sim_box *b, sim_packet *p, const mpt_wire *w) {
    mpt_segment *s = &p->segment;
    if (p->to == SIM_CLIENT) {
        bool is_behind = b->cut_seq != 0 && (w->flags & MPT_ACK) && (int32_t)(w->ack - b->cut_seq) > 0;
        put32(s->header + 8, w->ack + (is_behind ? b->cut_bytes : 0));
    } else {
        if (b->cut_seq == 0 && s->payload_bytes > b->cut_bytes && b->acted > b->cut_after) {
            b->cut_seq = w->seq + (s->payload_bytes - b->cut_bytes) / 2;
        }
        uint32_t at = b->cut_seq - w->seq;
        if (b->cut_seq != 0 && at < s->payload_bytes) {
            s->payload_bytes -= b->cut_bytes;
            memmove(p->payload + at, p->payload + at + b->cut_bytes, s->payload_bytes - at);
        } else if (b->cut_seq != 0 && (int32_t)(w->seq - b->cut_seq) > 0) {
            put32(s->header + 4, w->seq - b->cut_bytes);
        }
    }
    seal_again(p);
    return true;
}

bool sim_do_strip(sim_box *b, sim_packet *p, const mpt_wire *w) {
    (void)b, (void)w;
    sim_strip_mptcp(p->segment.header, p->segment.header_bytes);
    seal_again(p);
    return true;
}

bool sim_do_reset(sim_box *b, sim_packet *p, const mpt_wire *w) {
    (void)b, (void)w;
    p->segment.header[13] = MPT_RST | MPT_ACK;
    sim_strip_mptcp(p->segment.header, p->segment.header_bytes);
    seal_again(p);
    return true;
}

bool sim_do_reset_off_by_some(sim_box *b, sim_packet *p, const mpt_wire *w) {
    p->segment.header[6] = (uint8_t)(p->segment.header[6] + 4); /* sequence number + 1024 */
    return sim_do_reset(b, p, w);
}

/* ---- The box ---------------------------------------------------------------------------------------------- */

static void note(sim_box *b, const sim_world *w, int from, const sim_packet *p, const mpt_wire *wire) {
    b->data_bytes[p->link][from] += p->segment.payload_bytes;
    b->resets[p->link][from] += wire->flags & MPT_RST ? 1 : 0;
    if (has(wire, MPT_MP_TCPRST) && !b->has_reset_reason) {
        b->has_reset_reason = true;
        b->reset_reason = wire->tcprst.reason;
    }
    if (p->segment.payload_bytes > 0) {
        b->last_data_at[p->link] = w->now;
    }
}

static bool filter(sim_world *w, int from, sim_packet *p) {
    sim_box *b = w->filter_user;
    mpt_wire wire = {0};
    mpt_wire_decode(&wire, p->segment.header, p->segment.header_bytes);
    note(b, w, from, p, &wire);
    bool is_time = w->now >= b->from_ns && (b->until_ns == 0 || w->now < b->until_ns);
    if (b->matches == NULL || !is_time || !b->matches(b, from, p, &wire)) {
        return true;
    }
    b->first_at = b->matched == 0 ? w->now : b->first_at;
    b->matched++;
    bool is_turn = b->every == 0 || b->matched % b->every == 0;
    if (b->matched <= b->skip || b->acted >= b->times || !is_turn) {
        return true;
    }
    b->acted++;
    return b->act(b, p, &wire);
}

sim_world *sim_case_world(const sim_scenario *s, sim_box *b) {
    sim_world *w = sim_world_new(s, &(sim_options){.check_every = 1});
    w->filter = filter;
    w->filter_user = b;
    return w;
}

void sim_case_finish(sim_world *w) {
    sim_world_run(w);
    sim_world_free(w);
}

void sim_case_two_links(sim_scenario *s, const char *name, uint64_t client_bytes, uint64_t server_bytes) {
    sim_scenario_default(s, name, 1);
    s->link_count = 2;
    s->link[1].delay_ns = 15 * MPT_MS;
    s->app[0].side[SIM_CLIENT].bytes = client_bytes;
    s->app[0].side[SIM_SERVER].bytes = server_bytes;
}

const mpt_counters *sim_case_counters(const sim_world *w, int side) {
    return mpt_stack_counters(w->host[side].stack);
}

mpt_conn_info sim_case_info(const sim_world *w, int side) {
    mpt_conn_info info;
    const sim_conn *c = w->host[side].conn[0];
    SIM_REQUIRE(c != NULL && !c->is_gone, "the connection is gone");
    mpt_conn_get_info(c->conn, &info);
    return info;
}
