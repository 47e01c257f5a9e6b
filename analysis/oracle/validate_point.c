/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1 /* mkstemp, fdopen */

#include "validate_point.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of sums and ratios; of one path; of OLIA's paths, of which one may carry next to nothing. */
#define TOLERANCE 0.07
#define TOLERANCE_PATH 0.15
#define TOLERANCE_PATH_OLIA 0.40

#define SETTLED_OVER_S 2.0
#define NEVER_FULL_MBPS 1000 /* the scenarios' cables behind bottlenecks */

enum { NAME_BYTES = 256, POINT_SAMPLES_MAX = 10000 };

/* One number of a run. */
typedef struct {
    size_t run;
    char *name, *entity;
    double value;
} number;

typedef struct {
    number *at;
    size_t count;
} numbers;

/* ---- The scenario --------------------------------------------------------------------------------------------- */

/* A configuration's JSON is YAML, too. */
static bool load_scenario(point *p) {
    char name[] = "/tmp/mptcp-validate-XXXXXX", error[512] = "cannot write a file in /tmp";
    int descriptor = mkstemp(name);
    FILE *out = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    bool is_written = out != NULL && fputs(p->json, out) >= 0;
    is_written = out != NULL && fclose(out) == 0 && is_written;
    bool is_good = is_written && scenario_load(&p->scenario, name, NULL, 0, &p->arena, error, sizeof error);
    unlink(name);
    if (!is_good)
        fprintf(stderr, "mptcp-validate: %s %s: %s\n", p->campaign, p->label, error);
    return is_good;
}

static bool is_mptcp(const struct scn_flow *f) {
    return f->protocol == SCN_MPTCP;
}

/* Whether it is there while something is measured. */
static bool is_measured(const point *p, const struct scn_flow *f) {
    return f->stop_s <= 0 || f->stop_s > p->scenario.measure_from_s;
}

size_t point_tcp_flows(const point *p) {
    size_t count = 0;
    for (size_t f = 0; f < p->scenario.flows.count; f++)
        count += !is_mptcp(&p->scenario.flows.at[f]) && is_measured(p, &p->scenario.flows.at[f]);
    return count;
}

/* The name without the number at its end. */
static void group_of(const struct scn_flow *f, char group[NAME_BYTES]) {
    size_t length = strlen(f->name);
    while (length > 1 && isdigit((unsigned char)f->name[length - 1]))
        length--;
    snprintf(group, NAME_BYTES, "%.*s", (int)length, f->name);
}

/* ---- What is stored ------------------------------------------------------------------------------------------- */

#define CHOSEN                                                                                                         \
    "WITH chosen AS (SELECT run_id, seed FROM run WHERE point_id = ?1 AND status = 'ok' AND ignored = '' AND "         \
    "build_id = (SELECT build_id FROM run WHERE point_id = ?1 AND status = 'ok' AND ignored = '' "                     \
    "ORDER BY started_at DESC, run_id DESC LIMIT 1)) "

static sqlite3_stmt *prepare(const point *p, sqlite3 *db, const char *sql) {
    sqlite3_stmt *query;
    if (sqlite3_prepare_v2(db, sql, -1, &query, NULL) != SQLITE_OK) {
        fprintf(stderr, "mptcp-validate: %s\n", sqlite3_errmsg(db));
        return NULL;
    }
    sqlite3_bind_int64(query, 1, p->id);
    return query;
}

static char *copy(const unsigned char *text) {
    char *copied = strdup((const char *)text);
    if (copied == NULL)
        abort();
    return copied;
}

static bool load_numbers(point *p, sqlite3 *db, numbers *all) {
    sqlite3_stmt *query = prepare(
        p, db,
        CHOSEN "SELECT run_id, name, entity, value FROM chosen JOIN metric USING (run_id) WHERE "
               "name IN ('goodput', 'queue_mean', 'drop_rate_down') OR name GLOB 'predicted_*' ORDER BY seed, run_id");
    sqlite3_int64 last = -1;
    size_t room = 0;
    if (query == NULL)
        return false;
    while (sqlite3_step(query) == SQLITE_ROW) {
        if (sqlite3_column_int64(query, 0) != last && ++p->runs > POINT_RUNS_MAX)
            abort();
        last = sqlite3_column_int64(query, 0);
        if (all->count == room) {
            room = 2 * room + 256;
            all->at = realloc(all->at, room * sizeof *all->at);
            if (all->at == NULL)
                abort();
        }
        all->at[all->count++] = (number){p->runs - 1, copy(sqlite3_column_text(query, 1)),
                                         copy(sqlite3_column_text(query, 2)), sqlite3_column_double(query, 3)};
    }
    sqlite3_finalize(query);
    return true;
}

static bool load_note(point *p, sqlite3 *db) {
    sqlite3_stmt *query = prepare(
        p, db, CHOSEN "SELECT count(*) - count(oracle), max(note) FROM chosen LEFT JOIN prediction USING (run_id)");
    if (query == NULL)
        return false;
    if (sqlite3_step(query) == SQLITE_ROW) {
        p->is_stale = sqlite3_column_int64(query, 0) > 0;
        const char *note = (const char *)sqlite3_column_text(query, 1);
        snprintf(p->note, sizeof p->note, "%s", note ? note : "");
    }
    sqlite3_finalize(query);
    return true;
}

static double number_of(const numbers *all, size_t run, const char *name, const char *entity) {
    for (size_t i = 0; i < all->count; i++)
        if (all->at[i].run == run && strcmp(all->at[i].entity, entity) == 0 && strcmp(all->at[i].name, name) == 0)
            return all->at[i].value;
    return NAN;
}

static void numbers_free(numbers *all) {
    for (size_t i = 0; i < all->count; i++) {
        free(all->at[i].name);
        free(all->at[i].entity);
    }
    free(all->at);
}

/* ---- Quantities ----------------------------------------------------------------------------------------------- */

typedef enum { OF_GROUP, OF_LEAST, OF_MOST, OF_PATH, OF_RATIO, OF_JAIN } quantity_kind;

typedef struct {
    quantity_kind kind;
    char group[NAME_BYTES];
    const char *path; /* OF_PATH */
} quantity;

/* Goodput or its prediction `name` of a flow, or of one of its paths. */
static double rate_of(const point *p, const numbers *all, size_t run, const char *name, size_t flow, const char *path) {
    char entity[2 * NAME_BYTES];
    snprintf(entity, sizeof entity, "flow:%s%s%s", p->scenario.flows.at[flow].name, path ? " path:" : "",
             path ? path : "");
    return number_of(all, run, name, entity);
}

/* The same function of goodputs, whether these are measured or predicted. */
static double evaluate(const point *p, const numbers *all, const quantity *q, size_t run, const char *name) {
    double sum = 0, squares = 0, count = 0, least = INFINITY, most = 0, of[2] = {0}, number_of_kind[2] = {0};
    bool is_of_all = q->kind == OF_RATIO || q->kind == OF_JAIN;
    for (size_t f = 0; f < p->scenario.flows.count; f++) {
        const struct scn_flow *flow = &p->scenario.flows.at[f];
        char group[NAME_BYTES];
        group_of(flow, group);
        if (!is_measured(p, flow) || (!is_of_all && strcmp(group, q->group) != 0))
            continue;
        double rate = rate_of(p, all, run, name, f, q->path);
        least = rate < least ? rate : least;
        most = rate > most ? rate : most;
        sum += rate;
        squares += rate * rate;
        count++;
        of[is_mptcp(flow)] += rate;
        number_of_kind[is_mptcp(flow)]++;
    }
    switch (q->kind) {
    case OF_RATIO: return of[1] / number_of_kind[1] / (of[0] / number_of_kind[0]);
    case OF_JAIN: return sum * sum / (count * squares);
    case OF_LEAST: return isfinite(sum) ? least : NAN;
    case OF_MOST: return isfinite(sum) ? most : NAN;
    case OF_GROUP:
    case OF_PATH: break;
    }
    return sum / count;
}

static stats_interval over_runs(const point *p, const numbers *all, const quantity *q, const char *name) {
    double value[POINT_RUNS_MAX];
    for (size_t run = 0; run < p->runs; run++) {
        value[run] = evaluate(p, all, q, run, name);
        if (!isfinite(value[run]))
            return (stats_interval){NAN, NAN, NAN, 0};
    }
    return stats_mean(value, p->runs);
}

/*
 * Flows that share a drop-tail queue lock into phases (Floyd and Jacobson 1992), each time into others: means of a few seeds
 * say nothing, measured or predicted. A flow alone has nobody to lock with.
 */
static bool has_phases(const point *p) {
    for (size_t i = 0; p->scenario.flows.count > 1 && i < p->scenario.paths.count; i++) {
        const struct scn_path *path = &p->scenario.paths.at[i];
        if (path->enabled && path->queue_discipline == SCN_DROP_TAIL && path->rate_mbps < NEVER_FULL_MBPS)
            return true;
    }
    return false;
}

static void add_row(point *p, const numbers *all, const quantity *q, double tolerance, const char *name,
                    const char *unit) {
    point_row *row = &p->row[p->rows];
    if (p->rows == POINT_ROWS_MAX)
        abort();
    *row = (point_row){.unit = unit, .tolerance = tolerance};
    snprintf(row->name, sizeof row->name, "%s", name);
    if (has_phases(p))
        row->tolerance = NAN;
    row->measured = over_runs(p, all, q, "goodput");
    row->packets = over_runs(p, all, q, "predicted_packets");
    row->fluid = over_runs(p, all, q, "predicted_fluid").mean;
    if (isfinite(row->measured.mean))
        p->rows++;
}

static bool is_at(const struct scn_path *path, const char *host) {
    for (size_t i = 0; path->enabled && i < path->hosts.count; i++)
        if (strcmp(path->hosts.at[i], host) == 0)
            return true;
    return false;
}

/* Each path that the group's flows have, where they have several. */
static void add_paths(point *p, const numbers *all, const struct scn_flow *f, const char *group) {
    size_t count = 0;
    for (size_t i = 0; i < p->scenario.paths.count; i++)
        count += is_at(&p->scenario.paths.at[i], f->client);
    for (size_t i = 0; count > 1 && i < p->scenario.paths.count; i++) {
        quantity q = {.kind = OF_PATH, .path = p->scenario.paths.at[i].name};
        char name[2 * NAME_BYTES];
        snprintf(q.group, sizeof q.group, "%s", group);
        snprintf(name, sizeof name, "goodput of %s over %s", group, q.path);
        if (is_at(&p->scenario.paths.at[i], f->client))
            add_row(p, all, &q, strcmp(f->congestion_control, "olia") == 0 ? TOLERANCE_PATH_OLIA : TOLERANCE_PATH, name,
                    "Mb/s");
    }
}

static size_t flows_of(const point *p, const char *group) {
    size_t count = 0;
    for (size_t f = 0; f < p->scenario.flows.count; f++) {
        char of[NAME_BYTES];
        group_of(&p->scenario.flows.at[f], of);
        count += is_measured(p, &p->scenario.flows.at[f]) && strcmp(of, group) == 0;
    }
    return count;
}

/* How far apart flows are that are alike: told, for chance sets the extremes of few. */
static void add_spread(point *p, const numbers *all, quantity q) {
    char name[2 * NAME_BYTES];
    q.kind = OF_LEAST;
    snprintf(name, sizeof name, "least goodput of a %s", q.group);
    add_row(p, all, &q, NAN, name, "Mb/s");
    q.kind = OF_MOST;
    snprintf(name, sizeof name, "greatest goodput of a %s", q.group);
    add_row(p, all, &q, NAN, name, "Mb/s");
}

static void add_group(point *p, const numbers *all, const struct scn_flow *f) {
    quantity q = {.kind = OF_GROUP};
    char name[2 * NAME_BYTES];
    group_of(f, q.group);
    snprintf(name, sizeof name, "goodput of %s", q.group);
    if (!is_measured(p, f) || point_find(p, name) != NULL)
        return;
    add_row(p, all, &q, TOLERANCE, name, "Mb/s");
    if (flows_of(p, q.group) > 1 && p->rows + 2 <= POINT_ROWS_MAX)
        add_spread(p, all, q);
    if (is_mptcp(f))
        add_paths(p, all, f, q.group);
}

/* What was measured of the queue of a path or a link, where it was sampled: told, for the oracles store none. */
static void add_queue(point *p, const numbers *all, const char *entity, const char *metric, const char *name,
                      const char *unit) {
    double value[POINT_RUNS_MAX];
    for (size_t run = 0; run < p->runs; run++) {
        value[run] = number_of(all, run, metric, entity);
        if (!isfinite(value[run]))
            return;
    }
    point_row *row = &p->row[p->rows++];
    *row = (point_row){.unit = unit, .tolerance = NAN, .fluid = NAN, .packets = {NAN, NAN, NAN, 0}};
    snprintf(row->name, sizeof row->name, "%s %s", name, strchr(entity, ':') + 1);
    row->measured = stats_mean(value, p->runs);
}

/* Of whatever may fill or loses at random. */
static void add_queues(point *p, const numbers *all, const char *kind, const struct scn_path *wires, size_t count) {
    for (size_t i = 0; i < count && p->rows + 2 <= POINT_ROWS_MAX; i++) {
        char entity[NAME_BYTES];
        if (wires[i].rate_mbps >= NEVER_FULL_MBPS && wires[i].loss_down <= 0)
            continue;
        snprintf(entity, sizeof entity, "%s:%s", kind, wires[i].name);
        add_queue(p, all, entity, "queue_mean", "queue of", "packets");
        add_queue(p, all, entity, "drop_rate_down", "loss of", "part");
    }
}

static void add_rows(point *p, const numbers *all) {
    quantity ratio = {.kind = OF_RATIO}, jain = {.kind = OF_JAIN};
    for (size_t f = 0; f < p->scenario.flows.count; f++)
        add_group(p, all, &p->scenario.flows.at[f]);
    add_row(p, all, &ratio, TOLERANCE, "ratio to TCP", "");
    if (p->scenario.flows.count > 1)
        add_row(p, all, &jain, TOLERANCE, "Jain's index", "");
    add_queues(p, all, "path", p->scenario.paths.at, p->scenario.paths.count);
    add_queues(p, all, "link", p->scenario.links.at, p->scenario.links.count);
}

/* ---- Responsiveness ------------------------------------------------------------------------------------------- */

/* When competitors stop or come, well after the beginning; NaN: they do not. */
static double change_s(const point *p) {
    for (size_t f = 0; f < p->scenario.flows.count; f++) {
        const struct scn_flow *flow = &p->scenario.flows.at[f];
        if (!is_measured(p, flow))
            return flow->stop_s;
        if (flow->start_s > p->scenario.measure_from_s / 4)
            return flow->start_s;
    }
    return NAN;
}

typedef struct {
    double interval_s, at_s; /* of the samples; when something changed */
    double value[POINT_SAMPLES_MAX];
    size_t count;
} series;

static double mean_between(const series *s, double from_s, double to_s) {
    double sum = 0, count = 0;
    for (size_t i = 0; i < s->count; i++)
        if ((double)i * s->interval_s >= from_s && (double)(i + 1) * s->interval_s <= to_s) {
            sum += s->value[i];
            count++;
        }
    return sum / count;
}

/*
 * How long after the change until the mean of SETTLED_OVER_S has gone 90 % of the way from what there was in the second half
 * of the time before to what there is while the run is measured. NaN: it did not.
 */
static double settled_s(const point *p, const series *s) {
    double before = mean_between(s, s->at_s / 2, s->at_s);
    double after = mean_between(s, p->scenario.measure_from_s, p->scenario.duration_s);
    for (double t = s->at_s + SETTLED_OVER_S; t <= p->scenario.duration_s; t += s->interval_s)
        if ((mean_between(s, t - SETTLED_OVER_S, t) - before) / (after - before) >= 0.9)
            return t - s->at_s;
    return NAN;
}

static bool add_settled(point *p, sqlite3 *db) {
    static series s;
    double value[POINT_RUNS_MAX];
    size_t runs = 0;
    sqlite3_int64 last = -1;
    sqlite3_stmt *query = isnan(change_s(p))
                              ? NULL
                              : prepare(p, db,
                                        CHOSEN "SELECT run_id, value FROM chosen JOIN sample USING (run_id) WHERE "
                                               "name = 'goodput' AND entity = 'flow:multi' ORDER BY seed, run_id, "
                                               "time_us");
    if (query == NULL)
        return isnan(change_s(p));
    s = (series){.interval_s = (double)p->scenario.sampling.interval_ms / 1e3, .at_s = change_s(p)};
    for (bool is_row = true; is_row;) {
        is_row = sqlite3_step(query) == SQLITE_ROW;
        if (s.count > 0 && (!is_row || sqlite3_column_int64(query, 0) != last)) {
            value[runs++] = settled_s(p, &s);
            s.count = 0;
        }
        if (is_row && s.count < POINT_SAMPLES_MAX && runs < POINT_RUNS_MAX)
            s.value[s.count++] = sqlite3_column_double(query, 1);
        last = is_row ? sqlite3_column_int64(query, 0) : last;
    }
    sqlite3_finalize(query);
    point_row *row = &p->row[p->rows++];
    *row = (point_row){.name = "settled after the change", .unit = "s", .tolerance = NAN, .fluid = NAN};
    row->packets = (stats_interval){NAN, NAN, NAN, 0};
    row->measured = runs > 0 ? stats_mean(value, runs) : row->packets;
    return true;
}

bool point_load(point *p, sqlite3 *db) {
    numbers all = {0};
    bool is_good = load_scenario(p) && load_numbers(p, db, &all) && load_note(p, db);
    if (is_good && p->runs > 0) {
        add_rows(p, &all);
        is_good = add_settled(p, db);
    }
    numbers_free(&all);
    return is_good;
}

void point_free(point *p) {
    scn_arena_free(&p->arena);
    free(p->campaign);
    free(p->label);
    free(p->json);
}

double point_predicted(const point_row *row) {
    return isfinite(row->packets.mean) ? row->packets.mean : row->fluid;
}

const point_row *point_find(const point *p, const char *name) {
    for (size_t i = 0; i < p->rows; i++)
        if (strcmp(p->row[i].name, name) == 0)
            return &p->row[i];
    return NULL;
}
