/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The figures that have a name: the files figures/NAME.yaml, each a call of 'plot' with what it is about. */
#ifndef ANALYSIS_STORED_H
#define ANALYSIS_STORED_H

#include <stddef.h>

#include "plot_request.h"

typedef struct {
    char *name;
    plot_request request;
} stored_figure;

typedef struct {
    stored_figure *item; /* by name */
    size_t n;
} stored_figures;

stored_figures stored_read(void);
void stored_free(stored_figures *all);
const stored_figure *stored_find(const stored_figures *all, const char *name); /* NULL when there is none */

/* One from a file of one's own; its name is that of the file if it gives none. */
stored_figure stored_read_file(const char *path);
void stored_free_one(stored_figure *f);

#endif
