/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "chart_layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "text_width.h"

#define ONE_COLUMN_CM 8.9
#define TWO_COLUMNS_CM 18.2
#define GAP_CM 0.3
#define TICK_GAP_CM 0.18
#define COLOUR_CM 1.5 /* a heat map's box with its numbers and title */
#define SLANT_DEGREES 35.0

static double widest_tick(const chart_axis *axis) {
    double widest = 0.0;
    for (size_t i = 0; i < axis->ticks; i++)
        widest = fmax(widest, text_width_cm(axis->tick_label[i], TEXT_PT));
    return fmin(widest, TICK_LABEL_MAX_CM);
}

static size_t columns_of(const chart *c) {
    size_t most = c->is_wide ? 4 : 2;
    if (c->columns > 0)
        return c->columns < c->n ? c->columns : c->n;
    if (c->n == 3 && c->is_wide)
        return 3;
    return c->n < most ? c->n : c->is_wide && (c->n == 5 || c->n == 6 || c->n == 9) ? 3 : most;
}

/* Same titles and ticks: written once. */
static bool is_same_axis(const chart_axis *a, const chart_axis *b) {
    if (strcmp(a->title, b->title) != 0 || a->ticks != b->ticks || a->low != b->low || a->high != b->high)
        return false;
    for (size_t i = 0; i < a->ticks; i++)
        if (strcmp(a->tick_label[i], b->tick_label[i]) != 0)
            return false;
    return true;
}

/* Rows of the key above the panels, centred; long names are cut. Gives the height they take. */
static double place_key(const chart *c, chart_layout *l) {
    double most = l->width - 2 * MARGIN_CM, y = 0.0;
    for (size_t i = 0, end; i < c->keys; i = end, y += LINE_CM) {
        double x = 0.0;
        for (end = i; end < c->keys; end++) {
            double sample =
                c->key[end].sample == SAMPLE_BAR || c->key[end].sample == SAMPLE_POINT ? SAMPLE_BAR_CM : SAMPLE_CM;
            char *label = text_fitted(c->key[end].label, TEXT_PT, most - sample - 0.12);
            double width = sample + 0.12 + text_width_cm(label, TEXT_PT);
            if (end > i && x + width > most) {
                free(label);
                break;
            }
            l->key[end] = (key_place){.x = x, .y = y, .label = label};
            x += width + 0.3;
        }
        for (size_t k = i; k < end; k++)
            l->key[k].x += (l->width - (x - 0.3)) / 2.0;
    }
    return y;
}

/* Height of the labels below a panel; they are slanted where they would touch. */
static double x_label_height(const chart *c, chart_layout *l, double panel_width) {
    double height = LINE_CM;
    for (size_t i = 0; i < c->n; i++) {
        const chart_axis *axis = &c->panel[i].x;
        double slot = panel_width / (axis->is_category ? (double)axis->ticks + 0.2 : fmax(1.0, (double)axis->ticks));
        if (!axis->is_category || widest_tick(axis) < slot - 0.08)
            continue;
        l->tick_angle = SLANT_DEGREES;
        height = fmax(height, widest_tick(axis) * sin(SLANT_DEGREES * M_PI / 180.0) + 0.2);
    }
    return height;
}

static void place_panels(const chart *c, chart_layout *l, size_t columns, double key_height) {
    size_t rows = (c->n + columns - 1) / columns;
    double y_labels = 0.0;
    for (size_t i = 0; i < c->n; i++)
        y_labels = fmax(y_labels, widest_tick(&c->panel[i].y));
    double y_title = LINE_CM + 0.04, y_room = y_labels + TICK_GAP_CM;
    double right = MARGIN_CM + 0.14 + (c->colour_title != NULL ? COLOUR_CM : 0.0);
    double gap = l->shares_y ? GAP_CM : GAP_CM + y_title + y_room + 0.1;
    double left = MARGIN_CM + y_title + y_room;
    double width = (l->width - left - right - gap * ((double)columns - 1)) / (double)columns;
    double height = c->is_wide  ? (columns == 1 ? 5.0 : 3.6)
                    : rows == 1 ? (columns == 1 ? 3.9 : 3.3)
                    : rows == 2 ? 2.9
                                : 2.2;
    double x_labels = x_label_height(c, l, width);
    bool is_ragged = c->n % columns != 0;
    double note = c->note[0] != '\0' ? LINE_CM : 0.05;
    double row_x = l->shares_x ? (is_ragged ? x_labels : 0.0) : x_labels + LINE_CM;
    double bottom = MARGIN_CM + note + LINE_CM + x_labels + TICK_GAP_CM;
    double row_gap = l->title_cm + row_x + 0.2;
    l->height = bottom + (double)rows * height + ((double)rows - 1) * row_gap + l->title_cm + key_height + MARGIN_CM;
    l->x_title_y = MARGIN_CM + note + 0.14;
    l->y_title_x = MARGIN_CM + 0.14;
    l->colour_x = l->width - MARGIN_CM - COLOUR_CM + 0.2;
    for (size_t i = 0; i < c->n; i++) {
        size_t row = i / columns, column = i % columns;
        panel_place *p = &l->panel[i];
        p->left = left + (double)column * (width + gap);
        p->right = p->left + width;
        p->bottom = bottom + (double)(rows - 1 - row) * (height + row_gap);
        p->top = p->bottom + height;
        p->y_title_x = p->left - TICK_GAP_CM - widest_tick(&c->panel[i].y) - 0.26;
        p->has_x_labels = !l->shares_x || i + columns >= c->n;
        p->has_y_labels = !l->shares_y || column == 0;
        p->has_x_title = !l->shares_x;
        p->has_y_title = !l->shares_y;
    }
}

chart_layout chart_layout_make(const chart *c) {
    chart_layout l = {.width = c->is_wide ? TWO_COLUMNS_CM : ONE_COLUMN_CM, .shares_x = true, .shares_y = true};
    l.panel = memory_new(c->n, sizeof *l.panel);
    l.key = memory_new(c->keys, sizeof *l.key);
    for (size_t i = 0; i < c->n; i++) {
        l.shares_x &= is_same_axis(&c->panel[i].x, &c->panel[0].x);
        l.shares_y &= is_same_axis(&c->panel[i].y, &c->panel[0].y);
        l.title_cm = c->panel[i].title[0] != '\0' ? LINE_CM + 0.04 : l.title_cm;
    }
    double key_height = place_key(c, &l);
    key_height += key_height > 0.0 ? 0.06 : 0.0;
    place_panels(c, &l, columns_of(c), key_height);
    for (size_t i = 0; i < c->keys; i++)
        l.key[i].y = l.height - MARGIN_CM - 0.14 - l.key[i].y;
    return l;
}

void chart_layout_free(chart_layout *l, const chart *c) {
    for (size_t i = 0; i < c->keys; i++)
        free(l->key[i].label);
    free(l->key);
    free(l->panel);
}
