/* SPDX-License-Identifier: GPL-2.0-only */
/** cases_data.c: data, their acknowledgement and the window at connection level (RFC 8684 3.3). */
#include <inttypes.h>

#include "cases.h"

/* ---- DATA_ACK ------------------------------------------------------------------------------------------------------ */

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

/* ---- Several paths ------------------------------------------------------------------------------------------------- */

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

/* ---- The window ---------------------------------------------------------------------------------------------------- */

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

static const sim_case cases[] = {
    SIM_CASE(missing_data_ack_is_asked_for),
    SIM_CASE(data_are_sent_again_when_their_data_ack_stays_away),
    SIM_CASE(two_paths_are_used_together),
    SIM_CASE(zero_window_is_probed_and_recovers),
    SIM_CASE(zero_window_is_probed_and_recovers_without_mptcp),
    SIM_CASE(window_probes_go_round_the_subflows),
};
SIM_CASES(data)
