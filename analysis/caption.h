/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands with a figure: a short note within it, and NAME.txt with all that a reader must know. */
#ifndef ANALYSIS_CAPTION_H
#define ANALYSIS_CAPTION_H

#include "plot.h"

char *caption_note(const plot *p); /* the caller frees it */
void caption_write(const plot *p);

#endif
