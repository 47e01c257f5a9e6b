/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include <argp.h>
#include <stdlib.h>

#include "bundle.h"
#include "choice.h"
#include "command.h"

#define FIGURES_MAX 64

typedef struct {
    choice choice;
    const char *path, *figure[FIGURES_MAX];
    size_t figures;
} arguments;

enum { OPTION_OUT = 256, OPTION_FIGURE };

static const struct argp_option options[] = {
    {"out", OPTION_OUT, "FILE.tar.gz", 0, "The archive (default: bundle.tar.gz)", 0},
    {"figure", OPTION_FIGURE, "FILE.yaml", 0, "A figure of one's own that belongs to it; may be repeated", 0},
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
    .args_doc = "--db FILE [--out FILE.tar.gz]",
    .doc = "Packs a paper's artifact: scenarios and sweeps, database, figures with their numbers, the report, "
           "versions, the command "
           "of every run, and run.sh, which does it all again and compares.\v"
           "Example:\n  mptcp-figures bundle --db results.db --figure my-figure.yaml --out artifact.tar.gz",
    .children = children,
};

int command_bundle(int argc, char **argv) {
    arguments a = {.path = "bundle.tar.gz"};
    argp_parse(&parser, argc, argv, 0, NULL, &a);
    store s = choice_open(&a.choice, "bundle");
    bundle_write(&s, a.path, a.figure, a.figures);
    store_close(&s);
    return EXIT_SUCCESS;
}
