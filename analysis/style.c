/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "style.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "resource.h"
#include "settings.h"

static void add_entries(style_entry **list, size_t *n, const struct doc_node *from) {
    if (from->kind != DOC_MAPPING)
        settings_fail(from, "expected lines of NAME: TEXT");
    for (const struct doc_node *i = from->child; i != NULL; i = i->next) {
        *list = memory_grow(*list, *n, sizeof **list);
        (*list)[(*n)++] = (style_entry){memory_text(i->key), memory_text(settings_text(i))};
    }
}

static void check_looks(const struct doc_node *from) {
    for (const struct doc_node *i = from->child; i != NULL; i = i->next) {
        int64_t look;
        if (!doc_whole(i, &look) || look < 1 || look > STYLE_LOOKS)
            settings_fail(i, "expected a number from 1 to 14");
    }
}

static void add_file(style *s, const char *path) {
    struct scn_arena arena = {0};
    for (const struct doc_node *i = settings_read(path, &arena)->child; i != NULL; i = i->next) {
        if (strcmp(i->key, "labels") == 0) {
            add_entries(&s->label, &s->labels, i);
        } else if (strcmp(i->key, "titles") == 0) {
            add_entries(&s->title, &s->titles, i);
        } else if (strcmp(i->key, "looks") == 0) {
            add_entries(&s->look, &s->looks, i);
            check_looks(i);
        } else if (strcmp(i->key, "order") == 0 && i->kind == DOC_SEQUENCE) {
            for (const struct doc_node *value = i->child; value != NULL; value = value->next) {
                s->order = memory_grow(s->order, s->orders, sizeof *s->order);
                s->order[s->orders++] = memory_text(settings_text(value));
            }
        } else {
            settings_fail(i, "expected one of labels, titles, looks (mappings) and order (a list)");
        }
    }
    scn_arena_free(&arena);
}

style style_read(const char *file) {
    style s = {0};
    if (file != NULL)
        add_file(&s, file);
    char *stored = resource_path("style", "default", ".yaml");
    add_file(&s, stored);
    free(stored);
    return s;
}

static void free_entries(style_entry *list, size_t n) {
    for (size_t i = 0; i < n; i++) {
        free(list[i].name);
        free(list[i].value);
    }
    free(list);
}

void style_free(style *s) {
    free_entries(s->label, s->labels);
    free_entries(s->title, s->titles);
    free_entries(s->look, s->looks);
    for (size_t i = 0; i < s->orders; i++)
        free(s->order[i]);
    free(s->order);
    *s = (style){0};
}

static const char *find(const style_entry *list, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i].name, name) == 0)
            return list[i].value;
    return NULL;
}

const char *style_label(const style *s, const char *value) {
    const char *label = find(s->label, s->labels, value);
    return label != NULL ? label : value;
}

int style_place(const style *s, const char *value) {
    for (size_t i = 0; i < s->orders; i++)
        if (strcmp(s->order[i], value) == 0)
            return (int)i;
    return -1;
}

void style_looks(const style *s, char *const *value, size_t n, int *look) {
    int uses[STYLE_LOOKS + 1] = {0};
    for (size_t i = 0; i < n; i++) {
        const char *listed = find(s->look, s->looks, value[i]);
        look[i] = listed != NULL ? atoi(listed) : 0;
        if (look[i] > 0 && uses[look[i]] > 0)
            look[i] = 0; /* two listed names of one look may not be one figure's curves */
        if (look[i] > 0)
            uses[look[i]]++;
    }
    for (size_t i = 0; i < n; i++) {
        if (look[i] > 0)
            continue;
        int best = 1;
        for (int k = 2; k <= STYLE_LOOKS; k++)
            if (uses[k] < uses[best])
                best = k;
        look[i] = best;
        uses[best]++;
    }
}

/* Endings of keys and what they stand for. */
static const struct {
    const char *ending, *unit;
} units[] = {
    {"_mbps", "Mb/s"}, {"_kbps", "kb/s"},   {"_ms", "ms"},   {"_us", "µs"},   {"_ns", "ns"},
    {"_mps", "m/s"},   {"_bytes", "bytes"}, {"_kib", "KiB"}, {"_mib", "MiB"}, {"_packets", "packets"},
    {"_percent", "%"}, {"_s", "s"},         {"_m", "m"},     {"_hz", "Hz"},
};

static size_t unit_ending(const char *key, const char **unit) {
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t length = strlen(units[i].ending), whole = strlen(key);
        if (whole > length && strcmp(key + whole - length, units[i].ending) == 0) {
            *unit = units[i].unit;
            return length;
        }
    }
    *unit = "";
    return 0;
}

const char *style_unit_of_key(const char *key) {
    const char *unit;
    unit_ending(key, &unit);
    return unit;
}

/* 'flows.download.receive_buffer_bytes' gives 'receive buffer'; of a metric, 'stall_max' gives 'stall max'. */
static char *plain_name(const char *name, bool is_key) {
    const char *unit, *dot = strrchr(name, '.');
    char *text = memory_text(dot != NULL ? dot + 1 : name);
    if (is_key)
        text[strlen(text) - unit_ending(text, &unit)] = '\0';
    for (char *at = text; *at != '\0'; at++)
        if (*at == '_')
            *at = ' ';
    return text;
}

/* A title of the style without the unit that it may have in brackets. */
static char *without_unit(const char *title) {
    char *text = memory_text(title), *bracket = strstr(text, " [");
    if (bracket != NULL)
        *bracket = '\0';
    return text;
}

char *style_name(const style *s, const char *name) {
    const char *listed = find(s->title, s->titles, name), *dot = strrchr(name, '.');
    if (listed == NULL && dot != NULL)
        listed = find(s->title, s->titles, dot + 1);
    char *text = listed != NULL ? without_unit(listed) : plain_name(name, *style_unit_of_key(name) != '\0');
    if (isupper((unsigned char)text[0]) && islower((unsigned char)text[1]))
        text[0] = (char)tolower((unsigned char)text[0]);
    return text;
}

char *style_title(const style *s, const char *name, const char *unit) {
    const char *listed = find(s->title, s->titles, name), *dot = strrchr(name, '.');
    if (listed == NULL && dot != NULL)
        listed = find(s->title, s->titles, dot + 1);
    if (listed != NULL && strstr(listed, " [") != NULL)
        return memory_text(listed);
    char *text = listed != NULL ? memory_text(listed) : plain_name(name, unit == NULL);
    text[0] = (char)toupper((unsigned char)text[0]);
    if (unit == NULL)
        unit = style_unit_of_key(name);
    if (unit[0] != '\0' && strcmp(unit, "1") != 0 && strcmp(unit, "fraction") != 0)
        memory_append(&text, " [%s]", unit);
    return text;
}
