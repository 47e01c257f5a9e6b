/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command.h"
#include "db_option.h"
#include "grid.h"
#include "store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char doc[] = "Shows what a result file holds: each campaign's runs by status, then the failed runs.\v"
                          "It may be asked while a sweep is writing the file. Exit status 1 when a run failed.";

#define ENGINES                                                                                                        \
    "WITH engines AS MATERIALIZED (SELECT point_id, campaign_id, is_current,"                                          \
    " ifnull(json_extract(json, '$.engine'), 'ns3') AS engine FROM point JOIN config USING (config_id)) "

static const char builds_sql[] = ENGINES
    "SELECT campaign.campaign_id, campaign.name, campaign.file, campaign.text, build.commit_id, build.dirty,"
    " CASE min(engine) WHEN 'link' THEN 'link engine' ELSE 'ns-3 ' || build.ns3_version END,"
    " count(run.run_id) FILTER (WHERE is_current), total(run.status = 'ok' AND is_current),"
    " total(run.wall_s), count(run.run_id) FILTER (WHERE NOT is_current), min(engine)"
    " FROM campaign LEFT JOIN engines USING (campaign_id) LEFT JOIN run USING (point_id) LEFT JOIN build USING "
    "(build_id)"
    " WHERE point_id IS NULL OR run_id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM point p JOIN run USING (point_id)"
    " WHERE p.campaign_id = campaign.campaign_id)"
    " GROUP BY campaign.campaign_id, build_id ORDER BY campaign.name, build_id";

/* A build does the points of its engine alone. */
static const char elsewhere_sql[] =
    ENGINES "SELECT count(*) FROM engines WHERE campaign_id = ?1 AND is_current AND engine <> ?2";

static const char failures_sql[] = "SELECT run_id, campaign, label, seed, status, exit_code, stderr_end FROM run_named"
                                   " WHERE status <> 'ok' ORDER BY campaign, run_id";

static error_t parse(int key, char *arg, struct argp_state *state) {
    if (key == ARGP_KEY_INIT) {
        state->child_inputs[0] = state->input;
        return 0;
    }
    (void)arg;
    return ARGP_ERR_UNKNOWN;
}

static const char *column(sqlite3_stmt *row, int i) {
    const char *text = (const char *)sqlite3_column_text(row, i);
    return text ? text : "";
}

static uint64_t points_elsewhere(store *s, int64_t campaign_id, const char *engine) {
    sqlite3_stmt *select = store_kept(s, elsewhere_sql);
    if (!select) {
        return 0;
    }
    sqlite3_bind_int64(select, 1, campaign_id);
    sqlite3_bind_text(select, 2, engine, -1, SQLITE_STATIC);
    int64_t count = sqlite3_step(select) == SQLITE_ROW ? sqlite3_column_int64(select, 0) : 0;
    sqlite3_reset(select);
    return (uint64_t)count;
}

static int compare_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Points of a union of grids that ask for the same, word for word, are one. */
static uint64_t distinct_points(const grid *g) {
    char **asked = text_alloc(g->count * sizeof *asked);
    for (size_t i = 0; i < g->count; i++) {
        char **argv = grid_argv_config(g, &g->points[i], "", "");
        asked[i] = argv_quoted(argv);
        argv_free(argv);
    }
    qsort(asked, g->count, sizeof *asked, compare_text);
    uint64_t distinct = 0;
    for (size_t i = 0; i < g->count; i++) {
        distinct += i + 1 == g->count || strcmp(asked[i], asked[i + 1]) != 0;
    }
    for (size_t i = 0; i < g->count; i++) {
        free(asked[i]);
    }
    free(asked);
    return distinct;
}

/*
 * The sweep file is kept as text: grid times seeds is how many runs there will be, but for those of points that other
 * builds do. 0 when it cannot be read.
 */
static uint64_t planned_runs(const char *file, const char *text, uint64_t elsewhere) {
    sweep_file parsed;
    if (!sweep_file_parse(file, text, strlen(text), &parsed)) {
        return 0;
    }
    grid points;
    grid_expand(&parsed, &points);
    uint64_t distinct = parsed.grid_count > 1 ? distinct_points(&points) : points.count;
    uint64_t own = distinct - (elsewhere < distinct ? elsewhere : 0);
    uint64_t runs = own * parsed.seed_count; /* the least, with `until' */
    grid_free(&points);
    sweep_file_free(&parsed);
    return runs;
}

static bool print_campaigns(store *s) {
    sqlite3_stmt *row = store_prepare(s, builds_sql);
    int code = SQLITE_ERROR;
    while (row && (code = sqlite3_step(row)) == SQLITE_ROW) {
        bool has_runs = sqlite3_column_type(row, 4) != SQLITE_NULL;
        uint64_t elsewhere = has_runs ? points_elsewhere(s, sqlite3_column_int64(row, 0), column(row, 11)) : 0;
        uint64_t planned = planned_runs(column(row, 2), column(row, 3), elsewhere);
        int64_t runs = sqlite3_column_int64(row, 7);
        int64_t ok = sqlite3_column_int64(row, 8), outdated = sqlite3_column_int64(row, 10);
        planned = planned && planned < (uint64_t)runs ? (uint64_t)runs : planned;
        printf("%s: %" PRId64 "/%" PRIu64 " done, %" PRId64 " ok, %" PRId64 " failed", column(row, 1), runs, planned,
               ok, runs - ok);
        if (runs + outdated) {
            printf(", %.0f s of runs, commit %.12s%s, %s", sqlite3_column_double(row, 9), column(row, 4),
                   sqlite3_column_int(row, 5) ? " (changed)" : "", column(row, 6));
        }
        if (outdated) {
            printf(", %" PRId64 " runs more of points that the sweep no longer has", outdated);
        }
        putchar('\n');
    }
    sqlite3_finalize(row);
    return code == SQLITE_DONE || (row && store_fail(s));
}

static bool print_failures(store *s, size_t *count) {
    sqlite3_stmt *row = store_prepare(s, failures_sql);
    int code = SQLITE_ERROR;
    for (*count = 0; row && (code = sqlite3_step(row)) == SQLITE_ROW; ++*count) {
        char *last = text_last_line(column(row, 6));
        printf("%srun %s: %s: %s (%s): %s seed %s: %s\n", *count ? "" : "failed runs:\n", column(row, 0),
               column(row, 1), column(row, 4), column(row, 5), column(row, 2), column(row, 3), last);
        free(last);
    }
    sqlite3_finalize(row);
    return code == SQLITE_DONE || (row && store_fail(s));
}

int command_status(int argc, char **argv) {
    const char *db = NULL;
    const struct argp_child children[] = {{&db_option, 0, NULL, 0}, {0}};
    const struct argp argp = {.parser = parse, .doc = doc, .children = children};
    argp_parse(&argp, argc, argv, 0, NULL, &db);

    store s;
    size_t failures = 0;
    if (!store_open(&s, db, STORE_READ)) {
        return EXIT_USAGE;
    }
    bool is_good = print_campaigns(&s) && print_failures(&s, &failures) && fflush(stdout) == 0;
    store_close(&s);
    return is_good && !failures ? EXIT_DONE : EXIT_FAILED;
}
