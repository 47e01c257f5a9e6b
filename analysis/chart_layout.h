/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where everything of a chart stands on paper, in centimetres from the lower left corner. */
#ifndef ANALYSIS_CHART_LAYOUT_H
#define ANALYSIS_CHART_LAYOUT_H

#include "chart.h"

#define MARGIN_CM 0.12
#define LINE_CM 0.36          /* of text, with its gap */
#define TICK_LABEL_MAX_CM 2.8 /* longer ones are cut */
#define SAMPLE_CM 0.55
#define SAMPLE_BAR_CM 0.26

typedef struct {
    double left, right, bottom, top;
    double y_title_x;                /* of its own title */
    bool has_x_labels, has_y_labels; /* else those of the panel below or to the left hold */
    bool has_x_title, has_y_title;
} panel_place;

typedef struct {
    double x, y;
    char *label;
} key_place;

typedef struct {
    double width, height;
    panel_place *panel;
    key_place *key;
    double x_title_y, y_title_x; /* of titles that hold for all panels */
    bool shares_x, shares_y;
    double tick_angle; /* of the labels along x: 0, or degrees */
    double title_cm;   /* room for a panel's title */
    double colour_x;   /* of a heat map's box */
} chart_layout;

chart_layout chart_layout_make(const chart *c);
void chart_layout_free(chart_layout *l, const chart *c);

#endif
