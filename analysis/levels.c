/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "levels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

double level_number(const levels *l, size_t i) {
    return strtod(l->text[i], NULL);
}

size_t level_find(const levels *l, const char *text) {
    size_t i = 0;
    while (i < l->n && strcmp(l->text[i], text) != 0)
        i++;
    return i;
}

size_t level_add(levels *l, const char *text) {
    size_t i = level_find(l, text);
    if (i < l->n)
        return i;
    l->text = memory_grow(l->text, l->n, sizeof *l->text);
    l->text[l->n] = memory_text(text);
    return l->n++;
}

static bool is_number(const char *text) {
    char *end;
    double value = strtod(text, &end);
    return *text != '\0' && *end == '\0' && isfinite(value);
}

/* Whether level a comes before level b: by number, or as the style says and then as they came. */
static bool is_before(const levels *l, const style *look, size_t a, size_t b) {
    if (l->is_numeric)
        return level_number(l, a) < level_number(l, b);
    int place_a = style_place(look, l->text[a]), place_b = style_place(look, l->text[b]);
    if (place_a >= 0 && place_b >= 0)
        return place_a < place_b;
    return place_a >= 0 && place_b < 0;
}

size_t *levels_sort(levels *l, const style *look) {
    size_t *order = memory_new(l->n, sizeof *order), *place = memory_new(l->n, sizeof *place);
    char **text = memory_new(l->n, sizeof *text);
    l->is_numeric = l->n > 0 && !l->is_metric;
    for (size_t i = 0; i < l->n; i++)
        l->is_numeric &= is_number(l->text[i]);
    for (size_t i = 0; i < l->n; i++) { /* insertion keeps the order of equals */
        size_t at = i;
        for (; at > 0 && is_before(l, look, i, order[at - 1]) && !l->is_metric; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    for (size_t i = 0; i < l->n; i++) {
        text[i] = l->text[order[i]];
        place[order[i]] = i;
    }
    free(l->text);
    free(order);
    l->text = text;
    return place;
}

void levels_free(levels *l) {
    for (size_t i = 0; i < l->n; i++)
        free(l->text[i]);
    free(l->text);
    free(l->key);
    *l = (levels){0};
}

bool level_keys_next(const char **at, char *key, size_t size) {
    if (*at == NULL)
        return false;
    size_t length = strcspn(*at, LEVEL_JOIN);
    snprintf(key, size, "%.*s", (int)length, *at);
    *at = (*at)[length] != '\0' ? *at + length + 1 : NULL;
    return true;
}

/* Bytes that are a multiple of 1024 are written in KiB or MiB. */
static char *value_label(const style *look, const char *key, const char *value) {
    const char *unit = style_unit_of_key(key);
    if (value[0] == '\0')
        return memory_text("(none)");
    if (!is_number(value) || strcmp(style_label(look, value), value) != 0)
        return memory_text(style_label(look, value));
    double number = strtod(value, NULL);
    if (strcmp(unit, "bytes") == 0 && number >= 1048576.0 && fmod(number, 1048576.0) == 0.0)
        return memory_format("%.10g MiB", number / 1048576.0);
    if (strcmp(unit, "bytes") == 0 && number >= 1024.0 && fmod(number, 1024.0) == 0.0)
        return memory_format("%.10g KiB", number / 1024.0);
    return memory_format("%s%s%s", value, unit[0] != '\0' ? " " : "", unit);
}

static char *join_labels(const levels *l, const style *look, size_t i, bool has_names) {
    char key[256], value[256], *text = NULL;
    const char *keys = l->key, *values = l->text[i];
    while (level_keys_next(&keys, key, sizeof key) && level_keys_next(&values, value, sizeof value)) {
        char *label = value_label(look, key, value), *name = style_name(look, key);
        if (has_names && (is_number(value) || strcmp(value, "true") == 0 || strcmp(value, "false") == 0))
            memory_append(&text, "%s%s %s", text != NULL ? " / " : "", name, label);
        else
            memory_append(&text, "%s%s", text != NULL ? " / " : "", label);
        free(label);
        free(name);
    }
    return text;
}

char *level_label(const levels *l, const style *look, size_t i) {
    return join_labels(l, look, i, false);
}

char *level_phrase(const levels *l, const style *look, size_t i) {
    return join_labels(l, look, i, true);
}

char *levels_names(const levels *l, const style *look) {
    char key[256], *text = NULL;
    const char *keys = l->key;
    while (level_keys_next(&keys, key, sizeof key)) {
        char *name = style_name(look, key);
        memory_append(&text, "%s%s", text != NULL ? " and " : "", name);
        free(name);
    }
    return text;
}
