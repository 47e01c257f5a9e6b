/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sweep file: which scenario, which seeds, which grids of changes to it. doc/contracts.md shows one.
 *
 * A wrong key or value is reported as FILE:LINE:COLUMN: key: what was expected.
 */
#ifndef LAB_SWEEP_FILE_H
#define LAB_SWEEP_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    char **items;
    size_t *lines; /* where each was written; NULL where it was made of something else */
    size_t count;
} sweep_strings;

typedef struct {
    char *value;        /* what the axis shows for this choice */
    sweep_strings sets; /* the changes it makes, 'path.key=value' */
    size_t line;        /* where it was written */
    size_t column;
} sweep_choice;

/* That an axis has one of some values. */
typedef struct {
    char *key;
    sweep_strings values;
} sweep_condition;

typedef struct {
    sweep_condition *items;
    size_t count;
} sweep_conditions;

/* Numbers on an axis: steps of a range, or what a design chooses between the limits. */
typedef struct {
    double from;
    double to;
    double step;    /* 0: count is given */
    uint64_t count; /* 0: step is given */
    bool is_log;
    bool is_whole;
    bool is_given;
} sweep_range;

typedef struct {
    char *key;
    sweep_strings paths; /* what a plain value is set to; empty: the key itself */
    sweep_choice *choices;
    size_t choice_count;
    sweep_range range;     /* makes the choices */
    bool is_designed;      /* the range is filled by the grid's design */
    sweep_conditions when; /* of axes above; else the point does not have this axis */
    size_t line;
    size_t column;
    bool is_plain; /* values, not variants */
} sweep_axis;

/* Axes that go on together, entry by entry: a zip, a design, or a single axis. */
typedef struct {
    size_t axis_first;
    size_t axis_count;
    size_t entry_count;
} sweep_block;

typedef enum { SWEEP_NO_DESIGN, SWEEP_SOBOL, SWEEP_LATIN_HYPERCUBE } sweep_design_kind;

typedef struct {
    sweep_design_kind kind;
    uint64_t count;
    uint64_t seed; /* of a Latin hypercube */
} sweep_design;

typedef struct {
    sweep_strings sets; /* fixed changes, after those of the file */
    sweep_axis *axes;
    size_t axis_count;
    sweep_block *blocks; /* every combination of these */
    size_t block_count;
    sweep_conditions *excludes; /* points that meet all conditions of one are left out */
    size_t exclude_count;
    sweep_design design;
} sweep_grid;

/* Runs of a point go on until the 95 % interval of a metric's mean is narrow enough. */
typedef struct {
    char *metric;
    char *entity;
    double half_width; /* of the interval; 0: not adaptive */
    bool is_relative;  /* to the mean */
    uint64_t step;
    uint64_t max;
} sweep_until;

typedef struct {
    char *name;
    char *scenario; /* as written: relative to the sweep file */
    size_t scenario_line;
    size_t scenario_column;
    uint64_t seed_first;
    uint64_t seed_count; /* the least, when adaptive */
    sweep_until until;
    double timeout_s;
    uint64_t memory_mib;
    bool is_predicted; /* mptcp-oracle's predictions are stored beside the runs */
    sweep_strings sets;
    sweep_grid *grids; /* their union is swept */
    size_t grid_count;
    bool is_list; /* given as `grids' */
} sweep_file;

/* Parses `text`; `path` is for messages only. On failure one line is on standard error and false returned. */
bool sweep_file_parse(const char *path, const char *text, size_t text_bytes, sweep_file *out);

void sweep_file_free(sweep_file *file);

#endif
