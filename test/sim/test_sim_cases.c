/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * test_sim_cases: named behaviours of two whole cores, one scenario each, with a middlebox that does one thing to the
 * right segment. Every case also has the simulator's own rules: content, invariants, both sides closed, memory given
 * back. Usage: test_sim_cases [WORD] runs the cases whose name contains WORD.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim_case.h"

enum { MEGABYTE = 1000000 };

/* ---- Joins ------------------------------------------------------------------------------------------------- */

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
    SIM_REQUIRE(box.resets[1][SIM_SERVER] > 0 && box.reset_reason == MPT_RST_RESOURCE, "no RST for want of resources (reason %u)",
                box.reset_reason);
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

/* ---- The initial handshake ----------------------------------------------------------------------------------- */

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

/* ---- Fallback ------------------------------------------------------------------------------------------------ */

static void stripped(const char *name, sim_strip strip) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 2 * MEGABYTE, 2 * MEGABYTE);
    s.link[0].strip = strip;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 500 * MPT_MS);
    for (int side = 0; side < 2; side++) {
        SIM_REQUIRE(sim_case_info(w, side).mode == MPT_MODE_FALLBACK, "side %d is in mode %d", side, sim_case_info(w, side).mode);
        SIM_REQUIRE(sim_case_info(w, side).subflow_count == 1, "side %d has %u subflows", side, sim_case_info(w, side).subflow_count);
    }
    sim_case_finish(w);
}

static void fallback_when_options_of_syns_are_stripped(const char *name) {
    stripped(name, SIM_STRIP_SYN);
}

static void fallback_when_options_of_the_synack_are_stripped(const char *name) {
    stripped(name, SIM_STRIP_SYNACK);
}

static void fallback_when_options_of_data_are_stripped(const char *name) {
    stripped(name, SIM_STRIP_DATA);
}

static void fallback_when_all_options_are_stripped(const char *name) {
    stripped(name, SIM_STRIP_ALL);
}

static void plain_tcp(const char *name, int side) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, MEGABYTE, MEGABYTE);
    s.settings[side].conn.mptcp = false;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 500 * MPT_MS);
    SIM_REQUIRE(sim_case_info(w, side).mode == MPT_MODE_TCP, "mode %d", sim_case_info(w, side).mode);
    SIM_REQUIRE(sim_case_info(w, !side).mode == MPT_MODE_FALLBACK, "mode %d at the peer", sim_case_info(w, !side).mode);
    sim_case_finish(w);
}

static void plain_tcp_client_is_served(const char *name) {
    plain_tcp(name, SIM_CLIENT);
}

static void plain_tcp_server_is_used(const char *name) {
    plain_tcp(name, SIM_SERVER);
}

static void rewritten_payload_ends_its_subflow_when_checksums_are_on(const char *name) {
    sim_scenario s;
    sim_box box = {.matches = sim_is_data_on_link, .act = sim_do_rewrite, .link = 1, .skip = 20, .times = 1};
    sim_case_two_links(&s, name, 2 * MEGABYTE, 0);
    s.settings[SIM_SERVER].conn.dss_checksum = true;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(box.acted == 1, "nothing was rewritten");
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->DataCsumErr == 1, "%" PRIu64 " wrong checksums were counted",
                sim_case_counters(w, SIM_SERVER)->DataCsumErr);
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->MPFailRx == 1, "%" PRIu64 " MP_FAIL were received",
                sim_case_counters(w, SIM_CLIENT)->MPFailRx);
    sim_world_free(w);
}

static void data_fin_with_wrong_checksum_is_ignored(const char *name) {
    for (uint32_t bytes = 0; bytes <= 10000; bytes += 5000) { /* alone, and with data */
        sim_scenario s;
        sim_box box = {.matches = sim_is_data_fin, .act = sim_do_move_end, .times = 1};
        sim_case_two_links(&s, name, bytes, bytes);
        s.settings[SIM_CLIENT].conn.dss_checksum = true;
        sim_world *w = sim_case_world(&s, &box);
        sim_world_run(w);
        SIM_REQUIRE(box.acted == 1, "there was no DATA_FIN");
        sim_world_free(w);
    }
}

/** Nagle's algorithm waits for the DATA_ACK of the segment before; it loses its options on the way. */
static void missing_data_ack(const char *name, uint32_t times, mpt_time until_ns) {
    sim_scenario s;
    sim_box box = {.matches = sim_is_server_ack_on_link, .act = sim_do_strip, .skip = 4, .times = times};
    sim_scenario_default(&s, name, 1);
    for (int side = 0; side < 2; side++) {
        s.app[0].side[side].message_bytes = side == SIM_CLIENT ? 2000 : 1;
        s.app[0].side[side].bytes = 10 * s.app[0].side[side].message_bytes;
    }
    s.delivery_ns = until_ns;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(box.acted == times, "%u ACKs were stripped", box.acted);
    sim_world_free(w);
}

static void missing_data_ack_is_asked_for(const char *name) {
    missing_data_ack(name, 1, 3 * MPT_S);
}

static void data_are_sent_again_when_their_data_ack_stays_away(const char *name) {
    missing_data_ack(name, 3, 6 * MPT_S);
}

/* ---- Subflows that die ---------------------------------------------------------------------------------------- */

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

static void reset_of_one_subflow(const char *name, uint32_t link) {
    sim_scenario s;
    sim_box box = {.matches = sim_is_server_ack_on_link, .act = sim_do_reset, .link = link, .skip = 100, .times = 1};
    sim_case_two_links(&s, name, 4 * MEGABYTE, 0);
    s.delivery_ns = 5 * MPT_S;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->MPTCPRetrans > 0 && sim_case_counters(w, SIM_CLIENT)->TCPTimeouts == 0,
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

/* ---- Paths that work -------------------------------------------------------------------------------------------- */

/** Nothing is lost, queues are long: then nothing may be sent twice, and no timer may expire. */
static void clean_path(const char *name, uint32_t links, bool is_mptcp, const char *control) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 3 * MEGABYTE, 3 * MEGABYTE);
    s.link_count = links;
    for (uint32_t i = 0; i < links; i++) {
        s.link[i].queue_bytes_max = 100 * MEGABYTE;
    }
    for (int side = 0; side < 2; side++) {
        s.settings[side].conn.mptcp = is_mptcp;
        s.settings[side].conn.send_buffer_bytes = 200000;
        snprintf(s.settings[side].conn.congestion_control, MPT_NAME_BYTES, "%s", control);
    }
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    for (int side = 0; side < 2; side++) {
        const mpt_counters *c = sim_case_counters(w, side);
        SIM_REQUIRE(c->RetransSegs == 0 && c->TCPTimeouts == 0 && c->MPTCPRetrans == 0 && c->DuplicateData == 0,
                    "%s side %d: %" PRIu64 " retransmissions, %" PRIu64 " timeouts, %" PRIu64 " reinjections, %" PRIu64 " duplicates",
                    control, side, c->RetransSegs, c->TCPTimeouts, c->MPTCPRetrans, c->DuplicateData);
        SIM_REQUIRE(c->OutRsts == 0, "%s side %d: %" PRIu64 " RSTs", control, side, c->OutRsts);
    }
    sim_world_free(w);
}

static void nothing_is_sent_twice_on_clean_paths(const char *name) {
    clean_path(name, 1, false, "reno");
    clean_path(name, 1, false, "cubic");
    clean_path(name, 1, true, "lia");
    clean_path(name, 2, true, "lia");
    clean_path(name, 2, true, "cubic");
}

/** A long queue overflows in slow start; every second retransmission is lost as well. */
static void lost_retransmissions_are_found_without_a_timeout(const char *name) {
    sim_scenario s;
    sim_box box = {.matches = sim_is_resent_data, .act = sim_do_lose, .every = 2, .times = 40};
    sim_scenario_default(&s, name, 1);
    s.link[0].queue_bytes_max = 150000;
    s.link[0].delay_ns = 50 * MPT_MS;
    s.app[0].side[SIM_CLIENT].bytes = 5 * MEGABYTE; /* 4.2 s, and a second for slow start and recovery */
    s.delivery_ns = 5200 * MPT_MS;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(box.acted == 40, "%u retransmissions were lost", box.acted);
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->TCPTimeouts == 0, "%" PRIu64 " timeouts",
                sim_case_counters(w, SIM_CLIENT)->TCPTimeouts);
    sim_world_free(w);
}

static void two_paths_are_used_together(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 0, 20 * MEGABYTE);
    s.delivery_ns = 10 * MPT_S; /* 20 MB over 20 Mb/s take 8 s, headers included 8.5 s */
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    uint64_t sum = box.data_bytes[0][SIM_SERVER] + box.data_bytes[1][SIM_SERVER];
    SIM_REQUIRE(box.data_bytes[1][SIM_SERVER] > sum / 3 && box.data_bytes[0][SIM_SERVER] > sum / 3,
                "%" PRIu64 " and %" PRIu64 " bytes", box.data_bytes[0][SIM_SERVER], box.data_bytes[1][SIM_SERVER]);
    SIM_REQUIRE(sum < 20 * MEGABYTE * 103 / 100, "%" PRIu64 " bytes were sent for 20 MB", sum);
    sim_world_free(w);
}

/* ---- Addresses -------------------------------------------------------------------------------------------------- */

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
    sim_case_two_links(&s, name, 0, 8 * MEGABYTE);
    sim_world *w = sim_case_world(&s, &box);
    address_at(w, 1 * MPT_S, 1, false);
    sim_world_run_until(w, 1 * MPT_S - 1);
    SIM_REQUIRE(sim_case_info(w, SIM_SERVER).subflow_count == 2, "%u subflows before", sim_case_info(w, SIM_SERVER).subflow_count);
    sim_world_run_until(w, 1200 * MPT_MS);
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->RmAddr == 1, "no REMOVE_ADDR was received");
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

/* ---- Backup --------------------------------------------------------------------------------------------------- */

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

/* ---- The window -------------------------------------------------------------------------------------------------- */

/** The reader sleeps; the window's opening is told once and that segment is lost. */
static void zero_window(const char *name, bool is_mptcp) {
    sim_scenario s;
    sim_box box = {.matches = sim_is_server_ack_on_link, .act = sim_do_lose, .times = 1, .from_ns = 20 * MPT_S};
    sim_scenario_default(&s, name, 1);
    s.settings[SIM_CLIENT].conn.mptcp = is_mptcp;
    s.settings[SIM_SERVER].conn.receive_buffer_bytes = 50000;
    s.app[0].side[SIM_CLIENT].bytes = MEGABYTE;
    s.app[0].side[SIM_SERVER].read_start_ns = 20 * MPT_S;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 5 * MPT_S);
    uint64_t probes = w->host[SIM_CLIENT].segments_sent, bytes = box.data_bytes[0][SIM_CLIENT];
    SIM_REQUIRE(sim_case_info(w, SIM_CLIENT).bytes_acked == 50000, "%" PRIu64 " bytes before the window closed",
                sim_case_info(w, SIM_CLIENT).bytes_acked);
    sim_world_run_until(w, 20 * MPT_S);
    SIM_REQUIRE(w->host[SIM_CLIENT].segments_sent >= probes + 2, "a closed window was probed %" PRIu64 " times in 15 s",
                w->host[SIM_CLIENT].segments_sent - probes);
    SIM_REQUIRE(box.data_bytes[0][SIM_CLIENT] <= bytes + 15, "data were sent into a closed window");
    sim_world_run(w);
    SIM_REQUIRE(box.acted == 1, "the window's opening was not lost");
    sim_world_free(w);
}

static void zero_window_is_probed_and_recovers(const char *name) {
    zero_window(name, true);
}

static void zero_window_is_probed_and_recovers_without_mptcp(const char *name) {
    zero_window(name, false);
}

/** Closed window, and the path that the opening would be told on dies: a probe on the other must find it. */
static void window_probes_go_round_the_subflows(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 100000, 0);
    s.settings[SIM_SERVER].conn.receive_buffer_bytes = 20000;
    s.app[0].side[SIM_SERVER].read_start_ns = 20 * MPT_S;
    sim_scenario_fault(&s, 5 * MPT_S, SIM_FAULT_KILL, 0);
    s.delivery_ns = 60 * MPT_S;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(w->link[0].is_dead, "the link was not killed");
    sim_world_free(w);
}

/* ---- The end ----------------------------------------------------------------------------------------------------- */

/** Both ends of every order and length, with the n-th segment of a kind lost. */
static void close_with_losses(const char *name, bool (*matches)(sim_box *, int, const sim_packet *, const mpt_wire *),
                              bool is_mptcp) {
    static const uint64_t bytes[][2] = {{0, 0}, {1, 0}, {0, 1}, {1, 1}, {100000, 0}, {0, 100000}, {100000, 100000}};
    for (uint32_t run = 0; run < 7 * 6 * 3; run++) {
        sim_scenario s;
        sim_box box = {.matches = matches, .act = sim_do_lose, .skip = run / 7 % 6 / 2, .times = 1 + run / 7 % 2};
        char run_name[sizeof s.name];
        snprintf(run_name, sizeof run_name, "%.40s run %u", name, run);
        sim_case_two_links(&s, run_name, bytes[run % 7][0], bytes[run % 7][1]);
        s.settings[SIM_CLIENT].conn.mptcp = is_mptcp;
        s.app[0].side[run / 42 == 1 ? SIM_CLIENT : SIM_SERVER].read_start_ns = run / 42 == 0 ? 0 : 500 * MPT_MS;
        sim_case_finish(sim_case_world(&s, &box));
    }
}

static void data_fin_close_in_all_orders(const char *name) {
    close_with_losses(name, sim_is_data_fin, true);
}

static void fin_close_in_all_orders(const char *name) {
    close_with_losses(name, sim_is_fin, false);
}

static void any_segment_of_a_short_connection_may_be_lost(const char *name) {
    for (uint32_t i = 0; i < 60; i++) {
        sim_scenario s;
        sim_box box = {.matches = sim_is_any, .act = sim_do_lose, .skip = i / 3, .times = 1 + i % 3};
        sim_case_two_links(&s, name, i % 2 * 3000, i % 5 * 2000);
        sim_case_finish(sim_case_world(&s, &box));
    }
}

static void simultaneous_close(const char *name) {
    for (int is_mptcp = 0; is_mptcp <= 1; is_mptcp++) {
        sim_scenario s;
        sim_box box = {.matches = is_mptcp ? sim_is_data_fin : sim_is_fin, .act = sim_do_watch, .times = 100};
        sim_scenario_default(&s, name, 1);
        s.settings[SIM_CLIENT].conn.mptcp = is_mptcp;
        /* the client is connected one delay before the server: it waits that long with its (empty) reading */
        s.app[0].side[SIM_CLIENT].bytes = s.app[0].side[SIM_SERVER].bytes = 1000;
        s.app[0].side[SIM_CLIENT].waits_for_closed = s.app[0].side[SIM_SERVER].waits_for_closed = true;
        sim_world *w = sim_case_world(&s, &box);
        sim_world_run(w);
        SIM_REQUIRE(box.matched >= 2, "%u ends were sent", box.matched);
        sim_world_free(w);
    }
}

static void half_closed_connection_goes_on_the_other_way(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 0, 5 * MEGABYTE);
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 1 * MPT_S);
    SIM_REQUIRE(w->host[SIM_CLIENT].conn[0]->is_shut && w->host[SIM_SERVER].conn[0]->is_ended, "not half closed");
    SIM_REQUIRE(w->host[SIM_CLIENT].conn[0]->read < 5 * MEGABYTE, "over too soon");
    sim_case_finish(w);
}

static void aborted(const char *name, bool is_mptcp) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 5 * MEGABYTE, 5 * MEGABYTE);
    s.settings[SIM_CLIENT].conn.mptcp = is_mptcp;
    s.app[0].side[SIM_CLIENT].abort_ns = 1 * MPT_S;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 1100 * MPT_MS);
    SIM_REQUIRE(w->host[SIM_CLIENT].conn[0]->failure == MPT_ERR_ABORTED, "the client was not told");
    SIM_REQUIRE(w->host[SIM_SERVER].conn[0]->failure == MPT_ERR_RESET, "the server was told %s",
                mpt_status_name(w->host[SIM_SERVER].conn[0]->failure));
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->MPFastcloseRx == (is_mptcp ? 1 : 0), "%" PRIu64 " MP_FASTCLOSE",
                sim_case_counters(w, SIM_SERVER)->MPFastcloseRx);
    sim_case_finish(w);
}

static void abort_is_told_by_fastclose(const char *name) {
    aborted(name, true);
}

static void abort_is_told_by_reset_without_mptcp(const char *name) {
    aborted(name, false);
}

/* ---- Memory and time -------------------------------------------------------------------------------------------- */

static void every_allocation_may_fail_once(const char *name) {
    for (uint64_t nth = 1; nth <= 120; nth++) {
        sim_scenario s;
        char run_name[sizeof s.name];
        snprintf(run_name, sizeof run_name, "%.40s %" PRIu64, name, nth);
        sim_case_two_links(&s, run_name, 200000, 200000);
        s.link[0].loss_ppm = s.link[1].loss_ppm = 20000;
        s.settings[SIM_SERVER].conn.dss_checksum = nth % 2;
        s.allocation_fail_nth = nth;
        sim_run(&s, &(sim_options){.check_every = 1});
    }
}

static void creation_survives_failing_allocations(const char *name) {
    (void)name;
    for (uint64_t nth = 1;; nth++) {
        sim_memory memory = {.fail_nth = nth};
        mpt_mem mem = sim_memory_mem(&memory);
        mpt_settings settings;
        mpt_stack *st = NULL;
        mpt_settings_default(&settings);
        settings.trace = true;
        mpt_status status = mpt_stack_new(&st, &settings, &mem, 0);
        SIM_REQUIRE((status == MPT_OK) == (memory.failures == 0), "status %s", mpt_status_name(status));
        SIM_REQUIRE((status == MPT_OK) == (st != NULL), "status %s, and a stack is %p", mpt_status_name(status), (void *)st);
        mpt_stack_free(st);
        SIM_REQUIRE(memory.blocks == 0, "%" PRIu64 " blocks were kept", memory.blocks);
        if (status == MPT_OK) {
            SIM_REQUIRE(nth > 2, "no allocation failed");
            return;
        }
    }
}

static void late_and_spurious_timers_are_harmless(const char *name) {
    sim_scenario s;
    sim_case_two_links(&s, name, 500000, 500000);
    s.link[0].loss_ppm = s.link[1].loss_ppm = 20000;
    s.late_timer_ns = 300 * MPT_MS;
    s.spurious_timer_ns = 20 * MPT_MS;
    sim_run(&s, &(sim_options){.check_every = 1});
}

static void same_seed_gives_the_same_trace(const char *name) {
    sim_scenario s;
    sim_case_two_links(&s, name, 500000, 500000);
    s.link[0].loss_ppm = 20000;
    uint64_t first = sim_run(&s, &(sim_options){0}), second = sim_run(&s, &(sim_options){0});
    s.seed = s.settings[0].seed = 2;
    uint64_t third = sim_run(&s, &(sim_options){0});
    SIM_REQUIRE(first == second, "the same seed gives other traces");
    SIM_REQUIRE(first != third, "another seed gives the same trace: the hash sees nothing");
}

/* ---- The simulator notices ---------------------------------------------------------------------------------------- */

/** A run that must end with sim_fail(). */
static void must_fail(sim_scenario *s, sim_box *box) {
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        if (freopen("/dev/null", "w", stderr) != NULL) {
            sim_case_finish(sim_case_world(s, box));
        }
        _exit(0);
    }
    int status = 0;
    SIM_REQUIRE(pid > 0 && waitpid(pid, &status, 0) == pid, "no process");
    SIM_REQUIRE(WIFEXITED(status) && WEXITSTATUS(status) == 1, "the simulator did not notice (status %d)", status);
}

static void simulator_notices_a_wrong_byte(const char *name) {
    sim_scenario s;
    sim_box box = {.matches = sim_is_data_on_link, .act = sim_do_rewrite, .skip = 50, .times = 1};
    sim_scenario_default(&s, name, 1);
    s.app[0].side[SIM_CLIENT].bytes = MEGABYTE;
    must_fail(&s, &box);
}

static void simulator_notices_data_that_never_arrive(const char *name) {
    sim_scenario s;
    sim_box box = {.matches = sim_is_any, .act = sim_do_lose, .skip = 100, .times = UINT32_MAX};
    sim_scenario_default(&s, name, 1);
    s.app[0].side[SIM_CLIENT].bytes = MEGABYTE;
    must_fail(&s, &box);
}

static void simulator_notices_a_connection_that_breaks(const char *name) {
    sim_scenario s;
    sim_box box = {.matches = sim_is_server_ack_on_link, .act = sim_do_reset, .skip = 100, .times = 1};
    sim_scenario_default(&s, name, 1);
    s.app[0].side[SIM_CLIENT].bytes = MEGABYTE;
    s.settings[SIM_CLIENT].conn.mptcp = false;
    must_fail(&s, &box);
}

/* ---- The table ------------------------------------------------------------------------------------------------------ */

#define CASE(name) {#name, name}
static const struct {
    const char *name;
    void (*run)(const char *name);
} cases[] = {
    CASE(join_with_bad_token_is_reset),
    CASE(join_with_bad_synack_hmac_is_reset_and_nothing_else_harmed),
    CASE(join_with_bad_ack_hmac_is_reset_and_nothing_else_harmed),
    CASE(join_without_options_is_reset_and_nothing_else_harmed),
    CASE(join_beyond_the_limit_is_refused),
    CASE(lost_join_syn_is_repeated),
    CASE(lost_join_synack_is_repeated),
    CASE(lost_join_ack_is_repeated),
    CASE(lost_syn_is_repeated),
    CASE(lost_synack_is_repeated),
    CASE(lost_keys_are_repeated),
    CASE(syn_with_capable_that_never_arrives_is_sent_without),
    CASE(unanswered_syn_ends_in_a_timeout),
    CASE(refused_syn_is_told),
    CASE(fallback_when_options_of_syns_are_stripped),
    CASE(fallback_when_options_of_the_synack_are_stripped),
    CASE(fallback_when_options_of_data_are_stripped),
    CASE(fallback_when_all_options_are_stripped),
    CASE(plain_tcp_client_is_served),
    CASE(plain_tcp_server_is_used),
    CASE(rewritten_payload_ends_its_subflow_when_checksums_are_on),
    CASE(data_fin_with_wrong_checksum_is_ignored),
    CASE(missing_data_ack_is_asked_for),
    CASE(data_are_sent_again_when_their_data_ack_stays_away),
    CASE(data_of_dead_subflow_is_reinjected),
    CASE(blackhole_of_the_initial_subflow_is_survived),
    CASE(reset_of_the_second_subflow_does_not_break_the_connection),
    CASE(reset_of_the_initial_subflow_does_not_break_the_connection),
    CASE(reset_off_by_some_is_challenged),
    CASE(reset_breaks_plain_tcp),
    CASE(nothing_is_sent_twice_on_clean_paths),
    CASE(lost_retransmissions_are_found_without_a_timeout),
    CASE(two_paths_are_used_together),
    CASE(ssh_session_survives_address_change),
    CASE(address_that_goes_is_withdrawn),
    CASE(announced_address_is_joined),
    CASE(announced_address_with_bad_hmac_is_ignored),
    CASE(backup_is_used_when_nothing_else_works),
    CASE(change_of_backup_is_told),
    CASE(zero_window_is_probed_and_recovers),
    CASE(zero_window_is_probed_and_recovers_without_mptcp),
    CASE(window_probes_go_round_the_subflows),
    CASE(data_fin_close_in_all_orders),
    CASE(fin_close_in_all_orders),
    CASE(any_segment_of_a_short_connection_may_be_lost),
    CASE(simultaneous_close),
    CASE(half_closed_connection_goes_on_the_other_way),
    CASE(abort_is_told_by_fastclose),
    CASE(abort_is_told_by_reset_without_mptcp),
    CASE(every_allocation_may_fail_once),
    CASE(creation_survives_failing_allocations),
    CASE(late_and_spurious_timers_are_harmless),
    CASE(same_seed_gives_the_same_trace),
    CASE(simulator_notices_a_wrong_byte),
    CASE(simulator_notices_data_that_never_arrive),
    CASE(simulator_notices_a_connection_that_breaks),
};
enum { CASE_COUNT = sizeof cases / sizeof *cases };

typedef struct selection {
    const char *word;
    uint64_t run_count;
} selection;

static bool is_selected(const selection *s, uint64_t i) {
    return s->word == NULL || strstr(cases[i].name, s->word) != NULL;
}

static bool run_case(void *user, uint64_t i) {
    if (is_selected(user, i)) {
        sim_fail_context(cases[i].name, NULL);
        cases[i].run(cases[i].name);
    }
    return true;
}

static void case_ended(void *user, uint64_t i, bool is_good) {
    selection *s = user;
    if (is_selected(s, i)) {
        s->run_count++;
        printf("%-8s %s\n", is_good ? "ok" : "FAILED", cases[i].name);
    }
}

int main(int argc, char **argv) {
    selection s = {.word = argc > 1 ? argv[1] : NULL};
    uint64_t failed = sim_fork_each(0, CASE_COUNT - 1, 1, run_case, case_ended, &s);
    printf("%" PRIu64 " passed, %" PRIu64 " failed\n", s.run_count - failed, failed);
    return failed == 0 && s.run_count > 0 ? 0 : 1;
}
