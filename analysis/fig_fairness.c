/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fairness: what a whole MPTCP connection gets against one TCP flow, and Jain's index of all flows of a run. */
#define _GNU_SOURCE 1
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figures.h"
#include "output.h"
#include "reference.h"
#include "report.h"

#define AXIS "congestion_control"

/* Jain's index of each run from its flows' goodputs; x is empty, as there is one point for an algorithm. */
static cells load_jain(const store *s) {
    cells flows = store_cells_of_runs(s, store_prepare(s, "flow-goodput"));
    cells jain = {0};
    for (size_t i = 0; i < flows.n; i++) {
        const cell *run = &flows.item[i];
        if (run->n < 2)
            report_fatal(EXIT_DATA, "%s: campaign %s: run %s has the goodput of one flow only", s->file, s->campaign,
                         run->x);
        cells_add(&jain, run->series, "", (int64_t)strtoll(run->x, NULL, 10), stats_jain(run->value, run->n));
    }
    cells_free(&flows);
    if (jain.n == 0)
        report_fatal(EXIT_DATA, "%s: campaign %s has no metric 'goodput' of flows over " AXIS, s->file, s->campaign);
    return jain;
}

static const reference_line *line_for(const reference *expected, const char *algorithm) {
    char where[128];
    snprintf(where, sizeof where, AXIS "=%s", algorithm);
    for (size_t i = 0; i < expected->n; i++) {
        if (strcmp(expected->item[i].where, where) == 0 && strcmp(expected->item[i].metric, "ratio_to_tcp") == 0)
            return &expected->item[i];
    }
    return NULL;
}

static void write_rows(FILE *file, const cells *list, const char *metric, const reference *expected) {
    for (size_t i = 0; i < list->n; i++) {
        const cell *c = &list->item[i];
        stats_interval mean = stats_mean(c->value, c->n);
        const reference_line *line = expected != NULL ? line_for(expected, c->series) : NULL;
        fprintf(file, "%s,%s", metric, c->series);
        output_number(file, mean.mean);
        output_number(file, mean.low);
        output_number(file, mean.high);
        output_number(file, line != NULL ? line->expected : NAN);
        output_number(file, line != NULL ? line->low : NAN);
        output_number(file, line != NULL ? line->high : NAN);
        fprintf(file, ",%zu\n", c->n);
    }
}

void figure_fairness(const store *s, const char *name, const figure_options *options) {
    reference expected = reference_read("fairness");
    cells ratio = store_metric(s, "ratio_to_tcp", "*", AXIS, "");
    cells jain = load_jain(s);
    output_begin(options->folder, name);
    FILE *file = output_open(".csv");
    fputs("metric,congestion_control,mean,low,high,expected,accepted_low,accepted_high,n\n", file);
    write_rows(file, &ratio, "ratio", &expected);
    write_rows(file, &jain, "jain", NULL);
    output_close(file);
    file = output_open(".gpv");
    output_assign_cells(file, &ratio);
    output_close(file);
    output_draw(name);
    output_commit();
    cells_free(&ratio);
    cells_free(&jain);
    reference_free(&expected);
}
