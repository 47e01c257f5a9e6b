/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sweep_reader.h"

#include "text.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- messages ---- */

bool reader_fail(const reader *r, const yaml_node_t *node, const char *key, const char *format, ...) {
    va_list args;
    fprintf(stderr, "%s:%zu:%zu: %s%s", r->path, node->start_mark.line + 1, node->start_mark.column + 1, key,
            key[0] ? ": " : "");
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return false;
}

const char *reader_kind(const yaml_node_t *node) {
    switch (node->type) {
    case YAML_SCALAR_NODE: return node->data.scalar.length ? "a single value" : "nothing";
    case YAML_SEQUENCE_NODE: return "a list";
    case YAML_MAPPING_NODE: return "a mapping";
    case YAML_NO_NODE: break;
    }
    return "nothing";
}

static bool fail_unknown_key(const reader *r, const yaml_node_t *node, const field *fields, size_t count) {
    text_buf names = {0};
    for (size_t i = 0; i < count; i++) {
        text_append_string(&names, i ? ", " : "");
        text_append_string(&names, fields[i].key);
    }
    const char *key = node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : "?";
    reader_fail(r, node, key, "unknown key, expected one of: %s", names.bytes);
    text_free(&names);
    return false;
}

/* ---- single values ---- */

bool reader_string(reader *r, const char *key, yaml_node_t *value, void *out) {
    if (value->type != YAML_SCALAR_NODE || value->data.scalar.length == 0) {
        return reader_fail(r, value, key, "expected a text, got %s", reader_kind(value));
    }
    const char *s = (const char *)value->data.scalar.value;
    for (size_t i = 0; i < value->data.scalar.length; i++) {
        if ((unsigned char)s[i] < 0x20) {
            return reader_fail(r, value, key, "expected a text on one line");
        }
    }
    *(char **)out = text_copy(s);
    return true;
}

bool reader_whole(reader *r, const char *key, yaml_node_t *value, uint64_t min, uint64_t max, uint64_t *out) {
    const char *s = value->type == YAML_SCALAR_NODE ? (const char *)value->data.scalar.value : "";
    char *end = NULL;
    errno = 0;
    uint64_t number = s[0] >= '0' && s[0] <= '9' ? strtoull(s, &end, 10) : 0;
    if (!end || *end || errno || number < min || number > max) {
        return reader_fail(r, value, key, "expected a whole number from %llu to %llu, got %s%s%s",
                           (unsigned long long)min, (unsigned long long)max, s[0] ? "'" : "",
                           s[0] ? s : reader_kind(value), s[0] ? "'" : "");
    }
    *out = number;
    return true;
}

bool reader_number(reader *r, const char *key, yaml_node_t *value, double *out) {
    const char *s = value->type == YAML_SCALAR_NODE ? (const char *)value->data.scalar.value : "";
    char *end = NULL;
    *out = s[0] ? strtod(s, &end) : 0.0;
    if (!end || *end || !isfinite(*out)) {
        return reader_fail(r, value, key, "expected a number, got %s%s%s", s[0] ? "'" : "",
                           s[0] ? s : reader_kind(value), s[0] ? "'" : "");
    }
    return true;
}

bool reader_bool(reader *r, const char *key, yaml_node_t *value, bool *out) {
    const char *s = value->type == YAML_SCALAR_NODE ? (const char *)value->data.scalar.value : "";
    *out = strcmp(s, "true") == 0;
    return *out || strcmp(s, "false") == 0 || reader_fail(r, value, key, "expected true or false");
}

bool reader_set(reader *r, const char *key, yaml_node_t *value, void *out) {
    const char *equals = value->type == YAML_SCALAR_NODE ? strchr((const char *)value->data.scalar.value, '=') : NULL;
    if (!equals || equals == (const char *)value->data.scalar.value) {
        return reader_fail(r, value, key, "expected a text 'path.key=value'");
    }
    return reader_string(r, key, value, out);
}

/* ---- sequences and mappings ---- */

bool reader_strings(reader *r, const char *key, yaml_node_t *value, sweep_strings *out,
                    bool (*read_item)(reader *, const char *, yaml_node_t *, void *)) {
    if (value->type != YAML_SEQUENCE_NODE) {
        return reader_fail(r, value, key, "expected a list, got %s", reader_kind(value));
    }
    for (yaml_node_item_t *i = value->data.sequence.items.start; i < value->data.sequence.items.top; i++) {
        char *item = NULL;
        if (!read_item(r, key, reader_node(r, *i), &item)) {
            return false;
        }
        out->items = text_grow(out->items, out->count, sizeof *out->items);
        out->items[out->count++] = item;
    }
    return true;
}

bool reader_mapping(reader *r, const char *where, yaml_node_t *node, const field *fields, size_t count, void *out) {
    uint64_t seen = 0;
    if (node->type != YAML_MAPPING_NODE) {
        return reader_fail(r, node, where, "expected a mapping, got %s", reader_kind(node));
    }
    for (yaml_node_pair_t *p = node->data.mapping.pairs.start; p < node->data.mapping.pairs.top; p++) {
        yaml_node_t *key = yaml_document_get_node(&r->document, p->key);
        size_t i = 0;
        while (i < count && (key->type != YAML_SCALAR_NODE || strcmp((char *)key->data.scalar.value, fields[i].key))) {
            i++;
        }
        if (i == count) {
            return fail_unknown_key(r, key, fields, count);
        }
        if (seen & (UINT64_C(1) << i)) {
            return reader_fail(r, key, fields[i].key, "given twice, expected once");
        }
        seen |= UINT64_C(1) << i;
        if (!fields[i].read(r, fields[i].key, yaml_document_get_node(&r->document, p->value), out)) {
            return false;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (fields[i].is_required && !(seen & (UINT64_C(1) << i))) {
            return reader_fail(r, node, fields[i].key, "missing%s%s, it must be given", where[0] ? " in " : "", where);
        }
    }
    return true;
}

bool reader_list(reader *r, const char *key, yaml_node_t *value) {
    if (value->type != YAML_SEQUENCE_NODE || value->data.sequence.items.start == value->data.sequence.items.top) {
        return reader_fail(r, value, key, "expected a list with at least one entry, got %s",
                           value->type == YAML_SEQUENCE_NODE ? "an empty one" : reader_kind(value));
    }
    return true;
}

yaml_node_t *reader_node(reader *r, int index) {
    return yaml_document_get_node(&r->document, index);
}
