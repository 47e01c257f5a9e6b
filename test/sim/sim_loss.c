/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * sim_loss: random loss of 0 to 5 % on each of two paths, both directions at once: every byte arrives once and in
 * order, and both sides close. Usage: sim_loss [SEEDS] (default 20)
 */
#include <inttypes.h>
#include <stdlib.h>

#include "sim_world.h"

enum { BYTES = 2000000, LOSS_STEPS = 6 };

/** All pairs of losses (0, 1, ... 5 %) with this seed. */
static bool run_seed(void *user, uint64_t seed) {
    (void)user;
    for (uint32_t pair = 0; pair < LOSS_STEPS * LOSS_STEPS; pair++) {
        sim_scenario s;
        char name[64];
        uint32_t percent[2] = {pair / LOSS_STEPS, pair % LOSS_STEPS};
        snprintf(name, sizeof name, "sim_loss seed %" PRIu64 " loss %u %% and %u %%", seed, percent[0], percent[1]);
        sim_scenario_default(&s, name, seed * 1000 + pair);
        s.link_count = 2;
        for (uint32_t i = 0; i < 2; i++) {
            s.link[i].loss_ppm = percent[i] * 10000;
        }
        s.link[1].delay_ns = 25 * MPT_MS;
        s.app[0].side[SIM_CLIENT].bytes = s.app[0].side[SIM_SERVER].bytes = BYTES;
        s.faults_end_ns = s.delivery_ns = 600 * MPT_S;
        s.end_ns = s.delivery_ns + 3600 * MPT_S;
        sim_run(&s, &(sim_options){.check_every = 16});
    }
    return true;
}

static void seed_ended(void *user, uint64_t seed, bool is_good) {
    (void)user;
    printf("seed %" PRIu64 ": %s\n", seed, is_good ? "all bytes once and in order, both sides closed" : "FAILED");
}

int main(int argc, char **argv) {
    uint64_t seeds = argc > 1 ? strtoull(argv[1], NULL, 10) : 20;
    if (argc > 2 || seeds == 0) {
        fprintf(stderr, "usage: sim_loss [SEEDS]\n");
        return 2;
    }
    uint64_t failed = sim_fork_each(1, seeds, 1, run_seed, seed_ended, NULL);
    printf("%" PRIu64 " passed, %" PRIu64 " failed\n", seeds - failed, failed);
    return failed == 0 ? 0 : 1;
}
