/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How wide a text is on paper: each terminal of gnuplot has its own idea, the layout needs one. */
#ifndef ANALYSIS_TEXT_WIDTH_H
#define ANALYSIS_TEXT_WIDTH_H

#define TEXT_PT 7.0
#define NOTE_PT 6.0
#define CM_PER_PT (2.54 / 72.0)

double text_width_cm(const char *text, double size_pt);

/* The text, or its beginning and end with an ellipsis between where it is wider. The caller frees it. */
char *text_fitted(const char *text, double size_pt, double width_cm);

#endif
