/* SPDX-License-Identifier: GPL-2.0-or-later */
/** cases_join.c: subflows that join: authentication, limits, losses of the handshake (RFC 8684 3.2). */
#include <inttypes.h>

#include "cases.h"

/** The forged segment ends its subflow, and only that. */
static void forged_join(const char *name, sim_box box, int resetter, uint32_t reason) {
    sim_scenario s;
    sim_case_two_links(&s, name, MEGABYTE, MEGABYTE);
    snprintf(s.settings[SIM_CLIENT].conn.scheduler, MPT_NAME_BYTES, "roundrobin");
    box.act = sim_do_forge;
    box.times = 1000;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(box.acted > 0, "there was no join to forge");
    SIM_REQUIRE(box.resets[1][resetter] > 0, "the join was not reset");
    SIM_REQUIRE(box.reset_reason == reason, "reset for reason %u, not %u", box.reset_reason, reason);
    SIM_REQUIRE(box.data_bytes[1][SIM_SERVER] == 0 && box.data_bytes[1][SIM_CLIENT] == 0,
                "data passed on the forged subflow");
    sim_world_free(w);
}

static void join_with_bad_token_is_reset(const char *name) {
    forged_join(name, (sim_box){.matches = sim_is_join_syn}, SIM_SERVER, MPT_RST_MPTCP);
}

static void join_with_bad_synack_hmac_is_reset_and_nothing_else_harmed(const char *name) {
    forged_join(name, (sim_box){.matches = sim_is_join_synack}, SIM_CLIENT, MPT_RST_MPTCP);
}

static void join_with_bad_ack_hmac_is_reset_and_nothing_else_harmed(const char *name) {
    forged_join(name, (sim_box){.matches = sim_is_join_ack}, SIM_SERVER, MPT_RST_MPTCP);
}

static void join_without_options_is_reset_and_nothing_else_harmed(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, MEGABYTE, MEGABYTE);
    s.link[1].strip = SIM_STRIP_SYNACK;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(box.resets[1][SIM_CLIENT] > 0 && box.data_bytes[1][SIM_CLIENT] == 0, "the join was not reset");
    sim_world_free(w);
}

static void join_beyond_the_limit_is_refused(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, MEGABYTE, MEGABYTE);
    s.settings[SIM_SERVER].conn.subflows_max = 1;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(box.resets[1][SIM_SERVER] > 0 && box.reset_reason == MPT_RST_MPTCP,
                "no RST with the reason of RFC 8684 3.2, but %u", box.reset_reason);
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->MPJoinRejected == box.resets[1][SIM_SERVER],
                "a refused join was not counted");
    sim_world_free(w);
}

/** Losing @p box's segment must delay the second subflow, not prevent it. */
static void lost_join(const char *name, sim_box box) {
    sim_scenario s;
    sim_case_two_links(&s, name, 8 * MEGABYTE, 0);
    box.act = sim_do_lose;
    box.times = 2;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(box.acted == 2, "it was sent %u times, and lost twice", box.matched);
    SIM_REQUIRE(box.data_bytes[1][SIM_CLIENT] > 100000, "the second subflow carried %" PRIu64 " bytes",
                box.data_bytes[1][SIM_CLIENT]);
    sim_world_free(w);
}

static void lost_join_syn_is_repeated(const char *name) {
    lost_join(name, (sim_box){.matches = sim_is_join_syn});
}

static void lost_join_synack_is_repeated(const char *name) {
    lost_join(name, (sim_box){.matches = sim_is_join_synack});
}

static void lost_join_ack_is_repeated(const char *name) {
    lost_join(name, (sim_box){.matches = sim_is_join_ack});
}

/* ---- Who joins, and where ------------------------------------------------------------------------------------ */

static mpt_subflow_info subflow_of(const sim_world *w, int side, uint32_t index) {
    mpt_subflow_info info;
    SIM_REQUIRE(mpt_conn_get_subflow_info(w->host[side].conn[0]->conn, index, &info), "there is no subflow %u", index);
    return info;
}

static void join_from_the_server_to_an_announced_address(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 0, 4 * MEGABYTE);
    s.client_signals = true;
    s.settings[SIM_SERVER].conn.join_from_server = true;
    snprintf(s.settings[SIM_CLIENT].conn.path_manager, MPT_NAME_BYTES, "none");
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->MPJoinSynTx == 1 &&
                    sim_case_counters(w, SIM_CLIENT)->MPJoinAckRx == 1,
                "the server did not join");
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->MPJoinSynTx == 0, "the client joined");
    SIM_REQUIRE(box.data_bytes[1][SIM_SERVER] > 1000000, "the join carried %" PRIu64 " bytes",
                box.data_bytes[1][SIM_SERVER]);
    sim_world_free(w);
}

/** Both ends join the same pair; both subflows stay, and no further SYN follows. */
static void joins_from_both_ends_for_the_same_addresses(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 2 * MEGABYTE, 2 * MEGABYTE);
    s.client_signals = true;
    s.settings[SIM_SERVER].conn.join_from_server = true;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 1 * MPT_S);
    for (int side = 0; side < 2; side++) {
        SIM_REQUIRE(sim_case_info(w, side).subflow_count == 3, "%u subflows", sim_case_info(w, side).subflow_count);
        SIM_REQUIRE(sim_case_counters(w, side)->MPJoinSynTx == 1, "%" PRIu64 " joins",
                    sim_case_counters(w, side)->MPJoinSynTx);
        SIM_REQUIRE(sim_case_counters(w, side)->OutRsts == 0, "something was reset");
    }
    sim_case_finish(w);
}

static void both_ends_know_a_subflow_by_the_same_ids(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, MEGABYTE, MEGABYTE);
    s.server_address_count = 2;
    s.server_signals = true;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 500 * MPT_MS);
    SIM_REQUIRE(sim_case_info(w, SIM_CLIENT).subflow_count == 4, "%u subflows",
                sim_case_info(w, SIM_CLIENT).subflow_count);
    for (uint32_t i = 0; i < 4; i++) {
        mpt_subflow_info mine = subflow_of(w, SIM_CLIENT, i), theirs = subflow_of(w, SIM_SERVER, 0);
        for (uint32_t j = 1;
             theirs.remote.port != mine.local.port || !mpt_addr_equal(&theirs.remote.addr, &mine.local.addr); j++) {
            theirs = subflow_of(w, SIM_SERVER, j);
        }
        mpt_addr first_client = sim_client_address(0, false), first_server = sim_server_address(0, false);
        SIM_REQUIRE(mine.address_id_local == theirs.address_id_remote &&
                        mine.address_id_remote == theirs.address_id_local,
                    "subflow %u has ids %u and %u at the client, %u and %u at the server", i, mine.address_id_local,
                    mine.address_id_remote, theirs.address_id_remote, theirs.address_id_local);
        SIM_REQUIRE((mine.address_id_local == 0) == mpt_addr_equal(&mine.local.addr, &first_client) &&
                        (mine.address_id_remote == 0) == mpt_addr_equal(&mine.remote.addr, &first_server),
                    "id 0 is not that of the initial subflow's addresses");
    }
    sim_case_finish(w);
}

static void announced_address_and_port_carry_data(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_scenario_default(&s, name, 1);
    s.server_address_count = 2;
    s.server_signals = true;
    s.server_port = 6000;
    s.app[0].side[SIM_SERVER].bytes = 2 * MEGABYTE;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 1000 * MPT_MS);
    SIM_REQUIRE(sim_case_info(w, SIM_CLIENT).subflow_count == 2, "%u subflows",
                sim_case_info(w, SIM_CLIENT).subflow_count);
    mpt_subflow_info joined = subflow_of(w, SIM_CLIENT, 1);
    SIM_REQUIRE(joined.remote.port == 6000 && joined.bytes_received > 50000, "port %u carried %" PRIu64 " bytes",
                joined.remote.port, joined.bytes_received);
    const mpt_counters *c = sim_case_counters(w, SIM_CLIENT), *server = sim_case_counters(w, SIM_SERVER);
    SIM_REQUIRE(c->PortAdd == 1 && c->MPJoinPortSynAckRx == 1 && server->MPJoinPortSynRx == 1 &&
                    server->MPJoinPortAckRx == 1,
                "the port was not counted");
    sim_case_finish(w);
}

static const sim_case cases[] = {
    SIM_CASE(join_with_bad_token_is_reset),
    SIM_CASE(join_with_bad_synack_hmac_is_reset_and_nothing_else_harmed),
    SIM_CASE(join_with_bad_ack_hmac_is_reset_and_nothing_else_harmed),
    SIM_CASE(join_without_options_is_reset_and_nothing_else_harmed),
    SIM_CASE(join_beyond_the_limit_is_refused),
    SIM_CASE(lost_join_syn_is_repeated),
    SIM_CASE(lost_join_synack_is_repeated),
    SIM_CASE(lost_join_ack_is_repeated),
    SIM_CASE(join_from_the_server_to_an_announced_address),
    SIM_CASE(joins_from_both_ends_for_the_same_addresses),
    SIM_CASE(both_ends_know_a_subflow_by_the_same_ids),
    SIM_CASE(announced_address_and_port_carry_data),
};
SIM_CASES(join)
