/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

#include "choice.h"
#include "command.h"
#include "page.h"

#define FIGURES_MAX 64

typedef struct {
    choice choice;
    const char *path, *figure[FIGURES_MAX];
    size_t figures;
} arguments;

enum { OPTION_OUT = 256, OPTION_FIGURE };

static const struct argp_option options[] = {
    {"out", OPTION_OUT, "FILE", 0, "The page (default: report.html)", 0},
    {"figure", OPTION_FIGURE, "FILE.yaml", 0, "Draw this figure, too; may be repeated", 0},
    {0}};

static error_t parse_option(int key, char *text, struct argp_state *state) {
    arguments *a = state->input;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &a->choice; return 0;
    case OPTION_OUT: a->path = text; return 0;
    case OPTION_FIGURE:
        if (a->figures == FIGURES_MAX)
            argp_error(state, "--figure: at most %d", FIGURES_MAX);
        a->figure[a->figures++] = text;
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&choice_db_argp, 0, NULL, 0}, {0}};

static const struct argp parser = {
    .options = options,
    .parser = parse_option,
    .args_doc = "--db FILE [--out FILE]",
    .doc = "Writes one HTML page that needs nothing else: what ran, where and how long, failures with their commands, "
           "tables with "
           "intervals, and every figure with its numbers.\v"
           "Example:\n  mptcp-figures report --db results.db --figure my-figure.yaml --out report.html",
    .children = children,
};

int command_report(int argc, char **argv) {
    arguments a = {.path = "report.html"};
    argp_parse(&parser, argc, argv, 0, NULL, &a);
    store s = choice_open(&a.choice, "report");
    page_write(&s, a.path, a.figure, a.figures);
    puts(a.path);
    store_close(&s);
    return EXIT_SUCCESS;
}
