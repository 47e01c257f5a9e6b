/* SPDX-License-Identifier: GPL-2.0-or-later */
/** cases_host.c: the host: memory that fails, timers that are late. */
#include <inttypes.h>

#include "cases.h"

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
        settings.traces = MPT_TRACE_ALL;
        mpt_status status = mpt_stack_new(&st, &settings, &mem, 0);
        SIM_REQUIRE((status == MPT_OK) == (memory.failures == 0), "status %s", mpt_status_name(status));
        SIM_REQUIRE((status == MPT_OK) == (st != NULL), "status %s, and a stack is %p", mpt_status_name(status),
                    (void *)st);
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

/** It has carried some data, and waits for the next message: what it took for them it has given back. */
static void idle_connection_takes_little_memory(const char *name) {
    enum { PLAIN_BYTES = 4608 };
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 40 * 100, 40 * 200000);
    s.settings[SIM_CLIENT].conn.mptcp = s.settings[SIM_SERVER].conn.mptcp = false;
    s.app[0].start_ns = 1 * MPT_S;
    s.app[0].side[SIM_CLIENT].message_bytes = 100;
    s.app[0].side[SIM_SERVER].message_bytes = 200000;
    s.app[0].side[SIM_CLIENT].read_bytes_max = 200000;
    s.app[0].side[SIM_CLIENT].read_pause_ns = 2000 * MPT_MS;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 900 * MPT_MS);
    uint64_t before[2] = {w->host[SIM_CLIENT].memory.bytes, w->host[SIM_SERVER].memory.bytes};
    sim_world_run_until(w, 4 * MPT_S);
    SIM_REQUIRE(box.data_bytes[0][SIM_SERVER] >= 400000, "%" PRIu64 " bytes were sent", box.data_bytes[0][SIM_SERVER]);
    for (int side = 0; side < 2; side++) {
        uint64_t bytes = w->host[side].memory.bytes - before[side];
        SIM_REQUIRE(bytes <= PLAIN_BYTES, "side %d: %" PRIu64 " bytes", side, bytes);
    }
    sim_world_free(w);
}

/** Both ends have closed; what waits for late segments is neither buffers nor a connection. */
static void plain_connection_in_time_wait_takes_little_memory(const char *name) {
    enum { TIME_WAIT_BYTES = 300, TIMERS_BYTES = 8 * 2 * sizeof(void *) }; /* room for timers is made for 8 at once */
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 100000, 100000);
    s.settings[SIM_CLIENT].conn.mptcp = s.settings[SIM_SERVER].conn.mptcp = false;
    s.app[0].start_ns = 1 * MPT_S;
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 900 * MPT_MS);
    uint64_t before[2] = {w->host[SIM_CLIENT].memory.bytes, w->host[SIM_SERVER].memory.bytes}, most = 0;
    sim_world_run_until(w, 10 * MPT_S);
    for (int side = 0; side < 2; side++) {
        uint64_t bytes = w->host[side].memory.bytes - before[side];
        SIM_REQUIRE(w->host[side].conn[0]->is_gone && bytes <= TIME_WAIT_BYTES + TIMERS_BYTES,
                    "side %d: %" PRIu64 " bytes", side, bytes);
        most = bytes > most ? bytes : most;
    }
    SIM_REQUIRE(most > 0, "nobody is in TIME-WAIT");
    sim_case_finish(w);
}

static const sim_case cases[] = {
    SIM_CASE(plain_connection_in_time_wait_takes_little_memory),
    SIM_CASE(idle_connection_takes_little_memory),
    SIM_CASE(every_allocation_may_fail_once),
    SIM_CASE(creation_survives_failing_allocations),
    SIM_CASE(late_and_spurious_timers_are_harmless),
    SIM_CASE(same_seed_gives_the_same_trace),
};
SIM_CASES(host)
