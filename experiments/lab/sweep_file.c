/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sweep_file.h"

#include "sweep_reader.h"
#include "text.h"

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

static bool read_name(const char *key, const struct doc_node *value, void *out) {
    return reader_string(key, value, &((sweep_file *)out)->name);
}

static bool read_scenario(const char *key, const struct doc_node *value, void *out) {
    sweep_file *file = out;
    file->scenario_line = (size_t)value->mark.line;
    file->scenario_column = (size_t)value->mark.column;
    return reader_string(key, value, &file->scenario);
}

static bool read_seed_first(const char *key, const struct doc_node *value, void *out) {
    return reader_whole(key, value, 1, SEED_MAX, &((sweep_file *)out)->seed_first);
}

static bool read_seed_count(const char *key, const struct doc_node *value, void *out) {
    return reader_whole(key, value, 1, SWEEP_POINTS_MAX, &((sweep_file *)out)->seed_count);
}

static bool read_until_metric(const char *key, const struct doc_node *value, void *out) {
    return reader_string(key, value, &((sweep_until *)out)->metric);
}

static bool read_until_entity(const char *key, const struct doc_node *value, void *out) {
    return reader_string(key, value, &((sweep_until *)out)->entity);
}

static bool read_until_half_width(const char *key, const struct doc_node *value, void *out) {
    double *half_width = &((sweep_until *)out)->half_width;
    return reader_number(key, value, half_width) &&
           (*half_width > 0.0 || reader_fail(value, key, "expected a number above 0"));
}

static bool read_until_relative(const char *key, const struct doc_node *value, void *out) {
    return reader_bool(key, value, &((sweep_until *)out)->is_relative);
}

static bool read_until_step(const char *key, const struct doc_node *value, void *out) {
    return reader_whole(key, value, 1, SWEEP_POINTS_MAX, &((sweep_until *)out)->step);
}

static bool read_until_max(const char *key, const struct doc_node *value, void *out) {
    return reader_whole(key, value, UNTIL_COUNT_MIN, SWEEP_POINTS_MAX, &((sweep_until *)out)->max);
}

static const field until_fields[] = {
    {"metric", true, read_until_metric},
    {"entity", false, read_until_entity},
    {"half_width", true, read_until_half_width},
    {"relative", false, read_until_relative},
    {"step", false, read_until_step},
    {"max", false, read_until_max},
};

static bool read_until(const char *key, const struct doc_node *value, void *out) {
    return reader_mapping(key, value, until_fields, FIELD_COUNT(until_fields), &((sweep_file *)out)->until);
}

static const field seed_fields[] = {
    {"first", true, read_seed_first},
    {"count", true, read_seed_count},
    {"until", false, read_until},
};

static bool read_seeds(const char *key, const struct doc_node *value, void *out) {
    const sweep_file *file = out;
    if (!reader_mapping(key, value, seed_fields, FIELD_COUNT(seed_fields), out)) {
        return false;
    }
    if (file->until.half_width > 0.0 && file->seed_count < UNTIL_COUNT_MIN) {
        return reader_fail(value, "count",
                           "expected at least %d with until: an interval of fewer is too uncertain to stop by",
                           UNTIL_COUNT_MIN);
    }
    if (file->until.half_width > 0.0 && file->until.max < file->seed_count) {
        return reader_fail(value, "max", "expected no less than count");
    }
    return true;
}

static bool read_timeout_s(const char *key, const struct doc_node *value, void *out) {
    double *seconds = &((sweep_file *)out)->timeout_s;
    return (doc_number(value, seconds) && *seconds > 0.0 && *seconds <= TIMEOUT_S_MAX) ||
           reader_fail_got(value, key, "expected seconds, a number above 0 and up to %g", TIMEOUT_S_MAX);
}

static bool read_memory_mib(const char *key, const struct doc_node *value, void *out) {
    return reader_whole(key, value, 1, MEMORY_MIB_MAX, &((sweep_file *)out)->memory_mib);
}

static bool read_predict(const char *key, const struct doc_node *value, void *out) {
    return reader_bool(key, value, &((sweep_file *)out)->is_predicted);
}

static bool read_sets(const char *key, const struct doc_node *value, void *out) {
    return reader_strings(key, value, &((sweep_file *)out)->sets, reader_set);
}

/* ---- one grid at the top, or a list of them ---- */

static sweep_grid *only_grid(sweep_file *file) {
    if (file->grid_count == 0) {
        file->grids = text_alloc(sizeof *file->grids);
        file->grid_count = 1;
    }
    return &file->grids[0];
}

static bool is_single(const char *key, const struct doc_node *value, const sweep_file *file) {
    return !file->is_list || reader_fail(value, key, GRID_OR_GRIDS);
}

static bool read_grid(const char *key, const struct doc_node *value, void *out) {
    return is_single(key, value, out) && reader_grid(key, value, only_grid(out));
}

static bool read_exclude(const char *key, const struct doc_node *value, void *out) {
    return is_single(key, value, out) && reader_excludes(key, value, only_grid(out));
}

static bool read_design(const char *key, const struct doc_node *value, void *out) {
    return is_single(key, value, out) && reader_design(key, value, only_grid(out));
}

static bool read_grid_axes(const char *key, const struct doc_node *value, void *out) {
    return reader_grid(key, value, out);
}

static bool read_grid_exclude(const char *key, const struct doc_node *value, void *out) {
    return reader_excludes(key, value, out);
}

static bool read_grid_design(const char *key, const struct doc_node *value, void *out) {
    return reader_design(key, value, out);
}

static bool read_grid_sets(const char *key, const struct doc_node *value, void *out) {
    return reader_strings(key, value, &((sweep_grid *)out)->sets, reader_set);
}

static const field grid_fields[] = {
    {"grid", true, read_grid_axes},
    {"set", false, read_grid_sets},
    {"exclude", false, read_grid_exclude},
    {"design", false, read_grid_design},
};

static bool read_grids(const char *key, const struct doc_node *value, void *out) {
    sweep_file *file = out;
    if (!reader_list(key, value)) {
        return false;
    }
    if (file->grids) {
        return reader_fail(value, key, GRID_OR_GRIDS);
    }
    file->is_list = true;
    for (const struct doc_node *i = value->child; i; i = i->next) {
        const struct doc_node *node = i;
        file->grids = text_grow(file->grids, file->grid_count, sizeof *file->grids);
        sweep_grid *grid = &file->grids[file->grid_count++];
        *grid = (sweep_grid){0};
        if (!reader_mapping(key, node, grid_fields, FIELD_COUNT(grid_fields), grid) ||
            !reader_complete_grid(node, grid)) {
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

/* A file without grid is one of a single point. */
static bool complete(const struct doc_node *root, sweep_file *file) {
    return file->is_list || reader_complete_grid(root, only_grid(file));
}

bool sweep_file_parse(const char *path, const char *text, size_t text_bytes, sweep_file *out) {
    struct scn_arena arena = {0};
    char message[1024];
    struct doc_error error = {message, sizeof message};
    const struct doc_node *root = doc_parse((struct doc_text){path, text, text_bytes, 0}, &arena, &error);
    *out = (sweep_file){.timeout_s = TIMEOUT_S_DEFAULT,
                        .memory_mib = MEMORY_MIB_DEFAULT,
                        .until = {.step = UNTIL_STEP_DEFAULT, .max = UNTIL_MAX_DEFAULT}};
    if (!root) {
        fprintf(stderr, "%s\n", message);
    }
    bool is_read =
        root && reader_mapping("", root, sweep_fields, FIELD_COUNT(sweep_fields), out) && complete(root, out);
    scn_arena_free(&arena);
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
