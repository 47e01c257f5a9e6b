/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws the figures of a page, each in a process of its own, so that one which can't be drawn spoils nothing. */
#ifndef ANALYSIS_PAGE_FIGURES_H
#define ANALYSIS_PAGE_FIGURES_H

#include "store.h"

typedef struct {
    char *name;    /* of its files in the folder */
    char *error;   /* why it wasn't drawn; NULL if it was */
    char *command; /* the arguments of mptcp-figures that say what to draw, quoted for a shell */
} page_figure;

typedef struct {
    page_figure *item;
    size_t n;
} page_figures;

/*
 * The figures of a campaign: the stored ones and those of the files that name it (or name none, when it is the only
 * one). Without any, the usual metrics over the campaign's own axes.
 */
page_figures page_figures_draw(store *s, const char *campaign, bool is_only, const char *const *file, size_t files,
                               const char *folder, const char *formats);
void page_figures_free(page_figures *f);

#endif
