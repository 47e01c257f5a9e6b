/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CSV as RFC 4180 has it, except for the line ends (LF). */
#include "command.h"
#include "db_option.h"
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *name;
    const char *columns; /* behind the columns that every table has */
    const char *join;
    const char *order;
} table;

static const table tables[] = {
    {"metric", "metric.name, metric.entity, metric.unit, metric.value, metric.is_censored",
     "JOIN metric USING (run_id)", "metric.name, metric.entity"},
    {"sample", "sample.name, sample.entity, sample.unit, sample.time_us, sample.value", "JOIN sample USING (run_id)",
     "sample.name, sample.entity, sample.time_us"},
    {"event", "event.time_us, event.name, event.entity, event.detail", "JOIN event USING (run_id)", "event.position"},
    {"run",
     "run.run_id, run.status, run.exit_code, run.ignored, run.started_at, run.host, run.wall_s, run.cpu_s,"
     " run.memory_kib, run.argv, run.stderr_end, run.result_hash",
     "", "run.run_id"},
};

typedef struct {
    const char *db;
    const table *chosen;
} options;

static const struct argp_option option_list[] = {
    {"table", 't', "NAME", 0, "metric (default), sample, event or run", 0},
    {0},
};

static const char doc[] = "Prints a table as CSV, with the campaign, commit, configuration, seed and each swept key of "
                          "every row.\vFailed runs have no metrics and samples; they are in the table run.";

static error_t parse(int key, char *arg, struct argp_state *state) {
    options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &o->db; return 0;
    case 't':
        o->chosen = NULL;
        for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
            if (strcmp(tables[i].name, arg) == 0) {
                o->chosen = &tables[i];
            }
        }
        if (!o->chosen) {
            argp_error(state, "--table: expected metric, sample, event or run, got '%s'", arg);
        }
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const char run_columns[] = "run.campaign, run.commit_id AS \"commit\", run.dirty, run.binary_hash AS build_hash,"
                                  " run.config_hash, run.is_current, run.seed";

/* Whether the key of an axis is the name of another column. */
static bool is_column(store *s, const table *t, const char *key) {
    char *sql = text_format("SELECT %s, %s FROM run_named AS run %s", run_columns, t->columns, t->join);
    sqlite3_stmt *query = store_prepare(s, sql);
    bool is = false;
    for (int i = 0, count = sqlite3_column_count(query); i < count; i++) {
        is |= strcmp(sqlite3_column_name(query, i), key) == 0;
    }
    sqlite3_finalize(query);
    free(sql);
    return is;
}

/* One column for each swept key: its value in the row's configuration. 'KEY (axis)' where there is another column of that name. */
static bool append_axis_columns(store *s, const table *t, text_buf *sql) {
    sqlite3_stmt *keys = store_prepare(s, "SELECT DISTINCT key FROM point_axis ORDER BY key");
    int code = SQLITE_ERROR;
    while (keys && (code = sqlite3_step(keys)) == SQLITE_ROW) {
        const char *key = (const char *)sqlite3_column_text(keys, 0);
        char *column = sqlite3_mprintf(", (SELECT a.value FROM point_axis a WHERE a.point_id = run.point_id"
                                       " AND a.key = %Q) AS \"%w%s\"",
                                       key, key, is_column(s, t, key) ? " (axis)" : "");
        text_append_string(sql, column);
        sqlite3_free(column);
    }
    sqlite3_finalize(keys);
    return code == SQLITE_DONE || (keys && store_fail(s));
}

static char *export_sql(store *s, const table *t) {
    text_buf sql = {0};
    text_append_string(&sql, "SELECT ");
    text_append_string(&sql, run_columns);
    if (!append_axis_columns(s, t, &sql)) {
        text_free(&sql);
        return NULL;
    }
    char *rest = text_format(", %s FROM run_named AS run %s"
                             " ORDER BY run.campaign, run.point_id, run.build_id, run.seed, %s",
                             t->columns, t->join, t->order);
    text_append_string(&sql, rest);
    free(rest);
    return sql.bytes;
}

static void print_field(const char *text, bool is_last) {
    if (text[strcspn(text, ",\"\r\n")] == '\0') {
        fputs(text, stdout);
    } else {
        putchar('"');
        for (; *text; text++) {
            fputs(*text == '"' ? "\"\"" : (char[]){*text, '\0'}, stdout);
        }
        putchar('"');
    }
    putchar(is_last ? '\n' : ',');
}

static void print_row(sqlite3_stmt *row) {
    int count = sqlite3_column_count(row);
    for (int i = 0; i < count; i++) {
        char number[40];
        const char *text = number;
        if (sqlite3_column_type(row, i) == SQLITE_FLOAT) {
            snprintf(number, sizeof number, "%.17g", sqlite3_column_double(row, i));
        } else {
            text = (const char *)sqlite3_column_text(row, i);
        }
        print_field(text ? text : "", i + 1 == count);
    }
}

static bool print_table(store *s, const table *t) {
    char *sql = export_sql(s, t);
    sqlite3_stmt *row = sql ? store_prepare(s, sql) : NULL;
    free(sql);
    if (!row) {
        return false;
    }
    for (int i = 0, count = sqlite3_column_count(row); i < count; i++) {
        print_field(sqlite3_column_name(row, i), i + 1 == count);
    }
    int code = SQLITE_ROW;
    while (!ferror(stdout) && (code = sqlite3_step(row)) == SQLITE_ROW) {
        print_row(row);
    }
    sqlite3_finalize(row);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("mptcp-lab: standard output");
        return false;
    }
    return code == SQLITE_DONE || store_fail(s);
}

int command_export(int argc, char **argv) {
    options o = {.chosen = &tables[0]};
    const struct argp_child children[] = {{&db_option, 0, NULL, 0}, {0}};
    const struct argp argp = {option_list, parse, NULL, doc, children, NULL, NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &o);

    store s;
    if (!store_open(&s, o.db, STORE_READ)) {
        return EXIT_USAGE;
    }
    bool is_good = print_table(&s, o.chosen);
    store_close(&s);
    return is_good ? EXIT_DONE : EXIT_FAILED;
}
