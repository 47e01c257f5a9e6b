/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading YAML nodes by tables of keys, with a line for what is wrong. */
#ifndef LAB_SWEEP_READER_H
#define LAB_SWEEP_READER_H

#include "sweep_file.h"

#include <yaml.h>

#define SWEEP_POINTS_MAX 1000000u

typedef struct {
    const char *path;
    yaml_document_t document;
} reader;

/* One key of a mapping and how its value is read into the struct `out`. */
typedef struct {
    const char *key;
    bool is_required;
    bool (*read)(reader *r, const char *key, yaml_node_t *value, void *out);
} field;

#define FIELD_COUNT(fields) (sizeof(fields) / sizeof *(fields))

__attribute__((format(printf, 4, 5))) bool reader_fail(const reader *r, const yaml_node_t *node, const char *key,
                                                       const char *format, ...);
const char *reader_kind(const yaml_node_t *node); /* "a list", ... */

bool reader_string(reader *r, const char *key, yaml_node_t *value, void *out); /* char ** */
bool reader_set(reader *r, const char *key, yaml_node_t *value, void *out);    /* char **, 'path.key=value' */
bool reader_bool(reader *r, const char *key, yaml_node_t *value, bool *out);
bool reader_whole(reader *r, const char *key, yaml_node_t *value, uint64_t min, uint64_t max, uint64_t *out);
bool reader_number(reader *r, const char *key, yaml_node_t *value, double *out); /* any finite one */
bool reader_strings(reader *r, const char *key, yaml_node_t *value, sweep_strings *out,
                    bool (*read_item)(reader *, const char *, yaml_node_t *, void *));
bool reader_mapping(reader *r, const char *where, yaml_node_t *node, const field *fields, size_t count, void *out);

/* A list with at least one entry: begins with items.start, ends before items.top. */
bool reader_list(reader *r, const char *key, yaml_node_t *value);
yaml_node_t *reader_node(reader *r, int index);

/* sweep_grid.c: reads the axes of `grid:` and the rest of a grid. */
bool reader_grid(reader *r, const char *key, yaml_node_t *value, sweep_grid *out);
bool reader_excludes(reader *r, const char *key, yaml_node_t *value, sweep_grid *out);
bool reader_design(reader *r, const char *key, yaml_node_t *value, sweep_grid *out);
/* When all of a grid is read: makes choices of ranges and the design, and checks what depends on several keys. */
bool reader_complete_grid(reader *r, const yaml_node_t *node, sweep_grid *grid);
void sweep_grid_free(sweep_grid *grid);
void sweep_strings_free(sweep_strings *strings);

#endif
