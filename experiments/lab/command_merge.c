/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Puts the rows of other result files into one. A run is known by campaign, configuration, build and seed; of two rows
 * of one run a complete one wins, else the one that is there already.
 */
#include "command.h"
#include "db_option.h"
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

typedef struct {
    const char *db;
    char **sources;
    size_t source_count;
} options;

static const char doc[] = "Puts the runs of the result FILEs (such as shards) into the one that --db names.\v"
                          "The sources stay as they are. A run that is there already is not added twice.";

/*
 * A campaign is that of the file where it was swept last: its sweep file, scenario and current points. Where these are
 * the same in both files, as in shards, the points of both are current.
 */
static const char *const steps[] = {
    "CREATE TEMP TABLE same_campaign AS SELECT s.campaign_id AS source_id, s.name, c.campaign_id,"
    " c.campaign_id IS NULL OR ifnull(s.swept_at, '') > ifnull(c.swept_at, '') AS is_newer,"
    " c.campaign_id IS NOT NULL AND (s.text <> c.text OR s.scenario <> c.scenario) AS is_other"
    " FROM source.campaign s LEFT JOIN main.campaign c ON c.name = s.name",
    "UPDATE main.point SET is_current = 0 WHERE campaign_id IN"
    " (SELECT campaign_id FROM same_campaign WHERE is_newer AND is_other)",
    "INSERT INTO campaign (name, file, text, scenario, swept_at) SELECT name, file, text, scenario, swept_at"
    " FROM source.campaign WHERE campaign_id IN (SELECT source_id FROM same_campaign WHERE is_newer)"
    " ON CONFLICT (name) DO UPDATE SET file = excluded.file, text = excluded.text, scenario = excluded.scenario,"
    " swept_at = excluded.swept_at",
    "INSERT INTO build (commit_id, dirty, ns3_version, compiler, binary_hash)"
    " SELECT commit_id, dirty, ns3_version, compiler, binary_hash FROM source.build WHERE true"
    " ON CONFLICT (binary_hash) DO NOTHING",
    "INSERT OR IGNORE INTO build_file (build_id, name, hash) SELECT b.build_id, f.name, f.hash"
    " FROM source.build_file f JOIN source.build s USING (build_id) JOIN main.build b USING (binary_hash)",
    "INSERT INTO config (hash, json) SELECT hash, json FROM source.config WHERE true ON CONFLICT (hash) DO NOTHING",
    "INSERT OR IGNORE INTO config_known (key, config_id) SELECT k.key, c.config_id"
    " FROM source.config_known k JOIN source.config s USING (config_id) JOIN main.config c USING (hash)",
    "CREATE TEMP TABLE source_point AS SELECT p.point_id AS source_id, c.campaign_id, f.config_id, p.position, p.label,"
    " p.is_current AND (sc.is_newer OR NOT sc.is_other) AS is_current, sc.is_newer"
    " FROM source.point p JOIN same_campaign sc ON sc.source_id = p.campaign_id JOIN main.campaign c ON c.name = "
    "sc.name"
    " JOIN source.config sf ON sf.config_id = p.config_id JOIN main.config f ON f.hash = sf.hash",
    "INSERT INTO point (campaign_id, config_id, position, label, is_current)"
    " SELECT campaign_id, config_id, position, label, is_current FROM source_point WHERE true"
    " ON CONFLICT (campaign_id, config_id) DO NOTHING",
    "CREATE TEMP TABLE same_point AS SELECT t.*, p.point_id FROM source_point t"
    " JOIN main.point p USING (campaign_id, config_id)",
    "UPDATE main.point SET is_current = max(point.is_current, s.is_current) FROM same_point s"
    " WHERE s.point_id = point.point_id",
    "UPDATE main.point SET position = s.position, label = s.label FROM same_point s"
    " WHERE s.point_id = point.point_id AND s.is_newer",
    "DELETE FROM main.point_axis WHERE point_id IN (SELECT point_id FROM same_point WHERE is_newer)",
    "INSERT OR IGNORE INTO point_axis (point_id, position, key, value)"
    " SELECT s.point_id, a.position, a.key, a.value FROM same_point s"
    " JOIN source.point_axis a ON a.point_id = s.source_id",
    /* The source's ids translated to ours, for the runs that are not there yet or failed there. */
    "CREATE TEMP TABLE source_run AS"
    " SELECT s.run_id AS source_id, p.point_id, b.build_id, s.seed, s.status, s.result_hash,"
    " r.run_id AS known_id, r.status AS known_status, r.result_hash AS known_hash"
    " FROM source.run s JOIN same_point p ON p.source_id = s.point_id"
    " JOIN source.build sb ON sb.build_id = s.build_id JOIN main.build b ON b.binary_hash = sb.binary_hash"
    " LEFT JOIN main.run r ON r.point_id = p.point_id AND r.build_id = b.build_id AND r.seed = s.seed",
    "DELETE FROM main.run WHERE run_id IN"
    " (SELECT known_id FROM source_run WHERE known_status <> 'ok' AND status = 'ok')",
    "INSERT INTO run (point_id, build_id, seed, status, exit_code, argv, started_at, host, wall_s, cpu_s, memory_kib,"
    " stderr_end, result_hash, ignored)"
    " SELECT t.point_id, t.build_id, t.seed, s.status, s.exit_code, s.argv, s.started_at, s.host, s.wall_s, s.cpu_s,"
    " s.memory_kib, s.stderr_end, s.result_hash, s.ignored"
    " FROM source_run t JOIN source.run s ON s.run_id = t.source_id"
    " WHERE t.known_id IS NULL OR (t.known_status <> 'ok' AND t.status = 'ok') ORDER BY t.source_id",
    "CREATE TEMP TABLE new_run AS SELECT t.source_id, r.run_id FROM source_run t"
    " JOIN main.run r ON r.point_id = t.point_id AND r.build_id = t.build_id"
    " AND r.seed = t.seed WHERE t.known_id IS NULL OR (t.known_status <> 'ok' AND t.status = 'ok')",
    "INSERT OR IGNORE INTO quantity (name, entity, unit) SELECT name, entity, unit FROM source.quantity",
    "CREATE TEMP TABLE same_quantity AS SELECT s.quantity_id AS source_id, q.quantity_id"
    " FROM source.quantity s JOIN main.quantity q USING (name, entity, unit)",
    "INSERT INTO metric_value SELECT n.run_id, q.quantity_id, m.value, m.is_censored FROM new_run n"
    " JOIN source.metric_value m ON m.run_id = n.source_id JOIN same_quantity q ON q.source_id = m.quantity_id",
    "INSERT INTO sample_value SELECT n.run_id, q.quantity_id, m.time_us, m.value FROM new_run n"
    " JOIN source.sample_value m ON m.run_id = n.source_id JOIN same_quantity q ON q.source_id = m.quantity_id",
    "INSERT INTO event SELECT n.run_id, m.position, m.time_us, m.name, m.entity, m.detail"
    " FROM new_run n JOIN source.event m ON m.run_id = n.source_id",
};

static const char drop_sql[] = "DROP TABLE same_campaign; DROP TABLE source_point; DROP TABLE same_point;"
                               " DROP TABLE source_run; DROP TABLE new_run; DROP TABLE same_quantity; COMMIT";

static error_t parse(int key, char *arg, struct argp_state *state) {
    options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &o->db; return 0;
    case ARGP_KEY_ARG:
        o->sources = text_grow(o->sources, o->source_count, sizeof *o->sources);
        o->sources[o->source_count++] = arg;
        return 0;
    case ARGP_KEY_END:
        if (!o->source_count) {
            argp_error(state, "FILE, a result file to add, expected");
        }
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static bool count_rows(store *s, const char *sql, int64_t *out) {
    sqlite3_stmt *row = store_prepare(s, sql);
    bool has_row = row && sqlite3_step(row) == SQLITE_ROW;
    *out = has_row ? sqlite3_column_int64(row, 0) : 0;
    sqlite3_finalize(row);
    return has_row;
}

static bool is_result_file(const char *path) {
    store source;
    bool is_good = store_open(&source, path, STORE_READ);
    store_close(&source);
    return is_good;
}

static bool is_same_file(const char *a, const char *b) {
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* Before anything is made or changed. */
static bool are_sources(const options *o) {
    for (size_t i = 0; i < o->source_count; i++) {
        if (is_same_file(o->sources[i], o->db)) {
            fprintf(stderr, "mptcp-lab: %s: is the file to merge into, expected another one\n", o->sources[i]);
            return false;
        }
        if (!is_result_file(o->sources[i])) {
            return false;
        }
    }
    return true;
}

static bool attach(store *s, const char *path) {
    sqlite3_stmt *statement = store_prepare(s, "ATTACH ?1 AS source");
    if (!statement) {
        return false;
    }
    sqlite3_bind_text(statement, 1, path, -1, SQLITE_STATIC);
    int code = sqlite3_step(statement);
    sqlite3_finalize(statement);
    return code == SQLITE_DONE || store_fail(s);
}

static bool tell_other_campaigns(store *s, const char *path) {
    sqlite3_stmt *row = store_prepare(s, "SELECT name, is_newer FROM same_campaign WHERE is_other ORDER BY name");
    int code = SQLITE_ERROR;
    while (row && (code = sqlite3_step(row)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(row, 0);
        bool is_newer = sqlite3_column_int(row, 1);
        fprintf(stderr,
                "mptcp-lab: campaign %s is of another sweep file or scenario in %s than in %s: the points of %s "
                "count, as it was swept last\n",
                name, path, s->path, is_newer ? path : s->path);
    }
    sqlite3_finalize(row);
    return code == SQLITE_DONE || (row && store_fail(s));
}

/* Equal inputs must give equal results; two complete rows that differ are worth a line. */
static bool tell_counts(store *s, const char *path, int64_t *different) {
    int64_t added = 0, known = 0;
    if (!count_rows(s, "SELECT count(*) FROM new_run", &added) ||
        !count_rows(s, "SELECT count(*) FROM source_run", &known) ||
        !count_rows(s,
                    "SELECT count(*) FROM source_run WHERE status = 'ok' AND known_status = 'ok'"
                    " AND result_hash <> known_hash",
                    different)) {
        return false;
    }
    if (!tell_other_campaigns(s, path)) {
        return false;
    }
    printf("%s: %lld runs added, %lld known already\n", path, (long long)added, (long long)(known - added));
    if (*different) {
        fprintf(stderr, "mptcp-lab: %s: %lld runs have another result than the same run in %s\n", path,
                (long long)*different, s->path);
    }
    return true;
}

/* A source of an mptcp-lab that knew no traces has none. */
static bool merge_traces(store *s) {
    int64_t count = 0;
    return count_rows(s, "SELECT count(*) FROM source.sqlite_schema WHERE name = 'trace'", &count) &&
           (count == 0 || store_exec(s, "INSERT OR IGNORE INTO trace SELECT hash, content FROM source.trace"));
}

static bool merge(store *s, const char *path, int64_t *different) {
    if (!attach(s, path)) {
        return false;
    }
    bool is_good = store_exec(s, "BEGIN IMMEDIATE");
    for (size_t i = 0; i < sizeof steps / sizeof *steps && is_good; i++) {
        is_good = store_exec(s, steps[i]);
    }
    is_good = is_good && merge_traces(s) && tell_counts(s, path, different) && store_exec(s, drop_sql);
    if (!is_good) {
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    }
    return store_exec(s, "DETACH source") && is_good;
}

int command_merge(int argc, char **argv) {
    options o = {0};
    const struct argp_child children[] = {{&db_option, 0, NULL, 0}, {0}};
    const struct argp argp = {.parser = parse, .args_doc = "FILE...", .doc = doc, .children = children};
    argp_parse(&argp, argc, argv, 0, NULL, &o);

    store s;
    if (!are_sources(&o) || !store_open(&s, o.db, STORE_WRITE)) {
        free(o.sources);
        return EXIT_USAGE;
    }
    int status = EXIT_DONE;
    for (size_t i = 0; i < o.source_count && status != EXIT_USAGE; i++) {
        int64_t different = 0;
        bool is_merged = merge(&s, o.sources[i], &different);
        status = !is_merged ? EXIT_USAGE : different ? EXIT_FAILED : status;
    }
    store_close(&s);
    free(o.sources);
    return status;
}
