/* SPDX-License-Identifier: GPL-2.0-or-later */
/* single-sqrt-law: K = x T sqrt(p) of one TCP flow against the loss rate p, with theory. */
#define _GNU_SOURCE 1
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figures.h"
#include "output.h"
#include "reference.h"
#include "report.h"

static const reference_line *need_line(const reference *r, const char *name) {
    const reference_line *line = reference_find(r, name);
    if (line == NULL)
        report_fatal(EXIT_FILE, "reference/sqrt-law.csv: expected a line named '%s'", name);
    return line;
}

static void write_rows(FILE *file, const cells *list) {
    fputs("curve,loss,k,low,high,n\n", file);
    for (size_t i = 0; i < list->n; i++) {
        const cell *c = &list->item[i];
        stats_interval mean = stats_mean(c->value, c->n);
        output_text(file, c->series[0] != '\0' ? c->series : "tcp");
        output_number(file, cell_x(c));
        output_number(file, mean.mean);
        output_number(file, mean.low);
        output_number(file, mean.high);
        fprintf(file, ",%zu\n", c->n);
    }
}

static double greatest_loss(const cells *list) {
    double greatest = 0.0;
    for (size_t i = 0; i < list->n; i++)
        greatest = fmax(greatest, cell_x(&list->item[i]));
    return greatest;
}

/* A line for one loss beyond those of the sweep is not drawn. */
static int is_shown(const reference_line *line, double x_max) {
    return strstr(line->where, "..") != NULL || strtod(strchr(line->where, '=') + 1, NULL) <= x_max;
}

/* Points of an ideal sender, and what others measured: the lines NAME-LOSS of the reference. */
static void write_reference_rows(FILE *file, const reference *r, double x_max) {
    static const char *const names[] = {"rfc-5681", "linux-reno", "new-reno"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        for (size_t i = 0; i < r->n; i++) {
            const reference_line *line = &r->item[i];
            if (strncmp(line->name, names[k], strlen(names[k])) == 0 && is_shown(line, x_max))
                fprintf(file, "%s,%s,%.9g,,,\n", names[k], strchr(line->where, '=') + 1, line->expected);
        }
    }
}

static void assign_theory(FILE *file, const reference *r) {
    const reference_line *accepted = need_line(r, "acceptance");
    char *where = strdup(accepted->where), *key, *from, *to;
    reference_split_where(where, &key, &from, &to);
    output_assign_number(file, "accepted_from", strtod(from, NULL));
    output_assign_number(file, "accepted_to", strtod(to, NULL));
    output_assign_number(file, "accepted_low", accepted->low);
    output_assign_number(file, "accepted_high", accepted->high);
    output_assign_number(file, "theory_random_loss", need_line(r, "theory-random-loss")->expected);
    output_assign_number(file, "theory_fluid", need_line(r, "theory-fluid")->expected);
    free(where);
}

/* The y axis starts at the tenth below all that is drawn. */
static void assign_range(FILE *file, const cells *list, const reference *r) {
    double x_min = INFINITY, x_max = greatest_loss(list), y_min = INFINITY;
    for (size_t i = 0; i < r->n; i++)
        if (is_shown(&r->item[i], x_max))
            y_min = fmin(y_min, r->item[i].expected);
    for (size_t i = 0; i < list->n; i++) {
        double loss = cell_x(&list->item[i]);
        if (loss <= 0.0)
            report_fatal(EXIT_DATA, "the square-root law needs a loss above 0; leave loss=%s out of the sweep",
                         list->item[i].x);
        x_min = fmin(x_min, loss);
        y_min = fmin(y_min, stats_mean(list->item[i].value, list->item[i].n).mean);
    }
    output_assign_number(file, "x_min", x_min);
    output_assign_number(file, "x_max", x_max);
    output_assign_number(file, "y_min", floor(9.5 * y_min) / 10.0);
}

void figure_sqrt_law(const store *s, const char *name, const figure_options *options) {
    reference r = reference_read("sqrt-law");
    cells k = store_metric(s, "sqrt_law_k", "*", "*", "loss");
    output_begin(options->folder, name);
    FILE *file = output_open(".csv");
    write_rows(file, &k);
    write_reference_rows(file, &r, greatest_loss(&k));
    output_close(file);
    file = output_open(".gpv");
    output_assign_cells(file, &k);
    assign_range(file, &k, &r);
    assign_theory(file, &r);
    output_close(file);
    output_draw(name);
    output_commit();
    cells_free(&k);
    reference_free(&r);
}
