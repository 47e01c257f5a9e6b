/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Maps over RTT ratio and rate ratio of two paths: Jain's index beside TCP flows, and how much of both links is used alone. */
#include "validate.h"

#include "../chart.h"
#include "../output.h"
#include "../style.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEVELS = 32, WHITE = 0xFFFFFF, BLACK = 0 };

typedef struct {
    double value[LEVELS];
    size_t n;
} axis_values;

typedef struct {
    const char *name, *campaign, *colour_title, *caption;
    double (*of)(const point *p);
} map;

static double jain_of(const point *p) {
    const point_row *row = point_find(p, "Jain's index");
    return row ? row->measured.mean : NAN;
}

/*
 * Aggregation benefit (Kaspar 2012): (goodput - best link) / (all links - best link), and (goodput - best link) / best link
 * where it is below: 1 when both links are full, 0 when it is what the better one can give, -1 for nothing.
 */
static double benefit_of(const point *p) {
    enum { MSS = 1460, PACKET = 1502, OPTIONS = 36 };
    const point_row *row = point_find(p, "goodput of multi");
    double payload = (double)(MSS - OPTIONS) / PACKET, sum = 0, best = 0;
    for (size_t i = 0; i < p->scenario.paths.count; i++) {
        const struct scn_path *path = &p->scenario.paths.at[i];
        if (path->enabled && strcmp(path->hosts.at[0], "multi") == 0) {
            sum += path->rate_mbps * payload;
            best = fmax(best, path->rate_mbps * payload);
        }
    }
    double over = row ? row->measured.mean - best : NAN;
    return over >= 0 ? over / (sum - best) : over / best;
}

/* ---- The points of a campaign ---------------------------------------------------------------------------------- */

static double axis_of(const point *p, const char *key) {
    char start[64];
    snprintf(start, sizeof start, "%s=", key);
    const char *at = strstr(p->label, start);
    return at ? strtod(at + strlen(start), NULL) : NAN;
}

static bool is_of(const point *p, const char *control) {
    char wanted[64];
    snprintf(wanted, sizeof wanted, "congestion_control=%s ", control);
    return strncmp(p->label, wanted, strlen(wanted)) == 0;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static axis_values values_of(const page *pg, const char *key) {
    axis_values all = {.n = 0};
    for (size_t i = 0; i < pg->points; i++) {
        double value = axis_of(pg->point[i], key);
        size_t k = 0;
        while (k < all.n && all.value[k] != value)
            k++;
        if (k == all.n && all.n < LEVELS)
            all.value[all.n++] = value;
    }
    qsort(all.value, all.n, sizeof *all.value, by_value);
    return all;
}

static double place(const axis_values *all, double value) {
    size_t i = 0;
    while (i < all->n && all->value[i] != value)
        i++;
    return (double)i + 1;
}

/* ---- Drawing --------------------------------------------------------------------------------------------------- */

static void set_axis(chart_axis *axis, const char *title, const axis_values *all) {
    axis->title = memory_text(title);
    axis->is_category = axis->is_fixed_low = axis->is_fixed_high = true;
    axis->low = 0.5;
    axis->high = (double)all->n + 0.5;
    for (size_t i = 0; i < all->n; i++) {
        char text[32];
        double value = all->value[i];
        if (value < 1)
            snprintf(text, sizeof text, "1/%g", 1 / value);
        else
            snprintf(text, sizeof text, "%g", value);
        chart_add_tick(axis, (double)i + 1, text);
    }
}

static void add_panel(chart *c, const map *m, const page *pg, const char *control, const char *title, FILE *csv) {
    axis_values x = values_of(pg, "rate_ratio"), y = values_of(pg, "rtt_ratio");
    chart_panel *panel = chart_add_panel(c, title);
    set_axis(&panel->x, "Rate ratio (second / first)", &x);
    set_axis(&panel->y, "RTT ratio (second / first)", &y);
    chart_layer *cells = chart_add_layer(panel, LAYER_CELLS, 1);
    for (size_t i = 0; i < pg->points; i++) {
        const point *p = pg->point[i];
        if (!is_of(p, control))
            continue;
        double value = m->of(p), rate = axis_of(p, "rate_ratio"), rtt = axis_of(p, "rtt_ratio");
        bool is_dark = (value - c->colour_low) / (c->colour_high - c->colour_low) < 0.55;
        chart_add_point(cells,
                        (chart_point){place(&x, rate), place(&y, rtt), value, is_dark ? WHITE : BLACK, 0.49, 0.485});
        fprintf(csv, "%s,%g,%g,%.17g,%zu\n", control, rate, rtt, value, p->runs);
    }
}

static void set_colours(chart *c, const map *m, const page *pg) {
    c->colour_title = memory_text(m->colour_title);
    c->colour_scale = 1;
    c->colour_low = INFINITY;
    c->colour_high = -INFINITY;
    for (size_t i = 0; i < pg->points; i++) {
        c->colour_low = fmin(c->colour_low, m->of(pg->point[i]));
        c->colour_high = fmax(c->colour_high, m->of(pg->point[i]));
    }
}

static void draw(const map *m, const page *pg, const char *folder) {
    static const char *const controls[] = {"lia", "olia", "balia"};
    chart c = {.name = memory_text(m->name), .note = memory_text("")};
    style look = style_read(NULL);
    size_t count = 0;
    set_colours(&c, m, pg);
    output_begin(folder, m->name);
    FILE *csv = output_open(".csv");
    fputs("congestion_control,rate_ratio,rtt_ratio,value,n\n", csv);
    for (size_t k = 0; k < sizeof controls / sizeof *controls; k++)
        for (size_t i = 0; i < pg->points; i++)
            if (is_of(pg->point[i], controls[k])) {
                count++;
                add_panel(&c, m, pg, controls[k], style_label(&look, controls[k]), csv);
                break;
            }
    output_close(csv);
    c.is_wide = count > 1;
    c.columns = count;
    figure_write(&c, m->caption);
    chart_free(&c);
    style_free(&look);
}

bool figure_maps(const page *pg) {
    bool has_any = false;
    static const map maps[] = {
        {"fairness-map", "map", "Jain's index",
         "Jain's index of a connection over two links of 40 Mb/s together and a TCP flow on each of them, by the "
         "second "
         "link's rate and RTT over the first one's (20 ms).",
         jain_of},
        {"aggregation-map", "map-alone", "Aggregation benefit",
         "Aggregation benefit of a connection over two links of 40 Mb/s together, by the second link's rate and RTT "
         "over the "
         "first one's (20 ms): 1 when both are full, 0 for what the better one gives alone.",
         benefit_of},
    };
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        page of = *pg;
        of.point = NULL;
        of.points = 0;
        page_load(&of, maps[i].campaign);
        has_any = has_any || of.points > 0;
        if (of.points > 0)
            draw(&maps[i], &of, pg->figures);
        page_free(&of);
    }
    return has_any;
}
