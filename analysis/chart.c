/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

chart_panel *chart_add_panel(chart *c, const char *title) {
    c->panel = memory_grow(c->panel, c->n, sizeof *c->panel);
    chart_panel *added = &c->panel[c->n++];
    *added = (chart_panel){.title = memory_text(title),
                           .x = {.low = NAN, .high = NAN, .scale = 1.0},
                           .y = {.low = NAN, .high = NAN, .scale = 1.0}};
    return added;
}

chart_layer *chart_add_layer(chart_panel *p, layer_kind kind, int look) {
    p->layer = memory_grow(p->layer, p->n, sizeof *p->layer);
    p->layer[p->n] = (chart_layer){.kind = kind, .look = look};
    return &p->layer[p->n++];
}

void chart_add_point(chart_layer *layer, chart_point point) {
    layer->point = memory_grow(layer->point, layer->n, sizeof *layer->point);
    layer->point[layer->n++] = point;
}

void chart_add_key(chart *c, const char *label, int look, sample_kind sample) {
    c->key = memory_grow(c->key, c->keys, sizeof *c->key);
    c->key[c->keys++] = (chart_key){memory_text(label), look, sample};
}

void chart_add_tick(chart_axis *axis, double at, const char *label) {
    axis->tick = memory_grow(axis->tick, axis->ticks, sizeof *axis->tick);
    axis->tick_label = memory_grow(axis->tick_label, axis->ticks, sizeof *axis->tick_label);
    axis->tick[axis->ticks] = at;
    axis->tick_label[axis->ticks++] = memory_text(label);
}

static void free_axis(chart_axis *axis) {
    for (size_t i = 0; i < axis->ticks; i++)
        free(axis->tick_label[i]);
    free(axis->tick_label);
    free(axis->tick);
    free(axis->title);
}

void chart_free(chart *c) {
    for (size_t i = 0; i < c->n; i++) {
        chart_panel *p = &c->panel[i];
        for (size_t k = 0; k < p->n; k++) {
            free(p->layer[k].point);
            free(p->layer[k].label);
        }
        free(p->layer);
        free(p->title);
        free_axis(&p->x);
        free_axis(&p->y);
    }
    for (size_t i = 0; i < c->keys; i++)
        free(c->key[i].label);
    free(c->key);
    free(c->panel);
    free(c->name);
    free(c->note);
    free(c->colour_title);
    *c = (chart){0};
}
