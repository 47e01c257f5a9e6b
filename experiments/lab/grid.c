/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "grid.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static char *point_label(const sweep_file *file, const grid_point *p) {
    text_buf label = {0};
    text_append(&label, "", 0);
    for (size_t a = 0; a < file->axis_count; a++) {
        text_append_string(&label, a ? " " : "");
        text_append_string(&label, file->axes[a].key);
        text_append_string(&label, "=");
        text_append_string(&label, p->choices[a]->value);
    }
    return label.bytes;
}

void grid_expand(const sweep_file *file, grid *out) {
    *out = (grid){.file = file, .count = sweep_file_point_count(file)};
    out->points = text_alloc(out->count * sizeof *out->points);
    for (size_t i = 0; i < out->count; i++) {
        grid_point *p = &out->points[i];
        p->choices = text_alloc(file->axis_count * sizeof *p->choices);
        size_t rest = i;
        for (size_t a = file->axis_count; a-- > 0;) {
            const sweep_axis *axis = &file->axes[a];
            p->choices[a] = &axis->choices[rest % axis->choice_count];
            rest /= axis->choice_count;
        }
        p->label = point_label(file, p);
        p->is_wanted = true;
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
    for (size_t a = 0; a < g->file->axis_count; a++) {
        push_sets(&argv, &count, &p->choices[a]->sets);
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
