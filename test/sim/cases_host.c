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
        settings.trace = true;
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

static const sim_case cases[] = {
    SIM_CASE(every_allocation_may_fail_once),
    SIM_CASE(creation_survives_failing_allocations),
    SIM_CASE(late_and_spurious_timers_are_harmless),
    SIM_CASE(same_seed_gives_the_same_trace),
};
SIM_CASES(host)
