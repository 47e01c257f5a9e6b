/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "output.h"
#include "report.h"
#include "table_data.h"
#include "tex.h"

static void print_origin(const store *s) {
    sqlite3_stmt *query = store_prepare(s, "campaign");
    while (store_step(s, query))
        printf("campaign %s: %d points, %d seeds, %d runs; commit %.12s%s, %s; failed runs: %d\n", s->campaign,
               sqlite3_column_int(query, 3), sqlite3_column_int(query, 4), sqlite3_column_int(query, 5),
               sqlite3_column_text(query, 0), sqlite3_column_int(query, 1) ? " with changes" : "",
               sqlite3_column_text(query, 2), s->runs_failed);
}

/* Of the characters, for which printf() counts the bytes. */
static int width_of(const char *text) {
    int width = 0;
    for (; *text != '\0'; text++)
        width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}

static void print_line(const table_line *line, const char *label, int width, bool has_baseline) {
    char mean[32], interval[64], median[32], count[48], difference[32], difference_interval[64], p[32];
    printf("  %s%*s  %9s  %-20s  %9s  %8s  %6lld", label, width - width_of(label), "",
           table_number(mean, sizeof mean, line->mean.mean.mean),
           table_interval(interval, sizeof interval, &line->mean),
           table_number(median, sizeof median, line->mean.median), table_count(count, sizeof count, &line->mean),
           (long long)line->first_run);
    if (has_baseline && line->difference.mean.n > 0)
        printf("  %9s  %-20s  %s", table_number(difference, sizeof difference, line->difference.mean.mean),
               table_interval(difference_interval, sizeof difference_interval, &line->difference),
               isnan(line->difference.p)    ? "-"
               : line->difference.p < 0.001 ? "< 0.001"
                                            : table_number(p, sizeof p, line->difference.p));
    putchar('\n');
}

static void print_foot(const store *s, const table_data *t, const store_filter *baseline) {
    size_t alike, several;
    axes_count_alike(&t->axes, &alike, &several);
    puts("\nintervals: 95 %; Student's t, for shares (bool) Wilson's, for stalls and times from 15 values on the "
         "bootstrap");
    puts("n: runs with a value, of the runs of the point; what did not happen has no value");
    if (alike > 0)
        printf("seeds without effect at %zu of %zu points: their one result counts once\n", alike, several);
    if (baseline->key != NULL)
        printf("less %s=%s: paired by seed; p of Student's t, after Holm for %zu differences (%zu below 0.05)\n",
               baseline->key, baseline->value, t->tests, t->significant);
    printf("run: of the first seed; any run again: mptcp-lab repro RUN --db %s\n\n", s->file);
}

static void print_text(const store *s, const table_data *t, const store_filter *baseline) {
    int width = 5;
    for (size_t i = 0; i < t->axes.points; i++) {
        char *label = table_label(t, t->axes.point[i]);
        width = width_of(label) > width ? width_of(label) : width;
        free(label);
    }
    print_origin(s);
    for (size_t i = 0; i < t->n; i++) {
        const table_line *line = &t->line[i];
        if (table_begins_metric(t, i)) {
            printf("\n%s%s%s (%s)\n", line->metric, line->entity[0] != '\0' ? " of " : "", line->entity, line->unit);
            printf("  %-*s  %9s  %-20s  %9s  %8s  %6s", width, "point", "mean", "95 % interval", "median", "n", "run");
            if (baseline->key != NULL)
                printf("  less %s=%s, 95 %% interval, p", baseline->key, baseline->value);
            putchar('\n');
        }
        char *label = table_label(t, line->point);
        print_line(line, label, width, baseline->key != NULL);
        free(label);
    }
    print_foot(s, t, baseline);
}

#define LINE_COLUMNS "campaign,metric,entity,unit,point"
#define VALUE_COLUMNS                                                                                                  \
    "mean,low,high,median,difference,difference_low,difference_high,difference_p_holm,n,values,runs,run"

static void write_csv(const store *s, const table_data *t) {
    FILE *file = output_open(".csv");
    fputs(LINE_COLUMNS, file);
    for (size_t i = 0; i < t->axes.keys; i++) {
        fputc(',', file);
        output_axis(file, t->axes.key[i], LINE_COLUMNS "," VALUE_COLUMNS);
    }
    fputs("," VALUE_COLUMNS "\n", file);
    for (size_t i = 0; i < t->n; i++) {
        const table_line *line = &t->line[i];
        char *label = table_label(t, line->point);
        const char *texts[] = {s->campaign, line->metric, line->entity, line->unit, label};
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
            fputs(k > 0 ? "," : "", file);
            output_text(file, texts[k]);
        }
        for (size_t k = 0; k < t->axes.keys; k++) {
            fputc(',', file);
            output_text(file, axes_value(&t->axes, line->point, k));
        }
        const stats_interval *mean = &line->mean.mean, *less = &line->difference.mean;
        bool has_less = less->n > 0;
        const double numbers[] = {mean->mean,
                                  mean->low,
                                  mean->high,
                                  line->mean.median,
                                  has_less ? less->mean : NAN,
                                  has_less ? less->low : NAN,
                                  has_less ? less->high : NAN,
                                  has_less ? line->difference.p : NAN};
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
            output_number(file, numbers[k]);
        fprintf(file, ",%zu,%zu,%zu,%lld\n", mean->n, line->mean.values, line->mean.runs, (long long)line->first_run);
        free(label);
    }
    output_close(file);
}

static void put_tex(FILE *file, const char *text) {
    char *escaped = tex_escaped(text);
    fputs(escaped, file);
    free(escaped);
}

static void write_latex(const store *s, const table_data *t) {
    FILE *file = output_open(".tex");
    fprintf(file, "%% Campaign %s; needs \\usepackage{booktabs}. Any run again: mptcp-lab repro RUN --db %s\n",
            s->campaign, s->file);
    fputs("\\begin{tabular}{@{}lrrrrr@{}}\n\\toprule\n", file);
    fputs("Point & Mean & 95\\,\\% interval & Median & $n$ & Run \\\\\n", file);
    for (size_t i = 0; i < t->n; i++) {
        const table_line *line = &t->line[i];
        char mean[32], interval[64], median[32], count[48];
        if (table_begins_metric(t, i)) {
            fputs("\\midrule\n\\multicolumn{6}{@{}l}{\\textit{", file);
            put_tex(file, line->metric);
            fputs(line->entity[0] != '\0' ? " of " : "", file);
            put_tex(file, line->entity);
            fputs("} [", file);
            put_tex(file, line->unit);
            fputs("]} \\\\\n", file);
        }
        char *label = table_label(t, line->point);
        put_tex(file, label);
        fprintf(file, " & %s & {%s} & %s & %s & %lld \\\\\n", table_number(mean, sizeof mean, line->mean.mean.mean),
                table_interval(interval, sizeof interval, &line->mean),
                table_number(median, sizeof median, line->mean.median), table_count(count, sizeof count, &line->mean),
                (long long)line->first_run);
        free(label);
    }
    fputs("\\bottomrule\n\\end{tabular}\n", file);
    output_close(file);
}

void table_print(const store *s, const table_options *options) {
    table_data t = table_load(s, options);
    print_text(s, &t, &options->baseline);
    if (options->folder != NULL) {
        output_begin(options->folder, "table");
        write_csv(s, &t);
        write_latex(s, &t);
        output_commit();
    }
    table_free(&t);
}
