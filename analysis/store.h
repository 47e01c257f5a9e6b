/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The result database, read only. Queries are the files sql/NAME.sql. store_choose() fills the temporary tables
 * chosen_run (run_id, point_id, seed), which they all start from, and chosen_point (point_id, engine, build_id).
 */
#ifndef ANALYSIS_STORE_H
#define ANALYSIS_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "cells.h"

/* Only the runs whose value on an axis of the sweep is this: KEY=VALUE of --where. */
typedef struct {
    char *key;
    char *value;
} store_filter;

#define STORE_FILTERS_MAX 16

typedef struct {
    sqlite3 *db;
    const char *file;
    char *campaign;                        /* the one chosen */
    store_filter where[STORE_FILTERS_MAX]; /* with the axis' full name, and the number that @min or @max is */
    size_t wheres;
    int runs_failed;          /* of it, left out: ended without a result */
    const char *build_wanted; /* how the commit or hash of the build begins; NULL: the one that was run last */
} store;

/* Ends the program when the file isn't a result database of the version this program knows. */
void store_open(store *s, const char *file);
void store_close(store *s);

bool store_has_campaign(const store *s, const char *campaign);

/*
 * Chooses the runs to look at: of the points that this campaign's sweep has now, done, of one build for each engine, not marked to be
 * ignored, and matching every filter. Says in notes what it leaves out. With campaign NULL the database must hold a
 * single one. Ends the program when nothing is left.
 */
void store_choose(store *s, const char *campaign, const store_filter *filter, size_t filters);

/* Notes which axes and metrics the campaign has; with NULL, where there are several, which campaigns there are. */
void store_tell_names(store *s, const char *campaign);

/* Leaves of the chosen runs those with this seed; ends the program when there is none. */
void store_keep_seed(const store *s, int64_t seed);

/* Makes a statement of sql/NAME.sql; bind, step, finalize. Every error ends the program. */
sqlite3_stmt *store_prepare(const store *s, const char *name);
void store_bind_text(sqlite3_stmt *query, const char *parameter, const char *value);
void store_bind_int(sqlite3_stmt *query, const char *parameter, sqlite3_int64 value);
bool store_step(const store *s, sqlite3_stmt *query); /* false at the end, and the statement is finalized */

/* Rows of a query whose columns are series, x, seed, value. A seed that comes twice in a cell ends the program. */
cells store_cells(const store *s, sqlite3_stmt *query);

#endif
