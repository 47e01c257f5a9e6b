/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * document.h: a YAML document as a tree that remembers where each value was written and can be changed by --set. All
 * programs read their files with it, by the same rules: one document, no aliases, no key twice, numbers and booleans
 * without quotes.
 */
#ifndef EXP_DOCUMENT_H
#define EXP_DOCUMENT_H

#include "arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Where a value was written. */
struct doc_mark {
    const char *file; /**< name of the file, or "--set" */
    int line, column; /**< from 1 */
};

enum doc_kind { DOC_SCALAR, DOC_MAPPING, DOC_SEQUENCE };

struct doc_node {
    enum doc_kind kind;
    struct doc_mark mark;
    const char *key; /**< of a member of a mapping, else NULL */
    struct doc_mark key_mark;
    const char *text;       /**< of a scalar */
    bool is_quoted;         /**< a scalar in quotes is always text */
    struct doc_node *child; /**< first member or element */
    struct doc_node *next;  /**< next member or element of the same parent */
};

/** One line of text about what is wrong; the first one counts. */
struct doc_error {
    char *text;
    size_t bytes;
};
/** Write "FILE:LINE:COLUMN: " and the message. @return false, for the caller to return. */
bool doc_fail(struct doc_error *error, struct doc_mark mark, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** @return the tree of @p file, or NULL after filling in @p error; its texts are of @p arena, its nodes of @p nodes. */
struct doc_node *doc_load_apart(const char *file, struct scn_arena *arena, struct scn_arena *nodes,
                                struct doc_error *error);
/** Likewise with all in one arena. */
struct doc_node *doc_load(const char *file, struct scn_arena *arena, struct doc_error *error);
/** Text to parse, and how marks name it. */
struct doc_text {
    const char *file, *bytes;
    size_t count;
    int column_offset; /**< of its first byte, when it is a part of a line */
};
/** @return the tree of @p text, or NULL after filling in @p error. */
struct doc_node *doc_parse(struct doc_text text, struct scn_arena *arena, struct doc_error *error);
/** Change the tree as "path.key=value" says; a path element names a key, or the element of a sequence with that name. */
bool doc_set(struct doc_node *root, const char *assignment, struct scn_arena *arena, struct doc_error *error);

/* Single values; false when the node is something else. */
bool doc_number(const struct doc_node *node, double *out); /**< any finite one */
bool doc_whole(const struct doc_node *node, int64_t *out);
bool doc_bool(const struct doc_node *node, bool *out);
bool doc_line(const struct doc_node *node, const char **out); /**< text without control characters, quoted or not */

/** @return the member @p key of a mapping, or NULL. */
struct doc_node *doc_member(const struct doc_node *mapping, const char *key);

#ifdef __cplusplus
}
#endif
#endif
