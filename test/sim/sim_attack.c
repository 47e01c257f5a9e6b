/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Somebody who sees every number, but knows no key, sends segments that must do nothing: RFC 5961, RFC 8684 section 5. Whatever a
 * segment like these could change is compared before and after.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "stack/mpt_stack.h"
#include "sim_world.h"

enum { ATTACKER_PORT = 666, GARBAGE_BYTES = 100 };

/** What must not move. */
typedef struct belief {
    uint64_t snd_una, snd_nxt, rx_next, sacked_bytes, stream_una, stream_next, peer_end;
    uint32_t state, subflow_count, remote_count;
    bool is_dead;
} belief;

static belief belief_of(const mpt_subflow *sf) {
    const mpt_conn *c = sf->conn;
    belief b;
    memset(&b, 0, sizeof b); /* compared as bytes */
    b.snd_una = sf->t.snd_una;
    b.snd_nxt = sf->t.snd_nxt;
    b.rx_next = sf->t.rx.next;
    b.sacked_bytes = sf->t.q.sacked_bytes;
    b.stream_una = c->snd_una;
    b.stream_next = c->rx.next;
    b.peer_end = c->peer_end;
    b.state = (uint32_t)sf->t.state;
    b.subflow_count = c->subflow_count;
    b.remote_count = c->pm.remote_count;
    b.is_dead = c->is_dead;
    return b;
}

/** A subflow of one of the connections of @p h, by chance; NULL when there is none that works. */
static mpt_subflow *choose(const sim_host *h, sim_rng *rng) {
    const sim_conn *c = h->conn[sim_rng_below(rng, h->world->scenario.app_count)];
    if (c == NULL || c->is_gone || c->conn->subflow_count == 0) {
        return NULL;
    }
    mpt_subflow *sf = c->conn->subflows[sim_rng_below(rng, c->conn->subflow_count)];
    return sf->is_established && sf->t.state == MPT_TCP_ESTABLISHED && !c->conn->is_dead ? sf : NULL;
}

/* ---- Segments --------------------------------------------------------------------------------------------- */

static sim_packet *to_host(const sim_host *h, const mpt_endpoint *source, const mpt_endpoint *destination, mpt_wire *w,
                           uint32_t payload_bytes) {
    sim_packet *p = sim_packet_new(payload_bytes);
    mpt_segment *s = &p->segment;
    memset(p->payload, 0x66, payload_bytes);
    s->source = source->addr;
    s->destination = destination->addr;
    w->source_port = source->port;
    w->destination_port = destination->port;
    s->header_bytes = (uint8_t)mpt_wire_encode(w, s->header, &s->dss_checksum_at);
    SIM_REQUIRE(s->header_bytes > 0, "the attacker's options do not fit");
    p->to = (uint8_t)h->side;
    uint32_t link = sim_link_of(h->side == SIM_CLIENT ? &s->destination : &s->source);
    p->link = link < h->world->scenario.link_count ? link : 0;
    if (h->world->scenario.is_sealed) {
        sim_middlebox_seal(p);
    }
    return p;
}

/** The next segment that @p sf expects, as far as its head goes; with a DATA_ACK, for without an option it might tell to fall back. */
static mpt_wire next_segment(const mpt_subflow *sf) {
    const mpt_conn *c = sf->conn;
    mpt_wire w = {
        .flags = MPT_ACK, .seq = sf->t.irs + (uint32_t)sf->t.rx.next, .ack = sf->t.iss + (uint32_t)sf->t.snd_una};
    w.has_timestamps = sf->t.has_timestamps;
    w.ts_value = sf->t.ts_recent;
    w.mptcp = mpt_conn_is_mptcp(c) ? 1u << MPT_DSS : 0;
    w.dss = (mpt_wire_dss){.has_ack = true, .ack = mpt_conn_dsn(c, c->snd_una)};
    return w;
}

/* ---- Attacks on a subflow: each fills in what is wrong ------------------------------------------------------- */

typedef bool attack(const mpt_subflow *sf, mpt_wire *w, uint32_t *payload_bytes,
                    sim_rng *rng); /**< @return false: not possible here */

static uint32_t in_window(const mpt_subflow *sf, sim_rng *rng) {
    return (uint32_t)sim_rng_between(rng, 1, sf->conn->set.receive_buffer_bytes / 2);
}

static bool reset_in_window(const mpt_subflow *sf, mpt_wire *w, uint32_t *payload_bytes, sim_rng *rng) {
    (void)payload_bytes;
    w->flags = MPT_RST | MPT_ACK;
    w->seq += in_window(sf, rng);
    return true;
}

static bool syn_in_window(const mpt_subflow *sf, mpt_wire *w, uint32_t *payload_bytes, sim_rng *rng) {
    (void)payload_bytes;
    w->flags = MPT_SYN | (sim_rng_below(rng, 2) ? MPT_ACK : 0);
    w->seq += sim_rng_below(rng, 2) ? in_window(sf, rng) : 0;
    return true;
}

static bool wrong_ack(const mpt_subflow *sf, mpt_wire *w, uint32_t *payload_bytes, sim_rng *rng) {
    uint32_t off = (uint32_t)sim_rng_between(rng, 1, 100000);
    (void)payload_bytes;
    w->ack = sim_rng_below(rng, 2) ? sf->t.iss + (uint32_t)sf->t.snd_nxt + off
                                   : w->ack - (uint32_t)sf->t.window_bytes_max - off;
    return true;
}

static bool wrong_sack(const mpt_subflow *sf, mpt_wire *w, uint32_t *payload_bytes, sim_rng *rng) {
    (void)payload_bytes;
    w->sack_count = 1;
    w->sack[0].start = sf->t.iss + (uint32_t)sf->t.snd_nxt - (uint32_t)sim_rng_below(rng, 3000);
    w->sack[0].end = sf->t.iss + (uint32_t)sf->t.snd_nxt + 1 + (uint32_t)sim_rng_below(rng, 3000);
    return true;
}

static bool wrong_data_ack(const mpt_subflow *sf, mpt_wire *w, uint32_t *payload_bytes, sim_rng *rng) {
    const mpt_conn *c = sf->conn;
    (void)payload_bytes;
    bool is_stale = c->snd_una > 0 && sim_rng_below(rng, 2);
    uint64_t offset = is_stale ? sim_rng_below(rng, c->snd_una) : c->snd_nxt + 2 + sim_rng_below(rng, 1000000);
    w->mptcp = 1u << MPT_DSS;
    w->dss = (mpt_wire_dss){.has_ack = true, .is_ack64 = sim_rng_below(rng, 2), .ack = mpt_conn_dsn(c, offset)};
    return true;
}

static bool wrong_mapping(const mpt_subflow *sf, mpt_wire *w, uint32_t *payload_bytes, sim_rng *rng) {
    const mpt_conn *c = sf->conn;
    *payload_bytes = GARBAGE_BYTES;
    uint64_t beyond = c->rx_read + c->set.receive_buffer_bytes - (GARBAGE_BYTES - 1) + sim_rng_below(rng, 1000000);
    w->mptcp = 1u << MPT_DSS;
    w->dss = (mpt_wire_dss){.has_map = true,
                            .is_dsn64 = true,
                            .dsn = c->idsn_remote + 1 + beyond,
                            .ssn = (uint32_t)sf->t.rx.next,
                            .length = GARBAGE_BYTES};
    if (sim_rng_below(rng, 4) == 0) {
        w->dss.dsn = c->idsn_remote - GARBAGE_BYTES; /* before the first byte there was */
    }
    return c->rx.next > 0 && !c->has_checksum;
}

static bool early_end(const mpt_subflow *sf, mpt_wire *w, uint32_t *payload_bytes, sim_rng *rng) {
    const mpt_conn *c = sf->conn;
    (void)payload_bytes;
    if (c->rx.next == 0) {
        return false;
    }
    w->mptcp = 1u << MPT_DSS;
    w->dss = (mpt_wire_dss){.has_map = true,
                            .is_dsn64 = true,
                            .is_data_fin = true,
                            .length = 1,
                            .dsn = c->idsn_remote + 1 + sim_rng_below(rng, c->rx.next)};
    return true;
}

static bool wrong_fastclose(const mpt_subflow *sf, mpt_wire *w, uint32_t *payload_bytes, sim_rng *rng) {
    (void)payload_bytes;
    w->mptcp = 1u << MPT_MP_FASTCLOSE;
    w->fastclose_key = sf->conn->key_local ^ (UINT64_C(1) << sim_rng_below(rng, 64));
    return true;
}

static bool wrong_add_addr(const mpt_subflow *sf, mpt_wire *w, uint32_t *payload_bytes, sim_rng *rng) {
    const mpt_conn *c = sf->conn;
    mpt_wire_add_addr *o = &w->add_addr;
    (void)payload_bytes;
    w->mptcp = 1u << MPT_ADD_ADDR;
    *o = (mpt_wire_add_addr){.id = (uint8_t)sim_rng_between(rng, 1, 255), .addr = mpt_addr_v4(10, 66, 6, 6)};
    o->hmac = mpt_crypto_add_addr_hmac(c->key_remote, c->key_local, o->id, &o->addr, 0) ^
              (UINT64_C(1) << sim_rng_below(rng, 64));
    return true;
}

static const struct {
    attack *act;
    sim_stat stat;
    bool needs_mptcp;
} attacks[] = {
    {reset_in_window, SIM_STAT_attack_rst, false},    {syn_in_window, SIM_STAT_attack_syn, false},
    {wrong_ack, SIM_STAT_attack_ack, false},          {wrong_sack, SIM_STAT_attack_sack, false},
    {wrong_data_ack, SIM_STAT_attack_data_ack, true}, {wrong_mapping, SIM_STAT_attack_mapping, true},
    {early_end, SIM_STAT_attack_data_fin, true},      {wrong_fastclose, SIM_STAT_attack_fastclose, true},
    {wrong_add_addr, SIM_STAT_attack_add_addr, true},
};

static void attack_subflow(sim_host *h, mpt_subflow *sf, sim_rng *rng) {
    uint64_t which = sim_rng_below(rng, sizeof attacks / sizeof *attacks);
    const mpt_conn *c = sf->conn;
    uint32_t payload_bytes = 0;
    mpt_wire w = next_segment(sf);
    bool is_possible = mpt_conn_is_mptcp(c) ? c->is_fully_established : !attacks[which].needs_mptcp;
    /* Who is asked whether its path is back takes any segment with the right numbers for an answer, as a TCP does. */
    if (!is_possible || sf->was_asked || !attacks[which].act(sf, &w, &payload_bytes, rng)) {
        return;
    }
    sim_packet *p = to_host(h, &sf->t.remote, &sf->t.local, &w, payload_bytes);
    belief before = belief_of(sf);
    mpt_store store = {0};
    p->segment.payload = h->world->scenario.is_sealed ? p->payload : NULL;
    h->world->stats[attacks[which].stat]++;
    mpt_stack_receive(h->stack, &p->segment, &store, h->world->now);
    bool is_there = mpt_conn_find_subflow(h->stack, &sf->t.local, &sf->t.remote) == sf;
    SIM_REQUIRE(is_there && store.conn == NULL, "attack %" PRIu64 ": the subflow is gone, or garbage is stored", which);
    belief after = belief_of(sf);
    SIM_REQUIRE(memcmp(&before, &after, sizeof before) == 0, "attack %" PRIu64 " was believed", which);
    free(p);
    sim_host_settle(h);
}

/* ---- Attacks from nowhere ----------------------------------------------------------------------------------- */

static mpt_wire syn(sim_rng *rng) {
    return (mpt_wire){
        .flags = MPT_SYN, .seq = (uint32_t)sim_rng_u64(rng), .window = 65535, .has_mss = true, .mss = 1460};
}

/** Answers the SYN/ACK that @p sf sends with an HMAC of the wrong key, then with data. */
static void finish_join(sim_host *h, const mpt_endpoint *me, const mpt_endpoint *victim, sim_rng *rng) {
    const mpt_subflow *sf = mpt_conn_find_subflow(h->stack, victim, me);
    if (sf == NULL || sf->t.state != MPT_TCP_SYN_RECEIVED || !sf->is_join) {
        return; /* refused, no memory for it, or there was an ordinary SYN before */
    }
    const mpt_conn *c = sf->conn;
    uint8_t hmac[32];
    mpt_wire w = {
        .flags = MPT_ACK, .seq = sf->t.irs + 1, .ack = sf->t.iss + 1, .window = 65535, .mptcp = 1u << MPT_MP_JOIN};
    mpt_crypto_join_hmac(c->key_remote ^ 1, c->key_local, sf->nonce_remote, sf->nonce_local, hmac);
    w.join.form = MPT_JOIN_ACK;
    memcpy(w.join.hmac, hmac, sizeof w.join.hmac);
    if (sim_rng_below(rng, 4) == 0) {
        w.mptcp = 0; /* or without any */
    }
    SIM_COUNT(h->world->stats, attack_join);
    sim_packet *p = to_host(h, me, victim, &w, 0);
    sim_host_receive(h, p);
    sf = mpt_conn_find_subflow(h->stack, victim, me);
    SIM_REQUIRE(sf == NULL || !sf->is_established, "a join without the key is taken in");
    free(p);
}

static void attack_from_nowhere(sim_world *w) {
    sim_rng *rng = &w->rng;
    sim_host *h = &w->host[SIM_SERVER];
    uint32_t link = (uint32_t)sim_rng_below(rng, w->scenario.link_count),
             app = (uint32_t)sim_rng_below(rng, w->scenario.app_count);
    bool is_ipv6 = w->link[link].settings.is_ipv6;
    mpt_endpoint me = {sim_client_address(link, is_ipv6), (uint16_t)(ATTACKER_PORT + sim_rng_below(rng, 3))};
    mpt_endpoint victim = {sim_server_address(0, is_ipv6), (uint16_t)(5000 + app)};
    const sim_conn *c = h->conn[app];
    mpt_wire s = syn(rng);
    bool is_join = sim_rng_below(rng, 4) != 0 && c != NULL && !c->is_gone && c->conn->is_token_hashed;
    bool has_token = sim_rng_below(rng, 4) != 0;
    if (is_join) {
        s.mptcp = 1u << MPT_MP_JOIN;
        s.join = (mpt_wire_join){.form = MPT_JOIN_SYN,
                                 .address_id = 99,
                                 .nonce = s.seq,
                                 .token = c->conn->token_local ^ (has_token ? 0 : 1)};
    }
    w->stats[!is_join ? SIM_STAT_attack_flood : SIM_STAT_attack_token] += !is_join || !has_token;
    sim_packet *p = to_host(h, &me, &victim, &s, 0);
    sim_host_receive(h, p);
    free(p);
    if (is_join && has_token) {
        finish_join(h, &me, &victim, rng);
    }
}

void sim_attack(sim_world *w, void *object, uint64_t number) {
    (void)object, (void)number;
    if (w->are_faults_over) {
        return;
    }
    sim_host *h = &w->host[sim_rng_below(&w->rng, 2)];
    mpt_subflow *sf = choose(h, &w->rng);
    if (sim_rng_below(&w->rng, 4) == 0) {
        attack_from_nowhere(w);
    } else if (sf != NULL) {
        attack_subflow(h, sf, &w->rng);
    }
    sim_events_add(&w->events, w->now + sim_rng_between(&w->rng, 1, 2 * w->scenario.attack_ns), sim_attack, NULL, 0);
}

/* ---- Forged on the way -------------------------------------------------------------------------------------- */

void sim_receive_forged(sim_world *w, sim_packet *p) {
    sim_host *h = &w->host[p->to];
    const mpt_counters *c = mpt_stack_counters(h->stack);
    mpt_counters before = *c;
    sim_host_receive(h, p);
    SIM_REQUIRE(c->MPJoinSynAckRx - before.MPJoinSynAckRx ==
                    c->MPJoinSynAckHMacFailure - before.MPJoinSynAckHMacFailure,
                "a SYN/ACK with a forged HMAC is believed");
    SIM_REQUIRE(c->MPJoinAckRx - before.MPJoinAckRx == c->MPJoinAckHMacFailure - before.MPJoinAckHMacFailure,
                "an MP_JOIN with a forged HMAC is believed");
    SIM_REQUIRE(c->AddAddr - before.AddAddr == c->AddAddrHMacFailure - before.AddAddrHMacFailure,
                "a forged ADD_ADDR is believed");
    SIM_REQUIRE(c->MPJoinSynRx == before.MPJoinSynRx, "an MP_JOIN with a forged token finds a connection");
}
