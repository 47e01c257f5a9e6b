/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One archive of a database and all that is needed to make it and its figures again. */
#ifndef ANALYSIS_BUNDLE_H
#define ANALYSIS_BUNDLE_H

#include <stddef.h>

#include "store.h"

/* path: ends with .tar.gz, and the folder within it has the name before that. */
void bundle_write(store *s, const char *path, const char *const *figure, size_t figures);

#endif
