/* SPDX-License-Identifier: GPL-2.0-only */
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
    SIM_REQUIRE(box.data_bytes[1][SIM_SERVER] == 0 && box.data_bytes[1][SIM_CLIENT] == 0, "data passed on the forged subflow");
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
    SIM_REQUIRE(box.resets[1][SIM_SERVER] > 0 && box.reset_reason == MPT_RST_MPTCP, "no RST with the reason of RFC 8684 3.2, but %u",
                box.reset_reason);
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->MPJoinRejected == box.resets[1][SIM_SERVER], "a refused join was not counted");
    sim_world_free(w);
}

/** Losing @p box's segment must delay the second subflow, not prevent it. */
static void lost_join(const char *name, sim_box box) {
    sim_scenario s;
    sim_case_two_links(&s, name, 4 * MEGABYTE, 0);
    box.act = sim_do_lose;
    box.times = 2;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(box.acted == 2, "it was sent %u times, and lost twice", box.matched);
    SIM_REQUIRE(box.data_bytes[1][SIM_CLIENT] > 100000, "the second subflow carried %" PRIu64 " bytes", box.data_bytes[1][SIM_CLIENT]);
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

static const sim_case cases[] = {
    SIM_CASE(join_with_bad_token_is_reset),
    SIM_CASE(join_with_bad_synack_hmac_is_reset_and_nothing_else_harmed),
    SIM_CASE(join_with_bad_ack_hmac_is_reset_and_nothing_else_harmed),
    SIM_CASE(join_without_options_is_reset_and_nothing_else_harmed),
    SIM_CASE(join_beyond_the_limit_is_refused),
    SIM_CASE(lost_join_syn_is_repeated),
    SIM_CASE(lost_join_synack_is_repeated),
    SIM_CASE(lost_join_ack_is_repeated),
};
SIM_CASES(join)
