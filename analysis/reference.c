/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "reference.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "resource.h"

enum {
    FIELD_NAME,
    FIELD_CAMPAIGN,
    FIELD_METRIC,
    FIELD_ENTITY,
    FIELD_WHERE,
    FIELD_OVER,
    FIELD_EXPECTED,
    FIELD_LOW,
    FIELD_HIGH,
    FIELD_SOURCE,
    FIELDS
};

static const char header[] = "name,campaign,metric,entity,where,over,expected,low,high,source";

/* Splits a line in place at its commas; a field may stand in double quotes. Returns how many fields there are. */
static size_t split_fields(char *line, char *field[FIELDS]) {
    size_t n = 0;
    for (char *at = line; at != NULL && n < FIELDS; n++) {
        if (*at == '"') {
            char *end = strchr(at + 1, '"');
            if (end == NULL)
                return 0;
            field[n] = at + 1;
            *end = '\0';
            at = end[1] == ',' ? end + 2 : NULL;
        } else {
            field[n] = strsep(&at, ",");
        }
    }
    return n;
}

static double parse_number(const char *path, size_t line_number, const char *text) {
    if (text[0] == '\0')
        return NAN;
    char *end;
    double value = strtod(text, &end);
    if (*end != '\0' || !isfinite(value))
        report_fatal(EXIT_FILE, "%s:%zu: '%s': expected a number", path, line_number, text);
    return value;
}

static reference_line parse_line(const char *path, size_t line_number, char *line) {
    char *field[FIELDS];
    if (split_fields(line, field) != FIELDS)
        report_fatal(EXIT_FILE, "%s:%zu: expected %d fields: %s", path, line_number, FIELDS, header);
    if (strchr(field[FIELD_WHERE], '=') == NULL)
        report_fatal(EXIT_FILE, "%s:%zu: where: expected KEY=VALUE, got '%s'", path, line_number, field[FIELD_WHERE]);
    return (reference_line){
        .name = strdup(field[FIELD_NAME]),
        .campaign = strdup(field[FIELD_CAMPAIGN]),
        .metric = strdup(field[FIELD_METRIC]),
        .entity = strdup(field[FIELD_ENTITY]),
        .where = strdup(field[FIELD_WHERE]),
        .over = strdup(field[FIELD_OVER]),
        .expected = parse_number(path, line_number, field[FIELD_EXPECTED]),
        .low = parse_number(path, line_number, field[FIELD_LOW]),
        .high = parse_number(path, line_number, field[FIELD_HIGH]),
        .source = strdup(field[FIELD_SOURCE]),
    };
}

reference reference_read(const char *name) {
    reference r = {0};
    char *path = resource_path("reference", name, ".csv");
    char *text = resource_text(path);
    char *rest = text;
    size_t line_number = 0;
    int has_header = 0;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        line_number++;
        if (line[0] == '#' || line[0] == '\0')
            continue;
        if (!has_header) {
            if (strcmp(line, header) != 0)
                report_fatal(EXIT_FILE, "%s:%zu: expected the head %s", path, line_number, header);
            has_header = 1;
            continue;
        }
        r.item = realloc(r.item, (r.n + 1) * sizeof *r.item);
        if (r.item == NULL)
            abort();
        r.item[r.n++] = parse_line(path, line_number, line);
    }
    free(text);
    free(path);
    return r;
}

void reference_free(reference *r) {
    for (size_t i = 0; i < r->n; i++) {
        reference_line *line = &r->item[i];
        char *fields[] = {line->name,  line->campaign, line->metric, line->entity,
                          line->where, line->over,     line->source};
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
            free(fields[k]);
    }
    free(r->item);
    *r = (reference){0};
}

const reference_line *reference_find(const reference *r, const char *name) {
    for (size_t i = 0; i < r->n; i++) {
        if (strcmp(r->item[i].name, name) == 0)
            return &r->item[i];
    }
    return NULL;
}

int reference_split_where(char *where, char **key, char **low, char **high) {
    *key = where;
    *low = strchr(where, '=');
    if (*low == NULL)
        return 0;
    *(*low)++ = '\0';
    *high = strstr(*low, "..");
    if (*high == NULL) {
        *high = *low;
    } else {
        **high = '\0';
        *high += 2;
    }
    return 1;
}
