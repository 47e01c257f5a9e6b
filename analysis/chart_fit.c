/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ends and ticks of a chart's axes. */
#define _GNU_SOURCE 1
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart.h"
#include "memory.h"

typedef struct {
    double low, high, positive; /* least, greatest, least above 0 */
} extent;

static void extend(extent *e, double value) {
    if (!isfinite(value))
        return;
    e->low = fmin(e->low, value);
    e->high = fmax(e->high, value);
    if (value > 0.0)
        e->positive = fmin(e->positive, value);
}

static void extend_layer(const chart_layer *layer, bool is_x, extent *e) {
    for (size_t i = 0; i < layer->n; i++) {
        const chart_point *p = &layer->point[i];
        switch (layer->kind) {
        case LAYER_CELLS:
        case LAYER_CELLS_PLAIN:
            extend(e, is_x ? p->x - p->q1 : p->y - p->q3);
            extend(e, is_x ? p->x + p->q1 : p->y + p->q3);
            break;
        case LAYER_SHADE:
            if (is_x)
                extend(e, p->x), extend(e, p->y);
            break;
        case LAYER_LEVEL:
            if (!is_x)
                extend(e, p->y);
            break;
        case LAYER_FIELD:
            if (!is_x)
                extend(e, p->low), extend(e, p->high);
            break;
        case LAYER_MARK:
            if (is_x)
                extend(e, p->x);
            break;
        default:
            extend(e, is_x ? p->x : p->y);
            if (!is_x)
                extend(e, p->low), extend(e, p->high);
        }
    }
}

static extent extent_of(const chart *c, const char *title, bool is_x) {
    extent e = {INFINITY, -INFINITY, INFINITY};
    for (size_t i = 0; i < c->n; i++) {
        const chart_panel *p = &c->panel[i];
        if (strcmp(is_x ? p->x.title : p->y.title, title) != 0)
            continue;
        for (size_t k = 0; k < p->n; k++)
            extend_layer(&p->layer[k], is_x, &e);
    }
    return e;
}

/* Distance of about n ticks: 1, 2 or 5 times a power of ten. */
static double nice_step(double range, double n) {
    double raw = range / n, power = pow(10.0, floor(log10(raw)));
    double lead = raw / power;
    return power * (lead <= 1.0 ? 1.0 : lead <= 2.0 ? 2.0 : lead <= 5.0 ? 5.0 : 10.0);
}

static void add_number(chart_axis *axis, double at) {
    char *label = memory_format("%.10g", fabs(at) < 1e-12 ? 0.0 : at);
    chart_add_tick(axis, at, label);
    free(label);
}

static void linear_ticks(chart_axis *axis, double wanted) {
    double step = nice_step(axis->high - axis->low, wanted);
    for (double k = ceil(axis->low / step - 1e-9); k * step <= axis->high + 1e-9 * step; k++)
        add_number(axis, k * step);
}

/* Decades; with fewer than two of them also 2 and 5 times; where that leaves one of them, even steps. */
static void log_ticks(chart_axis *axis) {
    double from = floor(log10(axis->low)), to = ceil(log10(axis->high)), every = ceil((to - from) / 7.0);
    static const double leads[] = {1.0, 2.0, 5.0};
    size_t n = log10(axis->high / axis->low) < 2.0 ? 3 : 1;
    for (double k = from; k <= to; k += every)
        for (size_t i = 0; i < n; i++) {
            double at = leads[i] * pow(10.0, k);
            if (at >= axis->low * (1 - 1e-9) && at <= axis->high * (1 + 1e-9))
                add_number(axis, at);
        }
    if (axis->ticks >= 2)
        return;
    for (size_t i = 0; i < axis->ticks; i++)
        free(axis->tick_label[i]);
    axis->ticks = 0;
    linear_ticks(axis, 4.0);
}

static void fit_log(chart_axis *axis, const extent *e, bool is_x) {
    double margin = is_x ? 1.25 : 1.3;
    double low = isfinite(e->positive) ? e->positive : 1.0, high = e->high > low ? e->high : low;
    if (!axis->is_fixed_low)
        axis->low = low / margin;
    if (!axis->is_fixed_high)
        axis->high = high * margin;
}

static void fit_linear(chart_axis *axis, const extent *e, bool is_x) {
    double low = e->low <= e->high ? e->low : 0.0, high = e->low <= e->high ? e->high : 1.0;
    if (axis->wants_zero && low > 0.0)
        low = 0.0;
    if (axis->wants_zero && high < 0.0)
        high = 0.0;
    double range = high - low > 0.0 ? high - low : fabs(high) > 0.0 ? 0.5 * fabs(high) : 1.0;
    double margin = range * (is_x ? 0.04 : 0.07);
    if (!axis->is_fixed_low)
        axis->low = axis->wants_zero && low == 0.0 ? 0.0 : low - margin;
    if (!axis->is_fixed_high)
        axis->high = axis->wants_zero && high == 0.0 && low < 0.0 ? 0.0 : high + margin;
    if (axis->high <= axis->low)
        axis->high = axis->low + range;
}

static void fit_axis(const chart *c, chart_axis *axis, bool is_x) {
    extent e = extent_of(c, axis->title, is_x);
    if (axis->is_category) {
        axis->low = axis->is_fixed_low ? axis->low : 0.4;
        axis->high = axis->is_fixed_high ? axis->high : (double)axis->ticks + 0.6;
        return;
    }
    if (axis->is_log)
        fit_log(axis, &e, is_x);
    else
        fit_linear(axis, &e, is_x);
    if (axis->ticks > 0)
        return;
    if (axis->is_log)
        log_ticks(axis);
    else
        linear_ticks(axis, is_x ? (c->is_wide || c->n == 1 || c->columns == 1 ? 7.0 : 4.0) : 5.0);
}

void chart_fit(chart *c) {
    for (size_t i = 0; i < c->n; i++) {
        fit_axis(c, &c->panel[i].x, true);
        fit_axis(c, &c->panel[i].y, false);
    }
}
