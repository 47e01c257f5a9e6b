/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is left to run of a sweep. Seeds are the outer loop, so that a sweep that is stopped early has about as many
 * seeds of every point; of one seed the points that took longest come first, so that no long run is left for the end.
 */
#ifndef LAB_PLAN_H
#define LAB_PLAN_H

#include "grid.h"
#include "program.h"
#include "store.h"

typedef struct {
    size_t point; /* index in the grid */
    uint64_t seed;
} plan_task;

typedef struct {
    plan_task *tasks;
    size_t count;
    size_t ok_before;     /* done already */
    size_t failed_before; /* failed already and not to be repeated */
    int64_t campaign_id;
    int64_t build_ids[PROGRAM_BUILDS]; /* 0: no point has it */
} plan;

typedef struct {
    size_t shard; /* 0 to shard_count - 1 */
    size_t shard_count;
    bool retry_failed;
} plan_options;

typedef struct {
    const char *file;     /* path of the sweep file as given */
    const char *sweep;    /* its content */
    const char *scenario; /* content of the scenario */
} plan_texts;

/*
 * Marks the points that a shard needs. With many more points than shards each has points of its own, so that it asks for
 * few configurations; else the runs are dealt out, and each shard has all points.
 */
void plan_mark_points(grid *g, const plan_options *options);

/*
 * Puts campaign, build, configurations and points into the store, in one transaction. What the campaign had before is outdated, but for the
 * points of other shards of the same sweep file and scenario.
 */
bool plan_register(plan *p, store *s, grid *g, const program *prog, const plan_texts *texts);

/* Finds them instead, and changes nothing: what is not there gets the id -1, which no run has. */
bool plan_look_up(plan *p, store *s, grid *g, const program *prog);

/* Lists the open runs. `s` NULL: none is done. */
bool plan_tasks(plan *p, store *s, const grid *g, const plan_options *options);

/*
 * Seeds of a sweep with `until', after the tasks of the plan are done: its tasks are now the next seeds of the points whose
 * intervals are not narrow enough yet. What it decides depends on the results of a point's seeds in their order alone.
 */
bool plan_extend(plan *p, store *s, grid *g);
void plan_free(plan *p);

#endif
