/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The connection's part of one bottleneck against the number of TCP flows, with both predictions behind the points. */
#include "validate.h"

#include "../output.h"
#include "../resource.h"
#include "../style.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SWEEPS "fairness-shared-"
#define QUANTITY "ratio to TCP"

enum { LOOK_MEASURED = 1, LOOK_PACKETS = 2, LOOK_FLUID = 7 };

static bool is_shared(const point *p) {
    return strncmp(p->campaign, SWEEPS, strlen(SWEEPS)) == 0 && strncmp(p->label, "congestion_control=", 19) == 0 &&
           point_find(p, QUANTITY) != NULL;
}

static const char *control_of(const point *p) {
    return p->label + strlen("congestion_control=");
}

/* By the number of flows: campaigns come in the order of their names, in which 10 is before 2. */
static const point *next_of(const page *pg, const char *control, size_t above) {
    const point *next = NULL;
    for (size_t i = 0; i < pg->points; i++) {
        const point *p = pg->point[i];
        if (is_shared(p) && strcmp(control_of(p), control) == 0 && point_tcp_flows(p) > above &&
            (next == NULL || point_tcp_flows(p) < point_tcp_flows(next)))
            next = p;
    }
    return next;
}

static chart_point at(double x, double y, double low, double high) {
    return (chart_point){x, y, low, high, NAN, NAN};
}

static void add_panel(chart *c, const page *pg, const style *look, const char *control, FILE *csv) {
    chart_panel *panel = chart_add_panel(c, style_label(look, control));
    panel->x.title = memory_text("TCP flows");
    panel->y.title = memory_text("MPTCP / one TCP flow");
    panel->x.is_log = true;
    chart_add_layer(panel, LAYER_BAND, LOOK_PACKETS);
    chart_add_layer(panel, LAYER_LINE, LOOK_PACKETS);
    chart_add_layer(panel, LAYER_LINE, LOOK_FLUID);
    chart_add_layer(panel, LAYER_POINTS, LOOK_MEASURED);
    size_t flows = 0;
    for (const point *p; (p = next_of(pg, control, flows)) != NULL;) {
        const point_row *row = point_find(p, QUANTITY);
        flows = point_tcp_flows(p);
        double x = (double)flows;
        char tick[32];
        snprintf(tick, sizeof tick, "%zu", flows);
        chart_add_tick(&panel->x, x, tick);
        chart_add_point(&panel->layer[0], at(x, row->packets.mean, row->packets.low, row->packets.high));
        chart_add_point(&panel->layer[1], at(x, row->packets.mean, NAN, NAN));
        chart_add_point(&panel->layer[2], at(x, row->fluid, NAN, NAN));
        chart_add_point(&panel->layer[3], at(x, row->measured.mean, row->measured.low, row->measured.high));
        fprintf(csv, "%s,%zu,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%zu\n", control, flows, row->fluid,
                row->packets.mean, row->packets.low, row->packets.high, row->measured.mean, row->measured.low,
                row->measured.high, row->measured.n);
    }
}

void figure_write(chart *c, const char *caption) {
    char *path = resource_path("gp", "chart", ".gp"), *common = resource_text(path);
    chart_fit(c);
    FILE *file = output_open(".gp");
    chart_script(c, file, common);
    output_close(file);
    file = output_open(".txt");
    fprintf(file, "%s\n", caption);
    output_close(file);
    output_draw("png");
    output_draw("svg");
    output_draw("pdf");
    output_commit();
    free(common);
    free(path);
}

bool figure_ratio(const page *pg) {
    static const char *const controls[] = {"reno", "ewtcp", "coupled", "lia", "lia-rfc", "olia", "balia"};
    chart c = {.name = memory_text("fairness-ratio"), .note = memory_text(""), .is_wide = true, .columns = 3};
    bool is_there = false;
    for (size_t i = 0; i < pg->points; i++)
        is_there = is_there || is_shared(pg->point[i]);
    if (!is_there) {
        chart_free(&c);
        return false;
    }
    style look = style_read(NULL);
    output_begin(pg->figures, c.name);
    FILE *csv = output_open(".csv");
    fputs("congestion_control,tcp_flows,fluid,packets,packets_low,packets_high,measured,measured_low,measured_high,n\n",
          csv);
    for (size_t i = 0; i < sizeof controls / sizeof *controls; i++)
        if (next_of(pg, controls[i], 0) != NULL)
            add_panel(&c, pg, &look, controls[i], csv);
    output_close(csv);
    chart_add_key(&c, "measured", LOOK_MEASURED, SAMPLE_POINT);
    chart_add_key(&c, "ideal packet senders", LOOK_PACKETS, SAMPLE_LINE);
    chart_add_key(&c, "fluid equilibrium", LOOK_FLUID, SAMPLE_LINE);
    figure_write(
        &c, "Goodput of a whole MPTCP connection of two subflows by the mean of the TCP flows' through the same RED "
            "bottleneck, against their number. Points: measured, mean and 95 % interval over seeds; line and "
            "band: ideal packet senders; black: fluid equilibrium.");
    chart_free(&c);
    style_free(&look);
    return true;
}
