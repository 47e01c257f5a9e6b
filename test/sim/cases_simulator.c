/* SPDX-License-Identifier: GPL-2.0-or-later */
/** cases_simulator.c: the simulator notices what it is there to notice. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cases.h"

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

/**
 * A FIN that waits for memory behind a pace (327327, 327585), two paths without delay that took copies from each other for ever (342002), a second mapping of what a
 * fallback delivers (383921); a segment of which only the beginning fitted into a copy was taken for copied, and waited for ever for a path that was dead
 * (594263); an end of the stream was given up after so many times, though data before it arrived, slowly (836587); paths of which each grew silent while one waited for the
 * other, a nanosecond at a time (2016327); a box made an ACK of an RST, and by that a plain connection of a join (1013781);
 * both ends joined at once, again and again, and each refused the other's join for its own (1108373); the only subflow, silent, ended for a join that could not be proven (1380351).
 */
static void seeds_that_once_failed_pass(const char *name) {
    static const uint64_t seeds[] = {327327, 327585,  342002,  383921,  594263,
                                     836587, 2016327, 1013781, 1108373, 1380351};
    (void)name;
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        sim_scenario s;
        sim_scenario_random(&s, seeds[i]);
        sim_run(&s, &(sim_options){.check_every = 16});
    }
}

static const sim_case cases[] = {
    SIM_CASE(seeds_that_once_failed_pass),
    SIM_CASE(simulator_notices_a_wrong_byte),
    SIM_CASE(simulator_notices_data_that_never_arrive),
    SIM_CASE(simulator_notices_a_connection_that_breaks),
};
SIM_CASES(simulator)
