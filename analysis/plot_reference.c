/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What reference/NAME.csv says about a figure's metric: accepted ranges as grey fields, expected values as dashed lines. */
#define _GNU_SOURCE 1
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "plot.h"
#include "reference.h"

static bool is_key(const char *key, const char *axis) {
    size_t length = strlen(axis), end = strlen(key);
    return strcmp(key, axis) == 0 ||
           (length > end && axis[length - end - 1] == '.' && strcmp(axis + length - end, key) == 0);
}

/* From and to along x of a line KEY=LOW..HIGH or KEY=VALUE; false when it isn't of this axis or beyond it. */
static bool find_ends(const plot *p, const chart_axis *axis, const reference_line *line, double *from, double *to) {
    char *where = memory_text(line->where), *key, *low, *high;
    bool is_there = reference_split_where(where, &key, &low, &high) && is_key(key, p->f.x.key);
    if (is_there && axis->is_category) {
        size_t x = level_find(&p->f.x, low);
        is_there = x < p->f.x.n;
        *from = (double)x + 0.7;
        *to = (double)x + 1.3;
    } else if (is_there) {
        double first = level_number(&p->f.x, 0), last = level_number(&p->f.x, p->f.x.n - 1);
        *from = fmax(strtod(low, NULL), first) / axis->scale;
        *to = fmin(strtod(high, NULL), last) / axis->scale;
        is_there = *from <= *to;
    }
    free(where);
    return is_there;
}

/* 'linux-reno-0.01' is a value of the curve 'linux-reno'. */
static char *curve_name(const reference_line *line) {
    const char *value = strchr(line->where, '=') + 1;
    size_t length = strlen(line->name), end = strlen(value);
    if (length > end + 1 && strcmp(line->name + length - end, value) == 0 && line->name[length - end - 1] == '-')
        return strndup(line->name, length - end - 1);
    return memory_text(line->name);
}

/* A value at one x: a small open mark of its curve, which joins the key. Nothing between was measured, so there is no line. */
static void add_mark(plot *p, chart_panel *panel, size_t index, const reference_line *line, double x) {
    char *name = curve_name(line), *key_label = memory_format("%s (reference)", style_label(p->look, name));
    size_t key = 0;
    while (key < p->c.keys && strcmp(p->c.key[key].label, key_label) != 0)
        key++;
    if (key == p->c.keys) {
        int look = 8;
        for (size_t i = 0; i < p->c.keys; i++)
            look = p->c.key[i].look >= look ? p->c.key[i].look % STYLE_LOOKS + 1 : look;
        chart_add_key(&p->c, key_label, look, SAMPLE_POINT);
    }
    (void)index;
    chart_layer *layer = chart_add_layer(panel, LAYER_POINTS, p->c.key[key].look);
    chart_add_point(layer, (chart_point){x, line->expected / panel->y.scale, NAN, NAN, NAN, NAN});
    free(key_label);
    free(name);
}

static void add_line(plot *p, chart_panel *panel, size_t index, const reference_line *line, bool is_category) {
    double from, to;
    if (!find_ends(p, &panel->x, line, &from, &to))
        return;
    bool is_range = to > from, has_limits = isfinite(line->low) || isfinite(line->high);
    if (has_limits && is_range) {
        chart_layer *field = chart_add_layer(panel, LAYER_FIELD, 1);
        chart_add_point(field,
                        (chart_point){NAN, NAN, (isfinite(line->low) ? line->low : 0.0) / panel->y.scale,
                                      (isfinite(line->high) ? line->high : line->low) / panel->y.scale, from, to});
    }
    if (isnan(line->expected))
        return;
    if (!is_range) {
        add_mark(p, panel, index, line, from);
        return;
    }
    chart_layer *level = chart_add_layer(panel, LAYER_LEVEL, 7);
    char *name = curve_name(line);
    level->label = is_category ? NULL : memory_text(style_label(p->look, name));
    chart_add_point(level, (chart_point){from, line->expected / panel->y.scale, from, to, NAN, NAN});
    free(name);
}

void plot_add_reference(plot *p, chart_panel *panel, size_t index, bool is_category) {
    reference r = reference_read(p->r->text[PLOT_REFERENCE]);
    size_t drawn = panel->n;
    for (size_t i = 0; i < r.n; i++)
        if (strcmp(r.item[i].metric, p->f.metric[index]) == 0 && strcmp(r.item[i].campaign, p->s->campaign) == 0 &&
            r.item[i].over[0] == '\0')
            add_line(p, panel, index, &r.item[i], is_category);
    if (panel->n > drawn && index == 0)
        memory_append(
            &p->caption,
            " Grey fields: accepted; dashed lines and points without a curve: expected, from reference/%s.csv.",
            p->r->text[PLOT_REFERENCE]);
    reference_free(&r);
}
