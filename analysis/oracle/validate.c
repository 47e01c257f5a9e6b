/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mptcp-validate: what sweeps of experiments/fairness measured, beside both predictions, as a page of Markdown. Each point
 * is predicted from the configuration in the database; nothing else is put in. The measured values are of the completed
 * runs, of the build that was run last, of the points that the sweeps have now.
 */
#define _GNU_SOURCE 1 /* mkstemp, fdopen */

#include "predict.h"

#include <argp.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, VALUES_MAX = 1000, FLOWS_MAX = 64, PREDICTED_RUNS = 5 };

#define TOLERANCE 0.07 /* of the measured mean from the packets' */
#define PREFIX "fairness-"

typedef struct {
    const char *file;
    sqlite3 *db;
    size_t passed, failed;
} page;

/* What is looked at of a point: goodput of one flow, or that by the mean of the TCP flows. */
typedef struct {
    const char *name, *unit;
    double fluid;
    stats_interval packets, measured;
} quantity;

static void die(const page *pg, const char *what) {
    fprintf(stderr, "mptcp-validate: %s: %s\n", pg->file, what);
    exit(EXIT_FAILURE);
}

static sqlite3_stmt *prepare(const page *pg, const char *sql) {
    sqlite3_stmt *query;
    if (sqlite3_prepare_v2(pg->db, sql, -1, &query, NULL) != SQLITE_OK)
        die(pg, sqlite3_errmsg(pg->db));
    return query;
}

/* The scenario of a configuration's JSON, which is YAML, too. */
static void load(const page *pg, const char *json, struct scenario *scenario, oracle_case *c, struct scn_arena *arena) {
    char name[] = "/tmp/mptcp-validate-XXXXXX", error[512];
    int descriptor = mkstemp(name);
    FILE *out = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    if (out == NULL)
        die(pg, "cannot write a file in /tmp");
    bool is_written = fputs(json, out) >= 0;
    is_written = fclose(out) == 0 && is_written;
    bool is_good = is_written && scenario_load(scenario, name, NULL, 0, arena, error, sizeof error) &&
                   oracle_from_scenario(c, scenario, arena, error, sizeof error);
    unlink(name);
    if (!is_good)
        die(pg, is_written ? error : "cannot write a file in /tmp");
}

/* Goodput of the flows, by run: goodput[run][flow]. @return the number of runs. */
static size_t measured(const page *pg, sqlite3_int64 point, const struct scenario *s,
                       double goodput[VALUES_MAX][FLOWS_MAX]) {
    sqlite3_stmt *query = prepare(
        pg,
        "SELECT run_id, entity, value FROM run JOIN metric USING (run_id) WHERE point_id = ?1 AND status = 'ok' AND "
        "ignored = '' AND build_id = (SELECT max(build_id) FROM run WHERE point_id = ?1 AND status = 'ok') AND "
        "name = 'goodput' ORDER BY seed, run_id");
    size_t runs = 0;
    sqlite3_int64 last = -1;
    sqlite3_bind_int64(query, 1, point);
    while (sqlite3_step(query) == SQLITE_ROW) {
        if (sqlite3_column_int64(query, 0) != last && ++runs > VALUES_MAX)
            die(pg, "too many runs of a point");
        last = sqlite3_column_int64(query, 0);
        const char *entity = (const char *)sqlite3_column_text(query, 1);
        for (size_t f = 0; f < s->flows.count; f++)
            if (strncmp(entity, "flow:", 5) == 0 && strcmp(entity + 5, s->flows.at[f].name) == 0)
                goodput[runs - 1][f] = sqlite3_column_double(query, 2);
    }
    sqlite3_finalize(query);
    return runs;
}

static bool is_tcp(const struct scenario *s, size_t flow) {
    return s->flows.at[flow].protocol != SCN_MPTCP;
}

/* The flow's value by the mean of the TCP flows'; rates of all flows. */
static double ratio(const struct scenario *s, const double *rates, size_t flow) {
    double sum = 0, count = 0;
    for (size_t f = 0; f < s->flows.count; f++)
        if (is_tcp(s, f)) {
            sum += rates[f];
            count++;
        }
    return rates[flow] / (sum / count);
}

static void print_row(page *pg, const char *campaign, const char *label, const quantity *q) {
    double off = q->measured.mean / q->packets.mean - 1;
    bool is_good = fabs(off) <= TOLERANCE;
    printf("| %s | %s | %s%s%s | %.3g | %.3g [%.3g, %.3g] | %.3g [%.3g, %.3g] | %zu | %+.1f %% | %s |\n",
           campaign + strlen(PREFIX), label, q->name, *q->unit ? ", " : "", q->unit, q->fluid, q->packets.mean,
           q->packets.low, q->packets.high, q->measured.mean, q->measured.low, q->measured.high, q->measured.n,
           100 * off, is_good ? "within" : "**outside**");
    if (is_good)
        pg->passed++;
    else
        pg->failed++;
}

static void print_flow(page *pg, const char *campaign, const char *label, const struct scenario *s,
                       const oracle_case *c, const predictions *p, double goodput[VALUES_MAX][FLOWS_MAX], size_t runs,
                       size_t flow) {
    double fluid[FLOWS_MAX], of_run[FLOWS_MAX], rates[2][VALUES_MAX], ratios[2][VALUES_MAX];
    for (size_t f = 0; f < s->flows.count; f++) {
        size_t from = network_index(&c->n, f, 0);
        fluid[f] = fluid_of(&p->root, p->has_root, from, from + c->n.flow[f].path_count) * c->mbps_per_pps[f];
    }
    for (size_t i = 0; i < p->runs; i++) {
        for (size_t f = 0; f < s->flows.count; f++) {
            size_t from = network_index(&c->n, f, 0);
            of_run[f] = packets_in_run(p, i, from, from + c->n.flow[f].path_count) * c->mbps_per_pps[f];
        }
        rates[0][i] = of_run[flow];
        ratios[0][i] = ratio(s, of_run, flow);
    }
    for (size_t i = 0; i < runs; i++) {
        rates[1][i] = goodput[i][flow];
        ratios[1][i] = ratio(s, goodput[i], flow);
    }
    quantity sum = {"goodput", "Mb/s", fluid[flow], stats_mean(rates[0], p->runs), stats_mean(rates[1], runs)};
    quantity part = {"ratio to TCP", "", ratio(s, fluid, flow), stats_mean(ratios[0], p->runs),
                     stats_mean(ratios[1], runs)};
    print_row(pg, campaign, label, &sum);
    if (isfinite(part.measured.mean))
        print_row(pg, campaign, label, &part);
}

static void print_point(page *pg, sqlite3_int64 point, const char *campaign, const char *label, const char *json) {
    static double goodput[VALUES_MAX][FLOWS_MAX];
    struct scn_arena arena = {0};
    struct scenario scenario;
    oracle_case c;
    predictions p;
    load(pg, json, &scenario, &c, &arena);
    if (scenario.flows.count > FLOWS_MAX)
        die(pg, "too many flows");
    memset(goodput, 0, sizeof goodput);
    size_t runs = measured(pg, point, &scenario, goodput);
    if (runs > 0) {
        predict(&c, PREDICTED_RUNS, &p);
        for (size_t f = 0; f < scenario.flows.count; f++)
            if (!is_tcp(&scenario, f))
                print_flow(pg, campaign, label, &scenario, &c, &p, goodput, runs, f);
        predictions_free(&p);
    }
    scn_arena_free(&arena);
}

static void print_page(page *pg) {
    sqlite3_stmt *query =
        prepare(pg, "SELECT point_id, name, label, json FROM campaign JOIN point USING (campaign_id) JOIN "
                    "config USING (config_id) WHERE is_current AND name GLOB '" PREFIX "*' ORDER BY name, "
                    "position");
    puts("# Fairness, measured and predicted\n");
    puts("Made by `experiments/fairness/validate.sh`. Fluid: the equilibrium by the papers' fixed points. Packets: the "
         "mean of "
         "ideal senders, ACK by ACK, which\nshare no code with the core. Measured: the core over simulated links. "
         "Intervals are of "
         "95 % over seeds. The verdict is of the measured mean against the\npackets', within 7 %. How the predictions "
         "are made: "
         "[analysis/README.md](../analysis/README.md); the scenarios: "
         "[experiments/fairness](../experiments/fairness/README.md).\n");
    puts("| experiment | point | quantity | fluid | packets | measured | n | off | verdict |");
    puts("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    while (sqlite3_step(query) == SQLITE_ROW)
        print_point(pg, sqlite3_column_int64(query, 0), (const char *)sqlite3_column_text(query, 1),
                    (const char *)sqlite3_column_text(query, 2), (const char *)sqlite3_column_text(query, 3));
    sqlite3_finalize(query);
    printf("\n%zu within, %zu outside.\n", pg->passed, pg->failed);
}

static error_t parse(int key, char *arg, struct argp_state *state) {
    page *pg = state->input;
    if (key == ARGP_KEY_ARG && pg->file == NULL)
        pg->file = arg;
    else if (key == ARGP_KEY_ARG || (key == ARGP_KEY_END && pg->file == NULL))
        argp_error(state, "one FILE.db expected");
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

int main(int argc, char **argv) {
    page pg = {0};
    const struct argp argp = {
        .parser = parse,
        .args_doc = "FILE.db",
        .doc = "Prints what the sweeps of experiments/fairness measured, beside both predictions, as "
               "Markdown.\vExit status: 0 done, whatever the verdicts, 1 the database cannot be used, 2 "
               "wrong command line."};
    argp_err_exit_status = EXIT_USAGE;
    argp_parse(&argp, argc, argv, 0, NULL, &pg);
    if (sqlite3_open_v2(pg.file, &pg.db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        die(&pg, sqlite3_errmsg(pg.db));
    print_page(&pg);
    sqlite3_close(pg.db);
    if (pg.passed + pg.failed == 0)
        die(&pg, "no completed run of a sweep called " PREFIX "...");
    return EXIT_SUCCESS;
}
