/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bp_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bp_ideal.h"
#include "bp_windows.h"
#include "sim_fail.h"

/** A stall is counted when it lasts so much longer than that of the best path alone. */
#define STALL_S 2.0

typedef double quantity(const bp_result *r);

static double by_sum(const bp_result *r) {
    return r->sum > 0 ? r->goodput / r->sum : 1;
}
static double by_uncoupled(const bp_result *r) {
    return r->uncoupled > 0 ? r->goodput / r->uncoupled : 1;
}
static double uncoupled_by_best(const bp_result *r) {
    return r->best > 0 ? r->uncoupled / r->best : 1;
}
static double duplicates(const bp_result *r) {
    return r->twice;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int by_ratio(const void *a, const void *b) {
    double x = bp_ratio(a), y = bp_ratio(b);
    return (x > y) - (x < y);
}

static void row(const char *name, const bp_result *results, uint64_t count, quantity *of, bool is_table) {
    static const double percentiles[] = {0, 1, 5, 10, 25, 50, 75, 95, 99, 100};
    double *values = malloc((count + 1) * sizeof *values);
    SIM_REQUIRE(values != NULL, "out of memory");
    for (uint64_t i = 0; i < count; i++)
        values[i] = of(&results[i]);
    qsort(values, count, sizeof *values, by_value);
    printf(is_table ? "| %s |" : "%-34s", name);
    for (uint32_t i = 0; i < sizeof percentiles / sizeof *percentiles; i++)
        printf(is_table ? " %.3f |" : " %7.3f", values[(uint64_t)(percentiles[i] / 100 * (double)(count - 1) + 0.5)]);
    printf("\n");
    free(values);
}

static void print_percentiles(const bp_result *results, uint64_t count, bool is_table) {
    static const char *const names[] = {"least", "1 %", "5 %", "10 %", "25 %", "50 %", "75 %", "95 %", "99 %", "most"};
    printf(is_table ? "| |" : "%-34s", "");
    for (uint32_t i = 0; i < sizeof names / sizeof *names; i++)
        printf(is_table ? " %s |" : " %7s", names[i]);
    printf("\n%s", is_table ? "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n" : "");
    row("MPTCP / best path", results, count, bp_ratio, is_table);
    row("MPTCP, LIA as Reno / best path", results, count, uncoupled_by_best, is_table);
    row("MPTCP / sum of the paths", results, count, by_sum, is_table);
    row("LIA / Reno on the same paths", results, count, by_uncoupled, is_table);
    row("bytes that arrive twice", results, count, duplicates, is_table);
}

static double share(const bp_result *results, uint64_t count, quantity *of, double least) {
    uint64_t reached = 0;
    for (uint64_t i = 0; i < count; i++)
        reached += of(&results[i]) >= least;
    return (double)reached / (double)count;
}

static void stalls(const bp_result *results, uint64_t count) {
    uint64_t stalled = 0, of_death = 0;
    for (uint64_t i = 0; i < count; i++) {
        bp_draw d;
        if (results[i].stall_s < results[i].best_stall_s + STALL_S)
            continue;
        bp_draw_make(&d, results[i].seed);
        stalled++;
        of_death += bp_draw_has_death(&d);
        printf("stall of %.1f s, best path alone %.1f s: best_path --seed %" PRIu64 "\n", results[i].stall_s,
               results[i].best_stall_s, results[i].seed);
    }
    printf("%" PRIu64 " draws stall more than %.0f s longer than the best path alone, %" PRIu64
           " of them with a path that dies\n",
           stalled, STALL_S, of_death);
}

/** Does LIA's rule itself, by its windows alone, give less than @p least of the best path of @p d? */
static bool is_coupling_below(const bp_draw *d, double least) {
    double best = 0;
    for (uint32_t i = 0; i < d->path_count; i++) {
        double alone = bp_windows_goodput(d, 1u << i, false);
        best = alone > best ? alone : best;
    }
    return bp_windows_goodput(d, (1u << d->path_count) - 1, true) < least * best;
}

/** What LIA's coupling takes: by calculation, for ever, by its windows alone, and as measured. */
static void coupling(const bp_result *results, uint64_t count) {
    uint64_t coupled = 0, below_best = 0, below_sum = 0, missed = 0, by_reno = 0, by_rule = 0;
    for (uint64_t i = 0; i < count; i++) {
        bp_draw d;
        bp_draw_make(&d, results[i].seed);
        if (strcmp(d.congestion_control, "lia") != 0)
            continue;
        bp_ideal ideal = bp_ideal_of(&d);
        coupled++;
        below_best += ideal.coupled < 0.95 * ideal.best;
        below_sum += ideal.coupled < 0.95 * ideal.uncoupled;
        missed += bp_ratio(&results[i]) < 0.95;
        by_reno += bp_ratio(&results[i]) < 0.95 && uncoupled_by_best(&results[i]) >= 0.95;
        by_rule += bp_ratio(&results[i]) < 0.95 && is_coupling_below(&d, 0.95);
    }
    printf("%" PRIu64 " draws with LIA: by calculation %" PRIu64 " give less than 0.95 of the best path, %" PRIu64
           " less than 0.95 of the same paths with Reno; measured %" PRIu64
           " are below 0.95 of the best path, where Reno reaches it in %" PRIu64 "\n",
           coupled, below_best, below_sum, missed, by_reno);
    printf("of these LIA's windows alone are below 0.95 of the best path in %" PRIu64
           ": without them %.1f %% of all draws reach 0.95\n",
           by_rule, 100 * (share(results, count, bp_ratio, 0.95) + (double)by_rule / (double)count));
}

void bp_report_draw(const bp_result *r, bool is_cold) {
    bp_draw d;
    bp_draw_make(&d, r->seed);
    printf("%.3f (uncoupled %.3f; %.3f of %.3f Mb/s; stall %.1f s; twice %.1f %%) best_path%s --seed %" PRIu64 ": ",
           bp_ratio(r), uncoupled_by_best(r), r->goodput, r->best, r->stall_s, 100 * r->twice, is_cold ? " --cold" : "",
           r->seed);
    bp_draw_print(&d);
}

bp_summary bp_report(bp_result *results, uint64_t count, uint32_t worst, bool is_table, bool is_cold) {
    uint64_t done = 0;
    for (uint64_t i = 0; i < count; i++)
        if (results[i].is_done)
            results[done++] = results[i];
    if (done == 0)
        return (bp_summary){0, 0};
    qsort(results, done, sizeof *results, by_ratio);
    bp_summary s = {share(results, done, bp_ratio, 0.95), share(results, done, bp_ratio, 0.85)};
    print_percentiles(results, done, is_table);
    printf("%s%" PRIu64
           " draws: %.1f %% reach 0.95 of the best path, %.1f %% reach 0.85 (with Reno for LIA: %.1f %%, %.1f %%)\n",
           is_table ? "\n" : "", done, 100 * s.share_95, 100 * s.share_85,
           100 * share(results, done, uncoupled_by_best, 0.95), 100 * share(results, done, uncoupled_by_best, 0.85));
    coupling(results, done);
    stalls(results, done);
    printf("the worst:\n");
    for (uint64_t i = 0; i < worst && i < done; i++)
        bp_report_draw(&results[i], is_cold);
    return s;
}
