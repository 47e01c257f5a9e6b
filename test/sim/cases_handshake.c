/* SPDX-License-Identifier: GPL-2.0-only */
/** cases_handshake.c: the initial handshake: what is lost of it, refused or never answered (RFC 8684 3.1). */
#include "cases.h"

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
    SIM_CASE(unanswered_syn_ends_in_a_timeout),
    SIM_CASE(refused_syn_is_told),
};
SIM_CASES(handshake)
