/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "report.h"
#include "stats.h"

/* One line: a metric of a configuration over its seeds. */
typedef struct {
    char *metric, *entity, *unit, *label;
    cell values;       /* series and x unused */
    sqlite3_int64 run; /* of the first seed */
    stats_interval mean;
    stats_interval difference; /* n = 0 without a baseline */
} table_line;

typedef struct {
    table_line *item;
    size_t n;
} table_lines;

/* Skewed by nature: a run is as bad as its worst moment. */
static int is_skewed(const char *metric) {
    return strcmp(metric, "stall_max") == 0 || strcmp(metric, "recovery_time") == 0;
}

static int is_wanted(const char *metrics, const char *metric) {
    if (metrics == NULL)
        return 1;
    size_t length = strlen(metric);
    for (const char *at = metrics; at != NULL; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, metric, length) == 0 && (at[length] == ',' || at[length] == '\0'))
            return 1;
    }
    return 0;
}

static void add_value(table_line *line, sqlite3_int64 seed, double value) {
    cell *c = &line->values;
    c->value = realloc(c->value, (c->n + 1) * sizeof *c->value);
    c->seed = realloc(c->seed, (c->n + 1) * sizeof *c->seed);
    if (c->value == NULL || c->seed == NULL)
        abort();
    c->value[c->n] = value;
    c->seed[c->n++] = seed;
}

static table_lines load_lines(const store *s, const char *metrics, const char *entity) {
    table_lines lines = {0};
    sqlite3_stmt *query = store_prepare(s, "table");
    while (store_step(s, query)) {
        const char *text[4];
        for (int i = 0; i < 4; i++)
            text[i] = (const char *)sqlite3_column_text(query, i);
        if (!is_wanted(metrics, text[0]) || (entity != NULL && strcmp(entity, text[1]) != 0))
            continue;
        table_line *last = lines.n > 0 ? &lines.item[lines.n - 1] : NULL;
        if (last == NULL || strcmp(last->metric, text[0]) != 0 || strcmp(last->entity, text[1]) != 0 ||
            strcmp(last->label, text[3]) != 0) {
            lines.item = realloc(lines.item, (lines.n + 1) * sizeof *lines.item);
            if (lines.item == NULL)
                abort();
            last = &lines.item[lines.n++];
            *last = (table_line){.metric = strdup(text[0]),
                                 .entity = strdup(text[1]),
                                 .unit = strdup(text[2]),
                                 .label = strdup(text[3]),
                                 .run = sqlite3_column_int64(query, 6)};
        }
        add_value(last, sqlite3_column_int64(query, 4), sqlite3_column_double(query, 5));
    }
    return lines;
}

static void free_lines(table_lines *lines) {
    for (size_t i = 0; i < lines->n; i++) {
        table_line *line = &lines->item[i];
        free(line->metric);
        free(line->entity);
        free(line->unit);
        free(line->label);
        free(line->values.value);
        free(line->values.seed);
    }
    free(lines->item);
}

/* The label with the value of the baseline's key replaced: 'a=1 transport=mptcp' gives 'a=1 transport=tcp-lte'. */
static char *baseline_label(const char *label, const store_filter *baseline) {
    char *result = calloc(1, strlen(label) + strlen(baseline->value) + 2);
    char *copy = strdup(label), *rest = copy;
    size_t key_length = strlen(baseline->key);
    int has_key = 0;
    for (char *word; (word = strsep(&rest, " ")) != NULL;) {
        if (result[0] != '\0')
            strcat(result, " ");
        if (strncmp(word, baseline->key, key_length) == 0 && word[key_length] == '=') {
            word[key_length + 1] = '\0';
            has_key = 1;
        }
        strcat(result, word);
        if (has_key == 1) {
            strcat(result, baseline->value);
            has_key = 2;
        }
    }
    free(copy);
    if (has_key == 0)
        result[0] = '\0';
    return result;
}

static void compare_with_baseline(table_lines *lines, table_line *line, const store_filter *baseline) {
    char *label = baseline_label(line->label, baseline);
    for (size_t i = 0; i < lines->n; i++) {
        const table_line *other = &lines->item[i];
        if (other == line || strcmp(other->label, label) != 0 || strcmp(other->metric, line->metric) != 0 ||
            strcmp(other->entity, line->entity) != 0)
            continue;
        double *a = calloc(line->values.n, sizeof *a), *b = calloc(line->values.n, sizeof *b);
        size_t n = cells_pair(&line->values, &other->values, a, b);
        if (n > 0)
            line->difference = stats_paired_difference(a, b, n);
        free(a);
        free(b);
    }
    free(label);
}

static void compute(table_lines *lines, const store_filter *baseline) {
    for (size_t i = 0; i < lines->n; i++) {
        table_line *line = &lines->item[i];
        line->mean = is_skewed(line->metric) ? stats_mean_skewed(line->values.value, line->values.n)
                                             : stats_mean(line->values.value, line->values.n);
        if (baseline->key != NULL)
            compare_with_baseline(lines, line, baseline);
    }
}

/* Four significant digits, without exponent as long as it fits. */
static const char *format_number(char *text, size_t size, double value) {
    if (!isfinite(value))
        return "-";
    double magnitude = fabs(value);
    int decimals = magnitude >= 1000 || magnitude == 0 ? 0 : magnitude >= 100 ? 1 : magnitude >= 10 ? 2 : 3;
    if (magnitude > 0 && magnitude < 0.01)
        snprintf(text, size, "%.3g", value);
    else
        snprintf(text, size, "%.*f", decimals, value);
    return text;
}

static const char *format_interval(char *text, size_t size, const stats_interval *interval) {
    char low[32], high[32];
    if (interval->n < 2)
        return "-";
    snprintf(text, size, "[%s, %s]", format_number(low, sizeof low, interval->low),
             format_number(high, sizeof high, interval->high));
    return text;
}

static int is_new_metric(const table_lines *lines, size_t i) {
    return i == 0 || strcmp(lines->item[i].metric, lines->item[i - 1].metric) != 0 ||
           strcmp(lines->item[i].entity, lines->item[i - 1].entity) != 0;
}

static void print_origin(const store *s) {
    sqlite3_stmt *query = store_prepare(s, "campaign");
    while (store_step(s, query))
        printf("campaign %s: %d configurations, %d seeds, %d runs; commit %.12s%s, ns-3 %s; failed runs: %d\n",
               s->campaign, sqlite3_column_int(query, 3), sqlite3_column_int(query, 4), sqlite3_column_int(query, 5),
               sqlite3_column_text(query, 0), sqlite3_column_int(query, 1) ? " with changes" : "",
               sqlite3_column_text(query, 2), s->runs_failed);
}

static void print_text(const store *s, const table_lines *lines, const store_filter *baseline) {
    int width = 13;
    for (size_t i = 0; i < lines->n; i++)
        width = (int)strlen(lines->item[i].label) > width ? (int)strlen(lines->item[i].label) : width;
    print_origin(s);
    for (size_t i = 0; i < lines->n; i++) {
        const table_line *line = &lines->item[i];
        char mean[32], interval[64], median[32], difference[32], difference_interval[64];
        if (is_new_metric(lines, i)) {
            printf("\n%s%s%s (%s)\n", line->metric, line->entity[0] != '\0' ? " of " : "", line->entity, line->unit);
            printf("  %-*s  %9s  %-20s  %9s  %3s  %6s", width, "configuration", "mean", "95 % interval", "median", "n",
                   "run");
            printf(baseline->key != NULL ? "  less %s=%s\n" : "\n", baseline->key, baseline->value);
        }
        printf("  %-*s  %9s  %-20s  %9s  %3zu  %6lld", width, line->label,
               format_number(mean, sizeof mean, line->mean.mean),
               format_interval(interval, sizeof interval, &line->mean),
               format_number(median, sizeof median, stats_quantile(line->values.value, line->values.n, 0.5)),
               line->values.n, (long long)line->run);
        if (line->difference.n > 0)
            printf("  %9s  %s", format_number(difference, sizeof difference, line->difference.mean),
                   format_interval(difference_interval, sizeof difference_interval, &line->difference));
        putchar('\n');
    }
    printf("\nrun: of the first seed; any run again: mptcp-lab repro RUN --db %s\n\n", s->file);
}

static void write_csv(const store *s, const table_lines *lines) {
    FILE *file = output_open(".csv");
    fputs("campaign,metric,entity,unit,configuration,mean,low,high,median,difference,difference_low,difference_high,n,"
          "run\n",
          file);
    for (size_t i = 0; i < lines->n; i++) {
        const table_line *line = &lines->item[i];
        const char *texts[] = {s->campaign, line->metric, line->entity, line->unit, line->label};
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
            if (k > 0)
                fputc(',', file);
            output_text(file, texts[k]);
        }
        output_number(file, line->mean.mean);
        output_number(file, line->mean.low);
        output_number(file, line->mean.high);
        output_number(file, stats_quantile(line->values.value, line->values.n, 0.5));
        output_number(file, line->difference.n > 0 ? line->difference.mean : NAN);
        output_number(file, line->difference.n > 0 ? line->difference.low : NAN);
        output_number(file, line->difference.n > 0 ? line->difference.high : NAN);
        fprintf(file, ",%zu,%lld\n", line->values.n, (long long)line->run);
    }
    output_close(file);
}

static void put_latex(FILE *file, const char *text) {
    for (; *text != '\0'; text++) {
        if (strchr("_%&#$", *text) != NULL)
            fputc('\\', file);
        fputc(*text, file);
    }
}

static void write_latex(const store *s, const table_lines *lines) {
    FILE *file = output_open(".tex");
    fprintf(file, "%% Campaign %s; needs \\usepackage{booktabs}. Any run again: mptcp-lab repro RUN --db %s\n",
            s->campaign, s->file);
    fputs("\\begin{tabular}{@{}lrrrrr@{}}\n\\toprule\n", file);
    fputs("Configuration & Mean & 95\\,\\% interval & Median & $n$ & Run \\\\\n", file);
    for (size_t i = 0; i < lines->n; i++) {
        const table_line *line = &lines->item[i];
        char mean[32], interval[64], median[32];
        if (is_new_metric(lines, i)) {
            fputs("\\midrule\n\\multicolumn{6}{@{}l}{\\textit{", file);
            put_latex(file, line->metric);
            fputs(line->entity[0] != '\0' ? " of " : "", file);
            put_latex(file, line->entity);
            fputs("} [", file);
            put_latex(file, line->unit);
            fputs("]} \\\\\n", file);
        }
        put_latex(file, line->label);
        fprintf(file, " & %s & {%s} & %s & %zu & %lld \\\\\n", format_number(mean, sizeof mean, line->mean.mean),
                format_interval(interval, sizeof interval, &line->mean),
                format_number(median, sizeof median, stats_quantile(line->values.value, line->values.n, 0.5)),
                line->values.n, (long long)line->run);
    }
    fputs("\\bottomrule\n\\end{tabular}\n", file);
    output_close(file);
}

static void need_metrics(const store *s, const table_lines *lines, const char *metrics) {
    char *copy = strdup(metrics != NULL ? metrics : ""), *rest = copy;
    for (char *metric; (metric = strsep(&rest, ",")) != NULL;) {
        int is_there = metric[0] == '\0';
        for (size_t i = 0; i < lines->n; i++)
            is_there |= strcmp(lines->item[i].metric, metric) == 0;
        if (!is_there)
            report_fatal(EXIT_DATA, "%s: campaign %s has no metric '%s'", s->file, s->campaign, metric);
    }
    free(copy);
    if (lines->n == 0)
        report_fatal(EXIT_DATA, "%s: campaign %s has no metrics", s->file, s->campaign);
}

void table_print(const store *s, const table_options *options) {
    table_lines lines = load_lines(s, options->metrics, options->entity);
    need_metrics(s, &lines, options->metrics);
    compute(&lines, &options->baseline);
    print_text(s, &lines, &options->baseline);
    if (options->folder != NULL) {
        output_begin(options->folder, "table");
        write_csv(s, &lines);
        write_latex(s, &lines);
        output_commit();
    }
    free_lines(&lines);
}
