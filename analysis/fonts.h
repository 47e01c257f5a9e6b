/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether there is a font for what a figure writes. */
#ifndef ANALYSIS_FONTS_H
#define ANALYSIS_FONTS_H

/*
 * Notes characters that no font here has, each once: gnuplot draws their numbers in their place, so large that nothing else is to be
 * seen. Asks fontconfig's fc-list; where that is not there, or for letters that every font has, nothing is said.
 */
void fonts_tell_missing(const char *text);

#endif
