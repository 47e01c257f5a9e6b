/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "store.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report.h"
#include "resource.h"

#define SCHEMA_APPLICATION_ID 0x4d505443 /* as experiments/schema.sql */
#define SCHEMA_VERSION 2

static _Noreturn void fail(const store *s) {
    report_fatal(EXIT_DATABASE, "%s: %s", s->file, sqlite3_errmsg(s->db));
}

static sqlite3_stmt *prepare_text(const store *s, const char *sql) {
    sqlite3_stmt *query;
    if (sqlite3_prepare_v2(s->db, sql, -1, &query, NULL) != SQLITE_OK)
        fail(s);
    return query;
}

bool store_step(const store *s, sqlite3_stmt *query) {
    switch (sqlite3_step(query)) {
    case SQLITE_ROW: return true;
    case SQLITE_DONE: sqlite3_finalize(query); return false;
    default: fail(s);
    }
}

static int one_int(const store *s, sqlite3_stmt *query) {
    int value = store_step(s, query) ? sqlite3_column_int(query, 0) : 0;
    sqlite3_finalize(query);
    return value;
}

/* Numbers within names by their value: 'speed=2' before 'speed=10'. */
static int compare_by_number(void *unused, int a_length, const void *a, int b_length, const void *b) {
    (void)unused;
    char *a_text = strndup(a, (size_t)a_length), *b_text = strndup(b, (size_t)b_length);
    int order = strverscmp(a_text, b_text);
    free(a_text);
    free(b_text);
    return order;
}

static int is_writable(const char *file) {
    char *folder = strdup(file);
    int is = folder != NULL && access(file, W_OK) == 0 && access(dirname(folder), W_OK) == 0;
    free(folder);
    return is;
}

/*
 * Where one may write, opened for writing but never written: a read-only connection would leave the files of SQLite's
 * write-ahead log behind. Where one may not, a file without a log can't change, and SQLite is told so, as it wants to
 * make a log otherwise.
 */
static int open_database(store *s, const char *file) {
    if (is_writable(file)) {
        return sqlite3_open_v2(file, &s->db, SQLITE_OPEN_READWRITE, NULL);
    }
    char *log;
    if (asprintf(&log, "%s-wal", file) < 0)
        abort();
    int has_log = access(log, F_OK) == 0;
    free(log);
    if (has_log || strpbrk(file, "%?#") != NULL)
        return sqlite3_open_v2(file, &s->db, SQLITE_OPEN_READONLY, NULL);
    char *uri = sqlite3_mprintf("file:%s?immutable=1", file);
    int code = sqlite3_open_v2(uri, &s->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
    sqlite3_free(uri);
    return code;
}

void store_open(store *s, const char *file) {
    *s = (store){.file = file};
    if (access(file, R_OK) != 0)
        report_fatal(EXIT_DATABASE, "%s: no such file, or it can't be read", file);
    if (open_database(s, file) != SQLITE_OK)
        fail(s);
    sqlite3_busy_timeout(s->db, 10000);
    if (one_int(s, prepare_text(s, "PRAGMA application_id")) != SCHEMA_APPLICATION_ID)
        report_fatal(EXIT_DATABASE, "%s: isn't a result database of mptcp-lab", file);
    int version = one_int(s, prepare_text(s, "PRAGMA user_version"));
    if (version != SCHEMA_VERSION)
        report_fatal(EXIT_DATABASE, "%s: has schema version %d, expected %d%s", file, version, SCHEMA_VERSION,
                     version < SCHEMA_VERSION ? "; `mptcp-lab migrate --db FILE' brings it up to date"
                                              : "; take the mptcp-figures that belongs to its mptcp-lab");
    sqlite3_create_collation(s->db, "by_number", SQLITE_UTF8, NULL, compare_by_number);
    if (sqlite3_exec(
            s->db,
            "CREATE TEMP TABLE chosen_run (run_id INTEGER PRIMARY KEY, point_id INTEGER, seed INTEGER);"
            "CREATE TEMP TABLE chosen_point (point_id INTEGER PRIMARY KEY, engine TEXT, build_id INTEGER DEFAULT 0)",
            NULL, NULL, NULL) != SQLITE_OK)
        fail(s);
}

static void forget_filters(store *s) {
    for (size_t i = 0; i < s->wheres; i++) {
        free(s->where[i].key);
        free(s->where[i].value);
    }
    s->wheres = 0;
}

void store_close(store *s) {
    forget_filters(s);
    free(s->campaign);
    sqlite3_close(s->db);
}

sqlite3_stmt *store_prepare(const store *s, const char *name) {
    char *path = resource_path("sql", name, ".sql");
    char *sql = resource_text(path);
    sqlite3_stmt *query;
    if (sqlite3_prepare_v2(s->db, sql, -1, &query, NULL) != SQLITE_OK)
        report_fatal(EXIT_DATABASE, "%s: %s: %s", s->file, path, sqlite3_errmsg(s->db));
    free(sql);
    free(path);
    return query;
}

void store_bind_text(sqlite3_stmt *query, const char *parameter, const char *value) {
    sqlite3_bind_text(query, sqlite3_bind_parameter_index(query, parameter), value, -1, SQLITE_TRANSIENT);
}

void store_bind_int(sqlite3_stmt *query, const char *parameter, sqlite3_int64 value) {
    sqlite3_bind_int64(query, sqlite3_bind_parameter_index(query, parameter), value);
}

/* One text of one row; empty when there is no row. The caller frees it. */
static char *one_text(const store *s, sqlite3_stmt *query) {
    if (!store_step(s, query))
        return strdup("");
    const unsigned char *text = sqlite3_column_text(query, 0);
    char *copy = strdup(text != NULL ? (const char *)text : "");
    sqlite3_finalize(query);
    return copy;
}

bool store_has_campaign(const store *s, const char *campaign) {
    sqlite3_stmt *query = prepare_text(s, "SELECT count(*) FROM campaign WHERE name = ?1");
    sqlite3_bind_text(query, 1, campaign, -1, SQLITE_TRANSIENT);
    return one_int(s, query) > 0;
}

/* The only campaign there is, if none is named. */
static char *campaign_named(const store *s, const char *campaign) {
    int count = one_int(s, prepare_text(s, "SELECT count(*) FROM campaign"));
    if (count == 0)
        report_fatal(EXIT_DATA, "%s: holds no campaign yet", s->file);
    char *all = one_text(s, prepare_text(s, "SELECT group_concat(name, ', ') FROM campaign"));
    if (campaign == NULL && count > 1)
        report_fatal(EXIT_DATA, "%s: holds the campaigns %s; choose one with --campaign", s->file, all);
    if (campaign != NULL && !store_has_campaign(s, campaign))
        report_fatal(EXIT_DATA, "%s: no campaign '%s' there; it holds %s", s->file, campaign, all);
    if (campaign == NULL)
        return all;
    free(all);
    return strdup(campaign);
}

static char *axis_values(const store *s, const char *key, const char *sql) {
    sqlite3_stmt *query = store_prepare(s, sql);
    store_bind_text(query, ":campaign", s->campaign);
    store_bind_text(query, ":key", key);
    return one_text(s, query);
}

/* Ends of a key name it, too, where that is clear: 'speed_mps' for 'mobility.phone.speed_mps'. */
static char *full_key(const store *s, const char *key) {
    sqlite3_stmt *query = store_prepare(s, "axis-named");
    store_bind_text(query, ":campaign", s->campaign);
    store_bind_text(query, ":key", key);
    char *name = one_text(s, query);
    if (name[0] == '\0')
        report_fatal(EXIT_DATA, "%s: campaign %s has no axis '%s'", s->file, s->campaign, key);
    return name;
}

/* Of words there is no least and no greatest. */
static void need_numbers(const store *s, const char *key, const char *value) {
    sqlite3_stmt *query = store_prepare(s, "axis-each");
    store_bind_text(query, ":key", key);
    while (store_step(s, query)) {
        const char *text = (const char *)sqlite3_column_text(query, 0);
        char *end;
        strtod(text, &end);
        if (end == text || *end != '\0')
            report_fatal(EXIT_DATA, "%s: campaign %s: %s=%s: expected an axis of numbers, it has the value '%s'",
                         s->file, s->campaign, key, value, text);
    }
}

/* The value of a filter, or the least or greatest number for @min and @max. */
static char *full_value(const store *s, const char *key, const char *value) {
    if (strcmp(value, "@min") == 0 || strcmp(value, "@max") == 0)
        need_numbers(s, key, value);
    if (strcmp(value, "@min") == 0)
        return axis_values(s, key, "axis-least");
    if (strcmp(value, "@max") == 0)
        return axis_values(s, key, "axis-greatest");
    return strdup(value);
}

static void apply_filter(store *s, const store_filter *filter) {
    store_filter *where = &s->where[s->wheres++];
    where->key = full_key(s, filter->key);
    where->value = full_value(s, where->key, filter->value);
    sqlite3_stmt *query = store_prepare(s, "drop-unmatched");
    store_bind_text(query, ":key", where->key);
    store_bind_text(query, ":value", where->value);
    store_step(s, query);
    if (one_int(s, prepare_text(s, "SELECT count(*) FROM chosen_run")) > 0)
        return;
    char *values = axis_values(s, where->key, "axis-values");
    report_fatal(EXIT_DATA, "%s: campaign %s has no completed run with %s=%s (the values swept are %s)", s->file,
                 s->campaign, where->key, where->value, values);
}

void store_keep_seed(const store *s, int64_t seed) {
    sqlite3_stmt *query = store_prepare(s, "drop-other-seeds");
    store_bind_int(query, ":seed", seed);
    store_step(s, query);
    if (one_int(s, prepare_text(s, "SELECT count(*) FROM chosen_run")) == 0)
        report_fatal(EXIT_DATA, "%s: campaign %s has no such run of seed %lld", s->file, s->campaign, (long long)seed);
}

/* Says which build of an engine's is shown, when there are others; with --build that is an error. */
static void tell_builds(const store *s, const char *engine, int others, const char *hashes) {
    if (others > 0 && s->build_wanted != NULL)
        report_fatal(EXIT_DATA,
                     "%s: campaign %s, engine %s: %d builds have a commit or hash that begins with '%s', expected one "
                     "of the hashes %s",
                     s->file, s->campaign, engine, others + 1, s->build_wanted, hashes);
    if (others > 0)
        report_note(
            "%s: campaign %s, engine %s: of %d builds the one that was run last is shown; others (--build HASH): %s",
            s->file, s->campaign, engine, others + 1, hashes);
}

static void keep_build(const store *s, const char *engine, sqlite3_int64 build_id) {
    sqlite3_stmt *keep = store_prepare(s, "keep-build");
    store_bind_text(keep, ":engine", engine);
    store_bind_int(keep, ":build_id", build_id);
    store_step(s, keep);
}

/* Of each engine the build that was run last, of those that --build allows. */
static void choose_builds(const store *s) {
    char engine[32] = "", hashes[256] = "";
    int others = -1;
    sqlite3_stmt *query = store_prepare(s, "choose-build");
    store_bind_text(query, ":build", s->build_wanted != NULL ? s->build_wanted : "");
    while (store_step(s, query)) {
        const char *of = (const char *)sqlite3_column_text(query, 0);
        bool is_first = others < 0 || strcmp(of, engine) != 0;
        if (is_first) {
            tell_builds(s, engine, others, hashes);
            snprintf(engine, sizeof engine, "%s", of);
            hashes[0] = '\0';
            keep_build(s, engine, sqlite3_column_int64(query, 1));
        }
        if (!is_first || s->build_wanted != NULL) { /* of several that were asked for each may be meant */
            size_t used = strlen(hashes);
            snprintf(hashes + used, sizeof hashes - used, "%s%.8s", used > 0 ? ", " : "",
                     (const char *)sqlite3_column_text(query, 2));
        }
        others = is_first ? 0 : others + 1;
    }
    tell_builds(s, engine, others, hashes);
    if (others < 0 && s->build_wanted != NULL)
        report_fatal(EXIT_DATA, "%s: campaign %s has no runs of a build whose commit or hash begins with '%s'", s->file,
                     s->campaign, s->build_wanted);
}

static void note_left_out(const store *s, int count, const char *what) {
    if (count > 0)
        report_note("%s: campaign %s: %s left out: %d", s->file, s->campaign, what, count);
}

static void tell_left_out(store *s) {
    int ignored = 0, other_builds = 0, not_current = 0;
    sqlite3_stmt *query = store_prepare(s, "left-out");
    store_bind_text(query, ":campaign", s->campaign);
    if (store_step(s, query)) {
        s->runs_failed = sqlite3_column_int(query, 0);
        ignored = sqlite3_column_int(query, 1);
        other_builds = sqlite3_column_int(query, 2);
        not_current = sqlite3_column_int(query, 3);
    }
    sqlite3_finalize(query);
    if (one_int(s, prepare_text(s, "SELECT count(*) FROM chosen_run")) == 0)
        report_fatal(EXIT_DATA,
                     "%s: campaign %s has no completed run that counts (%d failed, %d to be ignored, %d of other "
                     "builds, %d of points that the sweep no longer has)",
                     s->file, s->campaign, s->runs_failed, ignored, other_builds, not_current);
    note_left_out(s, s->runs_failed, "failed runs");
    note_left_out(s, ignored, "runs marked to be ignored");
    note_left_out(s, other_builds, "runs of other builds");
    note_left_out(s, not_current, "runs of points that the sweep no longer has");
}

void store_choose(store *s, const char *campaign, const store_filter *filter, size_t filters) {
    forget_filters(s);
    free(s->campaign);
    s->campaign = campaign_named(s, campaign);
    if (sqlite3_exec(s->db, "DELETE FROM chosen_run; DELETE FROM chosen_point", NULL, NULL, NULL) != SQLITE_OK)
        fail(s);
    sqlite3_stmt *points = store_prepare(s, "choose-points");
    store_bind_text(points, ":campaign", s->campaign);
    store_step(s, points);
    choose_builds(s);
    store_step(s, store_prepare(s, "choose-runs"));
    tell_left_out(s);
    for (size_t i = 0; i < filters; i++)
        apply_filter(s, &filter[i]);
}

void store_tell_names(store *s, const char *campaign) {
    if (campaign == NULL && one_int(s, prepare_text(s, "SELECT count(*) FROM campaign")) > 1) {
        char *all = one_text(s, prepare_text(s, "SELECT group_concat(name, ', ') FROM campaign"));
        report_note("%s: holds the campaigns %s; choose one with --campaign", s->file, all);
        free(all);
        return;
    }
    store_choose(s, campaign, NULL, 0);
    char *axes = one_text(s, store_prepare(s, "axes-in-use")), *metrics = one_text(s, store_prepare(s, "metric-names"));
    report_note("%s: campaign %s: its axes are %s; its metrics are %s", s->file, s->campaign,
                axes[0] != '\0' ? axes : "none", metrics);
    free(axes);
    free(metrics);
}

/* Two runs with the same seed fall on one point only when the sweep has an axis that the figure doesn't show. */
static _Noreturn void fail_ambiguous(const store *s) {
    char *axes = one_text(s, store_prepare(s, "axes-in-use"));
    report_fatal(EXIT_DATA, "%s: campaign %s varies more than the figure shows (%s); choose with --where KEY=VALUE",
                 s->file, s->campaign, axes);
}

cells store_cells(const store *s, sqlite3_stmt *query) {
    cells list = {0};
    while (store_step(s, query)) {
        const char *series = (const char *)sqlite3_column_text(query, 0);
        const char *x = (const char *)sqlite3_column_text(query, 1);
        if (!cells_add(&list, series, x, sqlite3_column_int64(query, 2), sqlite3_column_double(query, 3)))
            fail_ambiguous(s);
    }
    return list;
}
