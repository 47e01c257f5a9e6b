/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1

#include "predict.h"

#include "hash.h"
#include "pool.h"
#include "text.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WAIT_MS 200
#define TIMEOUT_S 600.0
#define MEMORY_BYTES (UINT64_C(4) << 30)
#define REFUSED 2 /* mptcp-oracle's exit status where the models do not hold */

/* A configuration whose runs wait for a prediction. */
typedef struct {
    int64_t config_id;
    uint64_t seed_first, seed_last;
    char *json;
    text_buf said;
} task;

typedef struct {
    store *s;
    const char *campaign;
    char *program;
    hash_text hash;
    task *tasks;
    size_t count;
} predictor;

/* The runs that a prediction is due for. */
#define DUE                                                                                                            \
    " FROM run JOIN point USING (point_id) JOIN campaign USING (campaign_id) LEFT JOIN prediction USING (run_id)"      \
    " WHERE status = 'ok' AND is_current AND (?1 IS NULL OR campaign.name = ?1) AND oracle IS NOT ?2"

static bool find_oracle(predictor *p) {
    char self[PATH_MAX];
    ssize_t count = readlink("/proc/self/exe", self, sizeof self - 1);
    self[count > 0 ? count : 0] = '\0';
    char *slash = strrchr(self, '/');
    p->program = text_format("%.*smptcp-oracle", slash ? (int)(slash - self) + 1 : 0, self);
    struct sha256_ctx sha;
    sha256_init(&sha);
    if (!hash_add_file(&sha, p->program)) {
        fprintf(stderr, "mptcp-lab: cannot read %s: %s\n", p->program, strerror(errno));
        return false;
    }
    p->hash = hash_finish(&sha);
    return true;
}

static void bind_due(const predictor *p, sqlite3_stmt *statement) {
    sqlite3_bind_text(statement, 1, p->campaign, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, p->hash.hex, -1, SQLITE_STATIC);
}

static bool find_tasks(predictor *p) {
    sqlite3_stmt *row = store_prepare(p->s, "SELECT config_id, min(seed), max(seed), (SELECT json FROM config WHERE "
                                            "config.config_id = point.config_id)" DUE " GROUP BY config_id");
    int code = SQLITE_ERROR;
    if (row) {
        bind_due(p, row);
    }
    while (row && (code = sqlite3_step(row)) == SQLITE_ROW) {
        p->tasks = text_grow(p->tasks, p->count, sizeof *p->tasks);
        p->tasks[p->count++] = (task){.config_id = sqlite3_column_int64(row, 0),
                                      .seed_first = (uint64_t)sqlite3_column_int64(row, 1),
                                      .seed_last = (uint64_t)sqlite3_column_int64(row, 2),
                                      .json = text_copy((const char *)sqlite3_column_text(row, 3))};
    }
    sqlite3_finalize(row);
    return code == SQLITE_DONE || (row && store_fail(p->s));
}

static void feed(void *user, const char *bytes, size_t count) {
    text_append(&((task *)user)->said, bytes, count);
}

static bool start(const predictor *p, pool *running, task *t) {
    char *first = text_format("%" PRIu64, t->seed_first),
         *runs = text_format("%" PRIu64, t->seed_last - t->seed_first + 1);
    char *argv[] = {p->program, "-", "--each", "--first-seed", first, "--runs", runs, NULL};
    const pool_job job = {.argv = argv,
                          .stdin_text = t->json,
                          .timeout_s = TIMEOUT_S,
                          .memory_bytes_max = MEMORY_BYTES,
                          .on_stdout = feed,
                          .user = t};
    bool is_started = pool_start(running, &job);
    if (!is_started) {
        fprintf(stderr, "mptcp-lab: cannot start %s: %s\n", p->program, strerror(errno));
    }
    free(first);
    free(runs);
    return is_started;
}

/* ---- Into the store ---- */

typedef struct {
    sqlite3_stmt *quantity, *value;
} writer;

static bool step(const store *s, sqlite3_stmt *statement) {
    bool is_done = sqlite3_step(statement) == SQLITE_DONE || store_fail(s);
    sqlite3_reset(statement);
    return is_done;
}

/* "predicted SEED NAME ENTITY UNIT VALUE"; seed 0 is said of all runs. */
static bool put_line(const predictor *p, const writer *w, const task *t, char *line) {
    char *field[6], *rest = line;
    size_t count = 0;
    while (count < 6 && rest) {
        field[count++] = strsep(&rest, "\t");
    }
    if (count < 6 || rest || strcmp(field[0], "predicted") != 0 || strncmp(field[2], "predicted_", 10) != 0) {
        fprintf(stderr, "mptcp-lab: %s printed what is no prediction: %s\n", p->program, line);
        return false;
    }
    for (int i = 1; i <= 3; i++) {
        sqlite3_bind_text(w->quantity, i, field[1 + i], -1, SQLITE_STATIC);
    }
    if (!step(p->s, w->quantity)) {
        return false;
    }
    for (int i = 1; i <= 3; i++) {
        sqlite3_bind_text(w->value, 3 + i, field[1 + i], -1, SQLITE_STATIC);
    }
    bind_due(p, w->value);
    sqlite3_bind_int64(w->value, 3, t->config_id);
    sqlite3_bind_int64(w->value, 7, strtoll(field[1], NULL, 10));
    sqlite3_bind_double(w->value, 8, strtod(field[5], NULL));
    return step(p->s, w->value);
}

static bool put_lines(const predictor *p, task *t) {
    writer w = {store_prepare(p->s, "INSERT OR IGNORE INTO quantity (name, entity, unit) VALUES (?1, ?2, ?3)"),
                store_prepare(p->s, "INSERT INTO metric_value SELECT run_id, (SELECT quantity_id FROM quantity WHERE"
                                    " name = ?4 AND entity = ?5 AND unit = ?6), ?8, 0" DUE
                                    " AND config_id = ?3 AND ?7 IN (0, seed)")};
    bool is_good = w.quantity && w.value;
    char *rest = t->said.bytes, *line;
    while (is_good && (line = strsep(&rest, "\n")) && *line) {
        is_good = put_line(p, &w, t, line);
    }
    sqlite3_finalize(w.quantity);
    sqlite3_finalize(w.value);
    return is_good;
}

/* A statement about the runs of a configuration that a prediction is due for; ?4 may be a note. */
static bool for_due(const predictor *p, const task *t, const char *sql, const char *note) {
    sqlite3_stmt *statement = store_prepare(p->s, sql);
    if (!statement) {
        return false;
    }
    bind_due(p, statement);
    sqlite3_bind_int64(statement, 3, t->config_id);
    sqlite3_bind_text(statement, 4, note, -1, SQLITE_STATIC);
    bool is_good = step(p->s, statement);
    sqlite3_finalize(statement);
    return is_good;
}

static bool put(const predictor *p, task *t, const char *note) {
    bool is_good =
        store_exec(p->s, "BEGIN IMMEDIATE") &&
        for_due(p, t,
                "DELETE FROM metric_value WHERE run_id IN (SELECT run_id" DUE " AND config_id = ?3) AND quantity_id IN "
                "(SELECT quantity_id FROM quantity WHERE name GLOB 'predicted_*')",
                "") &&
        put_lines(p, t) &&
        for_due(p, t,
                "INSERT OR REPLACE INTO prediction (run_id, oracle, note) SELECT run_id, ?2, ?4" DUE
                " AND config_id = ?3",
                note) &&
        store_exec(p->s, "COMMIT");
    if (!is_good) {
        sqlite3_exec(p->s->db, "ROLLBACK", NULL, NULL, NULL);
    }
    return is_good;
}

/* What the models do not hold for is a prediction, too: none, with the reason. A crash is not. */
static bool record(const predictor *p, const pool_outcome *outcome) {
    char *note = text_last_line(outcome->stderr_end);
    bool is_good = outcome->end == POOL_EXITED && outcome->code <= REFUSED;
    if (!is_good) {
        fprintf(stderr, "mptcp-lab: %s failed: %s\n", p->program, note);
    }
    is_good = is_good && put(p, outcome->user, note);
    free(note);
    return is_good;
}

static bool run_all(predictor *p, size_t jobs) {
    pool *running = pool_new(jobs);
    size_t next = 0;
    bool is_good = true;
    while (is_good && !pool_stop_signal() && (next < p->count || !pool_is_idle(running))) {
        while (is_good && next < p->count && pool_has_room(running, false)) {
            is_good = start(p, running, &p->tasks[next++]);
        }
        pool_outcome outcome;
        if (is_good && pool_wait(running, WAIT_MS, &outcome)) {
            is_good = record(p, &outcome);
        }
    }
    pool_free(running);
    return is_good && !pool_stop_signal();
}

bool predict_runs(store *s, const char *campaign, size_t jobs) {
    predictor p = {.s = s, .campaign = campaign};
    bool is_good = find_oracle(&p) && find_tasks(&p) && run_all(&p, jobs);
    if (is_good && p.count) {
        fprintf(stderr, "%s: predicted %zu configurations\n", campaign ? campaign : s->path, p.count);
    }
    for (size_t i = 0; i < p.count; i++) {
        free(p.tasks[i].json);
        text_free(&p.tasks[i].said);
    }
    free(p.tasks);
    free(p.program);
    return is_good;
}

/* ---- Before the runs ---- */

/* A point that mptcp-oracle is asked about. */
typedef struct {
    const grid_point *point;
    char *refusal; /* NULL: the models hold */
} check;

static bool start_check(const predictor *p, pool *running, check *c) {
    char *argv[] = {p->program, "-", "--check", NULL};
    const pool_job job = {.argv = argv,
                          .stdin_text = c->point->config_json,
                          .timeout_s = TIMEOUT_S,
                          .memory_bytes_max = MEMORY_BYTES,
                          .user = c};
    bool is_started = pool_start(running, &job);
    if (!is_started) {
        fprintf(stderr, "mptcp-lab: cannot start %s: %s\n", p->program, strerror(errno));
    }
    return is_started;
}

static bool take_check(const predictor *p, const pool_outcome *outcome) {
    check *c = outcome->user;
    bool is_refused = outcome->end == POOL_EXITED && outcome->code == REFUSED;
    if (is_refused) {
        c->refusal = text_last_line(outcome->stderr_end);
    } else if (outcome->end != POOL_EXITED || outcome->code != 0) {
        char *last = text_last_line(outcome->stderr_end);
        fprintf(stderr, "mptcp-lab: %s failed: %s\n", p->program, last);
        free(last);
        return false;
    }
    return true;
}

static bool check_all(const predictor *p, const grid *g, check *checks, size_t jobs) {
    pool *running = pool_new(jobs);
    size_t next = 0;
    bool is_good = true;
    while (is_good && !pool_stop_signal() && (next < g->count || !pool_is_idle(running))) {
        for (; is_good && next < g->count && pool_has_room(running, false); next++) {
            checks[next].point = &g->points[next];
            is_good = !g->points[next].is_wanted || start_check(p, running, &checks[next]);
        }
        pool_outcome outcome;
        if (is_good && pool_wait(running, WAIT_MS, &outcome)) {
            is_good = take_check(p, &outcome);
        }
    }
    pool_free(running);
    return is_good && !pool_stop_signal();
}

static void tell_checks(const grid *g, check *checks) {
    const check *first = NULL;
    size_t refused = 0, wanted = 0;
    for (size_t i = 0; i < g->count; i++) {
        wanted += g->points[i].is_wanted;
        if (checks[i].refusal) {
            first = first ? first : &checks[i];
            refused++;
        }
    }
    if (first) {
        const char *reason = strchr(first->refusal, ' '); /* behind its place, in what was given as standard input */
        fprintf(stderr, "%s: predict: %zu of %zu points cannot be predicted, such as '%s':%s\n", g->file->name, refused,
                wanted, first->point->label, reason ? reason : "");
    }
    for (size_t i = 0; i < g->count; i++) {
        free(checks[i].refusal);
    }
}

bool predict_tell_refused(const grid *g, size_t jobs) {
    predictor p = {0};
    check *checks = text_alloc(g->count * sizeof *checks);
    bool is_good = find_oracle(&p) && check_all(&p, g, checks, jobs);
    tell_checks(g, checks);
    free(checks);
    free(p.program);
    return is_good;
}
