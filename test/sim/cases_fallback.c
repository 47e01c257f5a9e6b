/* SPDX-License-Identifier: GPL-2.0-only */
/** cases_fallback.c: MPTCP gives way to TCP, checksums that are wrong (RFC 8684 3.7). */
#include <inttypes.h>

#include "cases.h"

/* ---- Options that do not pass -------------------------------------------------------------------------------------- */

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

/* ---- Checksums ----------------------------------------------------------------------------------------------------- */

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

static const sim_case cases[] = {
    SIM_CASE(fallback_when_options_of_syns_are_stripped),
    SIM_CASE(fallback_when_options_of_the_synack_are_stripped),
    SIM_CASE(fallback_when_options_of_data_are_stripped),
    SIM_CASE(fallback_when_all_options_are_stripped),
    SIM_CASE(plain_tcp_client_is_served),
    SIM_CASE(plain_tcp_server_is_used),
    SIM_CASE(rewritten_payload_ends_its_subflow_when_checksums_are_on),
    SIM_CASE(data_fin_with_wrong_checksum_is_ignored),
};
SIM_CASES(fallback)
