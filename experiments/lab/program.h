/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which mptcp-run a sweep runs: its path, what it says of its build, and the hash of its code.
 *
 * The model is in a shared library; the dynamic linker is asked (ldd) which file would be loaded, so that the hash
 * covers the code that really runs, wherever it was built or installed.
 */
#ifndef LAB_PROGRAM_H
#define LAB_PROGRAM_H

#include "hash.h"

#include <sys/stat.h>

#define PROGRAM_FILES_MAX 8

typedef struct {
    char *path;
    char *version_json;
    hash_text hash;
    char *files[PROGRAM_FILES_MAX]; /* the program and the model's libraries */
    struct stat stats[PROGRAM_FILES_MAX];
    size_t file_count;
} program;

/* `path` NULL: the mptcp-run beside this program. On failure one line is on standard error. */
bool program_load(program *p, const char *path);

/* False when one of the files was replaced since: results could no longer be told apart by the hash. */
bool program_is_unchanged(const program *p);
void program_free(program *p);

#endif
