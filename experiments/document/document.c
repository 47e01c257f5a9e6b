/* SPDX-License-Identifier: GPL-2.0-or-later */
/* document.c: libyaml's events become a tree; aliases are refused, for values should be where they count. */
#define _POSIX_C_SOURCE 200809L

#include "document.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yaml.h>

enum {
    DEPTH_MAX = 16,
    KEYS_MAX = 1000 /* of one group: each is compared with those before it */
};

bool doc_fail(struct doc_error *error, struct doc_mark mark, const char *format, ...) {
    va_list args;
    int used = snprintf(error->text, error->bytes, "%s:%d:%d: ", mark.file, mark.line, mark.column);

    if (used < 0 || (size_t)used >= error->bytes)
        return false;
    va_start(args, format);
    vsnprintf(error->text + used, error->bytes - (size_t)used, format, args);
    va_end(args);
    return false;
}

struct doc_node *doc_member(const struct doc_node *mapping, const char *key) {
    struct doc_node *node = mapping->kind == DOC_MAPPING ? mapping->child : NULL;

    while (node && strcmp(node->key, key) != 0)
        node = node->next;
    return node;
}

/* ---- Reading -------------------------------------------------------------------------------------------- */

struct reader {
    yaml_parser_t parser;
    const char *file;
    int column_offset;               /* of a value inside a --set argument */
    struct scn_arena *arena, *nodes; /* of texts, and of what refers to them */
    struct doc_error *error;
};

static struct doc_mark mark_at(const struct reader *r, yaml_mark_t at) {
    return (struct doc_mark){r->file, (int)at.line + 1, (int)at.column + 1 + r->column_offset};
}

static bool next_event(struct reader *r, yaml_event_t *event) {
    if (yaml_parser_parse(&r->parser, event))
        return true;
    return doc_fail(r->error, mark_at(r, r->parser.problem_mark), "not valid YAML: %s",
                    r->parser.problem ? r->parser.problem : "cannot be read");
}

static struct doc_node *read_node(struct reader *r, const yaml_event_t *event, int depth);

/* Appends the elements up to the end event of a sequence. */
static bool read_sequence(struct reader *r, struct doc_node *parent, int depth) {
    struct doc_node **end = &parent->child;

    for (;;) {
        yaml_event_t event;

        if (!next_event(r, &event))
            return false;
        if (event.type == YAML_SEQUENCE_END_EVENT) {
            yaml_event_delete(&event);
            return true;
        }
        *end = read_node(r, &event, depth + 1);
        yaml_event_delete(&event);
        if (!*end)
            return false;
        end = &(*end)->next;
    }
}

/* Reads the value of @p key, which is a scalar event. */
static struct doc_node *read_member(struct reader *r, const struct doc_node *parent, const yaml_event_t *key,
                                    int depth) {
    yaml_event_t event;
    struct doc_node *node;
    struct doc_mark mark = mark_at(r, key->start_mark);

    if (key->type != YAML_SCALAR_EVENT) {
        doc_fail(r->error, mark, "expected a plain key");
        return NULL;
    }
    if (memchr(key->data.scalar.value, 0, key->data.scalar.length)) {
        doc_fail(r->error, mark, "expected a key without NUL");
        return NULL;
    }
    if (doc_member(parent, (const char *)key->data.scalar.value)) {
        doc_fail(r->error, mark, "%s: is given twice", key->data.scalar.value);
        return NULL;
    }
    if (!next_event(r, &event))
        return NULL;
    node = read_node(r, &event, depth + 1);
    yaml_event_delete(&event);
    if (!node)
        return NULL;
    node->key = scn_copy(r->arena, (const char *)key->data.scalar.value, key->data.scalar.length);
    node->key_mark = mark;
    return node;
}

static bool read_mapping(struct reader *r, struct doc_node *parent, int depth) {
    struct doc_node **end = &parent->child;

    for (int count = 0;; count++) {
        yaml_event_t event;

        if (count > KEYS_MAX)
            return doc_fail(r->error, parent->mark, "expected at most %d keys", KEYS_MAX);

        if (!next_event(r, &event))
            return false;
        if (event.type == YAML_MAPPING_END_EVENT) {
            yaml_event_delete(&event);
            return true;
        }
        *end = read_member(r, parent, &event, depth);
        yaml_event_delete(&event);
        if (!*end)
            return false;
        end = &(*end)->next;
    }
}

static struct doc_node *read_node(struct reader *r, const yaml_event_t *event, int depth) {
    struct doc_node *node = scn_alloc(r->nodes, sizeof *node);

    node->mark = mark_at(r, event->start_mark);
    if (depth > DEPTH_MAX) {
        doc_fail(r->error, node->mark, "nested deeper than %d levels", DEPTH_MAX);
        return NULL;
    }
    if (event->type == YAML_SCALAR_EVENT) {
        if (memchr(event->data.scalar.value, 0, event->data.scalar.length)) {
            doc_fail(r->error, node->mark, "expected text without NUL");
            return NULL;
        }
        node->kind = DOC_SCALAR;
        node->text = scn_copy(r->arena, (const char *)event->data.scalar.value, event->data.scalar.length);
        node->is_quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
        return node;
    }
    if (event->type == YAML_MAPPING_START_EVENT) {
        node->kind = DOC_MAPPING;
        return read_mapping(r, node, depth) ? node : NULL;
    }
    if (event->type == YAML_SEQUENCE_START_EVENT) {
        node->kind = DOC_SEQUENCE;
        return read_sequence(r, node, depth) ? node : NULL;
    }
    doc_fail(r->error, node->mark, event->type == YAML_ALIAS_EVENT ? "aliases are not supported" : "expected a value");
    return NULL;
}

/* What stands behind the root would be left out without a word: a second document, or text. */
static bool is_end(struct reader *r) {
    static const char expected[] = "expected the end of the file, for it has one document only";

    for (bool is_closed = false;;) {
        yaml_event_t event;

        if (is_closed && !yaml_parser_parse(&r->parser, &event))
            return doc_fail(r->error, mark_at(r, r->parser.problem_mark), "%s", expected);
        if (!is_closed && !next_event(r, &event))
            return false;
        enum yaml_event_type_e type = event.type;
        struct doc_mark mark = mark_at(r, event.start_mark);

        yaml_event_delete(&event);
        if (type == YAML_STREAM_END_EVENT)
            return true;
        if (type != YAML_DOCUMENT_END_EVENT)
            return doc_fail(r->error, mark, "%s", expected);
        is_closed = true;
    }
}

/* Skips the events before the first node of the document. */
static struct doc_node *read_document(struct reader *r) {
    for (;;) {
        yaml_event_t event;
        struct doc_node *node;

        if (!next_event(r, &event))
            return NULL;
        if (event.type == YAML_STREAM_START_EVENT || event.type == YAML_DOCUMENT_START_EVENT) {
            yaml_event_delete(&event);
            continue;
        }
        node = read_node(r, &event, 0);
        yaml_event_delete(&event);
        return node && is_end(r) ? node : NULL;
    }
}

/*
 * All of standard input, as a file that can be read again: a program that this one becomes needs it, too. NULL with errno
 * set when it cannot be read.
 */
static FILE *open_stdin(void) {
    char chunk[4096];
    ssize_t count;
    FILE *copy;

    if (lseek(STDIN_FILENO, 0, SEEK_SET) == 0)
        return fdopen(dup(STDIN_FILENO), "rb");
    copy = tmpfile();
    while (copy && (count = read(STDIN_FILENO, chunk, sizeof chunk)) > 0)
        fwrite(chunk, 1, (size_t)count, copy);
    if (copy && (count < 0 || fflush(copy) != 0 || dup2(fileno(copy), STDIN_FILENO) < 0)) {
        fclose(copy);
        return NULL;
    }
    if (copy)
        rewind(copy);
    return copy;
}

struct doc_node *doc_load(const char *file, struct scn_arena *arena, struct doc_error *error) {
    return doc_load_apart(file, arena, arena, error);
}

struct doc_node *doc_load_apart(const char *file, struct scn_arena *arena, struct scn_arena *nodes,
                                struct doc_error *error) {
    struct reader r = {.file = file, .arena = arena, .nodes = nodes, .error = error};
    struct doc_node *root = NULL;
    FILE *in = strcmp(file, "-") == 0 ? open_stdin() : fopen(file, "rb");

    if (!in) {
        doc_fail(error, (struct doc_mark){file, 1, 1}, "cannot be opened: %s", strerror(errno));
        return NULL;
    }
    if (yaml_parser_initialize(&r.parser)) {
        yaml_parser_set_input_file(&r.parser, in);
        root = read_document(&r);
        yaml_parser_delete(&r.parser);
    }
    fclose(in);
    return root;
}

struct doc_node *doc_parse(struct doc_text text, struct scn_arena *arena, struct doc_error *error) {
    struct reader r = {
        .file = text.file, .column_offset = text.column_offset, .arena = arena, .nodes = arena, .error = error};
    struct doc_node *root = NULL;

    if (yaml_parser_initialize(&r.parser)) {
        yaml_parser_set_input_string(&r.parser, (const unsigned char *)text.bytes, text.count);
        root = read_document(&r);
        yaml_parser_delete(&r.parser);
    }
    return root;
}

/* ---- Single values -------------------------------------------------------------------------------------- */

static bool is_plain(const struct doc_node *node) {
    return node->kind == DOC_SCALAR && !node->is_quoted && node->text[0];
}

bool doc_number(const struct doc_node *node, double *out) {
    char *end = NULL;

    if (!is_plain(node))
        return false;
    *out = strtod(node->text, &end);
    return *end == 0 && isfinite(*out);
}

bool doc_whole(const struct doc_node *node, int64_t *out) {
    char *end = NULL;

    if (!is_plain(node))
        return false;
    errno = 0;
    *out = strtoll(node->text, &end, 10);
    return *end == 0 && errno == 0;
}

bool doc_bool(const struct doc_node *node, bool *out) {
    *out = is_plain(node) && strcmp(node->text, "true") == 0;
    return *out || (is_plain(node) && strcmp(node->text, "false") == 0);
}

bool doc_line(const struct doc_node *node, const char **out) {
    if (node->kind != DOC_SCALAR)
        return false;
    *out = node->text;
    for (const char *c = node->text; *c; c++)
        if ((unsigned char)*c < 0x20)
            return false;
    return true;
}
