/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "grid.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static char *point_label(const grid_point *p) {
    text_buf label = {0};
    text_append(&label, "", 0);
    for (size_t a = 0; a < p->of->axis_count; a++) {
        if (p->choices[a]) {
            text_append_string(&label, label.count ? " " : "");
            text_append_string(&label, p->of->axes[a].key);
            text_append_string(&label, "=");
            text_append_string(&label, p->choices[a]->value);
        }
    }
    return label.bytes;
}

static bool is_met(const sweep_condition *condition, const grid_point *p) {
    for (size_t a = 0; a < p->of->axis_count; a++) {
        if (!p->choices[a] || strcmp(p->of->axes[a].key, condition->key) != 0) {
            continue;
        }
        for (size_t i = 0; i < condition->values.count; i++) {
            if (strcmp(p->choices[a]->value, condition->values.items[i]) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool are_met(const sweep_conditions *conditions, const grid_point *p) {
    size_t i = 0;
    while (i < conditions->count && is_met(&conditions->items[i], p)) {
        i++;
    }
    return i == conditions->count;
}

/*
 * Fills in the choices of combination number `index`. False when it is not a point of its own: excluded, or it differs
 * only on an axis that the point does not have.
 */
static bool choose(grid_point *p, size_t index) {
    const sweep_grid *of = p->of;
    bool is_point = true;
    for (size_t b = of->block_count; b-- > 0;) {
        const sweep_block *block = &of->blocks[b];
        for (size_t a = block->axis_first; a < block->axis_first + block->axis_count; a++) {
            p->choices[a] = &of->axes[a].choices[index % block->entry_count];
        }
        index /= block->entry_count;
    }
    for (size_t a = 0; a < of->axis_count; a++) {
        if (!are_met(&of->axes[a].when, p)) {
            is_point = is_point && p->choices[a] == &of->axes[a].choices[0];
            p->choices[a] = NULL;
        }
    }
    for (size_t i = 0; i < of->exclude_count; i++) {
        is_point = is_point && !are_met(&of->excludes[i], p);
    }
    return is_point;
}

static void expand(const sweep_grid *of, grid *out) {
    size_t combinations = 1;
    for (size_t b = 0; b < of->block_count; b++) {
        combinations *= of->blocks[b].entry_count;
    }
    for (size_t i = 0; i < combinations; i++) {
        grid_point p = {.of = of,
                        .is_wanted = true,
                        .seed_target = out->file->seed_count,
                        .choices = text_alloc(of->axis_count * sizeof *p.choices)};
        if (!choose(&p, i)) {
            free(p.choices);
            continue;
        }
        p.label = point_label(&p);
        out->points = text_grow(out->points, out->count, sizeof *out->points);
        out->points[out->count++] = p;
    }
}

void grid_expand(const sweep_file *file, grid *out) {
    *out = (grid){.file = file};
    for (size_t i = 0; i < file->grid_count; i++) {
        expand(&file->grids[i], out);
    }
}

void grid_free(grid *g) {
    for (size_t i = 0; i < g->count; i++) {
        free(g->points[i].choices);
        free(g->points[i].label);
        free(g->points[i].config_json);
    }
    free(g->points);
    *g = (grid){0};
}

/* ---- command lines ---- */

static void push(char ***argv, size_t *count, char *word) {
    *argv = text_grow(*argv, *count, sizeof **argv);
    (*argv)[(*count)++] = word;
}

static void push_sets(char ***argv, size_t *count, const sweep_strings *sets) {
    for (size_t i = 0; i < sets->count; i++) {
        push(argv, count, text_copy("--set"));
        push(argv, count, text_copy(sets->items[i]));
    }
}

static char **point_argv(const grid *g, const grid_point *p, const char *program, const char *scenario, char *option,
                         char *value) {
    char **argv = NULL;
    size_t count = 0;
    push(&argv, &count, text_copy(program));
    push(&argv, &count, text_copy(scenario));
    push(&argv, &count, option);
    if (value) {
        push(&argv, &count, value);
    }
    push_sets(&argv, &count, &g->file->sets);
    push_sets(&argv, &count, &p->of->sets);
    for (size_t a = 0; a < p->of->axis_count; a++) {
        if (p->choices[a]) {
            push_sets(&argv, &count, &p->choices[a]->sets);
        }
    }
    push(&argv, &count, NULL);
    return argv;
}

char **grid_argv_config(const grid *g, const grid_point *p, const char *program, const char *scenario) {
    return point_argv(g, p, program, scenario, text_copy("--print-config"), NULL);
}

char **grid_argv_run(const grid *g, const grid_point *p, const char *program, const char *scenario, uint64_t seed) {
    return point_argv(g, p, program, scenario, text_copy("--seed"), text_format("%" PRIu64, seed));
}

char *argv_quoted(char *const *argv) {
    text_buf line = {0};
    for (; *argv; argv++) {
        text_append_shell_word(&line, *argv);
    }
    return line.bytes;
}

void argv_free(char **argv) {
    for (char **word = argv; *word; word++) {
        free(*word);
    }
    free(argv);
}
