/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of the store, in and out. */
#define _GNU_SOURCE 1

#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Binds `values` in order, takes one step and finalizes: a row's first column goes to *id, no row leaves it alone. */
static bool step(store *s, const char *sql, const char *const *values, int count, int64_t *id) {
    sqlite3_stmt *statement = store_prepare(s, sql);
    if (!statement) {
        return false;
    }
    for (int i = 0; i < count; i++) {
        sqlite3_bind_text(statement, i + 1, values[i], -1, SQLITE_STATIC);
    }
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW && id) {
        *id = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE || store_fail(s);
}

bool store_campaign_id(store *s, const char *name, int64_t *id) {
    *id = -1;
    return step(s, "SELECT campaign_id FROM campaign WHERE name = ?1", &name, 1, id);
}

bool store_build_id(store *s, const char *binary_hash, int64_t *id) {
    *id = -1;
    return step(s, "SELECT build_id FROM build WHERE binary_hash = ?1", &binary_hash, 1, id);
}

bool store_put_campaign(store *s, const char *name, const char *file, const char *text, const char *scenario,
                        int64_t *id) {
    char now[STORE_TIME_BYTES];
    store_time_now(now);
    const char *values[] = {name, file, text, scenario, now};
    return step(s,
                "INSERT INTO campaign (name, file, text, scenario, swept_at) VALUES (?1, ?2, ?3, ?4, ?5)"
                " ON CONFLICT (name) DO UPDATE SET file = excluded.file, text = excluded.text,"
                " scenario = excluded.scenario, swept_at = excluded.swept_at",
                values, 5, NULL) &&
           store_campaign_id(s, name, id);
}

bool store_is_campaign(store *s, const char *name, const char *text, const char *scenario, bool *is_same) {
    const char *values[] = {name, text, scenario};
    int64_t count = 0;
    bool is_good =
        step(s, "SELECT count(*) FROM campaign WHERE name = ?1 AND text = ?2 AND scenario = ?3", values, 3, &count);
    *is_same = count > 0;
    return is_good;
}

static bool put_build_files(store *s, const program *prog, program_build build, int64_t build_id) {
    sqlite3_stmt *insert =
        store_prepare(s, "INSERT OR IGNORE INTO build_file (build_id, name, hash) VALUES (?1, ?2, ?3)");
    bool is_good = insert != NULL;
    for (size_t i = 0; i < prog->file_count && is_good; i++) {
        if (!program_build_has(build, &prog->files[i])) {
            continue;
        }
        sqlite3_bind_int64(insert, 1, build_id);
        sqlite3_bind_text(insert, 2, prog->files[i].name, -1, SQLITE_STATIC);
        sqlite3_bind_text(insert, 3, prog->files[i].hash.hex, -1, SQLITE_STATIC);
        is_good = sqlite3_step(insert) == SQLITE_DONE || store_fail(s);
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    return is_good;
}

bool store_put_build(store *s, const program *prog, program_build build, int64_t *id) {
    const char *values[] = {prog->version_json, prog->hash[build].hex};
    int64_t is_right = 0;
    if (!step(s,
              "SELECT CASE WHEN json_valid(?1) THEN json_type(?1, '$.commit') = 'text'"
              " AND json_type(?1, '$.dirty') IN ('true', 'false') AND json_type(?1, '$.ns3_version') = 'text'"
              " AND json_type(?1, '$.compiler') = 'text' ELSE 0 END",
              values, 1, &is_right)) {
        return false;
    }
    if (!is_right) {
        fprintf(stderr, "mptcp-lab: mptcp-run --version-json: expected a JSON object of commit, dirty, ns3_version, "
                        "compiler\n");
        return false;
    }
    return step(s,
                "INSERT OR IGNORE INTO build (commit_id, dirty, ns3_version, compiler, binary_hash)"
                " VALUES (json_extract(?1, '$.commit'), json_extract(?1, '$.dirty'),"
                " json_extract(?1, '$.ns3_version'), json_extract(?1, '$.compiler'), ?2)",
                values, 2, NULL) &&
           store_build_id(s, prog->hash[build].hex, id) && put_build_files(s, prog, build, *id);
}

bool store_put_config(store *s, const char *hash, const char *label, const char *json, int64_t *id) {
    const char *values[] = {hash, json};
    int64_t is_json = 0;
    if (!step(s, "SELECT json_valid(?1)", &json, 1, &is_json)) {
        return false;
    }
    if (!is_json) {
        fprintf(stderr, "mptcp-lab: point '%s': mptcp-run --print-config: expected valid JSON\n", label);
        return false;
    }
    return step(s, "INSERT OR IGNORE INTO config (hash, json) VALUES (?1, ?2)", values, 2, NULL) &&
           step(s, "SELECT config_id FROM config WHERE hash = ?1", &hash, 1, id);
}

bool store_known_config(store *s, const char *key, char **json) {
    sqlite3_stmt *select =
        store_kept(s, "SELECT json FROM config_known JOIN config USING (config_id)"
                      " WHERE key = ?1 AND json NOT LIKE '%\"type\":\"trace\"%'"); /* the trace may have changed */
    if (!select) {
        return false;
    }
    sqlite3_bind_text(select, 1, key, -1, SQLITE_STATIC);
    int code = sqlite3_step(select);
    if (code == SQLITE_ROW) {
        *json = text_copy((const char *)sqlite3_column_text(select, 0));
    }
    sqlite3_reset(select);
    return code == SQLITE_ROW || code == SQLITE_DONE || store_fail(s);
}

bool store_put_known_config(store *s, const char *key, int64_t config_id) {
    sqlite3_stmt *insert = store_kept(s, "INSERT OR REPLACE INTO config_known (key, config_id) VALUES (?1, ?2)");
    if (!insert) {
        return false;
    }
    sqlite3_bind_text(insert, 1, key, -1, SQLITE_STATIC);
    sqlite3_bind_int64(insert, 2, config_id);
    int code = sqlite3_step(insert);
    sqlite3_reset(insert);
    return code == SQLITE_DONE || store_fail(s);
}

/* ---- points ---- */

/* Binds up to four numbers in order, takes one step and finalizes. */
static bool step_numbers(store *s, const char *sql, const int64_t *values, int count) {
    sqlite3_stmt *statement = store_kept(s, sql);
    if (!statement) {
        return false;
    }
    for (int i = 0; i < count; i++) {
        sqlite3_bind_int64(statement, i + 1, values[i]);
    }
    int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    return code == SQLITE_DONE || store_fail(s);
}

bool store_outdate_points(store *s, int64_t campaign_id) {
    return step_numbers(s, "UPDATE point SET is_current = 0 WHERE campaign_id = ?1", &campaign_id, 1);
}

bool store_drop_empty_points(store *s, int64_t campaign_id) {
    return step_numbers(s,
                        "DELETE FROM point WHERE campaign_id = ?1 AND NOT is_current"
                        " AND NOT EXISTS (SELECT 1 FROM run WHERE run.point_id = point.point_id)",
                        &campaign_id, 1);
}

bool store_point_id(store *s, int64_t campaign_id, const char *config_hash, int64_t *id) {
    *id = -1;
    sqlite3_stmt *select =
        store_kept(s, "SELECT point_id FROM point JOIN config USING (config_id) WHERE campaign_id = ?1 AND hash = ?2");
    if (!select) {
        return false;
    }
    sqlite3_bind_int64(select, 1, campaign_id);
    sqlite3_bind_text(select, 2, config_hash, -1, SQLITE_STATIC);
    int code = sqlite3_step(select);
    *id = code == SQLITE_ROW ? sqlite3_column_int64(select, 0) : -1;
    sqlite3_reset(select);
    return code == SQLITE_ROW || code == SQLITE_DONE || store_fail(s);
}

bool store_put_point(store *s, const store_point_row *row, int64_t *point_id) {
    sqlite3_stmt *insert = store_kept(
        s, "INSERT INTO point (campaign_id, config_id, position, label, is_current) VALUES (?1, ?2, ?3, ?4, 1)"
           " ON CONFLICT (campaign_id, config_id) DO UPDATE SET position = excluded.position, label = excluded.label,"
           " is_current = 1 RETURNING point_id");
    if (!insert) {
        return false;
    }
    sqlite3_bind_int64(insert, 1, row->campaign_id);
    sqlite3_bind_int64(insert, 2, row->config_id);
    sqlite3_bind_int64(insert, 3, row->position);
    sqlite3_bind_text(insert, 4, row->label, -1, SQLITE_STATIC);
    int code = sqlite3_step(insert);
    *point_id = code == SQLITE_ROW ? sqlite3_column_int64(insert, 0) : -1;
    sqlite3_reset(insert);
    return (code == SQLITE_ROW || store_fail(s)) &&
           step_numbers(s, "DELETE FROM point_axis WHERE point_id = ?1", point_id, 1);
}

bool store_put_axis(store *s, int64_t point_id, int64_t position, const char *key, const char *value) {
    sqlite3_stmt *insert =
        store_kept(s, "INSERT INTO point_axis (point_id, position, key, value) VALUES (?1, ?2, ?3, ?4)");
    if (!insert) {
        return false;
    }
    sqlite3_bind_int64(insert, 1, point_id);
    sqlite3_bind_int64(insert, 2, position);
    sqlite3_bind_text(insert, 3, key, -1, SQLITE_STATIC);
    sqlite3_bind_text(insert, 4, value, -1, SQLITE_STATIC);
    int code = sqlite3_step(insert);
    sqlite3_reset(insert);
    return code == SQLITE_DONE || store_fail(s);
}

/* ---- runs ---- */

static void bind_key(sqlite3_stmt *statement, const store_run_row *row) {
    sqlite3_bind_int64(statement, 1, row->point_id);
    sqlite3_bind_int64(statement, 2, row->build_id);
    sqlite3_bind_int64(statement, 3, (int64_t)row->seed);
}

bool store_run_lookup(store *s, const store_run_row *key, store_run_state *state) {
    sqlite3_stmt *select =
        store_kept(s, "SELECT status = 'ok' FROM run WHERE point_id = ?1 AND build_id = ?2 AND seed = ?3");
    if (!select) {
        return false;
    }
    bind_key(select, key);
    int code = sqlite3_step(select);
    *state = code != SQLITE_ROW ? STORE_RUN_NONE : sqlite3_column_int(select, 0) ? STORE_RUN_OK : STORE_RUN_FAILED;
    sqlite3_reset(select);
    return code == SQLITE_ROW || code == SQLITE_DONE || store_fail(s);
}

/* A run of the same key: a failed one has no results, but whatever refers to it goes with it. */
static bool delete_run(store *s, const store_run_row *row) {
    static const char *const referring[] = {
        "DELETE FROM metric_value WHERE run_id = ?1", "DELETE FROM sample_value WHERE run_id = ?1",
        "DELETE FROM event WHERE run_id = ?1", "DELETE FROM prediction WHERE run_id = ?1",
        "DELETE FROM run WHERE run_id = ?1"};
    sqlite3_stmt *find = store_kept(s, "SELECT run_id FROM run WHERE point_id = ?1 AND build_id = ?2 AND seed = ?3");
    if (!find) {
        return false;
    }
    bind_key(find, row);
    int code = sqlite3_step(find);
    int64_t run_id = sqlite3_column_int64(find, 0);
    sqlite3_reset(find);
    bool is_good = code == SQLITE_ROW || code == SQLITE_DONE || store_fail(s);
    for (size_t i = 0; i < sizeof referring / sizeof *referring && is_good && code == SQLITE_ROW; i++) {
        is_good = step_numbers(s, referring[i], &run_id, 1);
    }
    return is_good;
}

static bool insert_run(store *s, const store_run_row *row) {
    sqlite3_stmt *insert = store_kept(
        s, "INSERT INTO run (point_id, build_id, seed, status, exit_code, argv, started_at, host, wall_s, cpu_s,"
           " memory_kib, stderr_end, result_hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
    if (!insert) {
        return false;
    }
    bind_key(insert, row);
    sqlite3_bind_text(insert, 4, row->status, -1, SQLITE_STATIC);
    sqlite3_bind_int(insert, 5, row->exit_code);
    sqlite3_bind_text(insert, 6, row->argv, -1, SQLITE_STATIC);
    sqlite3_bind_text(insert, 7, row->started_at, -1, SQLITE_STATIC);
    sqlite3_bind_text(insert, 8, row->host, -1, SQLITE_STATIC);
    sqlite3_bind_double(insert, 9, row->wall_s);
    sqlite3_bind_double(insert, 10, row->cpu_s);
    sqlite3_bind_int64(insert, 11, row->memory_kib);
    sqlite3_bind_text(insert, 12, row->stderr_end, -1, SQLITE_STATIC);
    sqlite3_bind_text(insert, 13, row->result_hash, -1, SQLITE_STATIC);
    int code = sqlite3_step(insert);
    sqlite3_reset(insert);
    return code == SQLITE_DONE || store_fail(s);
}

bool store_put_run(store *s, const store_run_row *row, const result *r, int64_t *run_id) {
    if (!s->has_open_runs && !store_exec(s, "BEGIN IMMEDIATE")) {
        return false;
    }
    s->has_open_runs = true;
    bool is_good = delete_run(s, row) && insert_run(s, row);
    *run_id = sqlite3_last_insert_rowid(s->db);
    is_good = is_good && (!r || store_put_results(s, *run_id, r));
    if (!is_good) {
        store_drop_runs(s);
    }
    return is_good;
}

bool store_commit_runs(store *s) {
    bool is_good = !s->has_open_runs || store_exec(s, "COMMIT");
    if (!is_good) {
        store_drop_runs(s);
    }
    s->has_open_runs = false;
    return is_good;
}

void store_drop_runs(store *s) {
    if (s->has_open_runs) {
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
        store_forget_quantities(s);
    }
    s->has_open_runs = false;
}

bool store_wall_times(store *s, int64_t point_id, double *sum_s, size_t *count) {
    sqlite3_stmt *select =
        store_kept(s, "SELECT total(wall_s), count(*) FROM run WHERE point_id = ?1 AND status = 'ok'");
    if (!select) {
        return false;
    }
    sqlite3_bind_int64(select, 1, point_id);
    int code = sqlite3_step(select);
    *sum_s = sqlite3_column_double(select, 0);
    *count = (size_t)sqlite3_column_int64(select, 1);
    sqlite3_reset(select);
    return code == SQLITE_ROW || store_fail(s);
}

#define SAME_RESULTS_SHOWN 5

bool store_tell_same_results(store *s, int64_t campaign_id, const int64_t build_ids[PROGRAM_BUILDS], const char *name) {
    size_t count = 0;
    sqlite3_stmt *row = store_prepare(
        s, "SELECT label, count(*) FROM point JOIN run USING (point_id) WHERE campaign_id = ?1"
           " AND build_id IN (?2, ?3) AND is_current AND status = 'ok' AND ignored = '' GROUP BY point_id, build_id"
           " HAVING count(*) > 1 AND count(DISTINCT result_hash) = 1 ORDER BY point.position");
    if (!row) {
        return false;
    }
    sqlite3_bind_int64(row, 1, campaign_id);
    sqlite3_bind_int64(row, 2, build_ids[PROGRAM_ALONE]);
    sqlite3_bind_int64(row, 3, build_ids[PROGRAM_WITH_NS3]);
    while (sqlite3_step(row) == SQLITE_ROW) {
        const char *label = (const char *)sqlite3_column_text(row, 0);
        if (count++ < SAME_RESULTS_SHOWN) {
            fprintf(stderr, "%s: all %d seeds gave the same result%s%s: they count as one\n", name,
                    sqlite3_column_int(row, 1), label[0] ? " at " : "", label);
        }
    }
    sqlite3_finalize(row);
    if (count > SAME_RESULTS_SHOWN) {
        fprintf(stderr, "%s: likewise at %zu more points\n", name, count - SAME_RESULTS_SHOWN);
    }
    return true;
}

bool store_tell_other_seeds(store *s, int64_t campaign_id, const int64_t build_ids[PROGRAM_BUILDS], store_seeds own,
                            const char *name) {
    sqlite3_stmt *row = store_prepare(
        s, "SELECT count(*) FROM point JOIN run USING (point_id) WHERE campaign_id = ?1 AND build_id IN (?2, ?3)"
           " AND is_current AND status = 'ok' AND ignored = '' AND (seed < ?4 OR seed - ?4 >= ?5)");
    if (!row) {
        return false;
    }
    sqlite3_bind_int64(row, 1, campaign_id);
    sqlite3_bind_int64(row, 2, build_ids[PROGRAM_ALONE]);
    sqlite3_bind_int64(row, 3, build_ids[PROGRAM_WITH_NS3]);
    sqlite3_bind_int64(row, 4, (int64_t)own.first);
    sqlite3_bind_int64(row, 5, (int64_t)own.count);
    int count = sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int(row, 0) : 0;
    sqlite3_finalize(row);
    if (count > 0) {
        fprintf(stderr,
                "%s: %d runs of seeds that the sweep no longer has count in tables and figures, too (`mptcp-lab "
                "ignore' leaves"
                " runs out)\n",
                name, count);
    }
    return true;
}

bool store_values(store *s, const store_values_key *key, double **values, size_t *count) {
    sqlite3_stmt *row =
        store_prepare(s, "SELECT value FROM run JOIN metric_value USING (run_id) JOIN quantity USING (quantity_id)"
                         " WHERE point_id = ?1 AND build_id = ?2 AND seed >= ?3 AND seed - ?3 < ?4 AND status = 'ok'"
                         " AND ignored = '' AND name = ?5 AND entity = ?6 AND NOT is_censored ORDER BY seed");
    if (!row) {
        return false;
    }
    sqlite3_bind_int64(row, 1, key->point_id);
    sqlite3_bind_int64(row, 2, key->build_id);
    sqlite3_bind_int64(row, 3, (int64_t)key->seed_first);
    sqlite3_bind_int64(row, 4, (int64_t)key->seed_count);
    sqlite3_bind_text(row, 5, key->metric, -1, SQLITE_STATIC);
    sqlite3_bind_text(row, 6, key->entity, -1, SQLITE_STATIC);
    int code;
    while ((code = sqlite3_step(row)) == SQLITE_ROW) {
        *values = text_grow(*values, *count, sizeof **values);
        (*values)[(*count)++] = sqlite3_column_double(row, 0);
    }
    sqlite3_finalize(row);
    return code == SQLITE_DONE || store_fail(s);
}
