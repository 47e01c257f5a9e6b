/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ANALYSIS_TEX_H
#define ANALYSIS_TEX_H

/* A text as TeX must be given it to typeset it as it is. The caller frees it. */
char *tex_escaped(const char *text);

#endif
