/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include <argp.h>
#include <stdlib.h>

#include "choice.h"
#include "command.h"
#include "plot.h"

typedef struct {
    choice choice;
    const char *folder;
    plot_request request;
} arguments;

enum { OPTION_OUT = 256 };

static const struct argp_option options[] = {
    {"out", OPTION_OUT, "DIR", 0, "Folder for the files (default: figures)", 0}, {0}};

static error_t parse_option(int key, char *text, struct argp_state *state) {
    arguments *a = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &a->choice;
        state->child_inputs[1] = &a->request;
        return 0;
    case OPTION_OUT: a->folder = text; return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&choice_db_argp, 0, NULL, 0}, {&plot_request_argp, 0, NULL, 0}, {0}};

static const struct argp parser = {
    .options = options,
    .parser = parse_option,
    .args_doc = "--db FILE --x KEY --y METRIC [--series KEY] [--panel KEY]",
    .doc = "Draws one figure of a sweep: PDF, SVG and PNG, its numbers as CSV, the gnuplot script and a caption.\v"
           "Example: goodput against the receive buffer, a curve for each scheduler:\n"
           "  mptcp-figures plot --db results.db --x receive_buffer_bytes --y goodput --series scheduler\n"
           "A key may be given by its end, as far as that is clear. The same options, without the dashes, are the keys "
           "of a "
           "figure file: mptcp-figures FILE.yaml --db results.db",
    .children = children,
};

int command_plot(int argc, char **argv) {
    arguments a = {.folder = "figures"};
    argp_parse(&parser, argc, argv, 0, NULL, &a);
    store s = choice_open(&a.choice, "plot");
    plot_draw(&s, &a.request, a.folder);
    store_close(&s);
    plot_request_free(&a.request);
    return EXIT_SUCCESS;
}
