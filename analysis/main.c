/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-figures: from the result database to figures, tables and a comparison with what they must show. */
#define _GNU_SOURCE 1
#include <argp.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "figures.h"
#include "report.h"
#include "resource.h"
#include "store.h"
#include "table.h"
#include "verify.h"

#define FILTERS_MAX 16

typedef struct {
    const char *what; /* name of a figure, "all", "table" or "verify" */
    const char *db, *folder, *campaign, *build, *data, *metrics, *entity;
    store_filter filter[FILTERS_MAX];
    size_t filters;
    store_filter baseline;
    int64_t seed;
    double bin_s;
    int is_list;
} arguments;

enum {
    OPTION_LIST = 256,
    OPTION_DB,
    OPTION_OUT,
    OPTION_CAMPAIGN,
    OPTION_BUILD,
    OPTION_DATA,
    OPTION_WHERE,
    OPTION_METRIC,
    OPTION_ENTITY,
    OPTION_BASELINE,
    OPTION_SEED,
    OPTION_BIN
};

static const struct argp_option options[] = {
    {"list", OPTION_LIST, NULL, 0, "Name the figures and end", 0},
    {"db", OPTION_DB, "FILE", 0, "Result database of mptcp-lab", 0},
    {"out", OPTION_OUT, "DIR", 0, "Write the files there (figures: needed; table: also as CSV and LaTeX)", 0},
    {"campaign", OPTION_CAMPAIGN, "NAME", 0, "Campaign to read, in place of the figure's own", 0},
    {"build", OPTION_BUILD, "HASH", 0,
     "Runs of the build whose commit or hash begins so, in place of the one that was run last", 0},
    {"where", OPTION_WHERE, "KEY=VALUE", 0, "Only runs with this value on this axis of the sweep; may be repeated", 0},
    {"metric", OPTION_METRIC, "NAME,...", 0, "table: only these metrics", 0},
    {"entity", OPTION_ENTITY, "NAME", 0, "table: only of this entity, such as flow:download", 0},
    {"baseline", OPTION_BASELINE, "KEY=VALUE", 0, "table: add the difference, paired by seed, from this configuration",
     0},
    {"seed", OPTION_SEED, "N", 0, "handover-timeline: this seed alone, in place of the mean over all", 0},
    {"bin", OPTION_BIN, "SECONDS", 0, "handover-timeline: average over this time (default 1)", 0},
    {"data", OPTION_DATA, "DIR", 0,
     "Folder with sql/, gp/ and reference/ (default: analysis/ of the build or as installed)", 0},
    {0}};

static void parse_filter(struct argp_state *state, char *text, store_filter *filter) {
    char *equals = strchr(text, '=');
    if (equals == NULL || equals == text)
        argp_error(state, "'%s': expected KEY=VALUE", text);
    filter->key = strndup(text, (size_t)(equals - text));
    filter->value = strdup(equals + 1);
}

static double parse_number(struct argp_state *state, const char *option, const char *text, double min) {
    char *end;
    double value = strtod(text, &end);
    if (*text == '\0' || *end != '\0' || !isfinite(value) || value < min)
        argp_error(state, "%s '%s': expected a number of at least %g", option, text, min);
    return value;
}

static error_t parse_option(int key, char *text, struct argp_state *state) {
    arguments *a = state->input;
    switch (key) {
    case OPTION_LIST: a->is_list = 1; return 0;
    case OPTION_DB: a->db = text; return 0;
    case OPTION_OUT: a->folder = text; return 0;
    case OPTION_CAMPAIGN: a->campaign = text; return 0;
    case OPTION_BUILD: a->build = text; return 0;
    case OPTION_DATA: a->data = text; return 0;
    case OPTION_METRIC: a->metrics = text; return 0;
    case OPTION_ENTITY: a->entity = text; return 0;
    case OPTION_BASELINE: parse_filter(state, text, &a->baseline); return 0;
    case OPTION_SEED: a->seed = (int64_t)parse_number(state, "--seed", text, 0); return 0;
    case OPTION_BIN: a->bin_s = parse_number(state, "--bin", text, 1e-6); return 0;
    case OPTION_WHERE:
        if (a->filters == FILTERS_MAX)
            argp_error(state, "--where: at most %d", FILTERS_MAX);
        parse_filter(state, text, &a->filter[a->filters++]);
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            argp_error(state, "'%s': expected one NAME only", text);
        a->what = text;
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    .options = options,
    .parser = parse_option,
    .args_doc = "NAME --db FILE --out DIR\ntable --db FILE [--out DIR]\nverify --db FILE\n--list",
    .doc = "Draws the figure NAME as PDF, SVG and PNG from the results of a sweep, with its numbers as CSV beside it; "
           "'all' draws each one whose campaign the database holds. 'table' prints means with 95 % intervals. "
           "'verify' compares with what the figures must show and tells pass or fail.",
};

static void print_list(void) {
    for (size_t i = 0; i < figures_count; i++)
        printf("%-18s %s (campaign %s)\n", figures[i].name, figures[i].about, figures[i].campaign);
}

static void draw(store *s, const figure *f, const arguments *a) {
    figure_options how = {.folder = a->folder, .seed = a->seed, .bin_s = a->bin_s};
    store_choose(s, a->campaign != NULL ? a->campaign : f->campaign, a->filter, a->filters);
    f->draw(s, f->name, &how);
}

static void draw_figures(store *s, const arguments *a) {
    size_t drawn = 0;
    if (a->folder == NULL)
        report_fatal(EXIT_USAGE, "%s: --out DIR is missing", a->what);
    for (size_t i = 0; i < figures_count; i++) {
        int is_named = strcmp(a->what, figures[i].name) == 0;
        int is_due = strcmp(a->what, "all") == 0 && a->campaign == NULL && store_has_campaign(s, figures[i].campaign);
        if (!is_named && !is_due)
            continue;
        draw(s, &figures[i], a);
        drawn++;
    }
    if (drawn == 0)
        report_fatal(EXIT_DATA, "%s: holds no campaign of a figure; see --list", s->file);
}

static int is_known(const char *what) {
    int is = strcmp(what, "all") == 0 || strcmp(what, "table") == 0 || strcmp(what, "verify") == 0;
    for (size_t i = 0; i < figures_count; i++)
        is |= strcmp(what, figures[i].name) == 0;
    return is;
}

static int work(store *s, const arguments *a) {
    if (strcmp(a->what, "verify") == 0)
        return verify_run(s, a->campaign, a->filter, a->filters);
    if (strcmp(a->what, "table") != 0) {
        draw_figures(s, a);
        return EXIT_SUCCESS;
    }
    table_options table = {.metrics = a->metrics, .entity = a->entity, .folder = a->folder, .baseline = a->baseline};
    store_choose(s, a->campaign, a->filter, a->filters);
    table_print(s, &table);
    return EXIT_SUCCESS;
}

static void free_filters(arguments *a) {
    for (size_t i = 0; i < a->filters; i++) {
        free(a->filter[i].key);
        free(a->filter[i].value);
    }
    free(a->baseline.key);
    free(a->baseline.value);
}

int main(int argc, char **argv) {
    arguments a = {.seed = -1, .bin_s = 1.0};
    argp_err_exit_status = EXIT_USAGE;
    if (argc > 1 && strcmp(argv[1], "plot") == 0) {
        argv[1] = "mptcp-figures plot";
        return command_plot(argc - 1, argv + 1);
    }
    argp_parse(&parser, argc, argv, 0, NULL, &a);
    if (a.is_list) {
        print_list();
        return EXIT_SUCCESS;
    }
    if (a.what == NULL)
        report_fatal(EXIT_USAGE, "expected the NAME of a figure, all, table or verify; --list names the figures");
    if (!is_known(a.what))
        report_fatal(EXIT_USAGE, "no figure '%s'; --list names them", a.what);
    if (a.db == NULL)
        report_fatal(EXIT_USAGE, "%s: --db FILE is missing", a.what);
    resource_find(a.data);
    store s;
    store_open(&s, a.db);
    s.build_wanted = a.build;
    int status = work(&s, &a);
    store_close(&s);
    free_filters(&a);
    return fflush(stdout) == 0 ? status : EXIT_FILE;
}
