/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The axes of a grid: values, variants, ranges, zips, designs, and what is left out. */
#include "sweep_design.h"
#include "sweep_reader.h"
#include "text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DESIGN_AXES_MAX 40 /* of GSL's Sobol sequence */
#define RANGE_SLACK 1e-9   /* of a step: 0 to 0.3 by 0.1 has four values whatever the rounding */

/* ---- choices ---- */

static bool read_choice_value(const char *key, const struct doc_node *value, void *out) {
    return reader_string(key, value, &((sweep_choice *)out)->value);
}

static bool read_choice_sets(const char *key, const struct doc_node *value, void *out) {
    return reader_strings(key, value, &((sweep_choice *)out)->sets, reader_set);
}

static const field choice_fields[] = {
    {"value", true, read_choice_value},
    {"set", true, read_choice_sets},
};

static sweep_choice *new_choice(sweep_axis *axis, size_t line, size_t column) {
    axis->choices = text_grow(axis->choices, axis->choice_count, sizeof *axis->choices);
    sweep_choice *choice = &axis->choices[axis->choice_count++];
    *choice = (sweep_choice){.line = line, .column = column};
    return choice;
}

static bool add_choice(const char *key, const struct doc_node *node, sweep_axis *axis, bool is_variant) {
    sweep_choice *choice = new_choice(axis, (size_t)node->mark.line, (size_t)node->mark.column);
    return is_variant ? reader_mapping(key, node, choice_fields, FIELD_COUNT(choice_fields), choice)
                      : reader_string(key, node, &choice->value);
}

static bool has_values_already(const char *key, const struct doc_node *value, const sweep_axis *axis) {
    return (axis->choices || axis->range.is_given) &&
           !reader_fail(value, key, "expected one of values, variants, range and between, not two");
}

static bool read_choices(const char *key, const struct doc_node *value, sweep_axis *axis, bool is_variants) {
    if (has_values_already(key, value, axis) || !reader_list(key, value)) {
        return false;
    }
    axis->is_plain = !is_variants;
    for (const struct doc_node *i = value->child; i; i = i->next) {
        if (!add_choice(key, i, axis, is_variants)) {
            return false;
        }
    }
    return true;
}

/* ---- ranges ---- */

static bool read_from(const char *key, const struct doc_node *value, void *out) {
    return reader_number(key, value, &((sweep_range *)out)->from);
}

static bool read_to(const char *key, const struct doc_node *value, void *out) {
    return reader_number(key, value, &((sweep_range *)out)->to);
}

static bool read_step(const char *key, const struct doc_node *value, void *out) {
    double *step = &((sweep_range *)out)->step;
    return reader_number(key, value, step) && (*step > 0.0 || reader_fail(value, key, "expected a number above 0"));
}

static bool read_count(const char *key, const struct doc_node *value, void *out) {
    return reader_whole(key, value, 2, SWEEP_POINTS_MAX, &((sweep_range *)out)->count);
}

static bool read_scale(const char *key, const struct doc_node *value, void *out) {
    const char *s = value->kind == DOC_SCALAR ? value->text : "";
    ((sweep_range *)out)->is_log = strcmp(s, "log") == 0;
    return strcmp(s, "log") == 0 || strcmp(s, "linear") == 0 || reader_fail(value, key, "expected linear or log");
}

static bool read_is_whole(const char *key, const struct doc_node *value, void *out) {
    return reader_bool(key, value, &((sweep_range *)out)->is_whole);
}

static const field range_fields[] = {
    {"from", true, read_from},    {"to", true, read_to},        {"step", false, read_step},
    {"count", false, read_count}, {"scale", false, read_scale}, {"whole", false, read_is_whole},
};

static bool check_limits(const struct doc_node *value, const sweep_range *range) {
    if (range->to <= range->from) {
        return reader_fail(value, "to", "expected a number above from");
    }
    return !range->is_log || range->from > 0.0 ||
           reader_fail(value, "from", "expected a number above 0 with scale: log");
}

static bool read_range(const char *key, const struct doc_node *value, void *out) {
    sweep_axis *axis = out;
    sweep_range *range = &axis->range;
    if (has_values_already(key, value, axis) ||
        !reader_mapping(key, value, range_fields, FIELD_COUNT(range_fields), range) || !check_limits(value, range)) {
        return false;
    }
    axis->is_plain = range->is_given = true;
    if ((range->step > 0.0) == (range->count > 0)) {
        return reader_fail(value, key, "expected either step or count");
    }
    if (range->is_log && range->step > 0.0) {
        return reader_fail(value, key, "expected count with scale: log, as a step is linear");
    }
    if (range->step > 0.0 && (range->to - range->from) / range->step > SWEEP_POINTS_MAX) {
        return reader_fail(value, "step", "expected at most %u values", SWEEP_POINTS_MAX);
    }
    return true;
}

static const field between_fields[] = {
    {"from", true, read_from},
    {"to", true, read_to},
    {"scale", false, read_scale},
    {"whole", false, read_is_whole},
};

static bool read_between(const char *key, const struct doc_node *value, void *out) {
    sweep_axis *axis = out;
    if (has_values_already(key, value, axis) ||
        !reader_mapping(key, value, between_fields, FIELD_COUNT(between_fields), &axis->range) ||
        !check_limits(value, &axis->range)) {
        return false;
    }
    axis->is_plain = axis->range.is_given = axis->is_designed = true;
    return true;
}

/* The number at `part` of the way from one limit to the other, as the axis shows it. */
static void add_number(sweep_axis *axis, double part, double number) {
    const sweep_range *range = &axis->range;
    double value = isfinite(number) ? number
                   : range->is_log  ? range->from * pow(range->to / range->from, part)
                                    : range->from + part * (range->to - range->from);
    new_choice(axis, axis->line, axis->column)->value = text_format("%.10g", range->is_whole ? round(value) : value);
}

static void fill_range(sweep_axis *axis) {
    const sweep_range *range = &axis->range;
    if (range->step > 0.0) {
        size_t steps = (size_t)((range->to - range->from) / range->step + RANGE_SLACK);
        for (size_t i = 0; i <= steps; i++) {
            add_number(axis, 0.0, range->from + (double)i * range->step);
        }
        return;
    }
    for (uint64_t i = 0; i < range->count; i++) {
        add_number(axis, (double)i / (double)(range->count - 1), NAN);
    }
}

/* ---- conditions ---- */

static bool read_condition_values(const char *key, const struct doc_node *value, sweep_strings *out) {
    if (value->kind == DOC_SEQUENCE) {
        return reader_list(key, value) && reader_strings(key, value, out, reader_string);
    }
    out->items = text_grow(out->items, out->count, sizeof *out->items);
    out->items[out->count] = NULL;
    return reader_string(key, value, &out->items[out->count++]);
}

/* {axis: value, axis: [value, value]} */
static bool read_conditions(const char *key, const struct doc_node *value, sweep_conditions *out) {
    if (value->kind != DOC_MAPPING || !value->child) {
        return reader_fail(value, key, "expected axes with values, as in {transport: mptcp}");
    }
    for (const struct doc_node *i = value->child; i; i = i->next) {
        out->items = text_grow(out->items, out->count, sizeof *out->items);
        sweep_condition *condition = &out->items[out->count++];
        *condition = (sweep_condition){.key = text_copy(i->key)};
        if (!read_condition_values(i->key, i, &condition->values)) {
            return false;
        }
    }
    return true;
}

bool reader_excludes(const char *key, const struct doc_node *value, sweep_grid *out) {
    if (!reader_list(key, value)) {
        return false;
    }
    for (const struct doc_node *i = value->child; i; i = i->next) {
        out->excludes = text_grow(out->excludes, out->exclude_count, sizeof *out->excludes);
        sweep_conditions *conditions = &out->excludes[out->exclude_count++];
        *conditions = (sweep_conditions){0};
        if (!read_conditions(key, i, conditions)) {
            return false;
        }
    }
    return true;
}

/* ---- the design ---- */

static bool read_design_kind(const char *key, const struct doc_node *value, void *out) {
    const char *s = value->kind == DOC_SCALAR ? value->text : "";
    sweep_design *design = out;
    design->kind = strcmp(s, "sobol") == 0             ? SWEEP_SOBOL
                   : strcmp(s, "latin-hypercube") == 0 ? SWEEP_LATIN_HYPERCUBE
                                                       : SWEEP_NO_DESIGN;
    return design->kind != SWEEP_NO_DESIGN || reader_fail(value, key, "expected sobol or latin-hypercube");
}

static bool read_design_points(const char *key, const struct doc_node *value, void *out) {
    return reader_whole(key, value, 2, SWEEP_POINTS_MAX, &((sweep_design *)out)->count);
}

static bool read_design_seed(const char *key, const struct doc_node *value, void *out) {
    return reader_whole(key, value, 1, UINT32_MAX, &((sweep_design *)out)->seed);
}

static const field design_fields[] = {
    {"kind", true, read_design_kind},
    {"points", true, read_design_points},
    {"seed", false, read_design_seed},
};

bool reader_design(const char *key, const struct doc_node *value, sweep_grid *out) {
    out->design.seed = 1;
    return reader_mapping(key, value, design_fields, FIELD_COUNT(design_fields), &out->design);
}

/* ---- axes ---- */

static bool read_axis_key(const char *key, const struct doc_node *value, void *out) {
    return reader_string(key, value, &((sweep_axis *)out)->key);
}

static bool read_axis_paths(const char *key, const struct doc_node *value, void *out) {
    return reader_list(key, value) && reader_strings(key, value, &((sweep_axis *)out)->paths, reader_string);
}

static bool read_axis_values(const char *key, const struct doc_node *value, void *out) {
    return read_choices(key, value, out, false);
}

static bool read_axis_variants(const char *key, const struct doc_node *value, void *out) {
    return read_choices(key, value, out, true);
}

static bool read_axis_when(const char *key, const struct doc_node *value, void *out) {
    return read_conditions(key, value, &((sweep_axis *)out)->when);
}

static const field axis_fields[] = {
    {"key", true, read_axis_key},    {"values", false, read_axis_values}, {"variants", false, read_axis_variants},
    {"range", false, read_range},    {"between", false, read_between},    {"sets", false, read_axis_paths},
    {"when", false, read_axis_when},
};

static bool has_axis(const sweep_grid *grid, const char *key, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(grid->axes[i].key, key) == 0) {
            return true;
        }
    }
    return false;
}

/* A plain value sets the axis' paths, or its own key; done when all is read, as `key` may stand behind `values`. */
static void complete_choices(sweep_axis *axis) {
    for (size_t i = 0; i < axis->choice_count && axis->is_plain; i++) {
        sweep_choice *choice = &axis->choices[i];
        for (size_t k = 0; k < axis->paths.count || k == 0; k++) {
            const char *path = axis->paths.count ? axis->paths.items[k] : axis->key;
            choice->sets.items = text_grow(choice->sets.items, choice->sets.count, sizeof *choice->sets.items);
            choice->sets.items[choice->sets.count++] = text_format("%s=%s", path, choice->value);
        }
    }
}

static int compare_choices(const void *a, const void *b) {
    return strcmp((*(const sweep_choice *const *)a)->value, (*(const sweep_choice *const *)b)->value);
}

/* Entries of a zip or a design may have a value twice; those of an axis that stands alone may not. */
static bool are_different(const struct doc_node *node, const sweep_axis *axis) {
    const sweep_choice **sorted = text_alloc(axis->choice_count * sizeof *sorted);
    bool is_good = true;
    for (size_t i = 0; i < axis->choice_count; i++) {
        sorted[i] = &axis->choices[i];
    }
    qsort(sorted, axis->choice_count, sizeof *sorted, compare_choices);
    for (size_t i = 1; i < axis->choice_count && is_good; i++) {
        if (compare_choices(&sorted[i - 1], &sorted[i]) == 0) {
            bool is_first = sorted[i - 1] > sorted[i];
            struct doc_node at = *node;
            at.mark.line = (int)sorted[i - is_first]->line;
            at.mark.column = (int)sorted[i - is_first]->column;
            is_good = reader_fail(&at, axis->is_plain ? "values" : "variants",
                                  "'%s' given twice, expected different values", sorted[i]->value);
        }
    }
    free(sorted);
    return is_good;
}

static bool read_axis(const struct doc_node *node, sweep_grid *grid, bool is_alone) {
    grid->axes = text_grow(grid->axes, grid->axis_count, sizeof *grid->axes);
    sweep_axis *axis = &grid->axes[grid->axis_count++];
    *axis = (sweep_axis){.line = (size_t)node->mark.line, .column = (size_t)node->mark.column};
    if (!reader_mapping("grid", node, axis_fields, FIELD_COUNT(axis_fields), axis)) {
        return false;
    }
    if (!axis->choices && !axis->range.is_given) {
        return reader_fail(node, axis->key, "expected values, variants, range or between");
    }
    if (has_axis(grid, axis->key, grid->axis_count - 1)) {
        return reader_fail(node, axis->key, "a second axis of this key, expected one");
    }
    if (axis->paths.count && !axis->is_plain) {
        return reader_fail(node, "sets", "expected with values, range or between; each variant has its own set");
    }
    for (size_t i = 0; i < axis->when.count; i++) {
        if (!is_alone || axis->is_designed || !has_axis(grid, axis->when.items[i].key, grid->axis_count - 1)) {
            return reader_fail(node, "when", "expected axes that stand above this one, outside of zip and design");
        }
    }
    if (!axis->is_designed && !axis->choices) {
        fill_range(axis);
    }
    complete_choices(axis);
    return !is_alone || axis->is_designed || are_different(node, axis);
}

static sweep_block *new_block(sweep_grid *grid) {
    grid->blocks = text_grow(grid->blocks, grid->block_count, sizeof *grid->blocks);
    sweep_block *block = &grid->blocks[grid->block_count++];
    *block = (sweep_block){.axis_first = grid->axis_count};
    return block;
}

/* {zip: [axis, axis]}: the first value of each, then the second of each, and so on. */
static bool read_zip(const struct doc_node *node, const struct doc_node *list, sweep_grid *grid) {
    if (node->child->next) {
        return reader_fail(node, "zip", "expected no other key beside it");
    }
    if (!reader_list("zip", list)) {
        return false;
    }
    new_block(grid);
    for (const struct doc_node *i = list->child; i; i = i->next) {
        const struct doc_node *item = i;
        if (!read_axis(item, grid, false)) {
            return false;
        }
        sweep_block *block = &grid->blocks[grid->block_count - 1];
        const sweep_axis *axis = &grid->axes[grid->axis_count - 1];
        block->axis_count++;
        block->entry_count = block->entry_count ? block->entry_count : axis->choice_count;
        if (axis->is_designed || axis->choice_count != block->entry_count) {
            return reader_fail(item, axis->key, "expected %zu values, as many as the zip's first axis has",
                               block->entry_count);
        }
    }
    return true;
}

/* An axis of the design shares the block of the axis of the design before it. */
static bool add_axis(const struct doc_node *node, sweep_grid *grid) {
    size_t first = grid->axis_count;
    if (!read_axis(node, grid, true)) {
        return false;
    }
    const sweep_axis *axis = &grid->axes[first];
    sweep_block *last = grid->block_count ? &grid->blocks[grid->block_count - 1] : NULL;
    if (axis->is_designed && last && grid->axes[last->axis_first].is_designed) {
        last->axis_count++;
        return true;
    }
    for (size_t i = 0; i < first && axis->is_designed; i++) {
        if (grid->axes[i].is_designed) {
            return reader_fail(node, "between", "expected the axes of the design side by side");
        }
    }
    sweep_block *block = new_block(grid);
    block->axis_first = first;
    block->axis_count = 1;
    block->entry_count = grid->axes[first].choice_count;
    return true;
}

bool reader_grid(const char *key, const struct doc_node *value, sweep_grid *out) {
    if (value->kind != DOC_SEQUENCE) {
        return reader_fail(value, key, "expected a list of axes, got %s", reader_kind(value));
    }
    for (const struct doc_node *i = value->child; i; i = i->next) {
        const struct doc_node *node = i;
        const struct doc_node *zip = doc_member(node, "zip");
        if (!(zip ? read_zip(node, zip, out) : add_axis(node, out))) {
            return false;
        }
    }
    return true;
}

/* ---- the whole grid ---- */

static bool fill_design(const struct doc_node *node, sweep_grid *grid) {
    sweep_block *block = NULL;
    for (size_t i = 0; i < grid->block_count; i++) {
        block = grid->axes[grid->blocks[i].axis_first].is_designed ? &grid->blocks[i] : block;
    }
    if (!block || grid->design.kind == SWEEP_NO_DESIGN) {
        return (!block && grid->design.kind == SWEEP_NO_DESIGN) ||
               reader_fail(node, "design", "expected together with axes that have between, which it fills");
    }
    if (block->axis_count > DESIGN_AXES_MAX) {
        return reader_fail(node, "design", "expected at most %d axes", DESIGN_AXES_MAX);
    }
    double *parts = sweep_design_make(&grid->design, block->axis_count);
    block->entry_count = grid->design.count;
    for (size_t a = 0; a < block->axis_count; a++) {
        sweep_axis *axis = &grid->axes[block->axis_first + a];
        for (size_t i = 0; i < block->entry_count; i++) {
            add_number(axis, parts[i * block->axis_count + a], NAN);
        }
        complete_choices(axis);
    }
    free(parts);
    return true;
}

static bool check_excludes(const struct doc_node *node, const sweep_grid *grid) {
    for (size_t i = 0; i < grid->exclude_count; i++) {
        for (size_t k = 0; k < grid->excludes[i].count; k++) {
            if (!has_axis(grid, grid->excludes[i].items[k].key, grid->axis_count)) {
                return reader_fail(node, "exclude", "expected an axis of the grid, not '%s'",
                                   grid->excludes[i].items[k].key);
            }
        }
    }
    return true;
}

static bool has_choice(const sweep_axis *axis, const char *value) {
    size_t i = 0;
    while (i < axis->choice_count && strcmp(axis->choices[i].value, value) != 0) {
        i++;
    }
    return i < axis->choice_count;
}

/* A value that the axis does not have would never be met, and nobody be told: 5.0 is none where it has 5. */
static bool check_values(const struct doc_node *node, const char *word, const sweep_grid *grid,
                         const sweep_conditions *conditions) {
    for (size_t i = 0; i < conditions->count; i++) {
        const sweep_condition *condition = &conditions->items[i];
        size_t a = 0;
        while (strcmp(grid->axes[a].key, condition->key) != 0) {
            a++;
        }
        for (size_t k = 0; k < condition->values.count; k++) {
            if (!has_choice(&grid->axes[a], condition->values.items[k])) {
                return reader_fail(node, word, "expected a value of the axis '%s', not '%s'", condition->key,
                                   condition->values.items[k]);
            }
        }
    }
    return true;
}

static bool check_conditions(const struct doc_node *node, const sweep_grid *grid) {
    for (size_t i = 0; i < grid->exclude_count; i++) {
        if (!check_values(node, "exclude", grid, &grid->excludes[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < grid->axis_count; i++) {
        if (!check_values(node, "when", grid, &grid->axes[i].when)) {
            return false;
        }
    }
    return true;
}

bool reader_complete_grid(const struct doc_node *node, sweep_grid *grid) {
    if (!fill_design(node, grid) || !check_excludes(node, grid) || !check_conditions(node, grid)) {
        return false;
    }
    size_t points = 1;
    for (size_t i = 0; i < grid->block_count; i++) {
        if (grid->blocks[i].entry_count > SWEEP_POINTS_MAX / points) {
            return reader_fail(node, "grid", "expected at most %u combinations", SWEEP_POINTS_MAX);
        }
        points *= grid->blocks[i].entry_count;
    }
    return true;
}

/* ---- end ---- */

void sweep_strings_free(sweep_strings *strings) {
    for (size_t i = 0; i < strings->count; i++) {
        free(strings->items[i]);
    }
    free(strings->items);
    free(strings->lines);
    *strings = (sweep_strings){0};
}

static void conditions_free(sweep_conditions *conditions) {
    for (size_t i = 0; i < conditions->count; i++) {
        free(conditions->items[i].key);
        sweep_strings_free(&conditions->items[i].values);
    }
    free(conditions->items);
}

static void axis_free(sweep_axis *axis) {
    for (size_t i = 0; i < axis->choice_count; i++) {
        free(axis->choices[i].value);
        sweep_strings_free(&axis->choices[i].sets);
    }
    free(axis->choices);
    free(axis->key);
    sweep_strings_free(&axis->paths);
    conditions_free(&axis->when);
}

void sweep_grid_free(sweep_grid *grid) {
    for (size_t i = 0; i < grid->axis_count; i++) {
        axis_free(&grid->axes[i]);
    }
    for (size_t i = 0; i < grid->exclude_count; i++) {
        conditions_free(&grid->excludes[i]);
    }
    free(grid->axes);
    free(grid->blocks);
    free(grid->excludes);
    sweep_strings_free(&grid->sets);
}
