/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sweep_file.h"

#include "text.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define POINTS_MAX 1000000u
#define SEED_MAX (UINT64_C(1) << 62) /* leaves room for first + count in SQLite's signed 64 bits */
#define TIMEOUT_S_DEFAULT 3600.0
#define TIMEOUT_S_MAX 1e8
#define MEMORY_MIB_DEFAULT 4096u
#define MEMORY_MIB_MAX (UINT64_C(1) << 40)

typedef struct {
    const char *path;
    yaml_document_t document;
} reader;

/* One key of a mapping and how its value is read into the struct `out`. */
typedef struct {
    const char *key;
    bool is_required;
    bool (*read)(reader *r, const char *key, yaml_node_t *value, void *out);
} field;

/* ---- messages ---- */

__attribute__((format(printf, 4, 5))) static bool fail(const reader *r, const yaml_node_t *node, const char *key,
                                                       const char *format, ...) {
    va_list args;
    fprintf(stderr, "%s:%zu:%zu: %s%s", r->path, node->start_mark.line + 1, node->start_mark.column + 1, key,
            key[0] ? ": " : "");
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return false;
}

static const char *kind_name(const yaml_node_t *node) {
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
    fail(r, node, key, "unknown key, expected one of: %s", names.bytes);
    text_free(&names);
    return false;
}

/* ---- single values ---- */

static bool read_string(reader *r, const char *key, yaml_node_t *value, void *out) {
    if (value->type != YAML_SCALAR_NODE || value->data.scalar.length == 0) {
        return fail(r, value, key, "expected a text, got %s", kind_name(value));
    }
    const char *s = (const char *)value->data.scalar.value;
    for (size_t i = 0; i < value->data.scalar.length; i++) {
        if ((unsigned char)s[i] < 0x20) {
            return fail(r, value, key, "expected a text on one line");
        }
    }
    *(char **)out = text_copy(s);
    return true;
}

static bool read_whole(reader *r, const char *key, yaml_node_t *value, uint64_t min, uint64_t max, uint64_t *out) {
    const char *s = value->type == YAML_SCALAR_NODE ? (const char *)value->data.scalar.value : "";
    char *end = NULL;
    errno = 0;
    uint64_t number = s[0] >= '0' && s[0] <= '9' ? strtoull(s, &end, 10) : 0;
    if (!end || *end || errno || number < min || number > max) {
        return fail(r, value, key, "expected a whole number from %llu to %llu, got %s%s%s", (unsigned long long)min,
                    (unsigned long long)max, s[0] ? "'" : "", s[0] ? s : kind_name(value), s[0] ? "'" : "");
    }
    *out = number;
    return true;
}

static bool read_timeout(reader *r, const char *key, yaml_node_t *value, void *out) {
    const char *s = value->type == YAML_SCALAR_NODE ? (const char *)value->data.scalar.value : "";
    char *end = NULL;
    double seconds = s[0] ? strtod(s, &end) : 0.0;
    if (!end || *end || !isfinite(seconds) || seconds <= 0.0 || seconds > TIMEOUT_S_MAX) {
        return fail(r, value, key, "expected seconds, a number above 0 and up to %g, got %s%s%s", TIMEOUT_S_MAX,
                    s[0] ? "'" : "", s[0] ? s : kind_name(value), s[0] ? "'" : "");
    }
    *(double *)out = seconds;
    return true;
}

static bool read_set(reader *r, const char *key, yaml_node_t *value, void *out) {
    const char *equals = value->type == YAML_SCALAR_NODE ? strchr((const char *)value->data.scalar.value, '=') : NULL;
    if (!equals || equals == (const char *)value->data.scalar.value) {
        return fail(r, value, key, "expected a text 'path.key=value'");
    }
    return read_string(r, key, value, out);
}

/* ---- sequences and mappings ---- */

static bool read_strings(reader *r, const char *key, yaml_node_t *value, sweep_strings *out,
                         bool (*read_item)(reader *, const char *, yaml_node_t *, void *)) {
    if (value->type != YAML_SEQUENCE_NODE) {
        return fail(r, value, key, "expected a list, got %s", kind_name(value));
    }
    for (yaml_node_item_t *i = value->data.sequence.items.start; i < value->data.sequence.items.top; i++) {
        char *item = NULL;
        if (!read_item(r, key, yaml_document_get_node(&r->document, *i), &item)) {
            return false;
        }
        out->items = text_grow(out->items, out->count, sizeof *out->items);
        out->items[out->count++] = item;
    }
    return true;
}

static bool read_mapping(reader *r, const char *where, yaml_node_t *node, const field *fields, size_t count,
                         void *out) {
    uint64_t seen = 0;
    if (node->type != YAML_MAPPING_NODE) {
        return fail(r, node, where, "expected a mapping, got %s", kind_name(node));
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
            return fail(r, key, fields[i].key, "given twice, expected once");
        }
        seen |= UINT64_C(1) << i;
        if (!fields[i].read(r, fields[i].key, yaml_document_get_node(&r->document, p->value), out)) {
            return false;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (fields[i].is_required && !(seen & (UINT64_C(1) << i))) {
            return fail(r, node, fields[i].key, "missing%s%s, it must be given", where[0] ? " in " : "", where);
        }
    }
    return true;
}

/* ---- the grid ---- */

static bool read_choice_value(reader *r, const char *key, yaml_node_t *value, void *out) {
    return read_string(r, key, value, &((sweep_choice *)out)->value);
}

static bool read_choice_sets(reader *r, const char *key, yaml_node_t *value, void *out) {
    return read_strings(r, key, value, &((sweep_choice *)out)->sets, read_set);
}

static const field choice_fields[] = {
    {"value", true, read_choice_value},
    {"set", true, read_choice_sets},
};

static bool read_axis_key(reader *r, const char *key, yaml_node_t *value, void *out) {
    return read_string(r, key, value, &((sweep_axis *)out)->key);
}

static bool add_choice(reader *r, const char *key, yaml_node_t *node, sweep_axis *axis, bool is_variant) {
    axis->choices = text_grow(axis->choices, axis->choice_count, sizeof *axis->choices);
    sweep_choice *choice = &axis->choices[axis->choice_count++];
    *choice = (sweep_choice){0};
    bool is_read = is_variant
                       ? read_mapping(r, key, node, choice_fields, sizeof choice_fields / sizeof *choice_fields, choice)
                       : read_string(r, key, node, &choice->value);
    if (!is_read) {
        return false;
    }
    for (size_t i = 0; i + 1 < axis->choice_count; i++) {
        if (strcmp(axis->choices[i].value, choice->value) == 0) {
            return fail(r, node, key, "'%s' given twice, expected different values", choice->value);
        }
    }
    return true;
}

static bool read_choices(reader *r, const char *key, yaml_node_t *value, sweep_axis *axis, bool is_variants) {
    if (axis->choices) {
        return fail(r, value, key, "expected either values or variants, not both");
    }
    if (value->type != YAML_SEQUENCE_NODE || value->data.sequence.items.start == value->data.sequence.items.top) {
        return fail(r, value, key, "expected a list with at least one entry, got %s",
                    value->type == YAML_SEQUENCE_NODE ? "an empty one" : kind_name(value));
    }
    for (yaml_node_item_t *i = value->data.sequence.items.start; i < value->data.sequence.items.top; i++) {
        if (!add_choice(r, key, yaml_document_get_node(&r->document, *i), axis, is_variants)) {
            return false;
        }
    }
    return true;
}

static bool read_axis_values(reader *r, const char *key, yaml_node_t *value, void *out) {
    return read_choices(r, key, value, out, false);
}

static bool read_axis_variants(reader *r, const char *key, yaml_node_t *value, void *out) {
    return read_choices(r, key, value, out, true);
}

static const field axis_fields[] = {
    {"key", true, read_axis_key},
    {"values", false, read_axis_values},
    {"variants", false, read_axis_variants},
};

/* A plain value sets the axis' own key; done after the mapping is read, as `key` may stand behind `values`. */
static void complete_choices(sweep_axis *axis) {
    for (size_t i = 0; i < axis->choice_count; i++) {
        sweep_choice *choice = &axis->choices[i];
        choice->sets.items = text_grow(NULL, 0, sizeof *choice->sets.items);
        choice->sets.items[choice->sets.count++] = text_format("%s=%s", axis->key, choice->value);
    }
}

static bool has_key(reader *r, const yaml_node_t *mapping, const char *name) {
    for (yaml_node_pair_t *p = mapping->data.mapping.pairs.start; p < mapping->data.mapping.pairs.top; p++) {
        if (strcmp((char *)yaml_document_get_node(&r->document, p->key)->data.scalar.value, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool read_axis(reader *r, yaml_node_t *node, sweep_file *file) {
    file->axes = text_grow(file->axes, file->axis_count, sizeof *file->axes);
    sweep_axis *axis = &file->axes[file->axis_count++];
    *axis = (sweep_axis){0};
    if (!read_mapping(r, "grid", node, axis_fields, sizeof axis_fields / sizeof *axis_fields, axis)) {
        return false;
    }
    if (!axis->choices) {
        return fail(r, node, axis->key, "expected values or variants");
    }
    for (size_t i = 0; i + 1 < file->axis_count; i++) {
        if (strcmp(file->axes[i].key, axis->key) == 0) {
            return fail(r, node, axis->key, "a second axis of this key, expected one");
        }
    }
    if (has_key(r, node, "values")) {
        complete_choices(axis);
    }
    return true;
}

static bool read_grid(reader *r, const char *key, yaml_node_t *value, void *out) {
    sweep_file *file = out;
    if (value->type != YAML_SEQUENCE_NODE) {
        return fail(r, value, key, "expected a list of axes, got %s", kind_name(value));
    }
    size_t points = 1;
    for (yaml_node_item_t *i = value->data.sequence.items.start; i < value->data.sequence.items.top; i++) {
        yaml_node_t *node = yaml_document_get_node(&r->document, *i);
        if (!read_axis(r, node, file)) {
            return false;
        }
        size_t choices = file->axes[file->axis_count - 1].choice_count;
        if (choices > POINTS_MAX / points) {
            return fail(r, node, key, "expected at most %u combinations", POINTS_MAX);
        }
        points *= choices;
    }
    return true;
}

/* ---- the top level ---- */

static bool read_name(reader *r, const char *key, yaml_node_t *value, void *out) {
    return read_string(r, key, value, &((sweep_file *)out)->name);
}

static bool read_scenario(reader *r, const char *key, yaml_node_t *value, void *out) {
    sweep_file *file = out;
    file->scenario_line = value->start_mark.line + 1;
    file->scenario_column = value->start_mark.column + 1;
    return read_string(r, key, value, &file->scenario);
}

static bool read_seed_first(reader *r, const char *key, yaml_node_t *value, void *out) {
    return read_whole(r, key, value, 1, SEED_MAX, &((sweep_file *)out)->seed_first);
}

static bool read_seed_count(reader *r, const char *key, yaml_node_t *value, void *out) {
    return read_whole(r, key, value, 1, POINTS_MAX, &((sweep_file *)out)->seed_count);
}

static const field seed_fields[] = {
    {"first", true, read_seed_first},
    {"count", true, read_seed_count},
};

static bool read_seeds(reader *r, const char *key, yaml_node_t *value, void *out) {
    return read_mapping(r, key, value, seed_fields, sizeof seed_fields / sizeof *seed_fields, out);
}

static bool read_timeout_s(reader *r, const char *key, yaml_node_t *value, void *out) {
    return read_timeout(r, key, value, &((sweep_file *)out)->timeout_s);
}

static bool read_memory_mib(reader *r, const char *key, yaml_node_t *value, void *out) {
    return read_whole(r, key, value, 1, MEMORY_MIB_MAX, &((sweep_file *)out)->memory_mib);
}

static bool read_sets(reader *r, const char *key, yaml_node_t *value, void *out) {
    return read_strings(r, key, value, &((sweep_file *)out)->sets, read_set);
}

static const field sweep_fields[] = {
    {"name", true, read_name},
    {"scenario", true, read_scenario},
    {"seeds", true, read_seeds},
    {"timeout_s", false, read_timeout_s},
    {"memory_mib", false, read_memory_mib},
    {"set", false, read_sets},
    {"grid", false, read_grid},
};

/* What stands behind the root would be left out without a word: a second document, or text. */
static bool is_at_end(reader *r, yaml_parser_t *parser) {
    yaml_document_t next;
    bool is_loaded = yaml_parser_load(parser, &next);
    const yaml_node_t *root = is_loaded ? yaml_document_get_root_node(&next) : NULL;
    const yaml_mark_t at = root ? root->start_mark : parser->problem_mark;
    bool is_end = is_loaded && !root;
    if (is_loaded) {
        yaml_document_delete(&next);
    }
    if (!is_end) {
        fprintf(stderr, "%s:%zu:%zu: expected the end of the file, for it has one document only\n", r->path,
                at.line + 1, at.column + 1);
        yaml_document_delete(&r->document);
    }
    return is_end;
}

static bool load_document(reader *r, const char *text, size_t text_bytes) {
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        fprintf(stderr, "%s: out of memory\n", r->path);
        return false;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, text_bytes);
    bool is_loaded = yaml_parser_load(&parser, &r->document);
    if (!is_loaded) {
        fprintf(stderr, "%s:%zu:%zu: not YAML: %s\n", r->path, parser.problem_mark.line + 1,
                parser.problem_mark.column + 1, parser.problem ? parser.problem : "cannot be read");
    }
    bool is_whole = is_loaded && is_at_end(r, &parser);
    yaml_parser_delete(&parser);
    return is_whole;
}

bool sweep_file_parse(const char *path, const char *text, size_t text_bytes, sweep_file *out) {
    reader r = {.path = path};
    *out = (sweep_file){.timeout_s = TIMEOUT_S_DEFAULT, .memory_mib = MEMORY_MIB_DEFAULT};
    if (!load_document(&r, text, text_bytes)) {
        return false;
    }
    yaml_node_t *root = yaml_document_get_root_node(&r.document);
    bool is_read = false;
    if (!root) {
        fprintf(stderr, "%s:1:1: name: missing, the file is empty\n", path);
    } else {
        is_read = read_mapping(&r, "", root, sweep_fields, sizeof sweep_fields / sizeof *sweep_fields, out);
    }
    yaml_document_delete(&r.document);
    if (!is_read) {
        sweep_file_free(out);
    }
    return is_read;
}

size_t sweep_file_point_count(const sweep_file *file) {
    size_t points = 1;
    for (size_t i = 0; i < file->axis_count; i++) {
        points *= file->axes[i].choice_count;
    }
    return points;
}

static void strings_free(sweep_strings *strings) {
    for (size_t i = 0; i < strings->count; i++) {
        free(strings->items[i]);
    }
    free(strings->items);
}

void sweep_file_free(sweep_file *file) {
    for (size_t a = 0; a < file->axis_count; a++) {
        for (size_t c = 0; c < file->axes[a].choice_count; c++) {
            free(file->axes[a].choices[c].value);
            strings_free(&file->axes[a].choices[c].sets);
        }
        free(file->axes[a].choices);
        free(file->axes[a].key);
    }
    free(file->axes);
    strings_free(&file->sets);
    free(file->scenario);
    free(file->name);
    *file = (sweep_file){0};
}
