/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sweep_reader.h"

#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- messages ---- */

static void print_place(const struct doc_mark *mark, const char *key) {
    fprintf(stderr, "%s:%d:%d: %s%s", mark->file, mark->line, mark->column, key, key[0] ? ": " : "");
}

bool reader_fail(const struct doc_node *node, const char *key, const char *format, ...) {
    va_list args;
    print_place(&node->mark, key);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return false;
}

static bool fail_key(const struct doc_node *member, const char *message) {
    print_place(&member->key_mark, member->key);
    fprintf(stderr, "%s\n", message);
    return false;
}

bool reader_fail_got(const struct doc_node *node, const char *key, const char *format, ...) {
    va_list args;
    bool is_text = node->kind == DOC_SCALAR && (node->text[0] || node->is_quoted);
    const char *quote = !is_text ? "" : node->is_quoted ? "\"" : "'";
    print_place(&node->mark, key);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, ", got %s%s%s\n", quote, is_text ? node->text : reader_kind(node), quote);
    return false;
}

const char *reader_kind(const struct doc_node *node) {
    switch (node->kind) {
    case DOC_SCALAR: return node->text[0] ? "a single value" : "nothing";
    case DOC_SEQUENCE: return "a list";
    case DOC_MAPPING: return "a mapping";
    }
    return "nothing";
}

static bool fail_unknown_key(const struct doc_node *member, const field *fields, size_t count) {
    text_buf message = {0};
    text_append_string(&message, "unknown key, expected one of: ");
    for (size_t i = 0; i < count; i++) {
        text_append_string(&message, i ? ", " : "");
        text_append_string(&message, fields[i].key);
    }
    fail_key(member, message.bytes);
    text_free(&message);
    return false;
}

/* ---- single values ---- */

bool reader_string(const char *key, const struct doc_node *value, void *out) {
    const char *text = "";
    if (value->kind != DOC_SCALAR || !value->text[0]) {
        return reader_fail(value, key, "expected a text, got %s", reader_kind(value));
    }
    if (!doc_line(value, &text)) {
        return reader_fail(value, key, "expected a text on one line");
    }
    *(char **)out = text_copy(text);
    return true;
}

bool reader_whole(const char *key, const struct doc_node *value, uint64_t min, uint64_t max, uint64_t *out) {
    int64_t number = -1;
    bool is_whole = doc_whole(value, &number) && number >= 0;
    *out = (uint64_t)number;
    return (is_whole && *out >= min && *out <= max) ||
           reader_fail_got(value, key, "expected a whole number from %llu to %llu", (unsigned long long)min,
                           (unsigned long long)max);
}

bool reader_number(const char *key, const struct doc_node *value, double *out) {
    return doc_number(value, out) || reader_fail_got(value, key, "expected a number");
}

bool reader_bool(const char *key, const struct doc_node *value, bool *out) {
    return doc_bool(value, out) || reader_fail(value, key, "expected true or false");
}

bool reader_set(const char *key, const struct doc_node *value, void *out) {
    const char *equals = value->kind == DOC_SCALAR ? strchr(value->text, '=') : NULL;
    if (!equals || equals == value->text) {
        return reader_fail(value, key, "expected a text 'path.key=value'");
    }
    return reader_string(key, value, out);
}

/* ---- sequences and mappings ---- */

bool reader_strings(const char *key, const struct doc_node *value, sweep_strings *out,
                    bool (*read_item)(const char *, const struct doc_node *, void *)) {
    if (value->kind != DOC_SEQUENCE) {
        return reader_fail(value, key, "expected a list, got %s", reader_kind(value));
    }
    for (const struct doc_node *i = value->child; i; i = i->next) {
        char *item = NULL;
        if (!read_item(key, i, &item)) {
            return false;
        }
        out->items = text_grow(out->items, out->count, sizeof *out->items);
        out->lines = text_grow(out->lines, out->count, sizeof *out->lines);
        out->lines[out->count] = (size_t)i->mark.line;
        out->items[out->count++] = item;
    }
    return true;
}

bool reader_mapping(const char *where, const struct doc_node *node, const field *fields, size_t count, void *out) {
    if (node->kind != DOC_MAPPING) {
        return reader_fail(node, where, "expected a mapping, got %s", reader_kind(node));
    }
    for (const struct doc_node *member = node->child; member; member = member->next) {
        size_t i = 0;
        while (i < count && strcmp(member->key, fields[i].key) != 0) {
            i++;
        }
        if (i == count) {
            return fail_unknown_key(member, fields, count);
        }
        if (!fields[i].read(fields[i].key, member, out)) {
            return false;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (fields[i].is_required && !doc_member(node, fields[i].key)) {
            return reader_fail(node, fields[i].key, "missing%s%s, it must be given", where[0] ? " in " : "", where);
        }
    }
    return true;
}

bool reader_list(const char *key, const struct doc_node *value) {
    if (value->kind != DOC_SEQUENCE || !value->child) {
        return reader_fail(value, key, "expected a list with at least one entry, got %s",
                           value->kind == DOC_SEQUENCE ? "an empty one" : reader_kind(value));
    }
    return true;
}
