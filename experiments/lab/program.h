/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which mptcp-run a sweep runs: its path, what it says of its build, and the hashes of its code.
 *
 * The model and ns-3 are in shared libraries; the dynamic linker is asked (ldd) which files would be loaded, so that
 * the hash covers all the code that really runs, wherever it was built or installed.
 */
#ifndef LAB_PROGRAM_H
#define LAB_PROGRAM_H

#include "hash.h"

#include <sys/stat.h>

typedef struct {
    char *path;
    const char *name; /* within path, without the folder */
    hash_text hash;
    struct stat stats;
} program_file;

typedef struct {
    char *path;
    char *version_json;
    bool serves;         /* knows --serve */
    hash_text hash;      /* of the names and hashes of all files */
    program_file *files; /* the program and every library that it loads, by name */
    size_t file_count;
} program;

/* `path` NULL: the mptcp-run beside this program. On failure one line is on standard error. */
bool program_load(program *p, const char *path);

/* False when one of the files was replaced since: results could no longer be told apart by the hash. */
bool program_is_unchanged(const program *p);
void program_free(program *p);

#endif
