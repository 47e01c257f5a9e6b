/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sweep file: which scenario, which seeds, which grid of changes to it. doc/contracts.md shows one.
 *
 * Read with libyaml's document interface, which keeps the position of every node: a wrong key or value is reported as
 * FILE:LINE:COLUMN: key: what was expected.
 */
#ifndef LAB_SWEEP_FILE_H
#define LAB_SWEEP_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    char **items;
    size_t count;
} sweep_strings;

typedef struct {
    char *value;        /* what the axis shows for this choice */
    sweep_strings sets; /* the changes it makes, 'path.key=value' */
} sweep_choice;

typedef struct {
    char *key;
    sweep_choice *choices;
    size_t choice_count;
} sweep_axis;

typedef struct {
    char *name;
    char *scenario; /* as written: relative to the sweep file */
    size_t scenario_line;
    size_t scenario_column;
    uint64_t seed_first;
    uint64_t seed_count;
    double timeout_s;
    uint64_t memory_mib;
    sweep_strings sets;
    sweep_axis *axes;
    size_t axis_count;
} sweep_file;

/* Parses `text`; `path` is for messages only. On failure one line is on standard error and false returned. */
bool sweep_file_parse(const char *path, const char *text, size_t text_bytes, sweep_file *out);

/* Number of grid points, without the seeds: 1 for an empty grid. */
size_t sweep_file_point_count(const sweep_file *file);

void sweep_file_free(sweep_file *file);

#endif
