/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kinds that are refused. */
#include "plot.h"
#include "report.h"

void plot_box(plot *p) {
    report_fatal(EXIT_USAGE, "%s: kind box cannot be drawn", p->c.name);
}

void plot_cdf(plot *p) {
    report_fatal(EXIT_USAGE, "%s: kind cdf cannot be drawn", p->c.name);
}

void plot_heat(plot *p) {
    report_fatal(EXIT_USAGE, "%s: kind heat cannot be drawn", p->c.name);
}

void plot_scatter(plot *p) {
    report_fatal(EXIT_USAGE, "%s: kind scatter cannot be drawn", p->c.name);
}

void plot_time(plot *p) {
    report_fatal(EXIT_USAGE, "%s: kind time cannot be drawn", p->c.name);
}

void plot_add_reference(plot *p, chart_panel *panel, size_t index, bool is_category) {
    (void)panel, (void)index, (void)is_category;
    report_fatal(EXIT_USAGE, "%s: --reference cannot be drawn", p->c.name);
}
