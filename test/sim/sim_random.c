/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * sim_random: random scenarios. Safety while faults happen (bytes delivered are a prefix of those written), liveness
 * after them (all delivered, both sides closed, all memory given back). Each seed runs twice with equal trace hashes.
 */
#include <argp.h>
#include <inttypes.h>
#include <stdlib.h>

#include "sim_world.h"

typedef struct arguments {
    uint64_t from, to;
    uint32_t parallel;
    bool is_hash_printed, stops_at_first, has_stats;
    sim_options options;
} arguments;

static const struct argp_option option_list[] = {
    {"seed", 's', "N", 0, "Run this seed only", 0},
    {"from", 'a', "A", 0, "First seed (1)", 0},
    {"to", 'b', "B", 0, "Last seed (100)", 0},
    {"jobs", 'j', "N", 0, "Seeds at once (1)", 0},
    {"verbose", 'v', NULL, 0, "Print the scenario and a line for each segment", 0},
    {"hash", 'h', NULL, 0, "Print the trace hash of each seed", 0},
    {"pcap", 'p', "PREFIX", 0, "Write PREFIX-0.pcap, ... of the client's interfaces", 0},
    {"check-every", 'c', "N", 0, "Check all invariants after one of N events (1); 0 = never", 0},
    {"stats", 't', NULL, 0,
     "Print how often each fault happened and each counter moved; a fault that never did is a failure", 0},
    {"first", 'f', NULL, 0, "Stop at the first seed that fails", 0},
    {0}};

static uint64_t number(const char *text, struct argp_state *state) {
    char *end;
    uint64_t value = strtoull(text, &end, 10);
    if (*text == '\0' || *end != '\0') {
        argp_error(state, "%s: a number was expected", text);
    }
    return value;
}

static error_t parse(int key, char *text, struct argp_state *state) {
    arguments *a = state->input;
    switch (key) {
    case 's': a->from = a->to = number(text, state); return 0;
    case 'a': a->from = number(text, state); return 0;
    case 'b': a->to = number(text, state); return 0;
    case 'j': a->parallel = (uint32_t)number(text, state); return 0;
    case 'v': a->options.is_verbose = true; return 0;
    case 'h': a->is_hash_printed = true; return 0;
    case 'p': a->options.pcap_prefix = text; return 0;
    case 'c': a->options.check_every = (uint32_t)number(text, state); return 0;
    case 't': a->has_stats = true; return 0;
    case 'f': a->stops_at_first = true; return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static bool run_seed(void *user, uint64_t seed) {
    const arguments *a = user;
    sim_scenario s;
    sim_scenario_random(&s, seed);
    if (a->options.is_verbose) {
        sim_scenario_print(&s);
    }
    uint64_t first = sim_run(&s, &a->options);
    sim_options quiet = {.check_every = 0};
    uint64_t second = sim_run(&s, &quiet);
    if (first != second) {
        fprintf(stderr, "seed %" PRIu64 ": trace hash %016" PRIx64 ", then %016" PRIx64 "\n", seed, first, second);
    }
    if (a->is_hash_printed) {
        printf("seed %" PRIu64 " hash %016" PRIx64 "\n", seed, first);
    }
    return first == second;
}

static void seed_ended(void *user, uint64_t seed, bool is_good) {
    const arguments *a = user;
    if (is_good) {
        return;
    }
    fprintf(stderr, "replay: sim_random --seed %" PRIu64 " --verbose\n", seed);
    if (a->stops_at_first) {
        printf("seed %" PRIu64 " fails\n", seed);
        exit(1);
    }
}

int main(int argc, char **argv) {
    arguments a = {.from = 1, .to = 100, .parallel = 1, .options = {.check_every = 1}};
    const struct argp argp = {option_list, parse, NULL, "Random scenarios for two cores on simulated links.",
                              NULL,        NULL,  NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    if (a.from > a.to) {
        fprintf(stderr, "sim_random: --from is above --to\n");
        return 2;
    }
    if (a.has_stats) {
        a.options.totals = sim_totals_new();
    }
    uint64_t failed = sim_fork_each(a.from, a.to, a.parallel, run_seed, seed_ended, &a);
    uint32_t never = a.has_stats ? sim_totals_print(a.options.totals) : 0;
    if (never > 0) {
        printf("%" PRIu32 " faults never happened\n", never);
        failed++;
    }
    printf("%" PRIu64 " passed, %" PRIu64 " failed\n", a.to - a.from + 1 - failed, failed);
    return failed == 0 ? 0 : 1;
}
