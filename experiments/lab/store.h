/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The result store: one SQLite file (experiments/schema.sql), written by one process.
 *
 * Functions that return false have put one line on standard error.
 */
#ifndef LAB_STORE_H
#define LAB_STORE_H

#include "program.h"
#include "result_parse.h"

#include <sqlite3.h>

typedef enum {
    STORE_READ,  /* must exist; works where one may not write, too */
    STORE_WRITE, /* made when missing; locked against a second writer until store_close(); older versions are migrated */
    STORE_CHANGE /* as STORE_WRITE, but it must exist */
} store_mode;

/* A statement that is used again and again. */
typedef struct {
    const char *sql; /* known by its place */
    sqlite3_stmt *statement;
} store_kept_statement;

typedef struct store_quantities store_quantities; /* ids that were looked up, store_results.c */

typedef struct {
    sqlite3 *db;
    char *path;
    int lock_fd;
    store_kept_statement *kept;
    size_t kept_count;
    store_quantities *quantities;
    bool has_open_runs; /* store_put_run() was called since the last store_commit_runs() */
} store;

typedef struct {
    int64_t point_id;
    int64_t build_id;
    uint64_t seed;
    const char *status;
    int exit_code;
    const char *argv;
    const char *started_at; /* as store_time_now() gives it */
    const char *host;
    double wall_s;
    double cpu_s;
    int64_t memory_kib;
    const char *stderr_end;
    const char *result_hash;
} store_run_row;

typedef struct {
    int64_t campaign_id;
    int64_t config_id;
    int64_t position;
    const char *label;
} store_point_row;

typedef enum { STORE_RUN_NONE, STORE_RUN_OK, STORE_RUN_FAILED } store_run_state;

bool store_open(store *s, const char *path, store_mode mode);
void store_close(store *s);

/* The last SQLite error as a line; returns false. */
bool store_fail(const store *s);

/* Prepares `sql`; NULL after store_fail(). */
sqlite3_stmt *store_prepare(const store *s, const char *sql);
/* The same for a literal, prepared once and kept until store_close(); to be reset, not finalized. */
sqlite3_stmt *store_kept(store *s, const char *sql);
bool store_exec(const store *s, const char *sql);

/* Makes the tables of today of those of an older version, in one transaction (store_migrate.c). */
bool store_migrate(const store *s, int64_t version);

/* UTC, '2026-01-31T12:00:00.000Z'. */
#define STORE_TIME_BYTES 32
void store_time(int64_t since_1970_us, char out[STORE_TIME_BYTES]);
void store_time_now(char out[STORE_TIME_BYTES]);

bool store_put_campaign(store *s, const char *name, const char *file, const char *text, const char *scenario,
                        int64_t *id);
/* Whether the campaign is there with this content of its sweep file and scenario. */
bool store_is_campaign(store *s, const char *name, const char *text, const char *scenario, bool *is_same);
bool store_put_build(store *s, const program *prog, program_build build, int64_t *id);
bool store_put_config(store *s, const char *hash, const char *label, const char *json, int64_t *id);
/* The configuration that was found for `key` before; *json stays NULL when there is none. */
bool store_known_config(store *s, const char *key, char **json);
bool store_put_known_config(store *s, const char *key, int64_t config_id);

/*
 * The points of a campaign are written anew by each sweep: first all are outdated, then each one put is current, with
 * the label and axes given; at the end those that are left without runs are dropped.
 */
bool store_outdate_points(store *s, int64_t campaign_id);
bool store_put_point(store *s, const store_point_row *row, int64_t *point_id);
bool store_put_axis(store *s, int64_t point_id, int64_t position, const char *key, const char *value);
bool store_drop_empty_points(store *s, int64_t campaign_id);

/*
 * Takes the place of a failed run of the same key. `r` NULL: a run without results. Runs are stored when
 * store_commit_runs() is called: many at a time, for a transaction costs more than a small run. When false is returned those
 * since the last call are lost.
 */
bool store_put_run(store *s, const store_run_row *row, const result *r, int64_t *run_id);
bool store_commit_runs(store *s);
void store_drop_runs(store *s);

/*
 * Whether SQLite looks up what each row refers to. Rows of runs have ids that the store gave a moment before, and a sweep
 * switches it off while it puts them, which saves a third of the time; not within a transaction.
 */
bool store_check_references(const store *s, bool is_on);

/* Forgets what was looked up: ids that a transaction gave which is not done. */
void store_forget_quantities(store *s);
void store_free_quantities(store *s);

/* Its part for metrics, samples and events, within the transaction. */
bool store_put_results(store *s, int64_t run_id, const result *r);

bool store_campaign_id(store *s, const char *name, int64_t *id); /* -1 when there is none */
bool store_build_id(store *s, const char *binary_hash, int64_t *id);
bool store_point_id(store *s, int64_t campaign_id, const char *config_hash, int64_t *id);
bool store_run_lookup(store *s, const store_run_row *key, store_run_state *state);

typedef struct {
    int64_t point_id;
    int64_t build_id;
    const char *metric;
    const char *entity;
    uint64_t seed_first;
    uint64_t seed_count;
} store_values_key;

/* A metric of the runs of these seeds that are ok, by seed; *values is to be freed. */
bool store_values(store *s, const store_values_key *key, double **values, size_t *count);

typedef struct {
    uint64_t first, count;
} store_seeds;

/* Says how many runs of a campaign's points have other seeds than its sweep has now: they count in tables and figures. */
bool store_tell_other_seeds(store *s, int64_t campaign_id, const int64_t build_ids[PROGRAM_BUILDS], store_seeds own,
                            const char *name);

/* Says which points of a campaign have runs that all printed the same, so that their seeds are no samples of anything. */
bool store_tell_same_results(store *s, int64_t campaign_id, const int64_t build_ids[PROGRAM_BUILDS], const char *name);

/* Sum and number of the wall times of a point's complete runs, of any build. */
bool store_wall_times(store *s, int64_t point_id, double *sum_s, size_t *count);

#endif
