/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A point of a sweep as it is judged: what its runs measured and what was predicted of them, from the database alone.
 *
 * Flows that differ in the number at the end of their names only are a group, which is looked at together.
 */
#ifndef ORACLE_VALIDATE_POINT_H
#define ORACLE_VALIDATE_POINT_H

#include "../stats.h"
#include "scenario.h"

#include <sqlite3.h>
#include <stddef.h>

enum { POINT_RUNS_MAX = 1000, POINT_ROWS_MAX = 64 };

/* A quantity of a point. */
typedef struct {
    char name[256]; /* "goodput of multi", "ratio to TCP" */
    const char *unit;
    double tolerance; /* of the measured mean from the predicted one; NaN: it is told, not judged */
    double fluid;     /* NaN: not predicted */
    stats_interval packets, measured;
} point_row;

typedef struct {
    char *campaign, *label, *json; /* owned */
    sqlite3_int64 id;
    struct scenario scenario;
    struct scn_arena arena;
    size_t runs;
    char note[512]; /* why there is no prediction, or not every one; "" = there is */
    bool is_stale;  /* of some runs there is no prediction at all */
    point_row row[POINT_ROWS_MAX];
    size_t rows;
} point;

/*
 * Fills in everything but campaign, label, json and id, which are given. Only completed runs that are not ignored count,
 * of the build that was run last. @return false after one line on standard error.
 */
bool point_load(point *p, sqlite3 *db);
void point_free(point *p);

/* The TCP flows of the scenario that are there while something is measured. */
size_t point_tcp_flows(const point *p);
/* What the row's verdict is of: the ideal senders' mean, or else the fluid model's; NaN. */
double point_predicted(const point_row *row);
const point_row *point_find(const point *p, const char *name);

#endif
