/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-oracle: what theory expects of a scenario: fluid equilibrium, solved in two ways, and ideal packet senders. */
#include "predict.h"

#include <argp.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SETS_MAX = 64, EXIT_USAGE = 2 };
#define DIFFERENCE_MAX 0.05 /* of the two ways; CUBIC's equations are slow */

typedef struct {
    const char *file, *sets[SETS_MAX];
    size_t set_count, runs;
    unsigned long first_seed;
    bool as_metrics, as_lines, is_check_only;
} options;

static const struct argp_option option_list[] = {
    {"set", 's', "KEY=VALUE", 0, "change the scenario, as for mptcp-run", 0},
    {"runs", 'r', "N", 0, "runs of the packet senders, one for each seed [5]", 0},
    {"first-seed", 'f', "N", 0, "seed of the first of them [1]", 0},
    {"metrics", 'm', NULL, 0, "print result lines `metric NAME ENTITY UNIT VALUE' instead of a table", 0},
    {"each", 'e', NULL, 0, "print lines `predicted SEED NAME ENTITY UNIT VALUE', as mptcp-lab predict stores them", 0},
    {"check", 'c', NULL, 0, "predict nothing: only say whether the models hold for the scenario", 0},
    {0},
};

const char *argp_program_version = "mptcp-oracle " MPTCP_VERSION;

static const char doc[] =
    "Predicts what a scenario's flows get, without this module's code: the fluid equilibrium, from the papers' fixed "
    "points (root) and from differential equations (ode), and ideal packet senders.\v"
    "Example:\n"
    "  mptcp-oracle fairness.yaml --set flows.multi.congestion_control=olia\n\n"
    "Rates are packets/s; metrics are goodput in Mb/s. Exit status: 0 done, 1 no equilibrium was found or both ways "
    "differ by more than 5 % on a flow, 2 wrong command line or a scenario that the models do not hold for.";

static error_t parse(int key, char *arg, struct argp_state *state) {
    options *o = state->input;
    char *end;
    switch (key) {
    case 's':
        if (o->set_count == SETS_MAX)
            argp_error(state, "--set: expected at most %d", SETS_MAX);
        o->sets[o->set_count++] = arg;
        return 0;
    case 'r':
        o->runs = strtoul(arg, &end, 10);
        if (*end != '\0' || arg[0] < '0' || arg[0] > '9' || o->runs < 1 || o->runs > PREDICT_RUNS_MAX)
            argp_error(state, "--runs: expected 1 to %d, got '%s'", PREDICT_RUNS_MAX, arg);
        return 0;
    case 'f':
        o->first_seed = strtoul(arg, &end, 10);
        if (*end != '\0' || arg[0] < '0' || arg[0] > '9' || o->first_seed < 1)
            argp_error(state, "--first-seed: expected a whole number from 1, got '%s'", arg);
        return 0;
    case 'm': o->as_metrics = true; return 0;
    case 'e': o->as_lines = true; return 0;
    case 'c': o->is_check_only = true; return 0;
    case ARGP_KEY_ARG:
        if (o->file != NULL)
            argp_error(state, "one SCENARIO expected, got '%s' too", arg);
        o->file = arg;
        return 0;
    case ARGP_KEY_END:
        if (o->file == NULL)
            argp_error(state, "SCENARIO.yaml expected");
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static void print_metric(const char *name, const char *entity, double value) {
    if (isfinite(value))
        printf("metric\t%s\t%s\tMb/s\t%.17g\n", name, entity, value);
}

static void print_line(const options *o, const predictions *p, const char *entity, size_t from, size_t to,
                       double mbps) {
    double root = fluid_of(&p->root, p->has_root, from, to), ode = fluid_of(&p->ode, p->has_ode, from, to);
    stats_interval packets = packets_of(p, from, to);
    if (o->as_metrics) {
        print_metric("predicted_fluid", entity, root * mbps);
        print_metric("predicted_fluid_ode", entity, ode * mbps);
        print_metric("predicted_packets", entity, packets.mean * mbps);
        print_metric("predicted_packets_low", entity, packets.low * mbps);
        print_metric("predicted_packets_high", entity, packets.high * mbps);
    } else {
        printf("%-36s %9.1f %9.1f %9.1f  [%.1f, %.1f]\n", entity, root, ode, packets.mean, packets.low, packets.high);
    }
}

static bool print_all(const options *o, const oracle_case *c, const predictions *p) {
    bool do_agree = p->refusal != NULL || predictions_have_both(p);
    bool as_table = !o->as_metrics && !o->as_lines;
    if (as_table)
        printf("%-36s %9s %9s %9s  95 %% interval of %zu runs\n", "packets/s", "root", "ode", "packets", o->runs);
    for (size_t f = 0; f < c->n.flow_count; f++) {
        const net_flow *flow = &c->n.flow[f];
        size_t from = network_index(&c->n, f, 0), to = from + flow->path_count;
        char entity[256];
        snprintf(entity, sizeof entity, "flow:%s", flow->name);
        if (flow->is_over)
            continue;
        if (!o->as_lines)
            print_line(o, p, entity, from, to, c->mbps_per_pps[f]);
        double root = fluid_of(&p->root, p->has_root, from, to), ode = fluid_of(&p->ode, p->has_ode, from, to);
        do_agree = do_agree && !(fabs(ode / root - 1) > DIFFERENCE_MAX);
        for (size_t r = 0; r < flow->path_count && flow->path_count > 1 && as_table; r++) {
            snprintf(entity, sizeof entity, "flow:%s path:%s", flow->name, flow->path[r].name);
            print_line(o, p, entity, from + r, from + r + 1, c->mbps_per_pps[f]);
        }
    }
    return do_agree;
}

int main(int argc, char **argv) {
    options o = {.runs = 5, .first_seed = 1};
    const struct argp argp = {option_list, parse, "SCENARIO.yaml", doc, NULL, NULL, NULL};
    argp_err_exit_status = EXIT_USAGE;
    argp_parse(&argp, argc, argv, 0, NULL, &o);

    struct scn_arena arena = {0};
    struct scenario scenario;
    oracle_case c;
    predictions p = {0};
    char error[512];
    if (!scenario_load(&scenario, o.file, o.sets, o.set_count, &arena, error, sizeof error) ||
        !oracle_from_scenario(&c, &scenario, &arena, error, sizeof error)) {
        fprintf(stderr, "%s\n", error);
        scn_arena_free(&arena);
        return EXIT_USAGE;
    }
    if (o.is_check_only) {
        scn_arena_free(&arena);
        return EXIT_SUCCESS;
    }
    predict(&c, o.first_seed, o.runs, &p);
    if (p.refusal != NULL)
        fprintf(stderr, "mptcp-oracle: no fluid equilibrium: %s\n", p.refusal);
    if (o.as_lines)
        predictions_print(&p, &c, &scenario, stdout);
    bool do_agree = print_all(&o, &c, &p);
    if (!do_agree)
        fputs("mptcp-oracle: the two ways to the fluid equilibrium do not agree\n", stderr);
    predictions_free(&p);
    scn_arena_free(&arena);
    return do_agree ? EXIT_SUCCESS : EXIT_FAILURE;
}
