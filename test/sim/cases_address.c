/* SPDX-License-Identifier: GPL-2.0-only */
/** cases_address.c: addresses that come, go and are announced; backup (RFC 8684 3.3.8, 3.4). */
#include <inttypes.h>

#include "cases.h"

/* ---- Addresses ----------------------------------------------------------------------------------------------------- */

static void set_address(sim_world *w, void *object, uint64_t number) {
    (void)object;
    sim_world_address(w, (uint32_t)(number >> 1), number & 1);
}

static void address_at(sim_world *w, mpt_time at, uint32_t link, bool is_up) {
    sim_events_add(&w->events, at, set_address, NULL, (uint64_t)link << 1 | is_up);
}

/** An interactive session: the phone leaves one network, is nowhere for two seconds, and comes up in another. */
static void ssh_session_survives_address_change(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 40 * 100, 40 * 2000);
    s.app[0].side[SIM_CLIENT].message_bytes = 100;
    s.app[0].side[SIM_SERVER].message_bytes = 2000;
    s.app[0].side[SIM_CLIENT].read_bytes_max = 2000;
    s.app[0].side[SIM_CLIENT].read_pause_ns = 200 * MPT_MS;
    sim_world *w = sim_case_world(&s, &box);
    address_at(w, 0, 1, false);
    address_at(w, 3 * MPT_S, 0, false);
    address_at(w, 5 * MPT_S, 1, true);
    sim_world_run_until(w, 30 * MPT_S);
    sim_check_delivery(w, NULL, 0);
    SIM_REQUIRE(box.data_bytes[0][SIM_SERVER] > 10000, "the first network carried %" PRIu64 " bytes", box.data_bytes[0][SIM_SERVER]);
    SIM_REQUIRE(box.data_bytes[1][SIM_SERVER] > 10000, "the second network carried %" PRIu64 " bytes", box.data_bytes[1][SIM_SERVER]);
    sim_case_finish(w);
}

static void address_that_goes_is_withdrawn(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 0, 20 * MEGABYTE);
    sim_world *w = sim_case_world(&s, &box);
    address_at(w, 1 * MPT_S, 1, false);
    sim_world_run_until(w, 1 * MPT_S - 1);
    SIM_REQUIRE(sim_case_info(w, SIM_SERVER).subflow_count == 2, "%u subflows before", sim_case_info(w, SIM_SERVER).subflow_count);
    sim_world_run_until(w, 1200 * MPT_MS);
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->RmAddr == 1, "no REMOVE_ADDR was received");
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->MPTCPRetrans > 0, "what the subflow had outstanding was not sent on the other");
    sim_world_run_until(w, 5 * MPT_S); /* seven times the RTO of a path with a full queue */
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->RmSubflow == 1, "a subflow whose peer does not answer was kept");
    SIM_REQUIRE(sim_case_info(w, SIM_SERVER).subflow_count == 1, "%u subflows after", sim_case_info(w, SIM_SERVER).subflow_count);
    sim_case_finish(w);
}

static void announced_address_is_joined(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_scenario_default(&s, name, 1);
    s.server_address_count = 2;
    s.server_signals = true;
    s.app[0].side[SIM_SERVER].bytes = 2 * MEGABYTE;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 500 * MPT_MS);
    SIM_REQUIRE(sim_case_info(w, SIM_CLIENT).subflow_count == 2, "%u subflows", sim_case_info(w, SIM_CLIENT).subflow_count);
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->EchoAdd == 1, "the ADD_ADDR was not echoed");
    sim_case_finish(w);
}

static void announced_address_with_bad_hmac_is_ignored(const char *name) {
    sim_scenario s;
    sim_box box = {.matches = sim_is_add_addr, .act = sim_do_forge, .times = 100};
    sim_scenario_default(&s, name, 1);
    s.server_address_count = 2;
    s.server_signals = true;
    s.app[0].side[SIM_SERVER].bytes = 2 * MEGABYTE;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(box.acted > 0 && sim_case_counters(w, SIM_CLIENT)->AddAddrHMacFailure == box.acted, "the HMAC was not looked at");
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->MPJoinSynTx == 0, "the address was joined");
    sim_world_free(w);
}

/* ---- Backup -------------------------------------------------------------------------------------------------------- */

static void backup_is_used_when_nothing_else_works(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 3 * MEGABYTE, 0);
    s.is_backup[1] = true;
    sim_scenario_fault(&s, 1 * MPT_S, SIM_FAULT_KILL, 0);
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 1 * MPT_S);
    SIM_REQUIRE(sim_case_info(w, SIM_CLIENT).subflow_count == 2 && w->link[0].is_dead, "there is no backup subflow");
    SIM_REQUIRE(box.data_bytes[1][SIM_CLIENT] == 0, "the backup carried %" PRIu64 " bytes without need", box.data_bytes[1][SIM_CLIENT]);
    sim_world_run_until(w, 3 * MPT_S);
    SIM_REQUIRE(box.data_bytes[1][SIM_CLIENT] > 100000, "the backup carried %" PRIu64 " bytes", box.data_bytes[1][SIM_CLIENT]);
    sim_case_finish(w);
}

static void change_of_backup_is_told(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 0, 4 * MEGABYTE);
    sim_scenario_fault(&s, 500 * MPT_MS, SIM_FAULT_BACKUP, 1);
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 500 * MPT_MS);
    SIM_REQUIRE(box.data_bytes[1][SIM_SERVER] > 0, "the second link was not in use before");
    sim_world_run_until(w, 1000 * MPT_MS);
    uint64_t bytes = box.data_bytes[1][SIM_SERVER];
    sim_world_run_until(w, 2000 * MPT_MS);
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->MPPrioRx == 1, "no MP_PRIO was received");
    SIM_REQUIRE(box.data_bytes[1][SIM_SERVER] == bytes, "the server still sends on what is a backup now");
    sim_case_finish(w);
}

static const sim_case cases[] = {
    SIM_CASE(ssh_session_survives_address_change),
    SIM_CASE(address_that_goes_is_withdrawn),
    SIM_CASE(announced_address_is_joined),
    SIM_CASE(announced_address_with_bad_hmac_is_ignored),
    SIM_CASE(backup_is_used_when_nothing_else_works),
    SIM_CASE(change_of_backup_is_told),
};
SIM_CASES(address)
