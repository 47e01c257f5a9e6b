/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1

#include "validate.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_line(page *pg, char *line, size_t number) {
    char *field[5], *rest = line, *end = NULL;
    size_t count = 0;
    line[strcspn(line, "\n")] = '\0';
    while (count < 4 && rest)
        field[count++] = strsep(&rest, ",");
    field[4] = rest;
    double value = count == 4 && rest ? strtod(field[3], &end) : NAN;
    if (end == NULL || end == field[3] || *end != '\0') {
        fprintf(stderr, "%s:%zu: expected experiment,point,quantity,value,source\n", pg->targets_file, number);
        return false;
    }
    pg->target = memory_grow(pg->target, pg->targets, sizeof *pg->target);
    pg->target[pg->targets++] = (target){
        memory_text(field[0]), memory_text(field[1]), memory_text(field[2]), memory_text(field[4]), value, false};
    return true;
}

bool targets_read(page *pg) {
    FILE *in = fopen(pg->targets_file, "r");
    char *line = NULL;
    size_t room = 0, number = 0;
    bool is_good = in != NULL;
    if (in == NULL)
        fprintf(stderr, "mptcp-validate: %s: %s\n", pg->targets_file, strerror(errno));
    while (is_good && getline(&line, &room, in) > 0)
        if (++number > 1 && line[0] != '#') /* the first says what the columns are */
            is_good = read_line(pg, line, number);
    free(line);
    if (in != NULL)
        fclose(in);
    return is_good;
}

double target_of(const page *pg, const char *experiment, const char *label, const char *quantity) {
    for (size_t i = 0; i < pg->targets; i++) {
        target *t = &pg->target[i];
        if (strcmp(t->experiment, experiment) == 0 && strcmp(t->point, label) == 0 &&
            strcmp(t->quantity, quantity) == 0) {
            t->is_used = true;
            return t->value;
        }
    }
    return NAN;
}

static bool has_experiment(const page *pg, const char *experiment) {
    for (size_t i = 0; i < pg->points; i++)
        if (strcmp(pg->point[i]->campaign + strlen("fairness-"), experiment) == 0)
            return true;
    return false;
}

bool targets_are_used(const page *pg) {
    bool are_used = true;
    for (size_t i = 0; i < pg->targets; i++) {
        const target *t = &pg->target[i];
        if (!t->is_used && has_experiment(pg, t->experiment)) {
            fprintf(stderr, "%s: no row is that of %s, %s, %s\n", pg->targets_file, t->experiment, t->point,
                    t->quantity);
            are_used = false;
        }
    }
    return are_used;
}
