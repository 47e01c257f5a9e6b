/* SPDX-License-Identifier: GPL-2.0-or-later */
/** cases_subflow.c: subflows that die, and what becomes of the connection. */
#include "cases.h"

static void kill_link(const char *name, uint32_t link, mpt_time latest_ns) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 3 * MEGABYTE, 3 * MEGABYTE);
    sim_scenario_fault(&s, 1 * MPT_S, SIM_FAULT_KILL, link);
    s.delivery_ns = latest_ns;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(w->link[link].is_dead, "the link was not killed");
    for (int side = 0; side < 2; side++) {
        SIM_REQUIRE(sim_case_counters(w, side)->MPTCPRetrans > 0, "side %d reinjected nothing", side);
    }
    sim_world_free(w);
}

static void data_of_dead_subflow_is_reinjected(const char *name) {
    kill_link(name, 1, 12 * MPT_S);
}

static void blackhole_of_the_initial_subflow_is_survived(const char *name) {
    kill_link(name, 0, 12 * MPT_S);
}

/** @return when the client sent data of the dead first link on the second one */
static mpt_time reinjection_time(const char *name, bool has_probe) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 3 * MEGABYTE, 0);
    s.settings[SIM_CLIENT].conn.tail_loss_probe = has_probe;
    sim_scenario_fault(&s, 1 * MPT_S, SIM_FAULT_KILL, 0);
    sim_world *w = sim_case_world(&s, &box);
    mpt_time at = 1 * MPT_S;
    sim_world_run_until(w, at);
    const mpt_counters *now = sim_case_counters(w, SIM_CLIENT), before = *now;
    while (at < 10 * MPT_S && now->MPTCPRetrans == before.MPTCPRetrans)
        sim_world_run_until(w, at += MPT_MS);
    SIM_REQUIRE((now->TCPLossProbes > before.TCPLossProbes) == has_probe, "tail loss probe");
    sim_world_run(w);
    sim_world_free(w);
    return at;
}

/** A probe puts off a subflow's own timeout (RFC 8985 7.3), by as much as two round trips; the other subflows need not wait for it. */
static void tail_loss_probe_does_not_put_off_reinjection(const char *name) {
    mpt_time with = reinjection_time(name, true), without = reinjection_time(name, false);
    SIM_REQUIRE(without < 10 * MPT_S, "nothing was reinjected");
    SIM_REQUIRE(with == without, "reinjected at %.3f s with a probe, at %.3f s without", with / 1e9, without / 1e9);
}

static void reset_of_one_subflow(const char *name, uint32_t link) {
    sim_scenario s;
    sim_box box = {.matches = sim_is_server_ack_on_link, .act = sim_do_reset, .link = link, .skip = 100, .times = 1};
    sim_case_two_links(&s, name, 4 * MEGABYTE, 0);
    s.delivery_ns = 5 * MPT_S;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->MPTCPRetrans > 0 &&
                    sim_case_counters(w, SIM_CLIENT)->TCPTimeouts == 0,
                "its data were not sent again at once");
    SIM_REQUIRE(box.acted == 1 && sim_case_counters(w, SIM_CLIENT)->EstabResets == 1, "the subflow was not reset");
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->MPJoinSynTx >= 2, "it was not opened again");
    sim_world_free(w);
}

static void reset_of_the_second_subflow_does_not_break_the_connection(const char *name) {
    reset_of_one_subflow(name, 1);
}

static void reset_of_the_initial_subflow_does_not_break_the_connection(const char *name) {
    reset_of_one_subflow(name, 0);
}

static void reset_off_by_some_is_challenged(const char *name) {
    sim_scenario s;
    sim_box box = {.matches = sim_is_server_ack_on_link, .act = sim_do_reset_off_by_some, .skip = 100, .times = 1};
    sim_case_two_links(&s, name, 2 * MEGABYTE, 0);
    s.link_count = 1;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(box.acted == 1, "no RST was made");
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->EstabResets == 0, "the RST was believed");
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->TCPChallengeACK == 1, "the RST was not challenged");
    sim_world_free(w);
}

static void reset_breaks_plain_tcp(const char *name) {
    sim_scenario s;
    sim_box box = {.matches = sim_is_server_ack_on_link, .act = sim_do_reset, .skip = 100, .times = 1};
    sim_scenario_default(&s, name, 1);
    s.app[0].side[SIM_CLIENT].bytes = 2 * MEGABYTE;
    s.settings[SIM_CLIENT].conn.mptcp = false;
    s.expect_delivery = false;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(w->host[SIM_CLIENT].conn[0]->failure == MPT_ERR_RESET, "status %s",
                mpt_status_name(w->host[SIM_CLIENT].conn[0]->failure));
    sim_world_free(w);
}

static const sim_case cases[] = {
    SIM_CASE(data_of_dead_subflow_is_reinjected),
    SIM_CASE(blackhole_of_the_initial_subflow_is_survived),
    SIM_CASE(tail_loss_probe_does_not_put_off_reinjection),
    SIM_CASE(reset_of_the_second_subflow_does_not_break_the_connection),
    SIM_CASE(reset_of_the_initial_subflow_does_not_break_the_connection),
    SIM_CASE(reset_off_by_some_is_challenged),
    SIM_CASE(reset_breaks_plain_tcp),
};
SIM_CASES(subflow)
