/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "result_row.h"

#include <stdlib.h>

typedef struct {
    sqlite3_vtab base;
    const result_rows *source;
} table;

typedef struct {
    sqlite3_vtab_cursor base;
    const result_rows *source;
    size_t row;
} cursor;

static int connect_table(sqlite3 *db, void *source, int argc, const char *const *argv, sqlite3_vtab **out,
                         char **error) {
    (void)argc, (void)argv, (void)error;
    table *t = calloc(1, sizeof *t);
    if (!t) {
        return SQLITE_NOMEM;
    }
    t->source = source;
    *out = &t->base;
    return sqlite3_declare_vtab(db, "CREATE TABLE result_row (a, b, c, d, e)");
}

static int disconnect_table(sqlite3_vtab *t) {
    free(t);
    return SQLITE_OK;
}

static int plan_scan(sqlite3_vtab *t, sqlite3_index_info *info) {
    (void)t;
    info->estimatedCost = 100.0;
    return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *t, sqlite3_vtab_cursor **out) {
    cursor *c = calloc(1, sizeof *c);
    if (!c) {
        return SQLITE_NOMEM;
    }
    c->source = ((const table *)t)->source;
    *out = &c->base;
    return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *c) {
    free(c);
    return SQLITE_OK;
}

static int to_first(sqlite3_vtab_cursor *c, int plan, const char *name, int argc, sqlite3_value **argv) {
    (void)plan, (void)name, (void)argc, (void)argv;
    ((cursor *)c)->row = 0;
    return SQLITE_OK;
}

static int to_next(sqlite3_vtab_cursor *c) {
    ((cursor *)c)->row++;
    return SQLITE_OK;
}

static int is_at_end(sqlite3_vtab_cursor *base) {
    const cursor *c = (const cursor *)base;
    return c->row >= c->source->count;
}

static int answer_column(sqlite3_vtab_cursor *base, sqlite3_context *answer, int column) {
    const cursor *c = (const cursor *)base;
    c->source->column(answer, c->source->rows, c->row, column);
    return SQLITE_OK;
}

static int answer_rowid(sqlite3_vtab_cursor *c, sqlite3_int64 *out) {
    *out = (sqlite3_int64)((const cursor *)c)->row;
    return SQLITE_OK;
}

int result_row_register(sqlite3 *db, const result_rows *source) {
    static const sqlite3_module module = {
        .xConnect = connect_table, /* without xCreate: it is there without CREATE TABLE, and in no file */
        .xDisconnect = disconnect_table,
        .xBestIndex = plan_scan,
        .xOpen = open_cursor,
        .xClose = close_cursor,
        .xFilter = to_first,
        .xNext = to_next,
        .xEof = is_at_end,
        .xColumn = answer_column,
        .xRowid = answer_rowid,
    };
    return sqlite3_create_module(db, "result_row", &module, (void *)source);
}
