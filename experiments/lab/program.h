/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which mptcp-run a sweep runs: its path, what it says of its build, and the hashes of its code.
 *
 * The model and ns-3 are in shared libraries; the dynamic linker is asked (ldd) which files would be loaded, so that
 * the hash covers all the code that really runs, wherever it was built or installed. What mptcp-run becomes for engine
 * ns3 is no part of the runs that never load it: building it changes nothing for them.
 */
#ifndef LAB_PROGRAM_H
#define LAB_PROGRAM_H

#include "hash.h"

#include <sys/stat.h>

typedef enum { PROGRAM_ALONE, PROGRAM_WITH_NS3, PROGRAM_BUILDS } program_build; /* what a run loads */

typedef struct {
    char *path;
    const char *name; /* within path, without the folder */
    hash_text hash;
    program_build of; /* PROGRAM_WITH_NS3: of those builds alone */
    struct stat stats;
} program_file;

typedef struct {
    char *path;
    char *version_json;
    bool serves;                    /* knows --serve */
    hash_text hash[PROGRAM_BUILDS]; /* of the names and hashes of its files */
    program_file *files;            /* the program and every library that it loads, by name */
    size_t file_count;
} program;

/* The mptcp-run beside this program; to be freed. */
char *program_default_path(void);

/* `path` NULL: the mptcp-run beside this program. On failure one line is on standard error. */
bool program_load(program *p, const char *path);

/* What runs of this configuration load: it names its engine. */
program_build program_build_of(const char *config_json);

/* Whether the build has the file. */
static inline bool program_build_has(program_build build, const program_file *file) {
    return file->of <= build;
}

/* False when one of the build's files was replaced since: results could no longer be told apart by the hash. */
bool program_is_unchanged(const program *p, program_build build);
void program_free(program *p);

#endif
