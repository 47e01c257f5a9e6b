/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * best_path: is MPTCP never worse than the best of its paths alone? Draws paths, buffers, transfers and what happens to them by seed, runs MPTCP and each
 * path's TCP in the same conditions, and compares. See doc/heterogeneity.md.
 */
#define _GNU_SOURCE
#include <argp.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bp_causes.h"
#include "bp_net.h"
#include "bp_report.h"
#include "sim_fail.h"

typedef struct arguments {
    uint64_t from, to;
    uint32_t parallel, worst;
    bool is_cold, is_verbose, is_table, is_list, is_traced, has_own_luck, has_causes;
    uint32_t luck;    /**< other losses for all runs */
    uint32_t repeats; /**< 0: what the draw says */
    const char *scheduler;
    double least_95, least_85; /**< shares of the draws that must reach 0.95 and 0.85; 0 = whatever comes */
    bp_result *results;
} arguments;

static const struct argp_option option_list[] = {
    {"seed", 's', "N", 0, "This draw only, each run told", 0},
    {"from", 'a', "A", 0, "First draw (1)", 0},
    {"to", 'b', "B", 0, "Last draw (100)", 0},
    {"jobs", 'j', "N", 0, "Draws at once (1)", 0},
    {"cold", 'c', NULL, 0, "The transfer begins with the connection on the first path, not when all paths are joined",
     0},
    {"own-luck", 'o', NULL, 0, "Each run has losses of its own, not the same ones for the n-th segment of a path", 0},
    {"repeats", 'n', "N", 0, "Runs of each transport, 1 to 5, each with other losses (4 or 5, 1 without chance)", 0},
    {"scheduler", 'S', "NAME", 0, "Instead of the default", 0},
    {"trace", 'x', NULL, 0, "With --seed: a line for each segment that MPTCP sends", 0},
    {"worst", 'w', "N", 0, "How many of the worst draws to tell (20)", 0},
    {"table", 't', NULL, 0, "As tables of Markdown", 0},
    {"list", 'l', NULL, 0, "A line for each draw as well", 0},
    {"causes", 'y', NULL, 0, "A table of the worst draws with what would make them as good as the best path", 0},
    {"require-95", 'r', "PERCENT", 0, "Fail unless so many of the draws reach 0.95 of the best path", 0},
    {"require-85", 'R', "PERCENT", 0, "Fail unless so many of the draws reach 0.85 of the best path", 0},
    {0}};

static double real(const char *text, struct argp_state *state) {
    char *end;
    double value = strtod(text, &end);
    if (*text == '\0' || *end != '\0' || value < 0)
        argp_error(state, "%s: a number was expected", text);
    return value;
}

static error_t parse(int key, char *text, struct argp_state *state) {
    arguments *a = state->input;
    switch (key) {
    case 's':
        a->from = a->to = (uint64_t)real(text, state);
        a->is_verbose = true;
        return 0;
    case 'a': a->from = (uint64_t)real(text, state); return 0;
    case 'b': a->to = (uint64_t)real(text, state); return 0;
    case 'j': a->parallel = (uint32_t)real(text, state); return 0;
    case 'c': a->is_cold = true; return 0;
    case 'o': a->has_own_luck = true; return 0;
    case 'y': a->has_causes = true; return 0;
    case 'n':
        a->repeats = (uint32_t)real(text, state);
        if (a->repeats < 1 || a->repeats > BP_REPEATS_MAX)
            argp_error(state, "%s: 1 to %d was expected", text, BP_REPEATS_MAX);
        return 0;
    case 'S': a->scheduler = text; return 0;
    case 'w': a->worst = (uint32_t)real(text, state); return 0;
    case 'x': a->is_traced = true; return 0;
    case 't': a->is_table = true; return 0;
    case 'l': a->is_list = true; return 0;
    case 'r': a->least_95 = real(text, state) / 100; return 0;
    case 'R': a->least_85 = real(text, state) / 100; return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

/** The repeats of one transport. */
typedef struct measured {
    bp_outcome all; /**< sums of bytes and times, the longest stall */
    mpt_time stall_ns[BP_REPEATS_MAX];
} measured;

static void add(bp_outcome *sum, const bp_outcome *o) {
    sum->bytes += o->bytes;
    sum->time_ns += o->time_ns;
    sum->twice += o->twice;
    sum->stall_ns = o->stall_ns > sum->stall_ns ? o->stall_ns : sum->stall_ns;
    for (uint32_t i = 0; i < BP_PATHS_MAX; i++)
        sum->by_path[i] += o->by_path[i];
}

/** All bytes by all the time they took: the mean that a long wait for a rare loss weighs in as it does for who waits. */
static measured measure(const bp_draw *d, const bp_transport *t, const char *name, bool is_verbose) {
    measured m = {.all = {.bytes = 0}};
    for (uint32_t i = 0; i < d->repeats; i++) {
        bp_outcome o = bp_run(d, t, d->seed * 8 + i);
        m.stall_ns[i] = o.stall_ns;
        add(&m.all, &o);
    }
    if (is_verbose) {
        printf("%-14s %10.3f Mb/s, %9.3f s, stall %.3f s, %.3f MB, twice %.3f MB, by path", name, bp_goodput(&m.all),
               (double)m.all.time_ns / 1e9, (double)m.all.stall_ns / 1e9, (double)m.all.bytes / 1e6,
               (double)m.all.twice / 1e6);
        for (uint32_t i = 0; i < d->path_count; i++)
            printf(" %.3f", (double)m.all.by_path[i] / 1e6);
        printf(" MB%s\n", d->repeats > 1 ? " in all repeats" : "");
    }
    return m;
}

/** The repeat in which MPTCP stalls most beyond the best path, which met the same losses. */
static void compare_stalls(bp_result *r, const measured *mptcp, const measured *best, uint32_t repeats) {
    for (uint32_t i = 0; i < repeats; i++) {
        double stall_s = (double)mptcp->stall_ns[i] / 1e9, best_s = (double)best->stall_ns[i] / 1e9;
        if (i == 0 || stall_s - best_s > r->stall_s - r->best_stall_s) {
            r->stall_s = stall_s;
            r->best_stall_s = best_s;
        }
    }
}

static void compare(const arguments *a, const bp_draw *d, bp_result *r) {
    bool is_lia = strcmp(d->congestion_control, "lia") == 0;
    uint32_t luck = a->luck * (BP_PATHS_MAX + 2);
    bp_transport t = {.congestion_control = is_lia ? "reno" : d->congestion_control};
    measured best = {.all = {.bytes = 0}};
    for (uint32_t i = 0; i < d->path_count; i++) {
        char name[24];
        snprintf(name, sizeof name, "TCP path %u", i + 1);
        t.paths = 1u << i;
        t.luck = luck + (a->has_own_luck ? i + 1 : 0);
        measured m = measure(d, &t, name, a->is_verbose);
        r->sum += bp_goodput(&m.all);
        if (bp_goodput(&m.all) >= bp_goodput(&best.all))
            best = m;
    }
    r->best = bp_goodput(&best.all);
    t = (bp_transport){.is_mptcp = true,
                       .is_cold = a->is_cold,
                       .paths = (1u << d->path_count) - 1,
                       .luck = luck + (a->has_own_luck ? BP_PATHS_MAX + 1 : 0),
                       .congestion_control = d->congestion_control,
                       .scheduler = a->scheduler};
    t.is_traced = a->is_traced && a->is_verbose;
    measured m = measure(d, &t, "MPTCP", a->is_verbose);
    t.is_traced = false;
    r->goodput = r->uncoupled = bp_goodput(&m.all);
    r->twice = m.all.bytes > 0 ? (double)m.all.twice / (double)m.all.bytes : 0;
    compare_stalls(r, &m, &best, d->repeats);
    if (is_lia) {
        t.congestion_control = "reno";
        m = measure(d, &t, "uncoupled", a->is_verbose);
        r->uncoupled = bp_goodput(&m.all);
    }
    r->is_done = true;
}

static double compare_quietly(void *user, const bp_draw *d, uint32_t luck) {
    arguments a = *(const arguments *)user;
    bp_result r = {.seed = d->seed};
    a.luck = luck;
    compare(&a, d, &r);
    return bp_ratio(&r);
}

static bool run_draw(void *user, uint64_t seed) {
    const arguments *a = user;
    bp_draw d;
    bp_draw_make(&d, seed);
    if (a->repeats > 0)
        d.repeats = a->repeats;
    if (a->is_verbose)
        bp_draw_print(&d);
    bp_result *r = &a->results[seed - a->from];
    r->seed = seed;
    compare(a, &d, r);
    if (a->is_list)
        bp_report_draw(r, a->is_cold);
    if (a->is_verbose)
        printf("ratio %.3f\n", bp_ratio(r));
    return true;
}

static void draw_ended(void *user, uint64_t seed, bool is_good) {
    (void)user;
    if (!is_good)
        fprintf(stderr, "best_path: the draw fails: best_path --seed %" PRIu64 "\n", seed);
}

int main(int argc, char **argv) {
    arguments a = {.from = 1, .to = 100, .parallel = 1, .worst = 20};
    const struct argp argp = {option_list, parse, NULL, "Compares MPTCP with the best of its paths alone.",
                              NULL,        NULL,  NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    if (a.from > a.to || a.from == 0) {
        fprintf(stderr, "best_path: --from must be at least 1 and at most --to\n");
        return 2;
    }
    uint64_t count = a.to - a.from + 1;
    a.results = mmap(NULL, count * sizeof *a.results, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    SIM_REQUIRE(a.results != MAP_FAILED, "out of memory");
    uint64_t failed = sim_fork_each(a.from, a.to, a.parallel, run_draw, draw_ended, &a);
    if (a.is_verbose)
        return failed > 0;
    bp_summary s = bp_report(a.results, count, a.worst, a.is_table, a.is_cold);
    if (a.has_causes)
        bp_causes_table(a.results, count, a.worst, compare_quietly, &a);
    if (s.share_95 < a.least_95 || s.share_85 < a.least_85) {
        fprintf(stderr, "best_path: too many draws are worse than the best path\n");
        return 1;
    }
    return failed > 0;
}
