/* SPDX-License-Identifier: GPL-2.0-or-later */
/** cases_tcp.c: one subflow as a TCP: what may be sent again, and when. */
#include <inttypes.h>
#include <math.h>

#include "cases.h"

static void nothing_was_copied(const sim_world *w, int side, uint64_t probes, const char *control) {
    const mpt_counters *c = sim_case_counters(w, side);
    SIM_REQUIRE(c->MPTCPRetrans == 0 && c->DuplicateData <= probes,
                "%s side %d: %" PRIu64 " reinjections, %" PRIu64 " duplicates", control, side, c->MPTCPRetrans,
                c->DuplicateData);
}

/** Until one side has hardly anything new left to send: when nothing is, the end of its stream may be copied from a queue that is much longer. */
static void run_until_the_end_is_near(sim_world *w, uint64_t bytes) {
    enum { BEFORE_THE_END = 100000 };
    for (mpt_time now = 110 * MPT_MS; sim_case_info(w, SIM_CLIENT).bytes_sent < bytes - BEFORE_THE_END &&
                                      sim_case_info(w, SIM_SERVER).bytes_sent < bytes - BEFORE_THE_END;
         now += 10 * MPT_MS) {
        sim_world_run_until(w, now);
    }
}

/**
 * Nothing is lost, queues are long: then nothing may be sent twice, and no timer may expire. @param has_defaults the default scheduler, which may leave
 * a path alone until its round-trip time is of long ago, and copies where they seem to help: then a loss probe may go, nothing else
 */
static void clean_path(const char *name, uint32_t links, bool is_mptcp, bool has_defaults, const char *control) {
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
        if (has_defaults)
            continue;
        snprintf(s.settings[side].conn.scheduler, MPT_NAME_BYTES, "minrtt"); /* one that lets no path grow stale */
        s.settings[side].conn.opportunistic_retransmission = false;          /* what is sent again is TCP's own doing */
    }
    sim_world *w = sim_case_world(&s, &box);
    bool may_copy_the_end = has_defaults && links > 1;
    sim_world_run_until(w, 100 * MPT_MS);
    if (may_copy_the_end)
        run_until_the_end_is_near(w, 3 * MEGABYTE);
    for (int side = 0; side < 2 && may_copy_the_end; side++)
        nothing_was_copied(w, side, sim_case_counters(w, side)->TCPLossProbes, control);
    sim_world_run(w);
    for (int side = 0; side < 2; side++) {
        const mpt_counters *c = sim_case_counters(w, side);
        uint64_t probes = has_defaults ? c->TCPLossProbes : 0;
        SIM_REQUIRE(c->RetransSegs <= probes && c->TCPTimeouts == 0,
                    "%s side %d: %" PRIu64 " retransmissions, %" PRIu64 " timeouts", control, side, c->RetransSegs,
                    c->TCPTimeouts);
        if (!may_copy_the_end)
            nothing_was_copied(w, side, probes, control);
        SIM_REQUIRE(c->OutRsts == 0, "%s side %d: %" PRIu64 " RSTs", control, side, c->OutRsts);
    }
    sim_world_free(w);
}

static void nothing_is_sent_twice_on_clean_paths(const char *name) {
    static const char *const controls[] = {"lia",   "lia-rfc", "cubic",  "olia", "balia",
                                           "ewtcp", "coupled", "wvegas", "dctcp"};
    clean_path(name, 1, false, false, "reno");
    clean_path(name, 1, false, false, "cubic");
    for (size_t i = 0; i < sizeof controls / sizeof *controls; i++) {
        clean_path(name, 1, true, false, controls[i]);
        clean_path(name, 1, true, true, controls[i]);
        clean_path(name, 2, true, false, controls[i]);
        clean_path(name, 2, true, true, controls[i]);
    }
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

/** A path that holds everything back for @p pause_ns, as a cellular link does: nothing is lost, nothing overtakes. */
static sim_world *paused_path(const char *name, bool has_frto, bool has_rack, mpt_time pause_ns) {
    enum { AT_MS = 1000 };
    sim_scenario s;
    sim_scenario_default(&s, name, 1);
    s.link[0].rate_bps = 20000000;
    s.link[0].delay_ns = 20 * MPT_MS;
    s.link[0].queue_bytes_max = 100 * MEGABYTE;
    s.app[0].side[SIM_CLIENT].bytes = 10 * MEGABYTE;
    for (int side = 0; side < 2; side++) {
        mpt_conn_settings *c = &s.settings[side].conn;
        c->mptcp = c->timestamps = false;
        c->receive_buffer_bytes = 200000; /* no queue that overflows, and new data with each acknowledgement */
        c->frto = has_frto;
        c->rack = has_rack;
    }
    sim_world *w = sim_world_new(&s, &(sim_options){.check_every = 16});
    sim_world_run_until(w, AT_MS * MPT_MS);
    w->link[0].busy_until[SIM_CLIENT] = w->link[0].busy_until[SIM_SERVER] = AT_MS * MPT_MS + pause_ns;
    sim_world_run(w);
    return w;
}

/** The head is sent again at each timeout, a probe before the first, and what cannot be told from a loss; not the window. */
static void delay_spike_without_timestamps_costs_few_retransmissions(const char *name) {
    for (int has_rack = 0; has_rack <= 1; has_rack++) {
        sim_world *w = paused_path(name, true, has_rack, 1500 * MPT_MS);
        const mpt_counters *c = sim_case_counters(w, SIM_CLIENT);
        SIM_REQUIRE(c->TCPTimeouts > 0 && c->TCPSpuriousRTOs == 1 && c->RetransSegs <= c->TCPTimeouts + 1,
                    "rack %d: %" PRIu64 " timeouts, %" PRIu64 " undone, %" PRIu64 " segments sent again", has_rack,
                    c->TCPTimeouts, c->TCPSpuriousRTOs, c->RetransSegs);
        sim_world_free(w);
        w = paused_path(name, false, has_rack, 1500 * MPT_MS);
        SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->RetransSegs > 50,
                    "rack %d: without F-RTO %" PRIu64 " segments sent again", has_rack,
                    sim_case_counters(w, SIM_CLIENT)->RetransSegs);
        sim_world_free(w);
    }
}

/** Both directions lose everything for a second: no timeout was needless. */
static void break_of_a_path_is_not_undone(const char *name) {
    for (int has_rack = 0; has_rack <= 1; has_rack++)
        for (int from_ms = 1000; from_ms < 1040; from_ms++) {
            sim_scenario s;
            sim_box box = {0};
            sim_scenario_default(&s, name, 1);
            s.link[0].delay_ns = 20 * MPT_MS;
            s.app[0].side[SIM_CLIENT].bytes = 3 * MEGABYTE;
            for (int side = 0; side < 2; side++) {
                s.settings[side].conn.mptcp = s.settings[side].conn.timestamps = false;
                s.settings[side].conn.rack = has_rack;
            }
            sim_scenario_fault(&s, from_ms * MPT_MS, SIM_FAULT_BLOCK, 0);
            sim_scenario_fault(&s, (from_ms + 1000) * MPT_MS, SIM_FAULT_UNBLOCK, 0);
            sim_world *w = sim_case_world(&s, &box);
            sim_world_run(w);
            const mpt_counters *c = sim_case_counters(w, SIM_CLIENT);
            SIM_REQUIRE(c->TCPTimeouts > 0 && c->TCPSpuriousRTOs == 0 && c->TCPLossUndo == 0,
                        "rack %d, from %d ms: %" PRIu64 " timeouts, %" PRIu64 " undone", has_rack, from_ms,
                        c->TCPTimeouts, c->TCPSpuriousRTOs);
            sim_world_free(w);
        }
}

/** Random loss of data alone. */
typedef struct lossy {
    sim_rng rng;
    uint32_t loss_ppm;
} lossy;

static bool lose_data(sim_world *w, int from, sim_packet *p) {
    lossy *l = w->filter_user;
    (void)from;
    return p->segment.payload_bytes == 0 || !sim_rng_chance(&l->rng, l->loss_ppm);
}

static uint64_t acked_by(sim_world *w, mpt_time at) {
    sim_world_run_until(w, at);
    return sim_case_info(w, SIM_CLIENT).bytes_acked;
}

/**
 * One Reno flow under random loss p of its data: K = rate x round-trip time x sqrt(p) is 1.31 in theory for random loss, 1.41 in the fluid
 * model, less the round trip in which a recovery does not grow: one of 20 to 35 here.
 */
static double square_root_constant(const char *name, uint32_t loss_ppm, bool has_rack) {
    enum { FROM_S = 20, SECONDS = 100, RTT_MS = 40 };
    sim_scenario s;
    lossy l = {{loss_ppm}, loss_ppm};
    sim_scenario_default(&s, name, 1);
    s.link[0].rate_bps = 0;
    s.link[0].delay_ns = RTT_MS / 2 * MPT_MS;
    s.app[0].side[SIM_CLIENT].bytes = 2000 * MEGABYTE;
    s.delivery_ns = s.end_ns = 2 * SECONDS * MPT_S;
    for (int side = 0; side < 2; side++) {
        mpt_conn_settings *c = &s.settings[side].conn;
        c->mptcp = c->delayed_ack = false;
        c->rack = has_rack;
        snprintf(c->congestion_control, MPT_NAME_BYTES, "reno");
    }
    sim_world *w = sim_world_new(&s, &(sim_options){0});
    w->filter = lose_data;
    w->filter_user = &l;
    uint64_t from = acked_by(w, FROM_S * MPT_S), bytes = acked_by(w, (FROM_S + SECONDS) * MPT_S) - from;
    sim_world_free(w);
    return (double)bytes / 1448 / SECONDS * RTT_MS / 1000 * sqrt(loss_ppm / 1e6);
}

static void reno_follows_the_square_root_law(const char *name) {
    static const uint32_t losses_ppm[] = {500, 2000};
    for (uint32_t i = 0; i < 2; i++)
        for (int has_rack = 0; has_rack <= 1; has_rack++) {
            double k = square_root_constant(name, losses_ppm[i], has_rack);
            SIM_REQUIRE(k > 1.25 && k < 1.42, "K is %.3f at a loss of %u ppm, rack %d", k, losses_ppm[i], has_rack);
        }
}

/** A queue of 240 ms fills within a few round trips of 50: the timeout follows, and what is found lost at its end is lost once. */
static void deep_queue_is_no_reason_for_a_timeout(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 60 * MEGABYTE, 0);
    s.link[0].rate_bps = 30000000;
    s.link[0].queue_bytes_max = 100000;
    s.link[1].rate_bps = 50000000;
    s.link[1].delay_ns = 25 * MPT_MS;
    s.link[1].queue_bytes_max = 1500000;
    s.settings[SIM_CLIENT].conn.opportunistic_retransmission = false; /* reinjections are those of timeouts */
    s.settings[SIM_SERVER].conn.opportunistic_retransmission = false;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    const mpt_counters *c = sim_case_counters(w, SIM_CLIENT);
    SIM_REQUIRE(c->TCPFastRetrans > 0, "no queue overflowed");
    SIM_REQUIRE(c->TCPTimeouts == 0 && c->MPTCPRetrans == 0, "%" PRIu64 " timeouts, %" PRIu64 " reinjections",
                c->TCPTimeouts, c->MPTCPRetrans);
    sim_world_free(w);
}

/** 4 kB a round trip fill no window: that the path has become longer is known after some 40 measurements all the same. */
static void round_trip_time_follows_in_a_window_that_is_not_in_use(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_scenario_default(&s, name, 1);
    s.link[0].rate_bps = 100000000;
    s.link[0].delay_ns = 10 * MPT_MS;
    s.link[0].queue_bytes_max = 100 * MEGABYTE;
    s.app[0].side[SIM_CLIENT].bytes = 20 * MEGABYTE;
    s.settings[SIM_CLIENT].conn.initial_window_segments = 500;
    s.settings[SIM_CLIENT].conn.send_buffer_bytes = 4096;
    s.settings[SIM_SERVER].conn.delayed_ack = false;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, MPT_S);
    w->link[0].settings.delay_ns = 60 * MPT_MS;
    sim_world_run_until(w, 6 * MPT_S);
    mpt_subflow_info i;
    mpt_conn_get_subflow_info(w->host[SIM_CLIENT].conn[0]->conn, 0, &i);
    SIM_REQUIRE(i.srtt_ns > 115 * MPT_MS && i.srtt_ns < 125 * MPT_MS, "srtt is %" PRId64, i.srtt_ns);
    sim_world_free(w);
}

/** Slow start overflows a queue of 48 ms: some 200 holes, of which a round trip fills one where there is no SACK. */
static void many_holes_without_sack_end_in_a_timeout(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_scenario_default(&s, name, 1);
    s.link[0].rate_bps = 50000000;
    s.link[0].delay_ns = 25 * MPT_MS;
    s.link[0].queue_bytes_max = 300000;
    s.app[0].side[SIM_CLIENT].bytes = 20 * MEGABYTE; /* 3.2 s at the path's rate */
    for (int side = 0; side < 2; side++) {
        s.settings[side].conn.mptcp = s.settings[side].conn.sack = false;
        snprintf(s.settings[side].conn.congestion_control, MPT_NAME_BYTES, "reno");
    }
    s.delivery_ns = 8 * MPT_S;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->TCPFastRetrans > 0, "no queue overflowed");
    sim_world_free(w);
}

static const sim_case cases[] = {
    SIM_CASE(many_holes_without_sack_end_in_a_timeout),
    SIM_CASE(deep_queue_is_no_reason_for_a_timeout),
    SIM_CASE(round_trip_time_follows_in_a_window_that_is_not_in_use),
    SIM_CASE(nothing_is_sent_twice_on_clean_paths),
    SIM_CASE(delay_spike_without_timestamps_costs_few_retransmissions),
    SIM_CASE(break_of_a_path_is_not_undone),
    SIM_CASE(reno_follows_the_square_root_law),
    SIM_CASE(lost_retransmissions_are_found_without_a_timeout),
};
SIM_CASES(tcp)
