/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows that are no longer wanted: `forget' deletes them, `ignore' keeps them but leaves them out of tables and figures. */
#include "command.h"
#include "db_option.h"
#include "store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *db;
    const char *campaign;
    const char *build;
    const char *because;
    bool is_outdated;
    bool is_failed;
    bool is_undo;
    int64_t *runs;
    size_t run_count;
} options;

static const struct argp_option forget_options[] = {
    {"campaign", 'c', "NAME", 0, "of this campaign: all of it, or with the next options a part", 0},
    {"outdated", 'o', NULL, 0, "points that the sweep no longer has", 0},
    {"failed", 'f', NULL, 0, "failed runs", 0},
    {"build", 'B', "HASH", 0, "runs of the builds whose commit or hash begins so", 0},
    {0},
};

static const char forget_doc[] = "Deletes runs: those of the numbers RUN, or those that the options choose.\v"
                                 "What is forgotten is run again by the next `sweep' that has it.";

static const struct argp_option ignore_options[] = {
    {"because", 'w', "TEXT", 0, "why; it is kept with the run (default: \"ignored\")", 0},
    {"undo", 'u', NULL, 0, "let the runs count again", 0},
    {0},
};

static const char ignore_doc[] = "Leaves the runs of the numbers RUN out of tables and figures, which say so.\v"
                                 "The runs stay in the file and are not done again.";

static void add_run(options *o, struct argp_state *state, const char *text) {
    o->runs = text_grow(o->runs, o->run_count, sizeof *o->runs);
    o->runs[o->run_count++] = (int64_t)command_number(state, "RUN", text, 1, INT64_MAX);
}

static error_t parse_forget(int key, char *arg, struct argp_state *state) {
    options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &o->db; return 0;
    case 'c': o->campaign = arg; return 0;
    case 'o': o->is_outdated = true; return 0;
    case 'f': o->is_failed = true; return 0;
    case 'B': o->build = arg; return 0;
    case ARGP_KEY_ARG: add_run(o, state, arg); return 0;
    case ARGP_KEY_END:
        if (!o->run_count && !o->campaign && !o->is_outdated && !o->is_failed && !o->build) {
            argp_error(state, "RUN, the number of a run, or an option that chooses runs expected");
        }
        if (o->run_count && (o->campaign || o->is_outdated || o->is_failed || o->build)) {
            argp_error(state, "either numbers of runs or options that choose runs expected, not both");
        }
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse_ignore(int key, char *arg, struct argp_state *state) {
    options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &o->db; return 0;
    case 'w': o->because = arg; return 0;
    case 'u': o->is_undo = true; return 0;
    case ARGP_KEY_ARG: add_run(o, state, arg); return 0;
    case ARGP_KEY_END:
        if (!o->run_count) {
            argp_error(state, "RUN, the number of a run, expected");
        }
        if (o->because && !o->because[0]) {
            argp_error(state, "--because: expected a text");
        }
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

/* Does `sql`, which takes a run's number as ?1 and `text` as ?2, for each run; one that is not there is an error. */
static bool for_each_run(store *s, const options *o, const char *sql, const char *text) {
    sqlite3_stmt *statement = store_prepare(s, sql);
    bool is_good = statement != NULL;
    for (size_t i = 0; i < o->run_count && is_good; i++) {
        sqlite3_bind_int64(statement, 1, o->runs[i]);
        sqlite3_bind_text(statement, 2, text, -1, SQLITE_STATIC);
        is_good = sqlite3_step(statement) == SQLITE_DONE || store_fail(s);
        sqlite3_reset(statement);
        if (is_good && sqlite3_changes(s->db) == 0) {
            fprintf(stderr, "mptcp-lab: %s: there is no run %" PRId64 "\n", s->path, o->runs[i]);
            is_good = false;
        }
    }
    sqlite3_finalize(statement);
    return is_good;
}

static bool bind_and_step(store *s, const char *sql, const options *o, int64_t *first) {
    sqlite3_stmt *statement = store_prepare(s, sql);
    if (!statement) {
        return false;
    }
    sqlite3_bind_text(statement, 1, o->campaign, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, o->build ? o->build : "", -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 3, o->is_outdated);
    sqlite3_bind_int(statement, 4, o->is_failed);
    int code = sqlite3_step(statement);
    if (first && code == SQLITE_ROW) {
        *first = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE || store_fail(s);
}

static const char chosen_sql[] =
    "DELETE FROM run WHERE run_id IN (SELECT run_id FROM run_named WHERE (?1 IS NULL OR campaign = ?1)"
    " AND (NOT ?3 OR NOT is_current) AND (NOT ?4 OR status <> 'ok')"
    " AND (substr(commit_id, 1, length(?2)) = ?2 OR substr(binary_hash, 1, length(?2)) = ?2))";

/* Points, builds, configurations and names that no run is left of; a campaign that is forgotten as a whole, too. */
static bool drop_leftovers(store *s, const options *o) {
    bool is_whole = o->campaign && !o->is_outdated && !o->is_failed && !o->build;
    return (!is_whole || bind_and_step(s, "DELETE FROM campaign WHERE name = ?1", o, NULL)) &&
           store_exec(s, "DELETE FROM point WHERE NOT is_current"
                         " AND NOT EXISTS (SELECT 1 FROM run WHERE run.point_id = point.point_id);"
                         "DELETE FROM build WHERE NOT EXISTS (SELECT 1 FROM run WHERE run.build_id = build.build_id);"
                         "DELETE FROM config WHERE NOT EXISTS"
                         " (SELECT 1 FROM point WHERE point.config_id = config.config_id)");
}

static bool forget(store *s, const options *o, int64_t *count) {
    int64_t exists = 0;
    if (o->campaign && (!bind_and_step(s, "SELECT count(*) FROM campaign WHERE name = ?1", o, &exists) || !exists)) {
        fprintf(stderr, "mptcp-lab: %s: there is no campaign '%s'\n", s->path, o->campaign);
        return false;
    }
    bool is_good = o->run_count ? for_each_run(s, o, "DELETE FROM run WHERE run_id = ?1 AND ?2 = ''", "")
                                : bind_and_step(s, chosen_sql, o, NULL);
    *count = o->run_count ? (int64_t)o->run_count : sqlite3_changes(s->db);
    return is_good && drop_leftovers(s, o);
}

typedef bool change(store *s, const options *o, int64_t *count);

static bool ignore(store *s, const options *o, int64_t *count) {
    *count = (int64_t)o->run_count;
    return for_each_run(s, o, "UPDATE run SET ignored = ?2 WHERE run_id = ?1",
                        o->is_undo   ? ""
                        : o->because ? o->because
                                     : "ignored");
}

/* In one transaction: all runs or none. */
static int make_change(const options *o, change *make, const char *what) {
    store s;
    if (!store_open(&s, o->db, STORE_CHANGE)) {
        free(o->runs);
        return EXIT_USAGE;
    }
    int64_t count = 0;
    bool is_good = store_exec(&s, "BEGIN IMMEDIATE") && make(&s, o, &count) && store_exec(&s, "COMMIT");
    if (is_good) {
        printf("%s: %" PRId64 " runs %s\n", o->db, count, what);
    } else {
        sqlite3_exec(s.db, "ROLLBACK", NULL, NULL, NULL);
    }
    store_close(&s);
    free(o->runs);
    return is_good ? EXIT_DONE : EXIT_USAGE;
}

int command_forget(int argc, char **argv) {
    options o = {0};
    const struct argp_child children[] = {{&db_option, 0, NULL, 0}, {0}};
    const struct argp argp = {forget_options, parse_forget, "[RUN...]", forget_doc, children, NULL, NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    return make_change(&o, forget, "forgotten");
}

int command_ignore(int argc, char **argv) {
    options o = {0};
    const struct argp_child children[] = {{&db_option, 0, NULL, 0}, {0}};
    const struct argp argp = {ignore_options, parse_ignore, "RUN...", ignore_doc, children, NULL, NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    return make_change(&o, ignore, o.is_undo ? "count again" : "ignored");
}
