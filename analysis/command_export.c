/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The runs that count as CSV for R, pandas and spreadsheets: a column for each axis; long (a line a value) or wide (a line a run). */
#define _GNU_SOURCE 1
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "axes.h"
#include "choice.h"
#include "command.h"
#include "levels.h"
#include "memory.h"
#include "output.h"
#include "report.h"

typedef struct {
    choice choice;
    const char *metrics, *path;
    bool is_wide;
} arguments;

enum { OPTION_METRIC = 256, OPTION_WIDE, OPTION_OUT };

static const struct argp_option options[] = {
    {"metric", OPTION_METRIC, "NAME,...", 0, "Only these metrics", 0},
    {"wide", OPTION_WIDE, NULL, 0,
     "A line for each run and a column for each metric, in place of a line for each value", 0},
    {"out", OPTION_OUT, "FILE", 0, "Write to this file in place of standard output", 0},
    {0}};

static error_t parse_option(int key, char *text, struct argp_state *state) {
    arguments *a = state->input;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &a->choice; return 0;
    case OPTION_METRIC: a->metrics = text; return 0;
    case OPTION_WIDE: a->is_wide = true; return 0;
    case OPTION_OUT: a->path = text; return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&choice_argp, 0, NULL, 0}, {0}};

static const struct argp parser = {
    .options = options,
    .parser = parse_option,
    .args_doc = "--db FILE [--wide] [--out FILE]",
    .doc = "Prints the metrics of the runs that count as CSV, with a column for each axis of the sweep.\v"
           "Example:\n  mptcp-figures export --db results.db --metric goodput --where transport=mptcp --wide --out "
           "goodput.csv\n"
           "In R: d <- read.csv(\"goodput.csv\", check.names = FALSE); in Python: pandas.read_csv(\"goodput.csv\").",
    .children = children,
};

/* One value of a run. */
typedef struct {
    const axes_run *run;
    size_t quantity;
    double value;
    bool is_censored;
} export_value;

typedef struct {
    const store *s;
    axes a;
    levels quantity; /* name, entity and unit, joined */
    export_value *value;
    size_t n;
} exported;

static bool is_wanted(const char *metrics, const char *name) {
    char *list = memory_format(",%s,", metrics), *word = memory_format(",%s,", name);
    bool is = strstr(list, word) != NULL;
    free(list);
    free(word);
    return is;
}

static exported load(const store *s, const char *metrics) {
    exported e = {.s = s, .a = axes_load(s)};
    sqlite3_stmt *query = store_prepare(s, "table");
    while (store_step(s, query)) {
        const char *name = (const char *)sqlite3_column_text(query, 0);
        bool has_value = sqlite3_column_type(query, 4) != SQLITE_NULL;
        if (!has_value || (metrics != NULL && !is_wanted(metrics, name)))
            continue;
        char *quantity = memory_format("%s" LEVEL_JOIN "%s" LEVEL_JOIN "%s", name, sqlite3_column_text(query, 1),
                                       sqlite3_column_text(query, 2));
        e.value = memory_grow(e.value, e.n, sizeof *e.value);
        e.value[e.n++] =
            (export_value){axes_find_run(&e.a, sqlite3_column_int64(query, 3)), level_add(&e.quantity, quantity),
                           sqlite3_column_double(query, 4), sqlite3_column_int(query, 5) != 0};
        free(quantity);
    }
    return e;
}

static void need_metrics(const exported *e, const char *metrics) {
    char *copy = memory_text(metrics != NULL ? metrics : ""), *rest = copy;
    for (char *name; (name = strsep(&rest, ",")) != NULL;) {
        size_t i = 0, length = strlen(name);
        while (i < e->quantity.n &&
               !(strncmp(e->quantity.text[i], name, length) == 0 && e->quantity.text[i][length] == LEVEL_JOIN[0]))
            i++;
        if (length > 0 && i == e->quantity.n)
            report_fatal(EXIT_DATA, "%s: campaign %s has no metric '%s'", e->s->file, e->s->campaign, name);
    }
    free(copy);
}

#define RUN_COLUMNS "campaign,run,seed"
#define VALUE_COLUMNS "metric,entity,unit,value,is_censored"

static void put_head(const exported *e, FILE *file) {
    fputs(RUN_COLUMNS, file);
    for (size_t i = 0; i < e->a.keys; i++) {
        fputc(',', file);
        output_axis(file, e->a.key[i], RUN_COLUMNS "," VALUE_COLUMNS);
    }
}

static void put_run(const exported *e, FILE *file, const axes_run *run) {
    output_text(file, e->s->campaign);
    fprintf(file, ",%lld,%lld", (long long)run->run, (long long)run->seed);
    for (size_t i = 0; i < e->a.keys; i++) {
        fputc(',', file);
        output_text(file, axes_value(&e->a, run->point, i));
    }
}

static void put_parts(FILE *file, const char *quantity) {
    char part[256];
    while (level_keys_next(&quantity, part, sizeof part)) {
        fputc(',', file);
        output_text(file, part);
    }
}

static void write_long(const exported *e, FILE *file) {
    put_head(e, file);
    fputs("," VALUE_COLUMNS "\n", file);
    for (size_t i = 0; i < e->n; i++) {
        put_run(e, file, e->value[i].run);
        put_parts(file, e->quantity.text[e->value[i].quantity]);
        fprintf(file, ",%.17g,%d\n", e->value[i].value, e->value[i].is_censored);
    }
}

/* 'goodput flow:download Mb/s' */
static void put_name(FILE *file, const char *quantity) {
    char part[256], *name = NULL;
    while (level_keys_next(&quantity, part, sizeof part))
        if (part[0] != '\0')
            memory_append(&name, "%s%s", name != NULL ? " " : "", part);
    fputc(',', file);
    output_text(file, name != NULL ? name : "");
    free(name);
}

/* Censored values are left empty: a column has no room to say that the true one is above. */
static void write_wide(const exported *e, FILE *file) {
    put_head(e, file);
    for (size_t i = 0; i < e->quantity.n; i++)
        put_name(file, e->quantity.text[i]);
    fputc('\n', file);
    const export_value **at = memory_new(e->a.runs * e->quantity.n, sizeof *at);
    for (size_t i = 0; i < e->n; i++)
        at[(size_t)(e->value[i].run - e->a.run) * e->quantity.n + e->value[i].quantity] = &e->value[i];
    for (size_t run = 0; run < e->a.runs; run++) {
        put_run(e, file, &e->a.run[run]);
        for (size_t i = 0; i < e->quantity.n; i++) {
            const export_value *value = at[run * e->quantity.n + i];
            fputc(',', file);
            if (value != NULL && !value->is_censored)
                fprintf(file, "%.17g", value->value);
        }
        fputc('\n', file);
    }
    free((void *)at);
}

/* A file appears when it is whole. */
static void write_file(const exported *e, const arguments *a) {
    char *part = a->path != NULL ? memory_format("%s.part", a->path) : NULL;
    FILE *file = part != NULL ? fopen(part, "w") : stdout;
    if (file == NULL)
        report_fatal(EXIT_FILE, "%s: %s", part, strerror(errno));
    if (a->is_wide)
        write_wide(e, file);
    else
        write_long(e, file);
    bool has_failed = fflush(file) != 0 || ferror(file);
    if (part != NULL && (fclose(file) != 0 || has_failed || rename(part, a->path) != 0)) {
        int error = errno;
        remove(part);
        report_fatal(EXIT_FILE, "%s: %s", a->path, strerror(error));
    }
    if (has_failed)
        report_fatal(EXIT_FILE, "standard output: %s", strerror(errno));
    free(part);
}

int command_export(int argc, char **argv) {
    arguments a = {0};
    argp_parse(&parser, argc, argv, 0, NULL, &a);
    store s = choice_open(&a.choice, "export");
    store_choose(&s, a.choice.campaign, a.choice.where, a.choice.wheres);
    exported e = load(&s, a.metrics);
    need_metrics(&e, a.metrics);
    write_file(&e, &a);
    levels_free(&e.quantity);
    axes_free(&e.a);
    free(e.value);
    store_close(&s);
    choice_free(&a.choice);
    return EXIT_SUCCESS;
}
