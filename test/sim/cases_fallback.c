/* SPDX-License-Identifier: GPL-2.0-or-later */
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
        SIM_REQUIRE(sim_case_info(w, side).mode == MPT_MODE_FALLBACK, "side %d is in mode %d", side,
                    sim_case_info(w, side).mode);
        SIM_REQUIRE(sim_case_info(w, side).subflow_count == 1, "side %d has %u subflows", side,
                    sim_case_info(w, side).subflow_count);
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

static void fallback_when_options_of_acks_are_stripped(const char *name) {
    stripped(name, SIM_STRIP_ACK);
}

static bool is_ack(sim_box *b, int from, const sim_packet *p, const mpt_wire *w) {
    (void)b;
    (void)from;
    return p->segment.payload_bytes == 0 && !(w->flags & MPT_SYN);
}

static bool lose_third_ack_then_strip(sim_box *b, sim_packet *p, const mpt_wire *w) {
    return b->acted > 1 && sim_do_strip(b, p, w);
}

/**
 * Both see mappings with the first data, and take MPTCP to work; only the acknowledgements of their own first data show that it does not
 * (RFC 8684 3.7). The client has nothing to say afterwards: it ends.
 */
static void fallback_when_a_lost_third_ack_hides_that_acks_are_stripped(const char *name) {
    sim_scenario s;
    sim_box box = {.matches = is_ack, .act = lose_third_ack_then_strip, .times = UINT32_MAX};
    sim_case_two_links(&s, name, 1000, 200000);
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 150 * MPT_MS);
    for (int side = 0; side < 2; side++) {
        SIM_REQUIRE(sim_case_counters(w, side)->MPTCPRetrans == 0, "side %d sent again", side);
        SIM_REQUIRE(sim_case_info(w, side).mode == MPT_MODE_FALLBACK, "side %d is in mode %d", side,
                    sim_case_info(w, side).mode);
    }
    sim_case_finish(w);
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

/**
 * A path that passes handshakes and changes data is given up as long as there is another (RFC 8684 3.7, 3.6). @p from sends the data: with
 * checksums the other side notices; the client joins.
 */
static void path_that_rewrites(const char *name, int from) {
    sim_scenario s;
    sim_box box = {.matches = sim_is_data_on_link, .act = sim_do_rewrite, .link = 1, .times = UINT32_MAX};
    sim_case_two_links(&s, name, 0, 0);
    s.app[0].side[from].bytes = 40 * MEGABYTE;
    s.settings[SIM_SERVER].conn.dss_checksum = true;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(sim_case_counters(w, !from)->DataCsumErr == 1, "%" PRIu64 " wrong checksums",
                sim_case_counters(w, !from)->DataCsumErr);
    SIM_REQUIRE(sim_case_counters(w, !from)->MPFailTx == 1, "%" PRIu64 " MP_FAIL",
                sim_case_counters(w, !from)->MPFailTx);
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->MPJoinSynTx == 1, "%" PRIu64 " joins",
                sim_case_counters(w, SIM_CLIENT)->MPJoinSynTx);
    sim_world_free(w);
}

static void path_that_rewrites_to_the_server_is_not_joined_again(const char *name) {
    path_that_rewrites(name, SIM_CLIENT);
}

static void path_that_rewrites_to_the_client_is_not_joined_again(const char *name) {
    path_that_rewrites(name, SIM_SERVER);
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

/**
 * The only subflow: one byte of what @p from sends is rewritten, other segments are lost. All goes on as TCP, each byte in its place.
 * @return false when the rewritten segment itself was lost
 */
static bool rewritten_on_the_only_subflow(const char *name, uint64_t seed, int from, uint32_t loss_ppm) {
    sim_scenario s;
    char run_name[sizeof s.name];
    sim_box box = {
        .matches = from == SIM_CLIENT ? sim_is_client_data : sim_is_server_data, .act = sim_do_rewrite, .times = 1};
    snprintf(run_name, sizeof run_name, "%.50s %" PRIu64, name, seed);
    sim_case_two_links(&s, run_name, 200000, 200000);
    s.seed = seed;
    s.link_count = 1;
    s.link[0].loss_ppm = loss_ppm;
    s.settings[SIM_CLIENT].conn.dss_checksum = true;
    s.rewritten_bytes_max = 1;
    box.skip = 1 + (uint32_t)seed % 60;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(box.acted == 1, "nothing was rewritten");
    if (sim_case_counters(w, !from)->DataCsumErr == 0) {
        sim_world_free(w);
        return false;
    }
    SIM_REQUIRE(w->host[!from].conn[0]->rewritten == 1 && w->host[from].conn[0]->rewritten == 0,
                "the rewritten byte did not arrive");
    SIM_REQUIRE(sim_case_counters(w, !from)->DataCsumErr == 1 &&
                    sim_case_counters(w, !from)->DSSCorruptionFallback == 1 &&
                    sim_case_counters(w, !from)->MPFailTx > 0 && sim_case_counters(w, from)->MPFailRx > 0,
                "MP_FAIL was not exchanged");
    SIM_REQUIRE(sim_case_counters(w, from)->InfiniteMapTx == 1 && sim_case_counters(w, !from)->InfiniteMapRx > 0,
                "no infinite mapping");
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->MPRstTx + sim_case_counters(w, SIM_SERVER)->MPRstTx == 0,
                "the subflow was reset");
    sim_world_free(w);
    return true;
}

static void rewritten_payload_on_the_only_subflow_ends_in_tcp(const char *name) {
    for (uint64_t seed = 1; seed <= 60; seed++) {
        SIM_REQUIRE(rewritten_on_the_only_subflow(name, seed, seed % 2 ? SIM_CLIENT : SIM_SERVER, 0),
                    "the checksum was right");
    }
}

static void rewritten_payload_on_a_lossy_path_ends_in_tcp(const char *name) {
    uint32_t arrived = 0;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        arrived += rewritten_on_the_only_subflow(name, seed, seed % 2 ? SIM_CLIENT : SIM_SERVER, 50000);
    }
    SIM_REQUIRE(arrived > 80, "only %u of the rewritten segments arrived", arrived);
}

/** A gateway takes bytes out: mappings fit nothing any more, and the stream arrives as it would have with TCP. */
static void shortened_payload(const char *name, bool has_checksum) {
    enum { CLIENT_BYTES = 200000, CUT_BYTES = 5 };
    sim_scenario s;
    sim_box box = {
        .matches = sim_is_any, .act = sim_do_cut, .times = UINT32_MAX, .cut_bytes = CUT_BYTES, .cut_after = 60};
    sim_case_two_links(&s, name, CLIENT_BYTES, 100000);
    s.link_count = 1;
    s.link[0].loss_ppm = 10000;
    s.settings[SIM_CLIENT].conn.dss_checksum = has_checksum;
    s.settings[SIM_CLIENT].conn.sack = false;
    s.expect_content = s.expect_delivery = false; /* the server reads fewer bytes than the client wrote */
    s.app[0].side[SIM_SERVER].read_start_ns = 50 * MPT_S;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 50 * MPT_S - 1);
    SIM_REQUIRE(box.cut_seq != 0, "nothing was cut");
    SIM_REQUIRE(sim_case_info(w, SIM_SERVER).bytes_received == CLIENT_BYTES - CUT_BYTES, "%" PRIu64 " bytes arrived",
                sim_case_info(w, SIM_SERVER).bytes_received);
    const sim_conn *c = w->host[SIM_SERVER].conn[0];
    uint64_t cut = sim_store_compare(&c->received, SIM_CLIENT, 0, 0, CLIENT_BYTES);
    SIM_REQUIRE(cut > 1000 && cut < CLIENT_BYTES / 2, "the content differs from byte %" PRIu64 " on", cut);
    for (uint64_t i = cut; i < CLIENT_BYTES - CUT_BYTES; i++) {
        SIM_REQUIRE(c->received.bytes[i] == sim_pattern(SIM_CLIENT, 0, i + CUT_BYTES), "wrong byte at %" PRIu64, i);
    }
    sim_world_run_until(w, 60 * MPT_S);
    for (int side = 0; side < 2; side++) {
        SIM_REQUIRE(w->host[side].conn[0]->is_closed, "side %d was not closed in good order", side);
    }
    sim_case_finish(w);
}

static void shortened_payload_arrives_as_with_tcp(const char *name) {
    shortened_payload(name, true);
}

/** Nothing tells that bytes changed, but mappings begin where no segment does. */
static void shortened_payload_without_checksums_arrives_as_with_tcp(const char *name) {
    shortened_payload(name, false);
}

/** Once fallen back, an address that comes up is neither joined nor announced. */
static void no_subflow_after_fallback(const char *name) {
    sim_scenario s;
    sim_box box = {.matches = sim_is_client_data, .act = sim_do_rewrite, .skip = 20, .times = 1};
    sim_case_two_links(&s, name, 2 * MEGABYTE, 2 * MEGABYTE);
    s.settings[SIM_CLIENT].conn.dss_checksum = true;
    s.server_signals = true;
    s.rewritten_bytes_max = 1;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_address(w, 1, false);
    sim_world_run_until(w, 500 * MPT_MS);
    SIM_REQUIRE(sim_case_info(w, SIM_CLIENT).mode == MPT_MODE_FALLBACK &&
                    sim_case_info(w, SIM_SERVER).mode == MPT_MODE_FALLBACK,
                "no fallback");
    mpt_local_address a = {.addr = mpt_addr_v4(10, 9, 7, 1), .mtu_bytes = 1500, .is_signal = true};
    mpt_address_up(w->host[SIM_SERVER].stack, &a, w->now);
    sim_host_settle(&w->host[SIM_SERVER]);
    sim_world_address(w, 1, true);
    sim_world_run_until(w, 1500 * MPT_MS);
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->MPJoinSynTx == 0, "a join was sent");
    SIM_REQUIRE(sim_case_counters(w, SIM_SERVER)->AddAddrTx == 0, "an address was announced");
    SIM_REQUIRE(w->host[SIM_SERVER].conn[0]->read < 2 * MEGABYTE, "over too soon");
    sim_case_finish(w);
}

static const sim_case cases[] = {
    SIM_CASE(fallback_when_options_of_syns_are_stripped),
    SIM_CASE(fallback_when_options_of_the_synack_are_stripped),
    SIM_CASE(fallback_when_options_of_data_are_stripped),
    SIM_CASE(fallback_when_all_options_are_stripped),
    SIM_CASE(fallback_when_options_of_acks_are_stripped),
    SIM_CASE(fallback_when_a_lost_third_ack_hides_that_acks_are_stripped),
    SIM_CASE(plain_tcp_client_is_served),
    SIM_CASE(plain_tcp_server_is_used),
    SIM_CASE(rewritten_payload_on_the_only_subflow_ends_in_tcp),
    SIM_CASE(rewritten_payload_on_a_lossy_path_ends_in_tcp),
    SIM_CASE(shortened_payload_arrives_as_with_tcp),
    SIM_CASE(shortened_payload_without_checksums_arrives_as_with_tcp),
    SIM_CASE(no_subflow_after_fallback),
    SIM_CASE(rewritten_payload_ends_its_subflow_when_checksums_are_on),
    SIM_CASE(path_that_rewrites_to_the_server_is_not_joined_again),
    SIM_CASE(path_that_rewrites_to_the_client_is_not_joined_again),
    SIM_CASE(data_fin_with_wrong_checksum_is_ignored),
};
SIM_CASES(fallback)
