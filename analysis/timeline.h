/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What happened in one run: a text, and a figure of everything that was sampled with the events below it. */
#ifndef ANALYSIS_TIMELINE_H
#define ANALYSIS_TIMELINE_H

#include <stdint.h>

#include "store.h"

/* Prints the text; with a folder it also writes timeline-RUN.* there. Ends the program if there is no such run. */
void timeline_show(const store *s, int64_t run, const char *folder);

#endif
