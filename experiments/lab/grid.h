/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The points of a sweep: of each of its grids every combination of the blocks of axes, the last one changing fastest, but
 * for what is excluded.
 */
#ifndef LAB_GRID_H
#define LAB_GRID_H

#include "hash.h"
#include "sweep_file.h"
#include "text.h"

#include <stdint.h>

typedef struct {
    const sweep_grid *of;
    const sweep_choice *
        *choices;        /* one of each axis, owned by the sweep file; NULL: the point does not have the axis */
    char *label;         /* 'key=value key=value' */
    hash_text known_key; /* of what the configuration depends on; set by resolve_points(), as the next two */
    char *config_json;   /* every resolved parameter */
    hash_text config_hash;
    int64_t point_id;     /* in the store */
    int64_t build_id;     /* likewise, of the program that its runs load */
    uint64_t seed_target; /* how many seeds it is to have, as far as is known */
    bool is_narrow;       /* the interval that `until' asks for is narrow enough */
    bool is_without;      /* no run has a value of that metric: more runs would not help */
    bool is_wanted;       /* of this shard: the others need no configuration */
} grid_point;

typedef struct {
    const sweep_file *file;
    grid_point *points;
    size_t count;
} grid;

void grid_expand(const sweep_file *file, grid *out);
void grid_free(grid *g);

/* The command line of a point as a NULL-terminated array; strings and array are freed by argv_free(). */
char **grid_argv_config(const grid *g, const grid_point *p, const char *program, const char *scenario);
char **grid_argv_run(const grid *g, const grid_point *p, const char *program, const char *scenario, uint64_t seed);
char *argv_quoted(char *const *argv); /* as a shell would need it */
void argv_free(char **argv);

#endif
