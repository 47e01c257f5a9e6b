/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small YAML files of texts: a mapping whose values are texts, lists of texts or mappings of texts. */
#ifndef ANALYSIS_YAML_FILE_H
#define ANALYSIS_YAML_FILE_H

#include <stddef.h>

/* What stands at one place: a text (count 0), a list (values), or a mapping (names and values). */
typedef struct {
    char *key;
    char *text;
    char **name, **value;
    size_t count;
    size_t line;
    enum { YAML_FILE_TEXT, YAML_FILE_LIST, YAML_FILE_MAPPING } kind;
} yaml_file_entry;

typedef struct {
    char *path;
    yaml_file_entry *entry;
    size_t n;
} yaml_file;

/* Ends the program, naming file and line, on anything else. */
yaml_file yaml_file_read(const char *path);
void yaml_file_free(yaml_file *file);

/* Ends the program with "PATH:LINE: KEY: MESSAGE". */
_Noreturn void yaml_file_fail(const yaml_file *file, const yaml_file_entry *entry, const char *message);

#endif
