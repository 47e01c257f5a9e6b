/* SPDX-License-Identifier: GPL-2.0-or-later */
/** cases_policy.c: schedulers and BBR between two whole cores: what goes where, and what becomes of it. */
#include "cases.h"
#include "mpt_ext.h"

#include <inttypes.h>
#include <stdio.h>

/** Two links, the client sends by @p scheduler. */
static void two_links(sim_scenario *s, const char *name, const char *scheduler, uint64_t bytes) {
    sim_case_two_links(s, name, bytes, 0);
    snprintf(s->settings[SIM_CLIENT].conn.scheduler, MPT_NAME_BYTES, "%s", scheduler);
}

/** Run it. @return when all was delivered */
static mpt_time finished_at(sim_world *w, uint64_t bytes) {
    for (mpt_time at = 0; at < 100 * MPT_S; at += 10 * MPT_MS) {
        sim_world_run_until(w, at);
        if (w->host[SIM_CLIENT].conn[0]->conn && sim_case_info(w, SIM_CLIENT).bytes_acked >= bytes)
            return at;
    }
    sim_fail("not done in 100 s");
}

static void redundant_sends_all_on_both(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    two_links(&s, name, "redundant", MEGABYTE);
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(box.data_bytes[0][SIM_CLIENT] >= MEGABYTE && box.data_bytes[0][SIM_CLIENT] < 1.1 * MEGABYTE,
                "%.0f bytes on the first link", (double)box.data_bytes[0][SIM_CLIENT]);
    SIM_REQUIRE(box.data_bytes[1][SIM_CLIENT] > 0.8 * MEGABYTE && box.data_bytes[1][SIM_CLIENT] < 1.1 * MEGABYTE,
                "%.0f bytes on the second link", (double)box.data_bytes[1][SIM_CLIENT]);
    sim_world_free(w);
}

/** A path that dies costs nothing: what it held is on the other already. */
static void redundant_does_not_notice_a_dead_path(const char *name) {
    mpt_time at[2];
    for (uint32_t i = 0; i < 2; i++) {
        sim_scenario s;
        sim_box box = {0};
        two_links(&s, name, "redundant", MEGABYTE);
        if (i == 1)
            sim_scenario_fault(&s, 500 * MPT_MS, SIM_FAULT_KILL, 0);
        sim_world *w = sim_case_world(&s, &box);
        at[i] = finished_at(w, MEGABYTE);
        sim_world_run(w);
        sim_world_free(w);
    }
    SIM_REQUIRE(at[1] <= at[0] + 60 * MPT_MS, "done at %.2f s, without the fault at %.2f s", (double)at[1] / 1e9,
                (double)at[0] / 1e9);
}

static void primary_leaves_the_other_link_alone(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    two_links(&s, name, "primary", 2 * MEGABYTE);
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(box.data_bytes[1][SIM_CLIENT] == 0, "%.0f bytes on the second link",
                (double)box.data_bytes[1][SIM_CLIENT]);
    sim_world_free(w);
}

static void primary_gives_way_when_it_dies(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    two_links(&s, name, "primary", 2 * MEGABYTE);
    sim_scenario_fault(&s, 500 * MPT_MS, SIM_FAULT_KILL, 0);
    s.delivery_ns = 10 * MPT_S;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run(w);
    SIM_REQUIRE(box.data_bytes[1][SIM_CLIENT] > MEGABYTE, "%.0f bytes on the second link",
                (double)box.data_bytes[1][SIM_CLIENT]);
    sim_world_free(w);
}

/** 10 Mb/s each: who uses both is done in little more than half the time. */
static void all_but_copiers_use_both_links(const char *name) {
    static const char *const schedulers[] = {"earliest", "minrtt", "roundrobin", "blest", "ecf", "linux", "weighted"};
    for (size_t i = 0; i < sizeof schedulers / sizeof *schedulers; i++) {
        sim_scenario s;
        sim_box box = {0};
        two_links(&s, name, schedulers[i], 4 * MEGABYTE);
        sim_world *w = sim_case_world(&s, &box);
        mpt_time at = finished_at(w, 4 * MEGABYTE);
        sim_world_run(w);
        sim_world_free(w);
        SIM_REQUIRE(at < 2400 * MPT_MS, "%s: %.2f s; one link alone needs 3.3 s", schedulers[i], (double)at / 1e9);
    }
}

/** The second link is ten times as long and takes a tenth: those that may wait are done before those that take it at the end. */
static void waiting_is_worth_it_on_unlike_links(const char *name) {
    static const char *const schedulers[] = {"roundrobin", "blest", "ecf"};
    mpt_time at[3];
    for (size_t i = 0; i < 3; i++) {
        sim_scenario s;
        sim_box box = {0};
        two_links(&s, name, schedulers[i], 2 * MEGABYTE);
        s.link[1].delay_ns = 100 * MPT_MS;
        s.link[1].rate_bps = 1000000;
        s.settings[SIM_CLIENT].conn.opportunistic_retransmission = false;
        s.settings[SIM_SERVER].conn.receive_buffer_bytes = 65536;
        sim_world *w = sim_case_world(&s, &box);
        at[i] = finished_at(w, 2 * MEGABYTE);
        sim_world_run(w);
        sim_world_free(w);
    }
    SIM_REQUIRE(at[1] <= at[0] && at[2] < at[0], "roundrobin %.2f s, blest %.2f s, ecf %.2f s", (double)at[0] / 1e9,
                (double)at[1] / 1e9, (double)at[2] / 1e9);
}

/* ---- BBR ---- */

enum { RATE_BPS = 10000000, RTT_MS = 40, BDP_BYTES = RATE_BPS / 8 * RTT_MS / 1000, BBR_MEASURED_S = 10 };

/** What flows of BBR make of links of 10 Mb/s and 40 ms with queues of a megabyte, in BBR_MEASURED_S from some time on. */
typedef struct bbr_run {
    double mbps[SIM_APPS_MAX];
    double queue_mean_bytes; /**< of the first link */
    double queue_most_bytes;
} bbr_run;

static bbr_run run_bbr(const char *name, bool is_mptcp, uint32_t flows, uint32_t links, uint32_t loss_ppm, int from_s) {
    sim_scenario s;
    bbr_run r = {0};
    sim_scenario_default(&s, name, 1);
    s.app_count = flows;
    s.link_count = links;
    s.delivery_ns = 100 * MPT_S;
    for (uint32_t i = 0; i < flows; i++) {
        s.app[i].side[SIM_CLIENT].bytes =
            (uint64_t)RATE_BPS / 8 * links * (uint32_t)(from_s + BBR_MEASURED_S + 1); /* none ends too soon */
        s.app[i].start_ns = i * 300 * MPT_MS;
    }
    for (uint32_t i = 0; i < links; i++) {
        s.link[i].delay_ns = RTT_MS / 2 * MPT_MS;
        s.link[i].rate_bps = RATE_BPS;
        s.link[i].queue_bytes_max = MEGABYTE;
        s.link[i].loss_ppm = loss_ppm;
    }
    s.settings[SIM_CLIENT].conn.mptcp = is_mptcp;
    snprintf(s.settings[SIM_CLIENT].conn.congestion_control, MPT_NAME_BYTES, "bbr");
    sim_world *w = sim_world_new(&s, &(sim_options){0});
    uint64_t acked[SIM_APPS_MAX] = {0};
    uint32_t samples = 0;
    for (mpt_time at = from_s * MPT_S; at <= (from_s + BBR_MEASURED_S) * MPT_S; at += 5 * MPT_MS, samples++) {
        sim_world_run_until(w, at);
        mpt_time busy = w->link[0].busy_until[SIM_CLIENT] - at;
        double queue = busy > 0 ? (double)busy * RATE_BPS / 8e9 : 0;
        r.queue_mean_bytes += queue;
        r.queue_most_bytes = queue > r.queue_most_bytes ? queue : r.queue_most_bytes;
        for (uint32_t i = 0; i < flows && samples == 0; i++)
            acked[i] = mpt_conn_acked_offset(w->host[SIM_CLIENT].conn[i]->conn);
    }
    r.queue_mean_bytes /= samples;
    for (uint32_t i = 0; i < flows; i++) {
        SIM_REQUIRE(!w->host[SIM_CLIENT].conn[i]->is_gone, "flow %u is over too soon", i);
        r.mbps[i] =
            (double)(mpt_conn_acked_offset(w->host[SIM_CLIENT].conn[i]->conn) - acked[i]) * 8e-6 / BBR_MEASURED_S;
    }
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->PolicyFaults == 0, "policy faults");
    sim_world_run(w);
    sim_world_free(w);
    return r;
}

/** Payload is 1448 of 1500 bytes: the link bears 9.65 Mb/s. A PROBE_RTT falls into the time. */
static void bbr_fills_a_link_and_not_its_queue(const char *name) {
    for (int is_mptcp = 0; is_mptcp <= 1; is_mptcp++) {
        bbr_run r = run_bbr(name, is_mptcp, 1, 1, 0, 3);
        SIM_REQUIRE(r.mbps[0] >= 0.9 * 9.65, "%s: %.2f Mb/s", is_mptcp ? "MPTCP" : "TCP", r.mbps[0]);
        SIM_REQUIRE(r.queue_most_bytes <= 1.2 * BDP_BYTES && r.queue_mean_bytes < 0.5 * BDP_BYTES,
                    "queue: %.0f bytes at most, %.0f on average; BDP %d", r.queue_most_bytes, r.queue_mean_bytes,
                    BDP_BYTES);
    }
}

static void bbr_does_not_mind_losses_by_chance(const char *name) {
    bbr_run r = run_bbr(name, false, 1, 1, 10000, 3);
    SIM_REQUIRE(r.mbps[0] >= 0.85 * 9.65, "%.2f Mb/s", r.mbps[0]);
}

/**
 * Each holds its own share for more than it is, and takes the other's queue for the path's delay until both drain it: two windows of 2 BDP at most, of
 * the 20 BDP that the queue could take. They are even after two PROBE_RTTs, twenty seconds.
 */
static void two_flows_of_bbr_share(const char *name) {
    bbr_run r = run_bbr(name, false, 2, 1, 0, 23);
    double sum = r.mbps[0] + r.mbps[1], square = r.mbps[0] * r.mbps[0] + r.mbps[1] * r.mbps[1];
    SIM_REQUIRE(sum >= 0.9 * 9.65 && sum * sum / (2 * square) > 0.98, "%.2f and %.2f Mb/s", r.mbps[0], r.mbps[1]);
    SIM_REQUIRE(r.queue_mean_bytes <= 3 * BDP_BYTES, "queue: %.0f bytes", r.queue_mean_bytes);
}

static void bbr_fills_two_links(const char *name) {
    bbr_run r = run_bbr(name, true, 1, 2, 0, 3);
    SIM_REQUIRE(r.mbps[0] >= 0.85 * 2 * 9.5, "%.2f Mb/s", r.mbps[0]);
    SIM_REQUIRE(r.queue_most_bytes <= 1.2 * BDP_BYTES, "queue: %.0f bytes", r.queue_most_bytes);
}

/* ---- Path managers ---- */

static uint32_t subflows_after(sim_world *w, mpt_time at) {
    sim_world_run_until(w, at);
    return sim_case_info(w, SIM_CLIENT).subflow_count;
}

static void ndiffports_opens_so_many_from_one_address(const char *name) {
    for (uint32_t n = 1; n <= 4; n++) {
        sim_scenario s;
        sim_box box = {0};
        sim_case_two_links(&s, name, 2 * MEGABYTE, 0);
        snprintf(s.settings[SIM_CLIENT].conn.path_manager, MPT_NAME_BYTES, "ndiffports");
        s.settings[SIM_CLIENT].conn.ndiffports = n;
        sim_world *w = sim_case_world(&s, &box);
        uint32_t subflows = subflows_after(w, 500 * MPT_MS);
        SIM_REQUIRE(subflows == n, "%u subflows", subflows);
        sim_world_run(w);
        SIM_REQUIRE(box.data_bytes[1][SIM_CLIENT] == 0, "the second link was used");
        sim_world_free(w);
    }
}

/** Is there a subflow from the client's second address to the server's second one? */
static bool has_parallel(sim_world *w) {
    const mpt_conn *c = w->host[SIM_CLIENT].conn[0]->conn;
    mpt_subflow_info info;
    bool has = false;
    for (uint32_t i = 0; mpt_conn_get_subflow_info(c, i, &info); i++)
        has |= info.local.addr.bytes[2] == 1 && info.remote.addr.bytes[2] == 1;
    return has;
}

/** Two addresses at each end, the server announces its second one: Linux's endpoints make of it what flags and limit say. */
static void linux_endpoints_follow_flags_and_limit(const char *name) {
    const struct {
        uint32_t accepted;
        bool is_fullmesh, is_laminar;
        uint32_t subflows;
        bool has_parallel; /**< from the second address to the second one */
    } rows[] = {{0, false, false, 2, false}, {0, true, false, 2, false}, {1, false, false, 3, false},
                {1, true, false, 3, true},   {0, false, true, 1, false}, {1, false, true, 2, true},
                {1, true, true, 2, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sim_scenario s;
        sim_box box = {0};
        sim_case_two_links(&s, name, 2 * MEGABYTE, 0);
        s.server_address_count = 2;
        s.server_signals = true;
        snprintf(s.settings[SIM_CLIENT].conn.path_manager, MPT_NAME_BYTES, "linux");
        s.settings[SIM_CLIENT].conn.add_addr_accepted = rows[i].accepted;
        s.is_fullmesh[1] = rows[i].is_fullmesh;
        s.is_laminar[1] = rows[i].is_laminar;
        sim_world *w = sim_case_world(&s, &box);
        uint32_t subflows = subflows_after(w, 500 * MPT_MS);
        SIM_REQUIRE(subflows == rows[i].subflows, "row %zu: %u subflows, not %u", i, subflows, rows[i].subflows);
        SIM_REQUIRE(has_parallel(w) == rows[i].has_parallel, "row %zu: the second addresses are%s joined", i,
                    rows[i].has_parallel ? " not" : "");
        sim_world_run(w);
        sim_world_free(w);
    }
}

/* ---- A server's path manager that announces and withdraws ---- */

typedef struct second_state {
    uint32_t joined_id;
} second_state;

static uint32_t second_wanted(const mpt_pm_view *v) {
    (void)v;
    return 0;
}

/** Each twice, which is once: the second address is announced from the beginning to 2.5 s, the subflow that came of it closed then. */
static void second_on_event(mpt_conn *c, const mpt_pm_event *e) {
    second_state *own = e->priv;
    const mpt_addr second = sim_server_address(1, false);
    if (e->kind == MPT_PM_ESTABLISHED) {
        for (int i = 0; i < 2; i++)
            SIM_REQUIRE(mpt_pm_announce(c, &second) == MPT_OK, "it is not announced");
        mpt_pm_set_timer(c, e->now + 2500 * MPT_MS);
    } else if (e->kind == MPT_PM_SUBFLOW_UP) {
        own->joined_id = e->subflow_id;
    } else if (e->kind == MPT_PM_TIMER) {
        for (int i = 0; i < 2; i++)
            SIM_REQUIRE(mpt_pm_withdraw(c, &second) == MPT_OK, "it is not withdrawn");
        mpt_pm_close(c, own->joined_id);
    }
}

/** Now it announces, now it withdraws, whatever happens; also what has just gone. */
static void fickle_on_event(mpt_conn *c, const mpt_pm_event *e) {
    second_state *own = e->priv;
    for (uint32_t i = 0; mpt_pm_local(c, i); i++) {
        const mpt_addr a = mpt_pm_local(c, i)->addr;
        if (own->joined_id++ % 3 > 0)
            mpt_pm_announce(c, &a);
        else
            mpt_pm_withdraw(c, &a);
    }
    if (e->kind != MPT_PM_LOCAL_UP && e->kind != MPT_PM_LOCAL_DOWN)
        mpt_pm_set_timer(c, e->now + 7 * MPT_MS);
}

static const mpt_pm_ops second_manager = {
    .name = "second", .priv_bytes = sizeof(second_state), .wanted = second_wanted, .on_event = second_on_event};
static const mpt_pm_ops fickle_manager = {
    .name = "fickle", .priv_bytes = sizeof(second_state), .wanted = second_wanted, .on_event = fickle_on_event};

/** The server listens with @p manager. */
static sim_world *managed_world(const sim_scenario *s, sim_box *box, const mpt_pm_ops *manager) {
    sim_world *w = sim_case_world(s, box);
    sim_host *server = &w->host[SIM_SERVER];
    mpt_conn_settings set = s->settings[SIM_SERVER].conn;
    snprintf(set.path_manager, MPT_NAME_BYTES, "%s", manager->name);
    mpt_listener_close(server->listener[0], w->now);
    mpt_status registered = mpt_register_path_manager(server->stack, manager);
    mpt_status listens = mpt_listen(server->stack, &(mpt_endpoint){.port = 5000}, 16, &set, &server->listener[0]);
    SIM_REQUIRE(registered == MPT_OK && listens == MPT_OK, "%s, %s", mpt_status_name(registered),
                mpt_status_name(listens));
    return w;
}

/** With the port of the connection and one of the address' own; the first announcement is lost. */
static void server_announces_and_withdraws_by_policy(const char *name) {
    for (uint16_t port = 0; port <= 8080; port += 8080) {
        sim_scenario s;
        sim_box box = {.matches = sim_is_add_addr, .act = sim_do_lose, .times = 1};
        sim_scenario_default(&s, name, 1);
        s.server_address_count = 2;
        s.server_port = port;
        s.app[0].side[SIM_SERVER].bytes = 8 * MEGABYTE;
        sim_world *w = managed_world(&s, &box, &second_manager);
        const mpt_counters *client = sim_case_counters(w, SIM_CLIENT), *server = sim_case_counters(w, SIM_SERVER);
        sim_world_run_until(w, 2 * MPT_S);
        SIM_REQUIRE(box.matched == 2 && server->AddAddrTx == 2 && server->EchoAdd == 1,
                    "%u announcements, %" PRIu64 " echoes", box.matched, server->EchoAdd);
        SIM_REQUIRE(sim_case_info(w, SIM_CLIENT).subflow_count == 2, "port %u: %u subflows", port,
                    sim_case_info(w, SIM_CLIENT).subflow_count);
        SIM_REQUIRE(server->MPJoinPortSynRx == (port > 0), "port %u: %" PRIu64 " joins at another port", port,
                    server->MPJoinPortSynRx);
        sim_world_run_until(w, 3500 * MPT_MS);
        SIM_REQUIRE(client->RmAddr == 1 && client->RmAddrDrop == 0, "%" PRIu64 " withdrawals", client->RmAddr);
        SIM_REQUIRE(sim_case_info(w, SIM_CLIENT).subflow_count == 1, "port %u: %u subflows after", port,
                    sim_case_info(w, SIM_CLIENT).subflow_count);
        sim_world_run(w);
        SIM_REQUIRE(client->MPJoinSynTx == 1, "%" PRIu64 " joins", client->MPJoinSynTx);
        sim_world_free(w);
    }
}

static void fickle_announcements_stop_nothing(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_scenario_default(&s, name, 1);
    s.server_address_count = 3;
    s.app[0].side[SIM_SERVER].bytes = 4 * MEGABYTE;
    sim_scenario_fault(&s, 1 * MPT_S, SIM_FAULT_SERVER_DOWN, 2);
    sim_scenario_fault(&s, 2 * MPT_S, SIM_FAULT_SERVER_UP, 2);
    sim_world *w = managed_world(&s, &box, &fickle_manager);
    sim_world_run(w);
    SIM_REQUIRE(sim_case_counters(w, SIM_CLIENT)->RmAddr > 10, "%" PRIu64 " withdrawals",
                sim_case_counters(w, SIM_CLIENT)->RmAddr);
    sim_world_free(w);
}

static const sim_case cases[] = {
    SIM_CASE(redundant_sends_all_on_both),
    SIM_CASE(redundant_does_not_notice_a_dead_path),
    SIM_CASE(primary_leaves_the_other_link_alone),
    SIM_CASE(primary_gives_way_when_it_dies),
    SIM_CASE(all_but_copiers_use_both_links),
    SIM_CASE(waiting_is_worth_it_on_unlike_links),
    SIM_CASE(bbr_fills_a_link_and_not_its_queue),
    SIM_CASE(bbr_does_not_mind_losses_by_chance),
    SIM_CASE(two_flows_of_bbr_share),
    SIM_CASE(bbr_fills_two_links),
    SIM_CASE(ndiffports_opens_so_many_from_one_address),
    SIM_CASE(linux_endpoints_follow_flags_and_limit),
    SIM_CASE(server_announces_and_withdraws_by_policy),
    SIM_CASE(fickle_announcements_stop_nothing),
};
SIM_CASES(policy)
