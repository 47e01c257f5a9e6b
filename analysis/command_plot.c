/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include <argp.h>
#include <stdlib.h>

#include "command.h"
#include "plot.h"
#include "report.h"
#include "resource.h"

typedef struct {
    const char *db, *folder, *data;
    plot_request request;
} arguments;

enum { OPTION_DB = 256, OPTION_OUT, OPTION_DATA };

static const struct argp_option options[] = {
    {"db", OPTION_DB, "FILE", 0, "Result database of mptcp-lab", 0},
    {"out", OPTION_OUT, "DIR", 0, "Folder for the files (default: figures)", 0},
    {"data", OPTION_DATA, "DIR", OPTION_HIDDEN, "", 0},
    {0}};

static error_t parse_option(int key, char *text, struct argp_state *state) {
    arguments *a = state->input;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &a->request; return 0;
    case OPTION_DB: a->db = text; return 0;
    case OPTION_OUT: a->folder = text; return 0;
    case OPTION_DATA: a->data = text; return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&plot_request_argp, 0, NULL, 0}, {0}};

static const struct argp parser = {
    .options = options,
    .parser = parse_option,
    .args_doc = "--db FILE --x KEY --y METRIC [--series KEY] [--panel KEY]",
    .doc = "Draws one figure of a sweep: PDF, SVG and PNG, its numbers as CSV, the gnuplot script and a caption.\v"
           "Example: goodput against the receive buffer, a curve for each scheduler:\n"
           "  mptcp-figures plot --db results.db --x receive_buffer_bytes --y goodput --series scheduler\n"
           "A key may be given by its end, as far as that is clear.",
    .children = children,
};

int command_plot(int argc, char **argv) {
    arguments a = {.folder = "figures"};
    argp_parse(&parser, argc, argv, 0, NULL, &a);
    if (a.db == NULL)
        report_fatal(EXIT_USAGE, "plot: --db FILE is missing");
    resource_find(a.data);
    store s;
    store_open(&s, a.db);
    plot_draw(&s, &a.request, a.folder);
    store_close(&s);
    plot_request_free(&a.request);
    return EXIT_SUCCESS;
}
