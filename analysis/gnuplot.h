/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ANALYSIS_GNUPLOT_H
#define ANALYSIS_GNUPLOT_H

/*
 * Runs "gnuplot -d -c SCRIPT FORMAT IMAGE" within a folder. Ends the program, naming the figure, when gnuplot is
 * missing, fails, complains or leaves an empty file. What changes with the day is made
 * constant, and an SVG names fonts for machines without the first.
 */
void gnuplot_draw(const char *figure, const char *folder, const char *script, const char *format, const char *image);

#endif
