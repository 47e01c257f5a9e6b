/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of styles and figures: YAML, whose errors end the program with "FILE:LINE:COLUMN: KEY: MESSAGE". */
#ifndef ANALYSIS_SETTINGS_H
#define ANALYSIS_SETTINGS_H

#include "document.h"

/* The mapping that the file holds; it lives as long as the arena. */
const struct doc_node *settings_read(const char *path, struct scn_arena *arena);

_Noreturn void settings_fail(const struct doc_node *member, const char *message);

/* The text of a scalar that is on one line. */
const char *settings_text(const struct doc_node *node);

#endif
