/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ANALYSIS_HTML_H
#define ANALYSIS_HTML_H

#include <stdio.h>

void html_text(FILE *file, const char *text); /* as it is to be read */

/* A file's content as "data:TYPE;base64,...". Ends the program when it can't be read. */
void html_data(FILE *file, const char *type, const char *path);

#endif
