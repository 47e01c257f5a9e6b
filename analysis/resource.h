/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files mptcp-figures reads at run time, sql/, gp/ and reference/: where they are, and their text. */
#ifndef ANALYSIS_RESOURCE_H
#define ANALYSIS_RESOURCE_H

/*
 * Finds the folder: the one given, or else analysis/ beside the folder of the program or one above (in the build tree),
 * or else share/mptcp/analysis/ there (when installed). Ends the program when there is none.
 */
void resource_find(const char *folder_given);

/* Path of one file in it, as resource_path("gp", "common", ".gp"); the caller frees it. */
char *resource_path(const char *folder, const char *name, const char *suffix);

/* Whole text of a file, ended with a zero byte; the caller frees it. Ends the program when it can't be read. */
char *resource_text(const char *path);

#endif
