/* SPDX-License-Identifier: GPL-2.0-or-later */
/** cases_handshake.c: the initial handshake: what is lost of it, refused or never answered (RFC 8684 3.1). */
#include <inttypes.h>

#include "cases.h"
#include "stack/mpt_stack.h"

static void lost_handshake(const char *name, sim_box box, mpt_mode mode, mpt_time latest_ns) {
    sim_scenario s;
    sim_scenario_default(&s, name, 1);
    s.app[0].side[SIM_CLIENT].bytes = s.app[0].side[SIM_SERVER].bytes = 4 * MEGABYTE;
    box.act = sim_do_lose;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, latest_ns);
    SIM_REQUIRE(box.acted == box.times, "lost %u times, not %u", box.acted, box.times);
    SIM_REQUIRE(w->host[SIM_CLIENT].conn[0]->connected_at < latest_ns, "not connected in time");
    SIM_REQUIRE(sim_case_info(w, SIM_CLIENT).mode == mode, "mode %d at the client", sim_case_info(w, SIM_CLIENT).mode);
    SIM_REQUIRE(sim_case_info(w, SIM_SERVER).mode == mode, "mode %d at the server", sim_case_info(w, SIM_SERVER).mode);
    sim_case_finish(w);
}

static void lost_syn_is_repeated(const char *name) {
    lost_handshake(name, (sim_box){.matches = sim_is_syn, .times = 2}, MPT_MODE_MPTCP, 3500 * MPT_MS);
}

static void lost_synack_is_repeated(const char *name) {
    lost_handshake(name, (sim_box){.matches = sim_is_synack, .times = 2}, MPT_MODE_MPTCP, 3500 * MPT_MS);
}

static void lost_keys_are_repeated(const char *name) {
    lost_handshake(name, (sim_box){.matches = sim_is_capable_ack, .times = 2}, MPT_MODE_MPTCP, 1500 * MPT_MS);
}

static void syn_with_capable_that_never_arrives_is_sent_without(const char *name) {
    lost_handshake(name, (sim_box){.matches = sim_is_capable_syn, .times = 3}, MPT_MODE_FALLBACK, 7500 * MPT_MS);
}

/* ---- Every combination ---------------------------------------------------------------------------------------- */

/** The four segments of the handshake; the fourth is the first with which the server shows that it has both keys. */
enum { HANDSHAKE_SYN, HANDSHAKE_SYNACK, HANDSHAKE_THIRD, HANDSHAKE_FOURTH, HANDSHAKE_SEGMENTS };
typedef struct handshake_losses {
    uint32_t left[HANDSHAKE_SEGMENTS]; /**< so many of each are still to be lost */
} handshake_losses;

static int handshake_segment(int from, const mpt_wire *w) {
    bool is_syn = w->flags & MPT_SYN;
    if (from == SIM_CLIENT) {
        return is_syn ? HANDSHAKE_SYN : w->mptcp & 1u << MPT_MP_CAPABLE ? HANDSHAKE_THIRD : -1;
    }
    return is_syn ? HANDSHAKE_SYNACK : HANDSHAKE_FOURTH;
}

static bool lose_handshake(sim_world *w, int from, sim_packet *p) {
    handshake_losses *losses = w->filter_user;
    mpt_wire wire = {0};
    mpt_wire_decode(&wire, p->segment.header, p->segment.header_bytes);
    int segment = handshake_segment(from, &wire);
    if (segment < 0 || losses->left[segment] == 0) {
        return true;
    }
    losses->left[segment]--;
    return false;
}

/** Each of the four lost never, once or twice, and each side first to write: always connected, with MPTCP as long as three SYNs are enough. */
static void any_segments_of_the_handshake_may_be_lost(const char *name) {
    static const uint64_t bytes[][2] = {{20000, 0}, {0, 20000}, {20000, 20000}};
    for (uint32_t run = 0; run < 81 * 3 * 2; run++) {
        sim_scenario s;
        char run_name[sizeof s.name];
        handshake_losses losses = {{run % 3, run / 3 % 3, run / 9 % 3, run / 27 % 3}}, all = losses;
        snprintf(run_name, sizeof run_name, "%.40s %u%u%u%u %u", name, all.left[0], all.left[1], all.left[2],
                 all.left[3], run / 81);
        sim_case_two_links(&s, run_name, bytes[run / 81 % 3][0], bytes[run / 81 % 3][1]);
        s.settings[SIM_CLIENT].conn.dss_checksum = run >= 81 * 3;
        sim_world *w = sim_world_new(&s, &(sim_options){.check_every = 1});
        w->filter = lose_handshake;
        w->filter_user = &losses;
        sim_world_run(w);
        mpt_mode mode[2] = {w->host[0].conn[0]->last_info.mode, w->host[1].conn[0]->last_info.mode};
        SIM_REQUIRE(mode[0] == mode[1], "modes %d and %d", mode[0], mode[1]);
        SIM_REQUIRE(mode[0] == MPT_MODE_MPTCP || all.left[HANDSHAKE_SYN] + all.left[HANDSHAKE_SYNACK] > 2, "mode %d",
                    mode[0]);
        sim_world_free(w);
    }
}

/* ---- Version 0 -------------------------------------------------------------------------------------------------- */

/** RFC 6824 with two subflows, an announced address, checksums and losses. */
static void version_0_works_like_version_1(const char *name) {
    for (uint32_t run = 0; run < 20; run++) {
        sim_scenario s;
        sim_box box = {0};
        char run_name[sizeof s.name];
        snprintf(run_name, sizeof run_name, "%.50s %u", name, run);
        sim_case_two_links(&s, run_name, 300000, 300000);
        s.seed = run;
        s.server_address_count = 2;
        s.server_signals = true;
        s.link[0].loss_ppm = s.link[1].loss_ppm = run * 2000;
        s.settings[SIM_CLIENT].conn.version = 0;
        s.settings[SIM_CLIENT].conn.dss_checksum = run % 2;
        s.settings[SIM_SERVER].conn.accept_version_0 = true;
        sim_world *w = sim_case_world(&s, &box);
        sim_world_run(w);
        SIM_REQUIRE(w->host[SIM_CLIENT].conn[0]->last_info.mode == MPT_MODE_MPTCP, "mode %d",
                    w->host[SIM_CLIENT].conn[0]->last_info.mode);
        SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->MPJoinAckRx >= 2, "%" PRIu64 " joins",
                    sim_case_counters(w, SIM_SERVER)->MPJoinAckRx);
        SIM_REQUIRE(box.data_bytes[1][SIM_CLIENT] > 10000, "the second link carried nothing");
        SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->MPRstTx + sim_case_counters(w, SIM_SERVER)->MPRstTx == 0,
                    "MP_TCPRST in version 0");
        sim_world_free(w);
    }
}

/* ---- What SYNs with MP_CAPABLE met before ---------------------------------------------------------------------- */

static void blackhole_is_remembered(const char *name) {
    sim_scenario s;
    sim_box box = {.matches = sim_is_capable_syn, .act = sim_do_lose, .times = 3};
    sim_scenario_default(&s, name, 1);
    s.app_count = 3;
    for (uint32_t i = 0; i < s.app_count; i++) {
        s.app[i].side[SIM_CLIENT].bytes = 1000;
    }
    s.settings[SIM_CLIENT].conn.blackhole_timeout_ns = 30 * MPT_S;
    s.app[1].start_ns = 30 * MPT_S; /* the first is connected at 7.02 s */
    s.app[2].start_ns = 40 * MPT_S;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    const mpt_counters *c = sim_case_counters(w, SIM_CLIENT);
    static const mpt_mode modes[] = {MPT_MODE_FALLBACK, MPT_MODE_FALLBACK, MPT_MODE_MPTCP};
    for (uint32_t i = 0; i < s.app_count; i++) {
        SIM_REQUIRE(w->host[SIM_CLIENT].conn[i]->last_info.mode == modes[i], "connection %u has mode %d", i,
                    w->host[SIM_CLIENT].conn[i]->last_info.mode);
    }
    SIM_REQUIRE(c->MPCapableSYNTXDrop == 1 && c->Blackhole == 1 && c->MPCapableSYNTXDisabled == 1,
                "%" PRIu64 " %" PRIu64 " %" PRIu64, c->MPCapableSYNTXDrop, c->Blackhole, c->MPCapableSYNTXDisabled);
    SIM_REQUIRE(w->host[SIM_CLIENT].stack->blackhole_count == 0, "it is remembered after MP_CAPABLE was answered");
    sim_world_free(w);
}

static void unanswered_syn_ends_in_a_timeout(const char *name) {
    sim_scenario s;
    sim_box box = {.matches = sim_is_any, .act = sim_do_lose, .times = UINT32_MAX};
    sim_scenario_default(&s, name, 1);
    s.app[0].side[SIM_CLIENT].bytes = 1;
    s.expect_delivery = false;
    s.delivery_ns = 600 * MPT_S;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 300 * MPT_S);
    SIM_REQUIRE(w->host[SIM_CLIENT].conn[0]->failure == MPT_ERR_TIMEOUT, "status %s",
                mpt_status_name(w->host[SIM_CLIENT].conn[0]->failure));
    SIM_REQUIRE(box.acted == s.settings[0].conn.syn_retries + 1, "%u SYNs were sent", box.acted);
    sim_case_finish(w);
}

static void refused_syn_is_told(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_scenario_default(&s, name, 1);
    s.expect_delivery = false;
    s.app[0].start_ns = 1 * MPT_S;
    sim_world *w = sim_case_world(&s, &box);
    mpt_listener_close(w->host[SIM_SERVER].listener[0], 0);
    w->host[SIM_SERVER].listener[0] = NULL;
    sim_world_run(w);
    SIM_REQUIRE(w->host[SIM_CLIENT].conn[0]->failure == MPT_ERR_REFUSED, "status %s",
                mpt_status_name(w->host[SIM_CLIENT].conn[0]->failure));
    sim_world_free(w);
}

static const sim_case cases[] = {
    SIM_CASE(lost_syn_is_repeated),
    SIM_CASE(lost_synack_is_repeated),
    SIM_CASE(lost_keys_are_repeated),
    SIM_CASE(syn_with_capable_that_never_arrives_is_sent_without),
    SIM_CASE(any_segments_of_the_handshake_may_be_lost),
    SIM_CASE(version_0_works_like_version_1),
    SIM_CASE(blackhole_is_remembered),
    SIM_CASE(unanswered_syn_ends_in_a_timeout),
    SIM_CASE(refused_syn_is_told),
};
SIM_CASES(handshake)
