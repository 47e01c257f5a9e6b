/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * cases_security.c: attacks (RFC 6181, RFC 7430, RFC 8684 section 5, RFC 5961) by a third host. In each the victims' data arrive
 * whole, which the simulator checks, what was refused is counted, and memory stays within bounds.
 */
#include <inttypes.h>
#include <string.h>

#include "cases.h"
#include "wire/mpt_crypto.h"
#include "sim_stranger.h"

static const mpt_wire plain_syn = {
    .source_port = 4000, .destination_port = 5000, .flags = MPT_SYN, .window = 65535, .has_mss = true, .mss = 1460};

/** Two links, 6 MB from the client: 2.5 s. */
static sim_world *bulk(const char *name, sim_stranger *a) {
    sim_scenario s;
    sim_case_two_links(&s, name, 6 * MEGABYTE, 0);
    return sim_stranger_world(&s, a);
}

/** An MP_JOIN SYN with @p token, from the attacker's port @p port. */
static mpt_wire join_syn(uint32_t token, uint16_t port) {
    mpt_wire w = plain_syn;
    w.source_port = port;
    w.mptcp = 1u << MPT_MP_JOIN;
    w.join = (mpt_wire_join){.form = MPT_JOIN_SYN, .address_id = 77, .token = token, .nonce = 12345};
    return w;
}

/* ---- Joins -------------------------------------------------------------------------------------------------- */

static void forged_joins_with_guessed_tokens_get_nothing(const char *name) {
    sim_stranger a = {0};
    sim_world *w = bulk(name, &a);
    sim_world_run_until(w, 500 * MPT_MS);
    uint64_t bytes = w->host[SIM_SERVER].memory.bytes;
    for (uint32_t i = 0; i < 1000; i++) {
        mpt_wire syn = join_syn(i * 2654435761u, (uint16_t)(4000 + i));
        sim_stranger_send(&a, i, &syn);
        sim_world_run_until(w, 500 * MPT_MS + i * MPT_MS);
    }
    sim_world_run_until(w, 1600 * MPT_MS);
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->MPJoinNoTokenFound == 1000, "%" PRIu64 " were counted",
                sim_case_counters(w, SIM_SERVER)->MPJoinNoTokenFound);
    SIM_REQUIRE(a.resets == 1000 && a.answer.tcprst.reason == MPT_RST_MPTCP, "%u were reset", a.resets);
    SIM_REQUIRE(w->host[SIM_SERVER].memory.bytes < bytes + 100000, "memory was kept for them");
    sim_stranger_finish(&a);
}

/** The SYN and the third ACK of a join, seen before, from another address: the nonce of the SYN/ACK is another now. */
static void replayed_join_is_refused(const char *name) {
    sim_stranger a = {0};
    sim_world *w = bulk(name, &a);
    sim_world_run_until(w, 500 * MPT_MS);
    mpt_wire syn = sim_stranger_decode(a.loot[SIM_LOOT_JOIN_SYN][1]),
             ack = sim_stranger_decode(a.loot[SIM_LOOT_JOIN_ACK][1]);
    sim_stranger_send(&a, 1, &syn);
    sim_world_run_until(w, 600 * MPT_MS);
    SIM_REQUIRE(a.answers == 1 && (a.answer.mptcp & 1u << MPT_MP_JOIN), "the SYN was not answered");
    ack.ack = a.answer.seq + 1;
    ack.ts_echo = a.answer.ts_value;
    sim_stranger_send(&a, 1, &ack);
    sim_world_run_until(w, 700 * MPT_MS);
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->MPJoinAckHMacFailure == 1, "the old HMAC was not refused");
    SIM_REQUIRE(a.resets == 1 && a.answer.tcprst.reason == MPT_RST_MPTCP, "it was not reset");
    SIM_REQUIRE(sim_case_info(w, SIM_SERVER).subflow_count == 2, "%u subflows",
                sim_case_info(w, SIM_SERVER).subflow_count);
    sim_stranger_finish(&a);
    SIM_REQUIRE(a.payload_bytes == 0, "the attacker was sent %u bytes", a.payload_bytes);
}

static void join_replayed_under_its_own_address_is_challenged(const char *name) {
    sim_stranger a = {0};
    sim_world *w = bulk(name, &a);
    sim_world_run_until(w, 500 * MPT_MS);
    for (uint32_t i = 0; i < 50; i++) {
        sim_stranger_replay(&a, a.loot[SIM_LOOT_JOIN_SYN][1]);
        sim_stranger_replay(&a, a.loot[SIM_LOOT_JOIN_ACK][1]);
    }
    sim_world_run_until(w, 1000 * MPT_MS);
    SIM_REQUIRE(sim_case_info(w, SIM_SERVER).subflow_count == 2 && sim_case_counters(w, SIM_SERVER)->EstabResets == 0,
                "the subflow was disturbed");
    sim_stranger_finish(&a);
}

/** Who knows the token, but no key, fills the room for subflows, and no more; when it tires, joins are possible again. */
static void half_open_joins_are_bounded_and_pass(const char *name) {
    sim_stranger a = {0};
    sim_scenario s;
    sim_scenario_default(&s, name, 1);
    s.link_count = 2;
    s.app[0].side[SIM_CLIENT].bytes = 60 * MEGABYTE;
    sim_world *w = sim_stranger_world(&s, &a);
    sim_world_run_until(w, 500 * MPT_MS);
    uint32_t token = sim_case_info(w, SIM_SERVER).token_local, room = s.settings[SIM_SERVER].conn.subflows_max - 2;
    uint64_t bytes = w->host[SIM_SERVER].memory.bytes;
    for (uint32_t i = 0; i < 1000; i++) {
        mpt_wire syn = join_syn(token, (uint16_t)(4000 + i));
        sim_stranger_send(&a, i, &syn);
        sim_world_run_until(w, 500 * MPT_MS + i * MPT_MS);
    }
    sim_world_run_until(w, 1600 * MPT_MS);
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->MPJoinRejected == 1000 - room, "%" PRIu64 " were refused",
                sim_case_counters(w, SIM_SERVER)->MPJoinRejected);
    SIM_REQUIRE(w->host[SIM_SERVER].memory.bytes < bytes + room * 8000 + 100000, "%" PRIu64 " bytes were taken",
                w->host[SIM_SERVER].memory.bytes - bytes);
    sim_world_address(w, 1, false);
    sim_world_run_until(w, 20 * MPT_S); /* SYN/ACKs after 1, 2, 4 and 8 s */
    SIM_REQUIRE(sim_case_info(w, SIM_SERVER).subflow_count == 1, "%u subflows",
                sim_case_info(w, SIM_SERVER).subflow_count);
    sim_world_address(w, 1, true);
    sim_world_run_until(w, 21 * MPT_S);
    SIM_REQUIRE(sim_case_info(w, SIM_SERVER).subflow_count == 2, "a genuine join was refused");
    sim_stranger_finish(&a);
}

/* ---- Addresses ---------------------------------------------------------------------------------------------- */

static void forged_announcement_makes_no_join(const char *name) {
    sim_stranger a = {0};
    sim_world *w = bulk(name, &a);
    sim_world_run_until(w, 500 * MPT_MS);
    for (uint32_t i = 0; i < 100; i++) {
        mpt_wire ack = sim_stranger_next(&a, 0, SIM_SERVER);
        ack.mptcp = 1u << MPT_ADD_ADDR;
        ack.add_addr = (mpt_wire_add_addr){
            .id = (uint8_t)(i + 1), .addr = sim_stranger_address(1), .hmac = i * UINT64_C(0x9e3779b97f4a7c15)};
        sim_stranger_spoof(&a, 0, SIM_SERVER, &ack, NULL, 0);
        sim_world_run_until(w, 500 * MPT_MS + i * MPT_MS);
    }
    sim_world_run_until(w, 1000 * MPT_MS);
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->AddAddrHMacFailure == 100, "%" PRIu64 " were counted",
                sim_case_counters(w, SIM_CLIENT)->AddAddrHMacFailure);
    SIM_REQUIRE(a.answers == 0, "the attacker was sent %u segments", a.answers);
    sim_stranger_finish(&a);
}

/** An announcement that was seen is sent again and again: the host does not become a source of SYNs to whoever is there. */
static void replayed_announcement_is_no_flood_of_syns(const char *name) {
    sim_stranger a = {.loses_joins = true};
    sim_scenario s;
    sim_scenario_default(&s, name, 1);
    s.server_address_count = 2;
    s.server_signals = true;
    s.app[0].side[SIM_SERVER].bytes = 4 * MEGABYTE;
    sim_world *w = sim_stranger_world(&s, &a);
    sim_world_run_until(w, 500 * MPT_MS);
    for (uint32_t i = 0; i < 2000; i++) {
        mpt_wire ack = sim_stranger_next(&a, 0, SIM_SERVER);
        ack.mptcp = 1u << MPT_ADD_ADDR;
        ack.add_addr = sim_stranger_decode(a.loot[SIM_LOOT_ADD_ADDR][0]).add_addr;
        sim_stranger_spoof(&a, 0, SIM_SERVER, &ack, NULL, 0);
        sim_world_run_until(w, 500 * MPT_MS + i * MPT_MS);
    }
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->AddAddr > 1000, "the announcements did not arrive");
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->MPJoinSynTx <= 4, "%" PRIu64 " SYNs in 2.5 s",
                sim_case_counters(w, SIM_CLIENT)->MPJoinSynTx);
    sim_stranger_finish(&a);
}

/** A peer without manners: announcements, well made, of ever new ids and addresses. */
static void announcements_without_end_are_bounded(const char *name) {
    sim_stranger a = {0};
    sim_world *w = bulk(name, &a);
    sim_world_run_until(w, 500 * MPT_MS);
    mpt_wire_capable keys = sim_stranger_decode(a.loot[SIM_LOOT_KEYS][0]).capable;
    uint64_t bytes = w->host[SIM_CLIENT].memory.bytes;
    for (uint32_t i = 1; i <= 1000; i++) {
        mpt_wire ack = sim_stranger_next(&a, 0, SIM_SERVER);
        mpt_addr addr = sim_stranger_address(i);
        ack.mptcp = 1u << MPT_ADD_ADDR;
        ack.add_addr = (mpt_wire_add_addr){.id = (uint8_t)i, .addr = addr};
        ack.add_addr.hmac = mpt_crypto_add_addr_hmac(keys.receiver_key, keys.sender_key, ack.add_addr.id, &addr, 0);
        sim_stranger_spoof(&a, 0, SIM_SERVER, &ack, NULL, 0);
        sim_world_run_until(w, 500 * MPT_MS + i * MPT_MS);
    }
    const mpt_counters *c = sim_case_counters(w, SIM_CLIENT);
    SIM_REQUIRE(c->AddAddrHMacFailure == 0 && c->AddAddrDrop > 900, "%" PRIu64 " announcements were dropped",
                c->AddAddrDrop);
    SIM_REQUIRE(sim_case_info(w, SIM_CLIENT).subflow_count <= w->scenario.settings[SIM_CLIENT].conn.subflows_max,
                "too many subflows");
    SIM_REQUIRE(a.answers < 40, "%u SYNs to addresses that nobody vouches for", a.answers);
    SIM_REQUIRE(w->host[SIM_CLIENT].memory.bytes < bytes + 200000, "%" PRIu64 " bytes were taken",
                w->host[SIM_CLIENT].memory.bytes - bytes);
    sim_stranger_finish(&a);
}

static void announcement_of_one_s_own_address_makes_no_join(const char *name) {
    sim_stranger a = {0};
    sim_world *w = bulk(name, &a);
    sim_world_run_until(w, 500 * MPT_MS);
    mpt_wire_capable keys = sim_stranger_decode(a.loot[SIM_LOOT_KEYS][0]).capable;
    mpt_wire ack = sim_stranger_next(&a, 0, SIM_SERVER);
    mpt_addr addr = sim_client_address(1, false);
    ack.mptcp = 1u << MPT_ADD_ADDR;
    ack.add_addr = (mpt_wire_add_addr){.id = 9, .addr = addr};
    ack.add_addr.hmac = mpt_crypto_add_addr_hmac(keys.receiver_key, keys.sender_key, 9, &addr, 0);
    sim_stranger_spoof(&a, 0, SIM_SERVER, &ack, NULL, 0);
    sim_world_run_until(w, 1000 * MPT_MS);
    for (uint32_t i = 0; i < sim_case_info(w, SIM_CLIENT).subflow_count; i++) {
        mpt_subflow_info info;
        mpt_conn_get_subflow_info(w->host[SIM_CLIENT].conn[0]->conn, i, &info);
        SIM_REQUIRE(!mpt_addr_equal(&info.local.addr, &info.remote.addr), "the client joined itself");
    }
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->AddAddr == 1 &&
                    sim_case_counters(w, SIM_CLIENT)->AddAddrHMacFailure == 0,
                "the announcement was not heard");
    sim_stranger_finish(&a);
}

/** Who can write into one subflow must not be able to end the others (RFC 8684 3.4.2). */
static void forged_removal_does_not_end_subflows_that_work(const char *name) {
    sim_stranger a = {0};
    sim_world *w = bulk(name, &a);
    sim_world_run_until(w, 500 * MPT_MS);
    mpt_wire ack = sim_stranger_next(&a, 0, SIM_CLIENT);
    ack.mptcp = 1u << MPT_REMOVE_ADDR;
    ack.remove_addr.count = 255 / 8;
    for (uint8_t id = 0; id < ack.remove_addr.count; id++) {
        ack.remove_addr.ids[id] = id;
    }
    ack.has_timestamps = false;
    sim_stranger_spoof(&a, 0, SIM_CLIENT, &ack, NULL, 0);
    sim_world_run_until(w, 2200 * MPT_MS);
    const mpt_counters *c = sim_case_counters(w, SIM_SERVER);
    SIM_REQUIRE(c->RmAddr == 31 && c->RmAddrDrop == 29, "the option was not read");
    SIM_REQUIRE(c->RmSubflow == 0 && sim_case_info(w, SIM_SERVER).subflow_count == 2, "subflows were ended");
    sim_stranger_finish(&a);
}

/* ---- Ends ---------------------------------------------------------------------------------------------------- */

static void forged_fast_close_ends_no_connection(const char *name) {
    sim_stranger a = {0};
    sim_world *w = bulk(name, &a);
    sim_world_run_until(w, 500 * MPT_MS);
    for (uint32_t i = 0; i < 200; i++) {
        mpt_wire bad = sim_stranger_next(&a, i % 2, SIM_SERVER);
        bad.flags = i < 100 ? MPT_ACK : MPT_RST | MPT_ACK;
        bad.mptcp = 1u << MPT_MP_FASTCLOSE;
        bad.fastclose_key = i * UINT64_C(0x9e3779b97f4a7c15);
        bad.seq += i < 100 ? 0 : 1; /* an RST with the right number is believed as such, of its subflow */
        sim_stranger_spoof(&a, i % 2, SIM_SERVER, &bad, NULL, 0);
        sim_world_run_until(w, 500 * MPT_MS + i * MPT_MS);
    }
    sim_world_run_until(w, 1000 * MPT_MS);
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->MPFastcloseKeyFailure == 200, "%" PRIu64 " wrong keys were counted",
                sim_case_counters(w, SIM_CLIENT)->MPFastcloseKeyFailure);
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->EstabResets == 0, "a subflow was ended");
    sim_stranger_finish(&a);
}

/** The four-tuple is known, the numbers are guessed: 5,000 segments of @p flags. */
static void blind(const char *name, uint8_t flags, uint32_t payload_bytes) {
    static const uint8_t junk[1000] = {'X'};
    sim_stranger a = {0};
    sim_world *w = bulk(name, &a);
    sim_world_run_until(w, 500 * MPT_MS);
    sim_rng guess = {.state = 99};
    for (uint32_t i = 0; i < 5000; i++) {
        mpt_wire bad = sim_stranger_next(&a, i % 2, SIM_CLIENT);
        bool is_near = i % 5 == 0; /* some within the window, but not at its edge */
        bad.seq = is_near ? bad.seq + 1 + (uint32_t)sim_rng_below(&guess, 1000000)
                          : (uint32_t)sim_rng_below(&guess, UINT32_MAX);
        bad.ack = (uint32_t)sim_rng_below(&guess, UINT32_MAX);
        bad.flags = flags;
        bad.mptcp = payload_bytes > 0 ? 1u << MPT_DSS : 0;
        bad.dss = (mpt_wire_dss){.has_map = true,
                                 .is_dsn64 = true,
                                 .dsn = (uint64_t)guess.state,
                                 .ssn = 1,
                                 .length = (uint16_t)payload_bytes};
        sim_stranger_spoof(&a, i % 2, SIM_CLIENT, &bad, junk, payload_bytes);
        sim_world_run_until(w, 500 * MPT_MS + i * 200 * MPT_US);
    }
    sim_world_run_until(w, 1600 * MPT_MS);
    const mpt_counters *c = sim_case_counters(w, SIM_SERVER);
    SIM_REQUIRE(c->EstabResets == 0 && sim_case_info(w, SIM_SERVER).subflow_count == 2, "a subflow was ended");
    SIM_REQUIRE(c->TCPChallengeACK > 100 && c->TCPChallengeACK <= 3000, "%" PRIu64 " challenges", c->TCPChallengeACK);
    sim_stranger_finish(&a);
}

static void blind_resets_are_challenged(const char *name) {
    blind(name, MPT_RST, 0);
}

static void blind_syns_are_challenged(const char *name) {
    blind(name, MPT_SYN, 0);
}

static void blind_data_are_refused(const char *name) {
    blind(name, MPT_ACK | MPT_PSH, 100);
}

static void challenges_are_limited(const char *name) {
    sim_stranger a = {0};
    sim_scenario s;
    sim_case_two_links(&s, name, 6 * MEGABYTE, 0);
    s.settings[SIM_SERVER].challenge_acks_per_s = 10;
    sim_world *w = sim_stranger_world(&s, &a);
    sim_world_run_until(w, 500 * MPT_MS);
    for (uint32_t i = 0; i < 1000; i++) {
        mpt_wire bad = sim_stranger_next(&a, 0, SIM_CLIENT);
        bad.seq += 100000;
        bad.flags = MPT_RST;
        sim_stranger_spoof(&a, 0, SIM_CLIENT, &bad, NULL, 0);
        sim_world_run_until(w, 500 * MPT_MS + i * MPT_MS);
    }
    sim_world_run_until(w, 1600 * MPT_MS);
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->TCPChallengeACK <= 20, "%" PRIu64 " challenges in 1.1 s",
                sim_case_counters(w, SIM_SERVER)->TCPChallengeACK);
    sim_stranger_finish(&a);
}

/* ---- Floods --------------------------------------------------------------------------------------------------- */

/** @p limit half-open connections are kept, each until its SYN/ACK was sent seven times; then clients are served again. */
static void syn_flood(const char *name, bool is_mptcp, uint32_t half_open_max, uint32_t limit) {
    sim_stranger a = {0};
    sim_scenario s;
    sim_scenario_default(&s, name, 1);
    s.app[0].start_ns = 300 * MPT_S;
    s.app[0].side[SIM_CLIENT].bytes = MEGABYTE;
    s.delivery_ns = 310 * MPT_S;
    s.settings[SIM_SERVER].half_open_max = half_open_max;
    sim_world *w = sim_stranger_world(&s, &a);
    uint64_t bytes = w->host[SIM_SERVER].memory.bytes;
    for (uint32_t i = 0; i < 5000; i++) {
        mpt_wire syn = plain_syn;
        syn.mptcp = is_mptcp ? 1u << MPT_MP_CAPABLE : 0;
        syn.capable = (mpt_wire_capable){.version = 1, .flags = MPT_CAPABLE_H};
        sim_stranger_send(&a, i, &syn);
        sim_world_run_until(w, i * 200 * MPT_US);
    }
    sim_world_run_until(w, 2 * MPT_S);
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->ListenOverflows == 5000 - limit, "%" PRIu64 " SYNs were dropped",
                sim_case_counters(w, SIM_SERVER)->ListenOverflows);
    SIM_REQUIRE(w->host[SIM_SERVER].memory.bytes_max < bytes + limit * 32000, "%" PRIu64 " bytes for %u connections",
                w->host[SIM_SERVER].memory.bytes_max - bytes, limit);
    sim_world_run_until(w, 299 * MPT_S);
    SIM_REQUIRE(w->host[SIM_SERVER].memory.bytes <= bytes + 10000, "half-open connections are kept for ever");
    SIM_REQUIRE(a.answers == limit * 7, "%u SYN/ACKs for %u connections", a.answers, limit);
    sim_stranger_finish(&a);
}

static void half_open_connections_are_bounded(const char *name) {
    syn_flood(name, true, 1024, 16);
    syn_flood(name, true, 5, 5);
    syn_flood(name, false, 5, 5);
}

/** Every other byte of the stream, in segments of one byte, while the first is missing. */
static void every_other_byte_fills_no_memory(const char *name) {
    sim_stranger a = {.lose_data_from_ns = 1 * MPT_S, .lose_data_until_ns = 8 * MPT_S};
    sim_scenario s;
    sim_scenario_default(&s, name, 1);
    s.link[0].rate_bps = 0;
    s.link[0].queue_bytes_max = 100 * MEGABYTE;
    s.app[0].side[SIM_CLIENT].bytes = MEGABYTE;
    s.app[0].side[SIM_SERVER].read_pause_ns = 100 * MPT_MS;
    s.app[0].side[SIM_SERVER].read_bytes_max = 10000; /* lasts 10 s: the stream is not over when the attack begins */
    s.settings[SIM_SERVER].conn.receive_buffer_bytes = 300000;
    sim_world *w = sim_stranger_world(&s, &a);
    sim_world_run_until(w, 2 * MPT_S);
    mpt_wire next = sim_stranger_next(&a, 0, SIM_CLIENT);
    mpt_conn_info info = sim_case_info(w, SIM_SERVER);
    mpt_wire server = sim_stranger_decode(a.last[0][SIM_SERVER]);
    uint64_t first = info.bytes_received, bytes = w->host[SIM_SERVER].memory.bytes;
    uint32_t base = server.ack; /* the server's RCV.NXT: the byte at it stays missing */
    for (uint32_t i = 0; i < 40000; i++) {
        uint64_t offset = first + 1 + 2 * i;
        uint8_t byte = sim_pattern(SIM_CLIENT, 0, offset);
        mpt_wire w1 = next;
        w1.seq = base + 1 + 2 * i;
        w1.mptcp = 1u << MPT_DSS;
        w1.dss = (mpt_wire_dss){.has_map = true, .dsn = (uint32_t)(server.dss.ack + 1 + 2 * i), .ssn = 0, .length = 1};
        w1.dss.ssn = (uint32_t)(first + 2 + 2 * i); /* one subflow: its numbers are those of the stream, and 1 */
        sim_stranger_spoof(&a, 0, SIM_CLIENT, &w1, &byte, 1);
        if (i % 100 == 0) {
            sim_world_run_until(w, 2 * MPT_S + i * 20 * MPT_US);
        }
    }
    sim_world_run_until(w, 3 * MPT_S);
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->TCPOFODrop > 30000, "%" PRIu64 " were dropped",
                sim_case_counters(w, SIM_SERVER)->TCPOFODrop);
    SIM_REQUIRE(w->host[SIM_SERVER].memory.bytes_max < bytes + 400000, "%" PRIu64 " bytes were taken",
                w->host[SIM_SERVER].memory.bytes_max - bytes);
    sim_stranger_finish(&a);
}

/* ---- Secrets --------------------------------------------------------------------------------------------------- */

typedef struct secrets {
    uint64_t key[2];
    uint32_t nonce, isn;
} secrets;

static secrets secrets_of(const char *name, uint64_t seed) {
    sim_stranger a = {0};
    sim_scenario s;
    sim_case_two_links(&s, name, 100000, 0);
    for (int side = 0; side < 2; side++) {
        s.settings[side].seed = seed + (uint64_t)side;
    }
    sim_world *w = sim_stranger_world(&s, &a);
    sim_world_run_until(w, 500 * MPT_MS);
    mpt_wire keys = sim_stranger_decode(a.loot[SIM_LOOT_KEYS][0]),
             join = sim_stranger_decode(a.loot[SIM_LOOT_JOIN_SYN][1]);
    secrets found = {{keys.capable.sender_key, keys.capable.receiver_key}, join.join.nonce, keys.seq};
    sim_stranger_finish(&a);
    return found;
}

static void keys_and_nonces_come_from_the_seed(const char *name) {
    secrets first = secrets_of(name, 10), same = secrets_of(name, 10), other = secrets_of(name, 20);
    SIM_REQUIRE(memcmp(first.key, same.key, sizeof first.key) == 0 && first.nonce == same.nonce &&
                    first.isn == same.isn,
                "one seed, two keys");
    SIM_REQUIRE(first.key[0] != other.key[0] && first.key[1] != other.key[1] && first.key[0] != first.key[1],
                "two seeds, one key");
    SIM_REQUIRE(first.nonce != other.nonce && first.isn != other.isn, "two seeds, one nonce or sequence number");
}

static const sim_case cases[] = {
    SIM_CASE(forged_joins_with_guessed_tokens_get_nothing),
    SIM_CASE(replayed_join_is_refused),
    SIM_CASE(join_replayed_under_its_own_address_is_challenged),
    SIM_CASE(half_open_joins_are_bounded_and_pass),
    SIM_CASE(forged_announcement_makes_no_join),
    SIM_CASE(replayed_announcement_is_no_flood_of_syns),
    SIM_CASE(announcements_without_end_are_bounded),
    SIM_CASE(announcement_of_one_s_own_address_makes_no_join),
    SIM_CASE(forged_removal_does_not_end_subflows_that_work),
    SIM_CASE(forged_fast_close_ends_no_connection),
    SIM_CASE(blind_resets_are_challenged),
    SIM_CASE(blind_syns_are_challenged),
    SIM_CASE(blind_data_are_refused),
    SIM_CASE(challenges_are_limited),
    SIM_CASE(half_open_connections_are_bounded),
    SIM_CASE(every_other_byte_fills_no_memory),
    SIM_CASE(keys_and_nonces_come_from_the_seed),
};
SIM_CASES(security)
