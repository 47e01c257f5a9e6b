/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How values, keys and metrics are written and which look a curve has: style/default.yaml, and over it the file of
 * --style. Keys of such a file: labels (value of an axis: text), titles (key or metric: text, with its unit in brackets
 * if that isn't to follow from the name), looks (value: number of the look, from 1), order (list of values).
 */
#ifndef ANALYSIS_STYLE_H
#define ANALYSIS_STYLE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    char *name, *value;
} style_entry;

typedef struct {
    style_entry *label, *title, *look;
    char **order;
    size_t labels, titles, looks, orders;
} style;

#define STYLE_LOOKS 14 /* those of gp/common.gp: seven colours, then their tints with open points */

/* Reads the stored style and, unless NULL, a file that goes before it. */
style style_read(const char *file);
void style_free(style *s);

const char *style_label(const style *s, const char *value); /* the value itself if there is none */
int style_place(const style *s, const char *value);         /* in the order, from 0; -1 when it isn't there */

/* Looks for the values of one figure, in [1, STYLE_LOOKS]: the listed ones keep theirs, the others get free ones. */
void style_looks(const style *s, char *const *value, size_t n, int *look);

/*
 * Title of an axis: from the style, or else from the key or metric ('flows.download.receive_buffer_bytes' gives
 * 'Receive buffer'), and the unit behind it in brackets. unit may be NULL: then the key's ending tells. The caller frees
 * it.
 */
char *style_title(const style *s, const char *name, const char *unit);
char *style_name(const style *s, const char *name); /* without a unit, to be written within a sentence */
const char *style_unit_of_key(const char *key);     /* 'Mb/s' for 'rate_mbps'; "" when there is none */

#endif
