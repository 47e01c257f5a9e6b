/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of one figure or table. They are made in a hidden folder within the folder asked for and renamed into place
 * together by output_commit(); if the program ends before, the folder is removed and nothing has changed.
 */
#ifndef ANALYSIS_OUTPUT_H
#define ANALYSIS_OUTPUT_H

#include <stdio.h>

/* One figure at a time. Makes the folder, and its parents, if they aren't there. */
void output_begin(const char *folder, const char *name);

/* Opens NAME followed by suffix, such as ".csv", for writing. output_close() ends the program on any error in writing.
 */
FILE *output_open(const char *suffix);
void output_close(FILE *file);

/* One number of a CSV file, with a comma before it; a value that isn't known is an empty field. */
void output_number(FILE *file, double value);

/* One text as a CSV field, quoted if it must be. */
void output_text(FILE *file, const char *text);

/*
 * The name of an axis as that of a CSV's column; 'NAME (axis)' where it is one of the others, which stand in `columns' with commas: who reads the file
 * by names would take the one for the other.
 */
void output_axis(FILE *file, const char *key, const char *columns);

/* Draws NAME.FORMAT with the script NAME.gp written before; pdf, svg, png or tex (NAME-tex.tex and NAME-tex.pdf). */
void output_draw(const char *format);

/* Renames all files into place and names them on standard output. */
void output_commit(void);

#endif
