/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sweep_file.h"

#include "sweep_reader.h"
#include "text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEED_MAX (UINT64_C(1) << 62) /* leaves room for first + count in SQLite's signed 64 bits */
#define TIMEOUT_S_DEFAULT 3600.0
#define TIMEOUT_S_MAX 1e8
#define MEMORY_MIB_DEFAULT 4096u
#define MEMORY_MIB_MAX (UINT64_C(1) << 40)
#define GRID_OR_GRIDS "expected either grid, with exclude and design, or grids"
#define UNTIL_COUNT_MIN 15
#define UNTIL_STEP_DEFAULT 5
#define UNTIL_MAX_DEFAULT 100

/* ---- the top level ---- */

static bool read_name(reader *r, const char *key, yaml_node_t *value, void *out) {
    return reader_string(r, key, value, &((sweep_file *)out)->name);
}

static bool read_scenario(reader *r, const char *key, yaml_node_t *value, void *out) {
    sweep_file *file = out;
    file->scenario_line = value->start_mark.line + 1;
    file->scenario_column = value->start_mark.column + 1;
    return reader_string(r, key, value, &file->scenario);
}

static bool read_seed_first(reader *r, const char *key, yaml_node_t *value, void *out) {
    return reader_whole(r, key, value, 1, SEED_MAX, &((sweep_file *)out)->seed_first);
}

static bool read_seed_count(reader *r, const char *key, yaml_node_t *value, void *out) {
    return reader_whole(r, key, value, 1, SWEEP_POINTS_MAX, &((sweep_file *)out)->seed_count);
}

static bool read_until_metric(reader *r, const char *key, yaml_node_t *value, void *out) {
    return reader_string(r, key, value, &((sweep_until *)out)->metric);
}

static bool read_until_entity(reader *r, const char *key, yaml_node_t *value, void *out) {
    return reader_string(r, key, value, &((sweep_until *)out)->entity);
}

static bool read_until_half_width(reader *r, const char *key, yaml_node_t *value, void *out) {
    double *half_width = &((sweep_until *)out)->half_width;
    return reader_number(r, key, value, half_width) &&
           (*half_width > 0.0 || reader_fail(r, value, key, "expected a number above 0"));
}

static bool read_until_relative(reader *r, const char *key, yaml_node_t *value, void *out) {
    return reader_bool(r, key, value, &((sweep_until *)out)->is_relative);
}

static bool read_until_step(reader *r, const char *key, yaml_node_t *value, void *out) {
    return reader_whole(r, key, value, 1, SWEEP_POINTS_MAX, &((sweep_until *)out)->step);
}

static bool read_until_max(reader *r, const char *key, yaml_node_t *value, void *out) {
    return reader_whole(r, key, value, UNTIL_COUNT_MIN, SWEEP_POINTS_MAX, &((sweep_until *)out)->max);
}

static const field until_fields[] = {
    {"metric", true, read_until_metric},
    {"entity", false, read_until_entity},
    {"half_width", true, read_until_half_width},
    {"relative", false, read_until_relative},
    {"step", false, read_until_step},
    {"max", false, read_until_max},
};

static bool read_until(reader *r, const char *key, yaml_node_t *value, void *out) {
    return reader_mapping(r, key, value, until_fields, FIELD_COUNT(until_fields), &((sweep_file *)out)->until);
}

static const field seed_fields[] = {
    {"first", true, read_seed_first},
    {"count", true, read_seed_count},
    {"until", false, read_until},
};

static bool read_seeds(reader *r, const char *key, yaml_node_t *value, void *out) {
    const sweep_file *file = out;
    if (!reader_mapping(r, key, value, seed_fields, FIELD_COUNT(seed_fields), out)) {
        return false;
    }
    if (file->until.half_width > 0.0 && file->seed_count < UNTIL_COUNT_MIN) {
        return reader_fail(r, value, "count",
                           "expected at least %d with until: an interval of fewer is too uncertain to stop by",
                           UNTIL_COUNT_MIN);
    }
    if (file->until.half_width > 0.0 && file->until.max < file->seed_count) {
        return reader_fail(r, value, "max", "expected no less than count");
    }
    return true;
}

static bool read_timeout_s(reader *r, const char *key, yaml_node_t *value, void *out) {
    double *seconds = &((sweep_file *)out)->timeout_s;
    const char *s = value->type == YAML_SCALAR_NODE ? (const char *)value->data.scalar.value : "";
    char *end = NULL;
    *seconds = s[0] ? strtod(s, &end) : 0.0;
    if (!end || *end || !isfinite(*seconds) || *seconds <= 0.0 || *seconds > TIMEOUT_S_MAX) {
        return reader_fail(r, value, key, "expected seconds, a number above 0 and up to %g, got %s%s%s", TIMEOUT_S_MAX,
                           s[0] ? "'" : "", s[0] ? s : reader_kind(value), s[0] ? "'" : "");
    }
    return true;
}

static bool read_memory_mib(reader *r, const char *key, yaml_node_t *value, void *out) {
    return reader_whole(r, key, value, 1, MEMORY_MIB_MAX, &((sweep_file *)out)->memory_mib);
}

static bool read_predict(reader *r, const char *key, yaml_node_t *value, void *out) {
    return reader_bool(r, key, value, &((sweep_file *)out)->is_predicted);
}

static bool read_sets(reader *r, const char *key, yaml_node_t *value, void *out) {
    return reader_strings(r, key, value, &((sweep_file *)out)->sets, reader_set);
}

/* ---- one grid at the top, or a list of them ---- */

static sweep_grid *only_grid(sweep_file *file) {
    if (file->grid_count == 0) {
        file->grids = text_alloc(sizeof *file->grids);
        file->grid_count = 1;
    }
    return &file->grids[0];
}

static bool is_single(reader *r, const char *key, const yaml_node_t *value, const sweep_file *file) {
    return !file->is_list || reader_fail(r, value, key, GRID_OR_GRIDS);
}

static bool read_grid(reader *r, const char *key, yaml_node_t *value, void *out) {
    return is_single(r, key, value, out) && reader_grid(r, key, value, only_grid(out));
}

static bool read_exclude(reader *r, const char *key, yaml_node_t *value, void *out) {
    return is_single(r, key, value, out) && reader_excludes(r, key, value, only_grid(out));
}

static bool read_design(reader *r, const char *key, yaml_node_t *value, void *out) {
    return is_single(r, key, value, out) && reader_design(r, key, value, only_grid(out));
}

static bool read_grid_axes(reader *r, const char *key, yaml_node_t *value, void *out) {
    return reader_grid(r, key, value, out);
}

static bool read_grid_exclude(reader *r, const char *key, yaml_node_t *value, void *out) {
    return reader_excludes(r, key, value, out);
}

static bool read_grid_design(reader *r, const char *key, yaml_node_t *value, void *out) {
    return reader_design(r, key, value, out);
}

static bool read_grid_sets(reader *r, const char *key, yaml_node_t *value, void *out) {
    return reader_strings(r, key, value, &((sweep_grid *)out)->sets, reader_set);
}

static const field grid_fields[] = {
    {"grid", true, read_grid_axes},
    {"set", false, read_grid_sets},
    {"exclude", false, read_grid_exclude},
    {"design", false, read_grid_design},
};

static bool read_grids(reader *r, const char *key, yaml_node_t *value, void *out) {
    sweep_file *file = out;
    if (!reader_list(r, key, value)) {
        return false;
    }
    if (file->grids) {
        return reader_fail(r, value, key, GRID_OR_GRIDS);
    }
    file->is_list = true;
    for (yaml_node_item_t *i = value->data.sequence.items.start; i < value->data.sequence.items.top; i++) {
        yaml_node_t *node = reader_node(r, *i);
        file->grids = text_grow(file->grids, file->grid_count, sizeof *file->grids);
        sweep_grid *grid = &file->grids[file->grid_count++];
        *grid = (sweep_grid){0};
        if (!reader_mapping(r, key, node, grid_fields, FIELD_COUNT(grid_fields), grid) ||
            !reader_complete_grid(r, node, grid)) {
            return false;
        }
    }
    return true;
}

static const field sweep_fields[] = {
    {"name", true, read_name},
    {"scenario", true, read_scenario},
    {"seeds", true, read_seeds},
    {"timeout_s", false, read_timeout_s},
    {"memory_mib", false, read_memory_mib},
    {"predict", false, read_predict},
    {"set", false, read_sets},
    {"grid", false, read_grid},
    {"exclude", false, read_exclude},
    {"design", false, read_design},
    {"grids", false, read_grids},
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

/* A file without grid is one of a single point. */
static bool complete(reader *r, const yaml_node_t *root, sweep_file *file) {
    return file->is_list || reader_complete_grid(r, root, only_grid(file));
}

bool sweep_file_parse(const char *path, const char *text, size_t text_bytes, sweep_file *out) {
    reader r = {.path = path};
    *out = (sweep_file){.timeout_s = TIMEOUT_S_DEFAULT,
                        .memory_mib = MEMORY_MIB_DEFAULT,
                        .until = {.step = UNTIL_STEP_DEFAULT, .max = UNTIL_MAX_DEFAULT}};
    if (!load_document(&r, text, text_bytes)) {
        return false;
    }
    yaml_node_t *root = yaml_document_get_root_node(&r.document);
    bool is_read = false;
    if (!root) {
        fprintf(stderr, "%s:1:1: name: missing, the file is empty\n", path);
    } else {
        is_read = reader_mapping(&r, "", root, sweep_fields, FIELD_COUNT(sweep_fields), out) && complete(&r, root, out);
    }
    yaml_document_delete(&r.document);
    if (!is_read) {
        sweep_file_free(out);
    }
    return is_read;
}

void sweep_file_free(sweep_file *file) {
    for (size_t i = 0; i < file->grid_count; i++) {
        sweep_grid_free(&file->grids[i]);
    }
    free(file->grids);
    sweep_strings_free(&file->sets);
    free(file->until.metric);
    free(file->until.entity);
    free(file->scenario);
    free(file->name);
    *file = (sweep_file){0};
}
