/* SPDX-License-Identifier: GPL-2.0-or-later */
/** cases_policy.c: schedulers between two whole cores: what goes where, and what becomes of it on unlike paths. */
#include "cases.h"

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

static const sim_case cases[] = {
    SIM_CASE(redundant_sends_all_on_both),         SIM_CASE(redundant_does_not_notice_a_dead_path),
    SIM_CASE(primary_leaves_the_other_link_alone), SIM_CASE(primary_gives_way_when_it_dies),
    SIM_CASE(all_but_copiers_use_both_links),      SIM_CASE(waiting_is_worth_it_on_unlike_links),
};
SIM_CASES(policy)
