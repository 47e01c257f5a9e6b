/* SPDX-License-Identifier: GPL-2.0-or-later */
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
    SIM_REQUIRE(box.data_bytes[0][SIM_SERVER] > 10000, "the first network carried %" PRIu64 " bytes",
                box.data_bytes[0][SIM_SERVER]);
    SIM_REQUIRE(box.data_bytes[1][SIM_SERVER] > 10000, "the second network carried %" PRIu64 " bytes",
                box.data_bytes[1][SIM_SERVER]);
    sim_case_finish(w);
}

/** Joins over the second network fail at once, again and again; there is room for one subflow, and the first network comes back. */
static void path_that_always_fails_leaves_room_for_another(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 10 * MEGABYTE, 0);
    s.link[1].strip = SIM_STRIP_JOIN;
    s.link[1].delay_ns = 450 * MPT_MS;
    s.settings[SIM_CLIENT].conn.subflows_max = 1;
    sim_world *w = sim_case_world(&s, &box);
    address_at(w, 2 * MPT_S, 0, false);
    address_at(w, 5800 * MPT_MS, 0, true); /* while a join is under way */
    sim_case_finish(w);
}

static void address_that_goes_is_withdrawn(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 0, 20 * MEGABYTE);
    sim_world *w = sim_case_world(&s, &box);
    address_at(w, 1 * MPT_S, 1, false);
    sim_world_run_until(w, 1 * MPT_S - 1);
    SIM_REQUIRE(sim_case_info(w, SIM_SERVER).subflow_count == 2, "%u subflows before",
                sim_case_info(w, SIM_SERVER).subflow_count);
    sim_world_run_until(w, 1200 * MPT_MS);
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->RmAddr == 1, "no REMOVE_ADDR was received");
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->MPTCPRetrans > 0,
                "what the subflow had outstanding was not sent on the other");
    sim_world_run_until(w, 5 * MPT_S); /* seven times the RTO of a path with a full queue */
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->RmSubflow == 1, "a subflow whose peer does not answer was kept");
    SIM_REQUIRE(sim_case_info(w, SIM_SERVER).subflow_count == 1, "%u subflows after",
                sim_case_info(w, SIM_SERVER).subflow_count);
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
    SIM_REQUIRE(sim_case_info(w, SIM_CLIENT).subflow_count == 2, "%u subflows",
                sim_case_info(w, SIM_CLIENT).subflow_count);
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->EchoAdd == 1, "the ADD_ADDR was not echoed");
    sim_case_finish(w);
}

/** By satellite: the echo takes longer than the first timeout of a connection. */
static void announcement_is_not_repeated_within_a_round_trip(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_scenario_default(&s, name, 1);
    s.server_address_count = 2;
    s.server_signals = true;
    s.link[0].delay_ns = 700 * MPT_MS;
    s.app[0].side[SIM_SERVER].bytes = 2 * MEGABYTE;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->EchoAdd == 1, "%" PRIu64 " echoes",
                sim_case_counters(w, SIM_SERVER)->EchoAdd);
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->AddAddrTx == 1, "announced %" PRIu64 " times",
                sim_case_counters(w, SIM_SERVER)->AddAddrTx);
    sim_world_free(w);
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
    SIM_REQUIRE(box.acted > 0 && sim_case_counters(w, SIM_CLIENT)->AddAddrHMacFailure == box.acted,
                "the HMAC was not looked at");
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->MPJoinSynTx == 0, "the address was joined");
    sim_world_free(w);
}

/** The phone's only address goes and comes back, again and again; nobody can tell the server, which has room for two subflows. */
static void dead_subflows_do_not_keep_their_peer_out(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_scenario_default(&s, name, 1);
    s.app[0].side[SIM_CLIENT].bytes = 40 * MEGABYTE;
    s.settings[SIM_SERVER].conn.subflows_max = 2;
    sim_world *w = sim_case_world(&s, &box);
    for (uint32_t i = 1; i <= 10; i++) {
        address_at(w, i * 2 * MPT_S, 0, false);
        address_at(w, i * 2 * MPT_S + 100 * MPT_MS, 0, true);
        sim_world_run_until(w, i * 2 * MPT_S + 1000 * MPT_MS);
        SIM_REQUIRE(sim_case_info(w, SIM_SERVER).subflow_count == 1, "round %u: %u subflows", i,
                    sim_case_info(w, SIM_SERVER).subflow_count);
    }
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->MPJoinRejected == 0, "%" PRIu64 " joins were refused",
                sim_case_counters(w, SIM_SERVER)->MPJoinRejected);
    sim_case_finish(w);
}

/** There is room for one only: the first join of each round is refused, the next finds that the dead subflow was asked. */
static void join_finds_room_after_the_dead_were_asked(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_scenario_default(&s, name, 1);
    s.app[0].side[SIM_CLIENT].bytes = 20 * MEGABYTE;
    s.settings[SIM_SERVER].conn.subflows_max = 1;
    sim_world *w = sim_case_world(&s, &box);
    address_at(w, 2 * MPT_S, 0, false);
    address_at(w, 3 * MPT_S, 0, true);
    sim_world_run_until(w, 4500 * MPT_MS);
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->MPJoinRejected == 1, "%" PRIu64 " joins were refused",
                sim_case_counters(w, SIM_SERVER)->MPJoinRejected);
    SIM_REQUIRE(sim_case_info(w, SIM_SERVER).subflow_count == 1 && sim_case_counters(w, SIM_SERVER)->MPJoinAckRx == 1,
                "no second join");
    sim_case_finish(w);
}

/** A path loses everything for a minute: its subflow is given up, and opened again soon after the path's return. */
static void subflow_comes_back_after_an_outage(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 150 * MEGABYTE, 0);
    s.faults_end_ns = 150 * MPT_S;
    s.delivery_ns = 300 * MPT_S;
    sim_scenario_fault(&s, 1 * MPT_S, SIM_FAULT_BLOCK, 1);
    sim_scenario_fault(&s, 60 * MPT_S, SIM_FAULT_UNBLOCK, 1);
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 59 * MPT_S);
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->MPJoinSynTx >= 8, "%" PRIu64 " SYNs",
                sim_case_counters(w, SIM_CLIENT)->MPJoinSynTx);
    uint64_t before = box.data_bytes[1][SIM_CLIENT];
    sim_world_run_until(w, 70 * MPT_S); /* pauses are 1, 2, 4 s then, SYNs 1, 2, 4, 8 s apart */
    SIM_REQUIRE(box.data_bytes[1][SIM_CLIENT] > before + MEGABYTE, "the path is not in use again");
    sim_case_finish(w);
}

/** The second path was away so long that the pause before the next join outlasts the time a connection may be without a subflow. */
static void pauses_are_short_when_nothing_else_is_left(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 250 * MEGABYTE, 0);
    s.faults_end_ns = 500 * MPT_S;
    s.delivery_ns = 600 * MPT_S;
    sim_scenario_fault(&s, 1 * MPT_S, SIM_FAULT_BLOCK, 1);
    sim_scenario_fault(&s, 178 * MPT_S, SIM_FAULT_DOWN, 0);
    sim_scenario_fault(&s, 178 * MPT_S, SIM_FAULT_UNBLOCK, 1);
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 178 * MPT_S - 1);
    uint64_t before = box.data_bytes[1][SIM_CLIENT], syns = sim_case_counters(w, SIM_CLIENT)->MPJoinSynTx;
    sim_world_run_until(w, 180 * MPT_S);
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->MPJoinSynTx > syns, "the way that is left is not tried");
    sim_world_run_until(w, 182 * MPT_S);
    SIM_REQUIRE(box.data_bytes[1][SIM_CLIENT] > before + MEGABYTE, "the way that is left carries %" PRIu64 " bytes",
                box.data_bytes[1][SIM_CLIENT] - before);
    sim_case_finish(w);
}

static void families(const char *name, uint32_t ipv6_link) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 4 * MEGABYTE, 0);
    s.link[ipv6_link].is_ipv6 = true;
    s.server_signals = true;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->EchoAdd == 1 && sim_case_counters(w, SIM_CLIENT)->MPJoinSynTx == 1,
                "the address of the other family was not joined");
    SIM_REQUIRE(box.data_bytes[1][SIM_CLIENT] > MEGABYTE, "the join carried %" PRIu64 " bytes",
                box.data_bytes[1][SIM_CLIENT]);
    sim_world_free(w);
}

static void connection_over_ipv4_is_joined_over_ipv6(const char *name) {
    families(name, 1);
}

static void connection_over_ipv6_is_joined_over_ipv4(const char *name) {
    families(name, 0);
}

static void address_of_the_server_is_left_and_taken_again(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_scenario_default(&s, name, 1);
    s.server_address_count = 2;
    s.server_signals = true;
    s.app[0].side[SIM_CLIENT].bytes = 8 * MEGABYTE;
    sim_scenario_fault(&s, 1 * MPT_S, SIM_FAULT_SERVER_DOWN, 1);
    sim_scenario_fault(&s, 4 * MPT_S, SIM_FAULT_SERVER_UP, 1);
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 3900 * MPT_MS);
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->RmAddr == 1 && sim_case_info(w, SIM_CLIENT).subflow_count == 1,
                "the address was not left: %u subflows", sim_case_info(w, SIM_CLIENT).subflow_count);
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->MPJoinSynTx == 1, "it was joined while it was gone");
    sim_world_run_until(w, 5 * MPT_S);
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->AddAddr == 2 && sim_case_info(w, SIM_CLIENT).subflow_count == 2,
                "the address was not taken again: %u subflows", sim_case_info(w, SIM_CLIENT).subflow_count);
    sim_case_finish(w);
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
    SIM_REQUIRE(box.data_bytes[1][SIM_CLIENT] == 0, "the backup carried %" PRIu64 " bytes without need",
                box.data_bytes[1][SIM_CLIENT]);
    sim_world_run_until(w, 3 * MPT_S);
    SIM_REQUIRE(box.data_bytes[1][SIM_CLIENT] > 100000, "the backup carried %" PRIu64 " bytes",
                box.data_bytes[1][SIM_CLIENT]);
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

static void change_of_the_server_s_backup_is_told(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_scenario_default(&s, name, 1);
    s.server_address_count = 2;
    s.server_signals = true;
    s.app[0].side[SIM_CLIENT].bytes = 4 * MEGABYTE;
    sim_world *w = sim_case_world(&s, &box);
    mpt_subflow_info info;
    sim_world_run_until(w, 500 * MPT_MS);
    mpt_addr further = sim_server_address(1, false);
    mpt_address_backup(w->host[SIM_SERVER].stack, &further, true, w->now);
    sim_host_settle(&w->host[SIM_SERVER]);
    sim_world_run_until(w, 1000 * MPT_MS);
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->MPPrioRx == 1, "no MP_PRIO was received");
    mpt_conn_get_subflow_info(w->host[SIM_CLIENT].conn[0]->conn, 1, &info);
    uint64_t bytes = info.bytes_sent - info.bytes_retransmitted;
    SIM_REQUIRE(bytes > 0 && info.is_backup, "the subflow was not in use, or is no backup");
    sim_world_run_until(w, 2000 * MPT_MS);
    mpt_conn_get_subflow_info(w->host[SIM_CLIENT].conn[0]->conn, 1, &info);
    SIM_REQUIRE(info.bytes_sent - info.bytes_retransmitted == bytes, "the client still sends on what is a backup now");
    sim_case_finish(w);
}

static const sim_case cases[] = {
    SIM_CASE(ssh_session_survives_address_change),
    SIM_CASE(path_that_always_fails_leaves_room_for_another),
    SIM_CASE(address_that_goes_is_withdrawn),
    SIM_CASE(announced_address_is_joined),
    SIM_CASE(announcement_is_not_repeated_within_a_round_trip),
    SIM_CASE(announced_address_with_bad_hmac_is_ignored),
    SIM_CASE(backup_is_used_when_nothing_else_works),
    SIM_CASE(change_of_backup_is_told),
    SIM_CASE(change_of_the_server_s_backup_is_told),
    SIM_CASE(dead_subflows_do_not_keep_their_peer_out),
    SIM_CASE(join_finds_room_after_the_dead_were_asked),
    SIM_CASE(subflow_comes_back_after_an_outage),
    SIM_CASE(pauses_are_short_when_nothing_else_is_left),
    SIM_CASE(connection_over_ipv4_is_joined_over_ipv6),
    SIM_CASE(connection_over_ipv6_is_joined_over_ipv4),
    SIM_CASE(address_of_the_server_is_left_and_taken_again),
};
SIM_CASES(address)
