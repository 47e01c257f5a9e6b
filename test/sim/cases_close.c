/* SPDX-License-Identifier: GPL-2.0-or-later */
/** cases_close.c: the ends of a connection (RFC 8684 3.3.3, 3.5). */
#include <inttypes.h>

#include "cases.h"

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

/** The application writes a megabyte and lets go at once; one of the two paths dies under it. */
static void data_in_flight_at_the_close_arrive(const char *name) {
    for (uint32_t link = 0; link < 2; link++) {
        sim_scenario s;
        sim_box box = {0};
        sim_case_two_links(&s, name, 2 * MEGABYTE, 0);
        s.app[0].side[SIM_CLIENT].releases_early = true;
        s.app[0].side[SIM_CLIENT].write_bytes_max = 2 * MEGABYTE;
        s.delivery_ns = 30 * MPT_S;
        sim_world *w = sim_case_world(&s, &box);
        sim_world_run_until(w, 300 * MPT_MS);
        SIM_REQUIRE(w->host[SIM_CLIENT].conn[0]->is_released && w->host[SIM_SERVER].conn[0]->read < MEGABYTE,
                    "nothing is in flight");
        w->link[link].is_dead = true;
        sim_case_finish(w);
    }
}

/** All data are acknowledged, but the server never hears that its DATA_FIN arrived. The simulator does not allow a failure. */
static void server_ends_though_its_client_is_gone(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_scenario_default(&s, name, 1);
    for (int side = 0; side < 2; side++) { /* a question and its answer; then the server could say more */
        s.app[0].side[side].message_bytes = 1000;
        s.app[0].side[side].bytes = side == SIM_CLIENT ? 1000 : 2000;
    }
    s.delivery_ns = 1000 * MPT_S;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 500 * MPT_MS);
    w->scenario.app[0].side[SIM_SERVER].bytes = 1000; /* but has nothing to say */
    sim_app_step(w->host[SIM_SERVER].conn[0]);
    sim_host_settle(&w->host[SIM_SERVER]);
    for (mpt_time t = w->now; !w->host[SIM_CLIENT].conn[0]->is_closed; t += MPT_MS) {
        sim_world_run_until(w, t);
    }
    w->link[0].is_dead = true;
    SIM_REQUIRE(!w->host[SIM_SERVER].conn[0]->is_closed, "the server was told already");
    sim_world_run(w);
    sim_world_free(w);
}

/** The client's only address goes for good: each end gives up in its time. */
static void connection_without_a_path_times_out_at_both_ends(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_scenario_default(&s, name, 1);
    s.app[0].side[SIM_CLIENT].bytes = s.app[0].side[SIM_SERVER].bytes = 10 * MEGABYTE;
    s.expect_delivery = false;
    s.faults_end_ns = s.delivery_ns = 5000 * MPT_S;
    sim_scenario_fault(&s, 1 * MPT_S, SIM_FAULT_DOWN, 0);
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 61 * MPT_S - 1);
    SIM_REQUIRE(w->host[SIM_CLIENT].conn[0]->failure == MPT_OK, "the client gave up too soon");
    sim_world_run_until(w, 62 * MPT_S);
    SIM_REQUIRE(w->host[SIM_CLIENT].conn[0]->failure == MPT_ERR_TIMEOUT, "the client did not give up");
    sim_world_run_until(w, 500 * MPT_S);
    SIM_REQUIRE(w->host[SIM_SERVER].conn[0]->failure == MPT_OK, "the server gave up too soon");
    sim_world_run_until(w, 2000 * MPT_S); /* 15 timeouts, then a minute for another subflow */
    SIM_REQUIRE(w->host[SIM_SERVER].conn[0]->failure == MPT_ERR_TIMEOUT, "the server did not give up");
    sim_case_finish(w);
}

/** The reset with the key comes behind data that were lost: it counts all the same, and the server does not wait for its time-out. */
static void abort_counts_behind_lost_data(const char *name) {
    for (int is_ack = 0; is_ack <= 1; is_ack++) {
        sim_scenario s;
        sim_box box = {.matches = sim_is_data_on_link, .act = sim_do_lose, .from_ns = 900 * MPT_MS, .times = 100};
        sim_scenario_default(&s, name, 1);
        s.app[0].side[SIM_CLIENT].bytes = 5 * MEGABYTE;
        s.settings[SIM_CLIENT].conn.fastclose_ack = is_ack;
        s.app[0].side[SIM_CLIENT].abort_ns = 1 * MPT_S;
        sim_world *w = sim_case_world(&s, &box);
        sim_world_run_until(w, 1100 * MPT_MS);
        SIM_REQUIRE(box.acted > 5, "no data were lost");
        SIM_REQUIRE(w->host[SIM_SERVER].conn[0]->failure == MPT_ERR_RESET, "the server was told %s",
                    mpt_status_name(w->host[SIM_SERVER].conn[0]->failure));
        sim_case_finish(w);
    }
}

static const sim_case cases[] = {
    SIM_CASE(data_fin_close_in_all_orders),
    SIM_CASE(fin_close_in_all_orders),
    SIM_CASE(any_segment_of_a_short_connection_may_be_lost),
    SIM_CASE(simultaneous_close),
    SIM_CASE(half_closed_connection_goes_on_the_other_way),
    SIM_CASE(abort_is_told_by_fastclose),
    SIM_CASE(abort_is_told_by_reset_without_mptcp),
    SIM_CASE(abort_counts_behind_lost_data),
    SIM_CASE(data_in_flight_at_the_close_arrive),
    SIM_CASE(server_ends_though_its_client_is_gone),
    SIM_CASE(connection_without_a_path_times_out_at_both_ends),
};
SIM_CASES(close)
