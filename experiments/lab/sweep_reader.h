/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading mappings by tables of keys, with a line for what is wrong. */
#ifndef LAB_SWEEP_READER_H
#define LAB_SWEEP_READER_H

#include "document.h"
#include "sweep_file.h"

#define SWEEP_POINTS_MAX 1000000u

/* One key of a mapping and how its value is read into the struct `out`. */
typedef struct {
    const char *key;
    bool is_required;
    bool (*read)(const char *key, const struct doc_node *value, void *out);
} field;

#define FIELD_COUNT(fields) (sizeof(fields) / sizeof *(fields))

__attribute__((format(printf, 3, 4))) bool reader_fail(const struct doc_node *node, const char *key, const char *format,
                                                       ...);
/* The same, with ", got ..." behind it. */
__attribute__((format(printf, 3, 4))) bool reader_fail_got(const struct doc_node *node, const char *key,
                                                           const char *format, ...);
const char *reader_kind(const struct doc_node *node); /* "a list", ... */

bool reader_string(const char *key, const struct doc_node *value, void *out); /* char ** */
bool reader_set(const char *key, const struct doc_node *value, void *out);    /* char **, 'path.key=value' */
bool reader_bool(const char *key, const struct doc_node *value, bool *out);
bool reader_whole(const char *key, const struct doc_node *value, uint64_t min, uint64_t max, uint64_t *out);
bool reader_number(const char *key, const struct doc_node *value, double *out); /* any finite one */
bool reader_strings(const char *key, const struct doc_node *value, sweep_strings *out,
                    bool (*read_item)(const char *, const struct doc_node *, void *));
bool reader_mapping(const char *where, const struct doc_node *node, const field *fields, size_t count, void *out);

/* Whether the value is a list with at least one entry. */
bool reader_list(const char *key, const struct doc_node *value);

/* sweep_grid.c: reads the axes of `grid:` and the rest of a grid. */
bool reader_grid(const char *key, const struct doc_node *value, sweep_grid *out);
bool reader_excludes(const char *key, const struct doc_node *value, sweep_grid *out);
bool reader_design(const char *key, const struct doc_node *value, sweep_grid *out);
/* When all of a grid is read: makes choices of ranges and the design, and checks what depends on several keys. */
bool reader_complete_grid(const struct doc_node *node, sweep_grid *grid);
void sweep_grid_free(sweep_grid *grid);
void sweep_strings_free(sweep_strings *strings);

#endif
