/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One HTML page of a database that needs nothing else: what ran, tables, and every figure with its data. */
#ifndef ANALYSIS_PAGE_H
#define ANALYSIS_PAGE_H

#include <stddef.h>

#include "store.h"

/* figure: files of one's own to draw besides the stored figures. Figures that can't be drawn are named with the reason. */
void page_write(store *s, const char *path, const char *const *figure, size_t figures);

#endif
